"""The tray: what its menu says, that no line of it widens access, and that each state has a shape of its own."""

from __future__ import annotations

import subprocess
from itertools import combinations

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from ostiary.control.messages import SetMode
from ostiary.domain.approval import GateMode
from ostiary.domain.server import ServerState, ServerView
from ostiary.ui import icons, looks, words
from ostiary.ui.icons import ANY_GROUND, Doorway
from ostiary.ui.theme import contrast
from ostiary.ui.tray import Tray
from ostiary.ui.tray_menu import Line, Verb, Wish, is_widening, menu
from tests.support import fake_world
from tests.support.desktop import Screenshot, Xdotool
from tests.support.front import Front

TRAY_PX = 16
CLEARLY_PAINTED = 40
"""Of 255 steps from dark to light."""
CLEARLY_OTHER = 24
"""Of 256 pixels; two states that differ in fewer look the same at a glance."""


def world_menu(mode: GateMode = GateMode.NORMAL) -> tuple[Line, ...]:
    world = fake_world.lived_in()
    return menu(tuple(world.servers), tuple(world.hosts), tuple(world.questions), mode)


def all_wishes(lines: tuple[Line, ...]) -> list[Wish]:
    inner = [wish for line in lines for wish in all_wishes(line.lines)]
    return [line.wish for line in lines if line.wish is not None] + inner


def silhouette(state: Doorway) -> list[bool]:
    image = icons.pixmap(f"doorway-{state}", QColor("black"), TRAY_PX).toImage()
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    return [image.pixelColor(x, y).alpha() > 127 for x in range(TRAY_PX) for y in range(TRAY_PX)]


def test_menu_begins_with_the_state_and_those_who_wait() -> None:
    lines = [line for line in world_menu() if line.text]
    assert lines[0].text == "1 question waits for you"
    assert lines[1] == Line("Cursor → edit_file", Wish(Verb.REVIEW, 1))


def test_menu_ends_with_open_and_quit() -> None:
    assert [line.text for line in world_menu()[-2:]] == [words.OPEN, words.QUIT]


def test_servers_and_hosts_stand_with_their_mark_and_word() -> None:
    texts = [line.text for line in world_menu()]
    assert "● Files — Running" in texts
    assert "▲ GitHub — Problem" in texts
    assert "● Claude Desktop — Connected" in texts
    assert not any("Visual Studio Code" in text for text in texts)


@pytest.mark.parametrize("mode", list(GateMode))
def test_no_line_of_the_menu_sets_a_looser_mode(mode: GateMode) -> None:
    for wish in all_wishes(world_menu(mode)):
        if wish.verb is Verb.SET_MODE:
            assert isinstance(wish.argument, GateMode)
            assert not is_widening(mode, wish.argument)


def test_server_line_opens_the_window_and_switches_nothing() -> None:
    wishes = [wish for wish in all_wishes(world_menu()) if wish.argument == "notes"]
    assert wishes == [Wish(Verb.SHOW_SERVER, "notes")]


def test_pausing_has_its_lengths() -> None:
    minutes = [wish.minutes for wish in all_wishes(world_menu()) if wish.argument is GateMode.PAUSED]
    assert minutes == [5.0, 15.0, 60.0]


def test_menu_without_a_gateway_offers_no_modes(qapp: QApplication) -> None:
    lines = menu((), (), (), GateMode.NORMAL, words.RESTARTING)
    assert [line.text for line in lines if line.text] == [words.RESTARTING, words.OPEN, words.QUIT]


@pytest.mark.parametrize(("one", "other"), list(combinations(Doorway, 2)))
def test_two_states_differ_in_shape_at_16_pixels(qapp: QApplication, one: Doorway, other: Doorway) -> None:
    pairs = zip(silhouette(one), silhouette(other), strict=True)
    assert sum(a != b for a, b in pairs) >= CLEARLY_OTHER


def test_icon_can_be_seen_on_white_and_on_black() -> None:
    assert min(contrast(ANY_GROUND, QColor("white")), contrast(ANY_GROUND, QColor("black"))) >= 4.0


@pytest.mark.parametrize(
    ("mode", "questions", "connected", "calls_run", "expected"),
    [
        (GateMode.NORMAL, 0, True, False, Doorway.IDLE),
        (GateMode.NORMAL, 0, True, True, Doorway.BUSY),
        (GateMode.NORMAL, 1, True, True, Doorway.ASKING),
        (GateMode.BLOCK_ALL, 0, True, True, Doorway.BLOCKED),
        (GateMode.BLOCK_ALL, 1, True, False, Doorway.ASKING),
        (GateMode.PAUSED, 0, True, True, Doorway.PAUSED),
        (GateMode.PAUSED, 1, False, True, Doorway.PROBLEM),
    ],
)
def test_what_needs_the_person_shows_first(
    mode: GateMode, questions: int, connected: bool, calls_run: bool, expected: Doorway
) -> None:
    assert looks.doorway((), mode, questions, connected=connected, calls_run=calls_run) is expected


def test_failed_server_shows_as_a_problem() -> None:
    failed = next(server for server in fake_world.lived_in().servers if server.state is ServerState.FATAL)
    servers: tuple[ServerView, ...] = (failed,)
    state = looks.doorway(servers, GateMode.NORMAL, 0, connected=True, calls_run=True)
    assert state is Doorway.PROBLEM


