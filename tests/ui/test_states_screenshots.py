"""Every state of every page is made, nothing in it is cut off, and a picture of it is there to be looked at.

What a page looks like when it is just opened is ``test_screenshots``; the prompt is ``test_pages_screenshots``. The
pictures in dark, at 200 % and from right to left are of the same states and take long: ``dev.py soak -k pictured``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea
from pytestqt.qtbot import QtBot

from ostiary.domain.approval import GateMode
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.theme import Scheme, Theme
from ostiary.ui.tray import Tray
from tests.support.cut_off import cut_off
from tests.support.desktop import Screenshot
from tests.support.front import Front
from tests.ui.states import PLACES, STATES, show
from tests.ui.test_tray import world_menu

pytestmark = pytest.mark.desktop

WIDTHS = {"wide": 960, "narrow": 360}
HEIGHT = 640
IN_ANOTHER_DRESS = [
    pytest.param((width,), Scheme.LIGHT, id=f"light_{width}", marks=pytest.mark.soak) for width in WIDTHS
]
"""One width of what is pictured in both; chosen by ``test_language_screenshots``."""


def picture(front: Front, screenshot: Screenshot, name: str, widths: Iterable[str], scheme: Scheme) -> None:
    """Of the window as it is, in each of these widths."""
    for width in widths:
        front.window.resize(WIDTHS[width], HEIGHT)
        QApplication.processEvents()
        front.wait(lambda: cut_off(front.window) == [])
        show_focus(front)
        assert screenshot(f"{name}-{scheme}-{width}", front.window).exists()


def show_focus(front: Front) -> None:
    """In another width, what was come to may have left the view."""
    focused = QApplication.focusWidget()
    for area in front.window.findChildren(QScrollArea):
        if focused is not None and area.isAncestorOf(focused):
            area.ensureWidgetVisible(focused)


@pytest.mark.parametrize(
    ("widths", "scheme"),
    [
        pytest.param(WIDTHS, Scheme.LIGHT, id="light"),
        pytest.param(WIDTHS, Scheme.DARK, id="dark", marks=pytest.mark.soak),
        *IN_ANOTHER_DRESS,
    ],
)
def test_every_state_is_pictured_and_nothing_in_it_is_cut_off(
    front: Front, dressed: Theme, qapp: QApplication, screenshot: Screenshot, scheme: Scheme, widths: Iterable[str]
) -> None:
    dressed.apply(qapp, scheme)
    front.window.banners.hide()
    for state in STATES:
        state(front)
        picture(front, screenshot, f"state-{state.__name__.replace('_', '-')}", widths, scheme)


@pytest.mark.parametrize(("widths", "scheme"), [pytest.param(WIDTHS, Scheme.LIGHT, id="light"), *IN_ANOTHER_DRESS])
def test_every_empty_page_and_the_first_steps_are_pictured(
    make_front: Callable[..., Front], screenshot: Screenshot, scheme: Scheme, widths: Iterable[str]
) -> None:
    front = make_front("--fresh")
    front.window.banners.hide()
    page = front.application.first_start.page
    row = page.hosts.row("cursor")
    assert isinstance(row, HostRow)
    front.click(row.connect_button)
    front.wait(row.plan.isVisible)
    page.area.ensureWidgetVisible(row.plan)
    picture(front, screenshot, "first-plan", widths, scheme)
    page.finish.click()
    for name in PLACES:
        show(front, name)
        picture(front, screenshot, f"empty-{name}", widths, scheme)


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_the_trays_menu_is_pictured(
    qtbot: QtBot, qapp: QApplication, dressed: Theme, screenshot: Screenshot, scheme: Scheme
) -> None:
    dressed.apply(qapp, scheme)
    others = set(qapp.topLevelWidgets())
    tray = Tray()
    tray.show_menu(world_menu(GateMode.ASK_ALL))
    menus = [one for one in qapp.topLevelWidgets() if isinstance(one, QMenu) and one not in others]
    menu = max(menus, key=lambda one: len(one.actions()))
    menu.resize(menu.sizeHint())
    assert screenshot(f"tray-menu-{scheme}", menu).exists()
    tray.deleteLater()
