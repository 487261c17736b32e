"""How much may be said at once, and how much a second. Times are of the test."""

from ostiary.gateway.throttle import Bucket, Rate


def test_a_burst_passes_and_then_so_many_a_second() -> None:
    bucket = Bucket(Rate(per_s=10, burst=3))
    assert [bucket.take(100.0) for _ in range(5)] == [True, True, True, False, False]
    assert [bucket.take(100.25) for _ in range(3)] == [True, True, False]
    assert [bucket.take(1000.0) for _ in range(4)] == [True, True, True, False], "rest is not saved up"


def test_what_is_taken_beyond_it_has_to_come_in_first() -> None:
    bucket = Bucket(Rate(per_s=10, burst=2))
    assert [bucket.overdraw(5.0) for _ in range(4)] == [0.0, 0.0, 0.1, 0.2]
    assert not bucket.take(5.15)
    assert bucket.take(5.35)
