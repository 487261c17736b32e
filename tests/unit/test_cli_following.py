"""While the log is followed each row is told once, wherever it comes from."""

from __future__ import annotations

from msgspec.structs import replace

from ostiary.cli.following import Following
from ostiary.domain.call import CallFilter, Outcome
from tests.support.fake_world import call

ALL = CallFilter()
RUNNING = Outcome.RUNNING


def test_of_what_was_missed_only_what_was_never_told_and_what_has_ended_since_is_told() -> None:
    following = Following(ALL, (), (call(1), call(2, RUNNING)))
    following.coming((call(3, RUNNING), call(4)))

    log = (call(1), call(2), call(3, RUNNING), call(4), call(5), call(6, RUNNING))

    assert following.missed(log, 2) == [call(2), call(5), call(6, RUNNING)]


def test_what_lies_before_all_that_was_missed_is_not_told() -> None:
    following = Following(ALL, (), ())

    assert following.missed((call(1), call(2), call(3)), 3) == [call(3)]


def test_a_call_that_ran_before_anything_was_listed_is_told_when_its_end_was_missed() -> None:
    denied = CallFilter(outcome=Outcome.DENIED)
    following = Following(denied, (call(7, RUNNING),), (call(9, Outcome.DENIED),))

    ended = call(7, Outcome.DENIED)

    assert following.missed((ended, call(9, Outcome.DENIED)), 7) == [ended]


def test_what_was_read_from_the_log_is_not_told_again_when_it_comes_in() -> None:
    following = Following(ALL, (), (call(1),))
    following.missed((call(1), call(2), call(3, RUNNING)), 2)

    assert following.coming((call(2), call(3, RUNNING), call(4))) == [call(4)]
    assert following.coming((call(3),)) == [call(3)]


def test_what_was_missed_twice_is_told_once() -> None:
    following = Following(ALL, (), ())
    log = (call(1), call(2))

    assert following.missed(log, 1) == [call(1), call(2)]
    assert following.missed(log, 1) == []


def test_a_call_that_is_no_tools_is_told_by_what_it_is_called_in_its_row() -> None:
    read = replace(call(1), tool="", method="resources/read")

    assert Following(CallFilter(text="resources/read"), (), ()).coming((read, call(2))) == [read]
