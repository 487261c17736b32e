"""A picture of every page in both schemes and in the narrowest window, for a person to look at after the run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ostiary.ui.pages.server_detail import ServerDetail
from ostiary.ui.theme import Scheme, Theme
from tests.support.desktop import Screenshot
from tests.support.fake_calls import WRITTEN
from tests.support.front import Front

pytestmark = pytest.mark.desktop

PAGES = ("servers", "hosts", "folders", "activity", "approvals", "secrets", "rules", "doctor", "settings")
README = (("servers", Scheme.LIGHT), ("hosts", Scheme.DARK))
WIDTHS = {"wide": 960, "narrow": 360}


def is_filled(front: Front, page: str) -> bool:
    """Whether what the page asks the gateway for has come."""
    application = front.application
    match page:
        case "activity":
            application.activity.table.viewport().grab()  # what is painted is what is fetched
            return application.activity.feed.is_quiet and application.activity.model.line_at(0) is not None
        case "doctor":
            return application.doctor.page.again.isEnabled()
        case "settings":
            return application.settings.page.gate.countdown.isEnabled()
        case _:
            return True


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_pictured(
    front: Front, dressed: Theme, qapp: QApplication, screenshot: Screenshot, scheme: Scheme, width: str
) -> None:
    dressed.apply(qapp, scheme)
    front.window.resize(WIDTHS[width], 640)
    front.wait(lambda: front.window.width() == WIDTHS[width])
    for place, name in enumerate(PAGES):
        front.show_place(place)
        front.wait(partial(is_filled, front, name))
        picture = QImage(str(screenshot(f"window-{name}-{scheme}-{width}", front.window)))
        assert picture.width() == WIDTHS[width] * front.window.devicePixelRatio()
        far_edge = 2 if front.window.isRightToLeft() else picture.width() - 2
        assert picture.pixelColor(far_edge, picture.height() - 2) == dressed.tokens.window or place == 3


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize("width", WIDTHS)
def test_settings_to_their_end_and_a_servers_output_are_pictured(
    front: Front, dressed: Theme, qapp: QApplication, screenshot: Screenshot, scheme: Scheme, width: str
) -> None:
    dressed.apply(qapp, scheme)
    settings, servers = front.application.settings.page, front.application.servers.page
    front.window.resize(WIDTHS[width], 640)
    front.window.show_page(front.application.settings)
    front.wait(settings.gate.countdown.isEnabled)
    settings.gate.risky.click()
    settings.area.ensureWidgetVisible(settings.gate.largest)
    assert screenshot(f"window-settings-end-{scheme}-{width}", front.window).exists()
    front.window.show_page(front.application.servers)
    servers.open_server("github")
    detail = servers.findChild(ServerDetail)
    assert detail is not None
    detail.show_output()
    front.wait(lambda: "401" in detail.output.text.toPlainText())
    assert screenshot(f"window-server-output-{scheme}-{width}", front.window).exists()


def test_pictures_of_the_readme_show_the_window_alone(
    front: Front, dressed: Theme, qapp: QApplication, screenshot: Screenshot
) -> None:
    """Without the notices of this desktop, which has no tray."""
    front.window.banners.hide()
    for name, scheme in README:
        dressed.apply(qapp, scheme)
        front.show_place(PAGES.index(name))
        assert screenshot(f"readme-{name}", front.window).exists()
    dressed.apply(qapp, Scheme.LIGHT)
    front.show_place(0)
    front.application.servers.page.open_server("files")
    assert screenshot("readme-server", front.window).exists()


def test_activity_is_pictured_for_the_readme_with_a_call_in_full(
    make_front: Callable[..., Front], screenshot: Screenshot
) -> None:
    front = make_front("--busy")
    front.window.banners.hide()
    front.window.show_page(front.application.activity)
    front.wait(lambda: is_filled(front, "activity"))
    front.application.activity.open_call(WRITTEN)
    front.wait(front.application.activity.pane.isVisible)
    front.wait(lambda: is_filled(front, "activity"))
    assert screenshot("readme-activity", front.window).exists()


def test_first_minute_is_pictured(make_front: Callable[..., Front], screenshot: Screenshot) -> None:
    front = make_front("--fresh")
    front.window.banners.hide()
    assert screenshot("window-first-start", front.window).exists()
