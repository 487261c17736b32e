"""The window as a whole: reaching pages, narrow windows, closing, names for screen readers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from ostiary.control.messages import ResumeHost
from ostiary.domain.events import Notice, Severity
from ostiary.ui import words
from ostiary.ui.gateway_link import LinkState
from ostiary.ui.pages.hosts import HostsPage
from ostiary.ui.pages.server_detail import ServerDetail
from ostiary.ui.pages.servers import ServersPage
from ostiary.ui.parts.switch import Switch
from ostiary.ui.sidebar import Entry
from tests.support.front import Front

CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox)
NARROWEST = 360
PLACES = range(8)
ALL_PLACES = range(9)


class ShownWindows(QObject):
    """Notes each widget that comes to the screen as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.found.append(watched)
        return False


def unnamed(within: QWidget) -> list[str]:
    """Visible controls without a name, by what a screen reader would see of them."""
    controls = [
        widget
        for widget in within.findChildren(QWidget)
        if isinstance(widget, CONTROLS) and widget.isVisible() and not isinstance(widget.parentWidget(), QLineEdit)
    ]
    assert controls
    return [str(one) for one in controls if not QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)]


def fits(area: QScrollArea) -> bool:
    body = area.widget()
    return body is not None and body.minimumSizeHint().width() <= area.viewport().width()


@pytest.mark.parametrize("place", PLACES)
def test_every_control_has_a_name_that_can_be_read_out(front: Front, place: int) -> None:
    front.application.servers.page.open_server("github")
    front.show_place(place)
    assert unnamed(front.window) == []


def test_first_start_has_a_name_on_every_control_too(make_front: Callable[..., Front]) -> None:
    assert unnamed(make_front("--fresh").window) == []


def test_switch_is_a_check_box_to_a_screen_reader(front: Front) -> None:
    switch = front.application.servers.page.row("files").switch
    seen = QAccessible.queryAccessibleInterface(switch)
    assert seen.state().checkable
    assert seen.state().checked
    assert seen.text(QAccessible.Text.Name) == words.turn("Files")


def test_entry_of_the_side_bar_is_the_tab_of_its_page_to_a_screen_reader(front: Front) -> None:
    first, second, *_ = front.window.sidebar.findChildren(Entry)
    seen = QAccessible.queryAccessibleInterface(second)
    assert seen.role() is QAccessible.Role.PageTab
    assert seen.text(QAccessible.Text.Name).startswith(words.HOSTS)
    assert not seen.state().selected
    front.click(second)
    assert seen.state().selected
    assert not QAccessible.queryAccessibleInterface(first).state().selected


@pytest.mark.parametrize("place", PLACES)
def test_ctrl_and_a_digit_reach_each_page(front: Front, place: int) -> None:
    QTest.keyClick(front.window, Qt.Key(Qt.Key.Key_1 + place), Qt.KeyboardModifier.ControlModifier)
    entries = front.window.sidebar.findChildren(Entry)
    front.wait(entries[place].isChecked)


def test_click_on_an_entry_shows_its_page(front: Front) -> None:
    front.click(front.window.sidebar.findChildren(Entry)[2])
    assert front.application.folders.page.isVisible()
    assert not front.application.servers.page.isVisible()


def test_a_page_that_nobody_saw_is_not_built(front: Front) -> None:
    assert front.window.findChildren(ServersPage)
    assert not front.window.findChildren(HostsPage)
    front.show_place(1)
    assert front.window.findChildren(HostsPage) == [front.application.hosts.page]
    assert front.application.hosts.page.isVisible()


@pytest.mark.parametrize("place", ALL_PLACES)
def test_no_page_opens_a_window_of_its_own_while_it_is_built(front: Front, qapp: QApplication, place: int) -> None:
    shown = ShownWindows()
    qapp.installEventFilter(shown)
    front.show_place(place)
    qapp.removeEventFilter(shown)
    assert shown.found == []


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_wider_than_the_narrowest_window(front: Front, place: int) -> None:
    front.window.resize(NARROWEST, 640)
    front.show_place(place)
    front.wait(lambda: front.window.width() == NARROWEST)
    front.wait(lambda: all(fits(area) for area in front.window.findChildren(QScrollArea) if area.isVisible()))


def test_no_filter_of_activity_is_cut_where_the_height_is_short(front: Front) -> None:
    front.window.show_page(front.application.activity)
    front.window.resize(NARROWEST, 520)
    front.wait(lambda: front.window.width() == NARROWEST)
    filters = front.application.activity.filters
    front.click(filters.fold)
    shown = [one for one in filters.findChildren(QWidget) if one.parent() is filters]
    assert len(shown) == 11
    front.wait(lambda: all(filters.rect().contains(one.geometry()) for one in shown))


def test_narrow_window_shows_the_detail_in_place_of_the_list(front: Front) -> None:
    front.window.resize(NARROWEST, 640)
    page = front.application.servers.page
    front.click(page.row("files"))
    detail = page.findChild(ServerDetail)
    assert detail is not None
    assert detail.isVisible()
    assert not page.area.isVisible()
    front.click(front.button(detail, words.CLOSE))
    assert page.area.isVisible()


def test_closing_quits_where_no_tray_could_bring_the_window_back(front: Front) -> None:
    front.window.hides_on_close = False
    front.window.close()
    front.wait(lambda: front.application.link.state is LinkState.ENDED)


def test_closing_only_hides_while_there_is_a_tray(front: Front) -> None:
    front.window.hides_on_close = True
    front.window.close()
    assert not front.window.isVisible()
    assert front.application.link.state is LinkState.READY


def test_lost_gateway_says_so_with_its_last_words(front: Front) -> None:
    front.window.banners.show_link(LinkState.LOST, "ImportError: no module named kettle")
    shown = front.words(front.window.banners)
    assert words.GATEWAY_LOST in shown
    assert "no module named kettle" in shown
    assert words.TRY_AGAIN in shown


def test_notice_stays_until_it_is_dismissed(front: Front) -> None:
    first = front.application.mirror.notices[0]
    front.application.tell(Notice(severity=Severity.PROBLEM, title="Another"))
    dismiss = next(
        button
        for button in front.window.banners.findChildren(QAbstractButton)
        if button.accessibleName() == f"{words.DISMISS}: {first.title}"
    )
    front.click(dismiss)
    front.wait(lambda: first.title not in front.words(front.window.banners))
    assert "Another" in front.words(front.window.banners)


def test_notice_of_a_silenced_host_ends_the_silence_and_goes(front: Front) -> None:
    silenced = Notice(severity=Severity.WARNING, title="Cursor is denied", silenced="cursor")
    front.application.tell(silenced)
    front.click(front.button(front.window.banners, words.RESUME))
    front.wait_asked(ResumeHost(host="cursor"))
    front.wait(lambda: silenced.title not in front.words(front.window.banners))


def test_open_plan_and_focus_survive_the_next_event(front: Front) -> None:
    switch = front.application.servers.page.row("notes").switch
    switch.setFocus()
    front.click(front.application.servers.page.row("weather").switch)
    front.wait(lambda: len(front.asked) == 1)
    front.wait(lambda: not front.application.servers.page.row("weather").switch.isChecked())
    assert front.application.servers.page.row("notes").switch is switch
    assert isinstance(front.window.focusWidget(), Switch)
