"""The doctor's page: over the real gateway, and each of its states by itself."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ostiary.control.messages import Diagnose, MakeReport
from ostiary.domain.errors import UnreachableError
from ostiary.domain.finding import Finding
from ostiary.ui.pages import doctor_words as words
from ostiary.ui.pages.doctor import DoctorPage, tray_finding
from ostiary.ui.theme import Scheme, Theme
from tests.support.desk import Desk
from tests.support.desktop import Screenshot
from tests.support.labels import said
from tests.support.prepared_gateway import PreparedGateway
from tests.support.slow_gateway import SlowGateway

GOOD = Finding(code="shim", ok=True, sentence="Hosts start it.")
BAD = Finding(code="keyring", ok=False, sentence="Secrets cannot be kept.", action="Unlock it.")


@pytest.fixture
def show(qtbot: QtBot, dressed: Theme) -> Callable[[PreparedGateway], DoctorPage]:
    def make(gateway: PreparedGateway) -> DoctorPage:
        page = DoctorPage(dressed, gateway, lambda: (tray_finding(is_present=False),))
        qtbot.addWidget(page)
        page.show()
        return page

    return make


def test_what_is_wrong_comes_first_and_what_is_right_is_folded_away(
    show: Callable[[PreparedGateway], DoctorPage],
) -> None:
    gateway = PreparedGateway(Diagnose=(GOOD, BAD))
    page = show(gateway)
    assert gateway.asked == [Diagnose()]
    assert words.wrong(2) in said(page)
    assert "Unlock it." in said(page)
    assert words.NO_TRAY_ACTION in said(page)
    assert GOOD.sentence not in said(page)
    page.right.button.click()
    assert GOOD.sentence in said(page)


def test_looking_again_asks_once_and_leaves_the_keyboard_where_it_is(qtbot: QtBot, dressed: Theme) -> None:
    gateway = SlowGateway()
    page = DoctorPage(dressed, gateway, tuple)
    qtbot.addWidget(page)
    page.show()
    page.again.setFocus()
    gateway.answer((BAD,))

    page.again.click()
    page.again.click()

    assert gateway.asked == [Diagnose(), Diagnose()]
    assert page.focusWidget() is page.again


def test_a_report_that_is_not_made_leaves_what_was_found(
    show: Callable[[PreparedGateway], DoctorPage], tmp_path: Path
) -> None:
    page = show(PreparedGateway(Diagnose=(BAD,), MakeReport=UnreachableError("The gateway stopped")))
    page.save_report(str(tmp_path / "report"))
    assert "The gateway stopped" in said(page)
    assert words.wrong(2) in said(page)


def test_a_gateway_that_cannot_be_asked_is_said_and_can_be_asked_again(
    show: Callable[[PreparedGateway], DoctorPage],
) -> None:
    gateway = PreparedGateway(Diagnose=UnreachableError("The gateway cannot be reached"))
    page = show(gateway)
    assert "The gateway cannot be reached" in said(page)
    page.again.click()
    assert gateway.asked == [Diagnose(), Diagnose()]


def test_a_report_is_saved_for_the_person_alone_or_not_at_all(
    show: Callable[[PreparedGateway], DoctorPage], tmp_path: Path
) -> None:
    gateway = PreparedGateway(Diagnose=(), MakeReport="all is well\n")
    page = show(gateway)
    file = tmp_path / "report.txt"
    page.save_report(str(file))
    assert gateway.asked[-1] == MakeReport(own=(tray_finding(is_present=False),))
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("all is well\n", 0o600)
    assert words.saved(str(file)) in said(page)
    page.save_report(str(tmp_path / "none" / "report.txt"))
    assert "could not be written" in said(page)


@pytest.mark.desktop
def test_the_doctor_looks_at_this_very_installation(
    qapp: QApplication, desk: Desk, dressed: Theme, screenshot: Screenshot, tmp_path: Path
) -> None:
    page = desk.application.doctor.page
    desk.window.show_page(desk.application.doctor)
    desk.wait(lambda: "No folder is approved." in said(page))
    desk.click(page.right.button)
    desk.wait(lambda: "Hosts start " in said(page))
    for scheme in (Scheme.DARK, Scheme.LIGHT):
        dressed.apply(qapp, scheme)
        screenshot(f"doctor-{scheme}", desk.window)
    desk.window.resize(360, 640)
    desk.wait(lambda: desk.window.width() == 360)
    screenshot("doctor-narrow", desk.window)
    page.save_report(str(tmp_path / "report.txt"))
    desk.wait((tmp_path / "report.txt").exists)
    assert "No folder is approved." in (tmp_path / "report.txt").read_text()
