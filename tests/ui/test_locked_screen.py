"""The screen is locked: real screen savers on the bus, the window, and through the gateway what becomes of a write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from jeepney import message_bus, new_signal
from jeepney.io.blocking import open_dbus_connection
from pytestqt.qtbot import QtBot

from ostiary.control.messages import SetScreenLock
from ostiary.domain.call import Outcome
from ostiary.domain.server import ServerState
from ostiary.ui.screen_lock import SCREEN_SAVERS, ScreenLock
from tests.support.desk import Desk
from tests.support.front import Front
from tests.support.screen_saver import ScreenSaver, place

pytestmark = pytest.mark.desktop

KDE, GNOME, *_ = SCREEN_SAVERS
BEFORE = "port = 8080\n"
EDITS = [{"oldText": "8080", "newText": "9090"}]


@pytest.fixture
def start() -> Iterator[Callable[..., ScreenSaver]]:
    """Start screen savers of these names."""
    started: list[ScreenSaver] = []

    def make(*names: str) -> ScreenSaver:
        started.append(ScreenSaver(*names))
        return started[-1]

    yield make
    for saver in started:
        saver.end()


@pytest.fixture
def lock(qtbot: QtBot) -> Iterator[ScreenLock]:
    """Not open yet."""
    made = ScreenLock()
    yield made
    made.close()


def test_the_screen_savers_of_all_desktops_are_heard(
    qtbot: QtBot, lock: ScreenLock, start: Callable[..., ScreenSaver]
) -> None:
    saver = start(*SCREEN_SAVERS)
    lock.open()
    for name in SCREEN_SAVERS:
        for active in (True, False):
            with qtbot.waitSignal(lock.changed):
                saver.cover(name, active=active)
            assert lock.is_locked is active


def test_a_screen_is_locked_until_every_screen_saver_has_uncovered_it(
    qtbot: QtBot, lock: ScreenLock, start: Callable[..., ScreenSaver]
) -> None:
    saver = start(KDE, GNOME)
    told: list[bool] = []
    lock.changed.connect(lambda: told.append(lock.is_locked))
    lock.open()
    saver.cover(KDE)
    saver.cover(GNOME)
    saver.cover(KDE, active=False)
    qtbot.waitUntil(lambda: lock.is_locked)
    with qtbot.waitSignal(lock.changed):
        saver.cover(GNOME, active=False)
    assert told == [True, False]


def test_a_screen_saver_that_comes_later_is_asked_and_one_that_dies_locks_nothing_any_more(
    qtbot: QtBot, lock: ScreenLock, start: Callable[..., ScreenSaver]
) -> None:
    lock.open()
    with qtbot.waitSignal(lock.changed):
        saver = start(f"+{GNOME}")
    assert lock.is_locked
    with qtbot.waitSignal(lock.changed):
        saver.end()
    assert not lock.is_locked


def test_what_another_program_says_in_the_name_of_a_screen_saver_is_not_heard(
    qtbot: QtBot, lock: ScreenLock, start: Callable[..., ScreenSaver]
) -> None:
    saver = start(KDE, GNOME)
    lock.open()
    with open_dbus_connection("SESSION") as impostor:
        impostor.send(new_signal(place(GNOME), "ActiveChanged", "b", (True,)))
        impostor.send_and_get_reply(message_bus.GetId())  # the bus has passed it on, or not, by then
        for active in (True, False):
            with qtbot.waitSignal(lock.changed):
                saver.cover(KDE, active=active)
    assert not lock.is_locked


def test_a_gateway_that_starts_anew_is_told_that_the_screen_is_locked(
    make_front: Callable[..., Front], start: Callable[..., ScreenSaver]
) -> None:
    start(f"+{KDE}")
    front, locked = make_front(), SetScreenLock(locked=True)
    front.wait_asked(locked)
    before = front.asked.count(locked)
    (gateway,) = psutil.Process().children()[-1:]
    assert "tests.support.fake_gateway" in gateway.cmdline()
    gateway.kill()
    front.wait(lambda: front.asked.count(locked) > before)


def test_what_is_asked_on_a_screen_that_is_locked_is_denied_once_and_after_it_the_person_is_asked_again(
    desk: Desk, start: Callable[..., ScreenSaver]
) -> None:
    saver = start(GNOME)
    file: Path = desk.folder("Projects", **{"config.toml": BEFORE}) / "config.toml"
    desk.application.folders.page.add(str(file.parent))
    desk.connect_cursor()
    desk.switch_files(ServerState.RUNNING)
    cursor = desk.start_cursor()
    desk.wait(lambda: bool(cursor.tools))

    cursor.call("edit_file", path=str(file), edits=EDITS)
    desk.wait(desk.prompt.isVisible)
    saver.cover(GNOME)
    desk.wait(lambda: len(cursor.answers) == 1)
    desk.wait(desk.prompt.isHidden)
    cursor.call("edit_file", path=str(file), edits=EDITS)
    desk.wait(lambda: len(cursor.answers) == 2)
    assert desk.prompt.isHidden()
    assert file.read_text() == BEFORE
    for answer in cursor.answers:
        assert answer["is_error"]
        assert "screen of this computer is locked" in answer["text"]

    saver.cover(GNOME, active=False)
    desk.wait(lambda: not desk.application.screen.is_locked)
    cursor.call("edit_file", path=str(file), edits=EDITS)
    desk.click(desk.prompt.bar.allow_once)
    desk.wait(lambda: len(cursor.answers) == 3)
    assert not cursor.answers[2]["is_error"]
    assert file.read_text() != BEFORE
    ends = [Outcome.UNANSWERED, Outcome.UNANSWERED, Outcome.OK]
    model = desk.application.activity.model
    desk.wait(lambda: [row.outcome for row in sorted(model.held(), key=lambda row: row.id)] == ends)
