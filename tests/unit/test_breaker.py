"""When a server that keeps failing is asked, and when not. Times are of the test."""

from ostiary.gateway.breaker import Breaker, BreakerPolicy

POLICY = BreakerPolicy(most_failures=3, first_pause_s=10, longest_pause_s=35)


def opened(now: float = 0.0) -> Breaker:
    breaker = Breaker(POLICY)
    assert [breaker.failed(now) for _ in range(3)] == [False, False, True]
    return breaker


def test_failures_count_only_in_a_row() -> None:
    breaker = Breaker(POLICY)
    breaker.failed(0)
    breaker.failed(0)
    breaker.succeeded()
    breaker.failed(0)
    breaker.failed(0)
    assert breaker.enter(0)
    assert breaker.failed(0)
    assert not breaker.enter(0)


def test_one_call_is_tried_after_the_pause_and_decides() -> None:
    breaker = opened()
    assert (breaker.refuses(9.9), breaker.retry_in_s(9.5)) == (True, 0.5)
    assert breaker.enter(10)
    assert not breaker.enter(10), "one is enough to see"
    breaker.succeeded()
    assert breaker.is_closed
    assert breaker.enter(10)


def test_the_pause_doubles_up_to_a_limit() -> None:
    breaker, now = opened(), 0.0
    for pause_s in (10, 20, 35, 35):
        assert not breaker.enter(now + pause_s - 0.1)
        now += pause_s
        assert breaker.enter(now)
        assert not breaker.failed(now), "it is told once that it opens"
    breaker.succeeded()
    again = [breaker.failed(now) for _ in range(3)]
    assert again == [False, False, True]
    assert breaker.retry_in_s(now) == 10


def test_calls_that_were_sent_before_it_opened_do_not_make_the_pause_longer() -> None:
    breaker = opened(0)
    for _ in range(10):
        breaker.failed(1)
    assert breaker.enter(10)


def test_a_trial_that_is_given_up_leaves_room_for_the_next() -> None:
    breaker = opened()
    assert breaker.enter(10)
    breaker.given_up()
    assert breaker.enter(10)
