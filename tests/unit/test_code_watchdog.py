"""Deadlines of the parsing processes: who is late is told so once, and who was in time never."""

import threading

from ostiary_servers.code.syntax.watchdog import Watchdog

DEADLINE_S = 20.0


def test_a_work_that_is_not_done_in_time_is_told() -> None:
    told = threading.Event()
    with Watchdog(0.01).watching(told.set) as work:
        assert told.wait(DEADLINE_S)
    assert work.late


def test_a_work_that_was_done_in_time_is_never_told() -> None:
    watchdog, told, later = Watchdog(0.05), list[str](), threading.Event()
    with watchdog.watching(lambda: told.append("killed")) as work:
        pass
    with watchdog.watching(later.set):
        assert later.wait(DEADLINE_S)
    assert (told, work.late) == ([], False)


def test_works_side_by_side_are_late_each_for_itself() -> None:
    watchdog, first, second = Watchdog(0.05), threading.Event(), threading.Event()
    with watchdog.watching(first.set), watchdog.watching(second.set):
        assert first.wait(DEADLINE_S)
        assert second.wait(DEADLINE_S)


def test_after_a_pause_the_next_work_is_watched_again() -> None:
    watchdog = Watchdog(0.01)
    for _ in range(3):
        told = threading.Event()
        with watchdog.watching(told.set):
            assert told.wait(DEADLINE_S)
