"""The small parts: what they do that a page relies on."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from enum import Enum

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ostiary.domain.errors import UsageError
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Confirm
from ostiary.ui.parts.choice import Choice
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.diff_view import DiffView
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.page import scrolling_column
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.text import Text, plain_tip
from ostiary.ui.theme import LIGHT, Theme
from tests.support.desktop import wait_on_screen

DOUBLE_CLICK_MS = 60
LONG_PATH = "/home/robin/" + "a-folder-with-a-long-name/" * 8


class Meal(Enum):
    SOUP = "soup"
    BREAD = "bread"


class Leaving(QWidget):
    """A row whose button takes it away, as quick as a gateway on the same machine would."""

    def __init__(self, value: str, leave: Callable[[str], None]) -> None:
        super().__init__()
        self.button = button(value, lambda: leave(value))
        column_in(self, self.button)

    def show_value(self, value: str) -> None:
        self.button.setText(value)


class LeavingRows(QWidget):
    """Shows them from the top, each in the place of the one before once that has left. ``releases`` are the mouse's."""

    def __init__(self, *values: str) -> None:
        super().__init__()
        self.values, self.releases = list(values), 0
        self.rows: Rows[str] = Rows(str, lambda value: Leaving(value, self._leave))
        column_in(self, self.rows).addStretch(1)
        self.rows.show_values(self.values)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.windowHandle().installEventFilter(self)

    def top(self) -> QPoint:
        """Where the first row's button is."""
        first = self.rows.row(self.values[0])
        assert isinstance(first, Leaving)
        return first.button.mapTo(self, first.button.rect().center())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.releases += event.type() is QEvent.Type.MouseButtonRelease
        return super().eventFilter(watched, event)

    def _leave(self, value: str) -> None:
        self.values.remove(value)
        self.rows.show_values(self.values)


class Labelled(QLabel):
    def show_value(self, value: str) -> None:
        self.setText(value)


def test_long_path_breaks_instead_of_widening_the_window(qtbot: QtBot) -> None:
    text = Text(LONG_PATH, "mono")
    qtbot.addWidget(text)
    one_line = text.heightForWidth(10_000)
    assert text.heightForWidth(200) >= 4 * one_line
    assert text.minimumSizeHint().width() <= 200


def test_text_of_others_is_never_markup(qtbot: QtBot) -> None:
    text = Text("<b>bold</b> & <img src=x>")
    qtbot.addWidget(text)
    assert text.textFormat() is Qt.TextFormat.PlainText
    assert text.accessibleName() == "<b>bold</b> & <img src=x>"


@pytest.mark.desktop
def test_a_double_click_presses_only_what_its_first_click_was_on(qtbot: QtBot) -> None:
    list_ = LeavingRows("first", "second", "third")
    qtbot.addWidget(list_)
    list_.resize(300, 300)
    with qtbot.waitActive(list_):
        list_.show()
    wait_on_screen(qtbot, list_)
    place = list_.mapToGlobal(list_.top())

    clicks = ("click", "--repeat", "2", "--delay", str(DOUBLE_CLICK_MS), "1")
    with subprocess.Popen(("xdotool", "mousemove", str(place.x()), str(place.y()), *clicks)) as hand:
        qtbot.waitUntil(lambda: hand.poll() == 0)
    qtbot.waitUntil(lambda: list_.releases == 2)

    assert list_.values == ["second", "third"]


def test_a_double_click_on_one_button_presses_it_twice(qtbot: QtBot) -> None:
    pressed: list[int] = []
    one = button("Next", lambda: pressed.append(1))
    qtbot.addWidget(one)
    with qtbot.waitExposed(one):
        one.show()
    window = one.windowHandle()
    assert window is not None

    QTest.mouseDClick(window, Qt.MouseButton.LeftButton, pos=one.rect().center())

    assert len(pressed) == 2


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_buttons_go_on_in_the_next_line_and_stay_inside(qtbot: QtBot, direction: Qt.LayoutDirection) -> None:
    buttons = [button(f"Button number {number}", lambda: None) for number in range(5)]
    row = ButtonRow(*buttons)
    qtbot.addWidget(row)
    row.setLayoutDirection(direction)
    row.setFixedWidth(300)
    row.setFixedHeight(row.heightForWidth(300))
    with qtbot.waitExposed(row):
        row.show()
    assert len({one.y() for one in buttons}) > 1
    assert all(row.rect().contains(one.geometry()) for one in buttons)


def test_row_keeps_its_widget_as_long_as_its_value_lives(qtbot: QtBot) -> None:
    rows: Rows[str] = Rows(lambda value: value[0], Labelled)
    qtbot.addWidget(rows)
    rows.show_values(["a1", "b1"])
    kept = rows.row("b")
    rows.show_values(["c1", "b2"])
    assert rows.row("b") is kept
    assert isinstance(kept, QLabel)
    assert kept.text() == "b2"
    assert rows.row("a") is None


def test_rows_follow_the_order_of_their_values(qtbot: QtBot) -> None:
    rows: Rows[str] = Rows(lambda value: value, Labelled)
    qtbot.addWidget(rows)
    rows.show_values(["a", "b", "c"])
    rows.show_values(["c", "a", "b"])
    with qtbot.waitExposed(rows):
        rows.show()
    shown: list[QWidget] = [widget for value in "cab" if (widget := rows.row(value)) is not None]
    assert [widget.y() for widget in shown] == sorted(widget.y() for widget in shown)