def test_works_without_a_tray(qapp: QApplication) -> None:
    tray = Tray()
    tray.show_state(Doorway.BUSY, "1 server runs")
    tray.show_menu(world_menu())
    tray.notify("A question", "Cursor wants to write", Wish(Verb.REVIEW, 1))
    assert tray.doorway is Doorway.BUSY
    tray.remove()


def test_what_changes_while_the_menu_is_open_stands_in_it_once_it_is_closed(qapp: QApplication, qtbot: QtBot) -> None:
    others = qapp.topLevelWidgets()
    tray, wishes = Tray(), list[Wish]()
    tray.wished.connect(wishes.append)
    (popup,) = (widget for widget in qapp.topLevelWidgets() if isinstance(widget, QMenu) and widget not in others)
    tray.show_menu((Line("One", Wish(Verb.OPEN)),))
    popup.popup(QPoint(0, 0))
    qtbot.waitUntil(popup.isVisible)
    tray.show_menu((Line("Two", Wish(Verb.QUIT)),))
    assert [action.text() for action in popup.actions()] == ["One"]
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [action.text() for action in popup.actions()] == ["Two"])
    assert wishes == [Wish(Verb.OPEN)]
    tray.remove()


@pytest.mark.desktop
def test_icon_appears_in_a_tray_that_starts_later_and_goes_with_it(
    front: Front, qtbot: QtBot, request: pytest.FixtureRequest, screenshot: Screenshot
) -> None:
    tray = front.application.tray
    assert not tray.is_present
    host: subprocess.Popen[bytes] = request.getfixturevalue("tray_host")
    qtbot.waitUntil(lambda: tray.is_present)
    steady_place(qtbot, tray)
    assert front.window.hides_on_close
    screenshot("tray-late")
    front.window.close()
    assert not front.window.isVisible()
    host.terminate()
    qtbot.waitUntil(lambda: not tray.is_present)
    qtbot.waitUntil(front.window.isVisible)


@pytest.mark.desktop
def test_click_on_the_icon_opens_the_window(
    front: Front, qtbot: QtBot, tray_host: subprocess.Popen[bytes], xdotool: Xdotool
) -> None:
    tray = front.application.tray
    qtbot.waitUntil(lambda: tray.is_present)
    front.window.close()
    where = steady_place(qtbot, tray)
    xdotool("mousemove", *where, "click", 1)
    qtbot.waitUntil(front.window.isVisible)


@pytest.mark.desktop
def test_each_state_is_painted_in_the_tray_in_a_shape_of_its_own(
    qtbot: QtBot, tray_host: subprocess.Popen[bytes], screenshot: Screenshot
) -> None:
    tray = Tray()
    tray.look_for_tray()
    pictures = {state: painted(qtbot, tray, state) for state in Doorway}
    screenshot("tray-blocked")
    tray.remove()
    qtbot.waitUntil(lambda: tray.findChild(QSystemTrayIcon) is None)
    for one, other in combinations(Doorway, 2):
        differing = sum(a != b for a, b in zip(pictures[one], pictures[other], strict=True))
        assert differing >= CLEARLY_OTHER / TRAY_PX**2 * len(pictures[one]), f"{one} looks like {other}"


@pytest.mark.desktop
@pytest.mark.parametrize(
    ("keys", "command"),
    [
        (("Up", "Up", "Up"), SetMode(mode=GateMode.BLOCK_ALL)),
        (("Up", "Up", "Up", "Up", "Up", "Right"), SetMode(mode=GateMode.PAUSED, minutes=5.0)),
    ],
    ids=["panic", "pause"],
)
def test_panic_and_pause_are_chosen_in_the_trays_menu(
    front: Front,
    qtbot: QtBot,
    tray_host: subprocess.Popen[bytes],
    xdotool: Xdotool,
    screenshot: Screenshot,
    keys: tuple[str, ...],
    command: SetMode,
) -> None:
    tray = front.application.tray
    qtbot.waitUntil(lambda: tray.is_present)
    xdotool("mousemove", *steady_place(qtbot, tray), "click", 3)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    for key in keys:
        xdotool("key", key)
    screenshot(f"tray-menu-{command.mode}")
    xdotool("key", "Return")
    front.wait_asked(command)
    front.wait(lambda: front.application.mirror.mode is command.mode)


def painted(qtbot: QtBot, tray: Tray, state: Doorway) -> list[bool]:
    """The shape of the icon on the screen: where it differs from the corner, which is the tray's ground."""
    tray.show_state(state, state)
    steady_place(qtbot, tray)
    QApplication.processEvents()
    where = icon_of(tray).geometry()
    screen = QApplication.primaryScreen()
    image = screen.grabWindow(0, where.x(), where.y(), where.width(), where.height()).toImage()
    ground = image.pixelColor(0, 0).lightness()
    lights = [image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height())]
    return [abs(light - ground) > CLEARLY_PAINTED for light in lights]


def icon_of(tray: QObject) -> QSystemTrayIcon:
    icon = tray.findChild(QSystemTrayIcon)
    assert icon is not None
    return icon


def steady_place(qtbot: QtBot, tray: Tray) -> tuple[int, int]:
    """The icon's middle once it has stopped moving: trays move icons about while they come."""
    seen: list[tuple[int, int]] = []

    def still() -> bool:
        middle = icon_of(tray).geometry().center()
        seen.append((middle.x(), middle.y()))
        return not icon_of(tray).geometry().isEmpty() and seen[-10:] == [seen[-1]] * 10

    qtbot.waitUntil(still)
    return seen[-1]
