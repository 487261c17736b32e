"""When a failed server is started again."""

from itertools import repeat

from ostiary.gateway.supervise.restart import OUR_POLICY, Failures, after_failure


def delays(*runs_s: float) -> list[float | None]:
    past, found = Failures(), list[float | None]()
    for ran_s in runs_s:
        past, delay_s = after_failure(past, ran_s, OUR_POLICY)
        found.append(delay_s)
    return found


def test_delays_double_from_one_second() -> None:
    assert delays(0, 0, 0, 0) == [1, 2, 4, 8]


def test_the_fifth_short_run_in_a_row_is_the_last() -> None:
    assert delays(0, 9.9, 0, 0, 9.9)[-1] is None


def test_delays_never_exceed_a_minute() -> None:
    assert delays(*repeat(10.0, 2000))[5:] == [32.0, *repeat(60.0, 1994)]


def test_a_run_of_ten_seconds_ends_the_row_of_short_runs_but_not_the_growth_of_delays() -> None:
    assert delays(0, 0, 0, 0, 10, 0) == [1, 2, 4, 8, 16, 32]


def test_a_run_of_a_minute_forgives_everything_before_it() -> None:
    assert delays(0, 0, 0, 0, 60, 0) == [1, 2, 4, 8, 1, 2]


def test_a_run_of_a_little_less_than_a_minute_forgives_nothing() -> None:
    assert delays(0, 59.9) == [1, 2]