def test_what_was_not_done_is_in_view_though_it_was_pressed_far_below(qtbot: QtBot) -> None:
    area, column = scrolling_column("Servers")
    qtbot.addWidget(area)
    problem, rows = Problem(Theme()), QWidget()
    rows.setFixedHeight(2_000)
    column.addWidget(problem)
    column.addWidget(rows)
    area.resize(300, 200)
    with qtbot.waitExposed(area):
        area.show()
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1_000)
    bar.setValue(bar.maximum())
    problem.say_error(UsageError("It was not done", "Try again."))
    qtbot.waitUntil(lambda: not problem.visibleRegion().isEmpty())


def test_confirmation_gives_the_focus_to_the_way_back(qtbot: QtBot) -> None:
    done: list[str] = []
    confirm = Confirm("Back out")
    qtbot.addWidget(confirm)
    with qtbot.waitExposed(confirm):
        confirm.ask("Remove it?", "Remove", lambda: done.append("removed"))
    focused = confirm.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Back out"
    assert done == []


def test_confirmed_leaves_the_keyboard_where_it_was_begun(qtbot: QtBot) -> None:
    window, confirm, begun = QWidget(), Confirm("Back out"), button("Remove…", lambda: None)
    qtbot.addWidget(window)
    column_in(window, button("Another", lambda: None), begun, confirm)
    with qtbot.waitExposed(window):
        window.show()
    begun.setFocus()
    confirm.ask("Remove it?", "Remove", lambda: None)
    yes = next(one for one in confirm.findChildren(QPushButton) if one.text() == "Remove")
    yes.setFocus()
    QTest.keyClick(yes, Qt.Key.Key_Space)
    assert window.focusWidget() is begun


def test_confirmation_can_be_left_after_the_row_that_had_the_keyboard_has_gone(qtbot: QtBot) -> None:
    window, confirm = QWidget(), Confirm("Back out")
    rows: Rows[str] = Rows(str, lambda value: Leaving(value, lambda _: None))
    qtbot.addWidget(window)
    column_in(window, rows, confirm)
    rows.show_values(["first", "second"])
    with qtbot.waitExposed(window):
        window.show()
    first = rows.row("first")
    assert isinstance(first, Leaving)
    first.button.setFocus()
    confirm.ask("Remove it?", "Remove", lambda: None)
    with qtbot.waitSignal(first.destroyed):
        rows.show_values(["second"])

    QTest.keyClick(confirm, Qt.Key.Key_Escape)

    assert confirm.isHidden()


def test_choice_shows_what_holds_and_tells_what_is_wished(qtbot: QtBot) -> None:
    choice: Choice[Meal] = Choice("Meal", {Meal.SOUP: "Soup", Meal.BREAD: "Bread"}, {})
    qtbot.addWidget(choice)
    choice.show_value(Meal.SOUP)
    soup, bread = choice.findChildren(QPushButton)
    with qtbot.waitSignal(choice.wishes.made) as wished:
        bread.click()
    assert wished.args == [Meal.BREAD]
    assert soup.isChecked()
    assert not bread.isChecked()


@pytest.mark.parametrize(("line", "colour"), [(0, LIGHT.removed), (1, LIGHT.added)])
def test_diff_is_coloured_beside_its_marks(qtbot: QtBot, line: int, colour: object) -> None:
    view = DiffView(Theme(), "The change")
    qtbot.addWidget(view)
    view.show_diff("-old\n+new\n same\n")
    layout = view.document().findBlockByNumber(line).layout()
    assert [span.format.foreground().color() for span in layout.formats()] == [colour]
    assert view.document().findBlockByNumber(2).layout().formats() == []


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
@pytest.mark.parametrize(("width", "beside"), [(400, True), (200, False)])
def test_what_can_be_done_stands_beside_the_words_until_they_lack_the_room(
    qtbot: QtBot, direction: Qt.LayoutDirection, width: int, beside: bool
) -> None:
    box, words, deed = QWidget(), Text("A sentence of some length about a thing"), button("Revoke", lambda: None)
    box.setLayout(Ends(words, deed))
    qtbot.addWidget(box)
    box.setLayoutDirection(direction)
    box.setFixedSize(width, box.heightForWidth(width))
    with qtbot.waitExposed(box):
        box.show()
    assert (deed.y() < words.geometry().bottom()) is beside
    assert box.rect().contains(deed.geometry())
    mirrored = direction is Qt.LayoutDirection.RightToLeft
    assert (deed.x() < words.x()) is (mirrored and beside)
    assert not words.geometry().intersects(deed.geometry())


def test_what_hides_in_a_text_of_others_is_named(qtbot: QtBot) -> None:
    text, diff = Text("/home/robin/photo \u202egnp.exe", "mono"), DiffView(Theme(), "The change")
    for widget in (text, diff):
        qtbot.addWidget(widget)
    diff.show_diff('+"command": "npx\u200b"\r\n')
    assert text.text() == text.accessibleName() == "/home/robin/photo ⟨U+202E⟩gnp.exe"
    assert diff.toPlainText() == '+"command": "npx⟨U+200B⟩"'
    assert plain_tip("\u202egnp.exe") == "<p>⟨U+202E⟩gnp.exe</p>"


def test_words_of_others_are_no_markup_in_a_tool_tip() -> None:
    assert plain_tip("<img src='file:///x'> & more") == "<p>&lt;img src=&#x27;file:///x&#x27;&gt; &amp; more</p>"
