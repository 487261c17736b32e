"""The desktop that dev.py promises is real: clicks arrive, a tray shows icons, a keyring keeps, pictures are saved."""

import subprocess

import keyring
import pytest
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from tests.support.desktop import Screenshot, Xdotool

pytestmark = pytest.mark.desktop


def test_a_click_of_the_x_server_presses_a_button(qtbot: QtBot, xdotool: Xdotool, screenshot: Screenshot) -> None:
    button = QPushButton("Press me")
    qtbot.addWidget(button)
    with qtbot.waitExposed(button):
        button.show()
    middle = button.mapToGlobal(button.rect().center())

    with qtbot.waitSignal(button.clicked):
        xdotool("mousemove", middle.x(), middle.y(), "click", 1)

    assert QImage(str(screenshot("fixture-button", button))).size() == button.size()
    assert QImage(str(screenshot("fixture-screen"))).size() == button.screen().size()


def test_a_window_manager_gives_new_windows_the_keyboard(qtbot: QtBot) -> None:
    button = QPushButton("Press me")
    qtbot.addWidget(button)

    button.show()

    qtbot.waitUntil(lambda: QApplication.activeWindow() is button)


def test_a_tray_takes_an_icon_in(qtbot: QtBot, tray_host: subprocess.Popen[bytes]) -> None:
    picture = QPixmap(32, 32)
    picture.fill(QColor("red"))
    icon = QSystemTrayIcon(QIcon(picture))

    icon.show()

    qtbot.waitUntil(lambda: not icon.geometry().isEmpty())
    icon.hide()


def test_the_keyring_keeps_a_secret_and_forgets_it() -> None:
    keyring.set_password("ostiary-fixture", "name", "value")

    assert keyring.get_password("ostiary-fixture", "name") == "value"
    keyring.delete_password("ostiary-fixture", "name")
    assert keyring.get_password("ostiary-fixture", "name") is None
