"""Fixtures for tests with real windows: a place for screenshots, a mouse and keyboard, a tray, a short home folder.

Importing this module starts nothing; it is loaded for every test through tests/conftest.py.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

XDOTOOL_TIMEOUT_S = 20
END_TIMEOUT_S = 20


class Screenshot(Protocol):
    """Saves a picture as NAME.png among the artefacts and gives its path: of one widget, or of the whole screen."""

    def __call__(self, name: str, widget: QWidget | None = None) -> Path: ...


class Xdotool(Protocol):
    """Runs xdotool with these arguments, as `xdotool("mousemove", 10, 20, "click", 1)`, and gives what it printed.

    Raises CalledProcessError when it refuses and TimeoutExpired after XDOTOOL_TIMEOUT_S.
    """

    def __call__(self, *arguments: str | int) -> str: ...


@pytest.fixture(scope="session")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for what a person looks at after the run: `artefacts/` under dev.py, else one that pytest clears."""
    named = os.environ.get("OSTIARY_ARTEFACTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("artefacts")
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def screenshot(qapp: QGuiApplication, artefacts: Path) -> Screenshot:
    """Take a picture. The whole screen shows other windows, the tray and balloons too."""

    def save(name: str, widget: QWidget | None = None) -> Path:
        qapp.processEvents()
        path = artefacts / f"{name}.png"
        picture = widget.grab() if widget is not None else _whole_screen()
        assert picture.save(str(path)), f"could not write {path}"
        return path

    return save


@pytest.fixture
def xdotool() -> Xdotool:
    """A mouse and a keyboard as the X server sees them; only for tests marked desktop."""

    def send(*arguments: str | int) -> str:
        command = ["xdotool", *(str(argument) for argument in arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=XDOTOOL_TIMEOUT_S
        ).stdout.strip()

    return send


@pytest.fixture
def tray_host(qtbot: QtBot) -> Iterator[subprocess.Popen[bytes]]:
    """A running XEmbed tray (trayer) that Qt has noticed; only for tests marked desktop.

    A test of the tray's coming and going may end the process itself.
    """
    command = ["trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "32"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        qtbot.waitUntil(QSystemTrayIcon.isSystemTrayAvailable)
        yield process
    finally:
        process.terminate()
        process.wait(END_TIMEOUT_S)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder of mode 0700 for OSTIARY_HOME, short enough for the path of a Unix socket; removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ost", dir=None if sys.platform == "win32" else "/tmp"))
    yield folder
    shutil.rmtree(folder)


def wait_on_screen(qtbot: QtBot, window: QWidget) -> None:
    """Until all of the window is on its screen with its frame, which the window manager makes in its own time."""
    frame, free = window.windowHandle().frameGeometry, window.screen().availableGeometry()
    qtbot.waitUntil(lambda: free.contains(frame()))


def _whole_screen() -> QPixmap:
    return QGuiApplication.primaryScreen().grabWindow(0)
