"""What the window's tests start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ostiary.ui.theme import Scheme, Theme
from tests.support.desk import Desk
from tests.support.desktop import Xdotool
from tests.support.front import Front
from tests.support.gateway_process import household


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Theme]:
    """The application in its light dress; undressed afterwards."""
    theme = Theme()
    theme.apply(qapp, Scheme.LIGHT)
    yield theme
    qapp.setStyleSheet("")


@pytest.fixture
def make_front(qtbot: QtBot, dressed: Theme, tmp_path: Path) -> Iterator[Callable[..., Front]]:
    """Open the window over a fake gateway with these options; it quits at the end."""
    fronts: list[Front] = []

    def make(*options: str) -> Front:
        fronts.append(Front(qtbot, dressed, tmp_path, *options))
        fronts[-1].open()
        return fronts[-1]

    yield make
    for front in fronts:
        front.close()


@pytest.fixture
def front(make_front: Callable[..., Front]) -> Front:
    """The window on a machine in use."""
    return make_front()


@pytest.fixture
def desk(qtbot: QtBot, dressed: Theme, xdotool: Xdotool) -> Iterator[Desk]:
    """The window over a real gateway; only for tests marked desktop."""
    with household() as place:
        desk = Desk(qtbot, dressed, place, xdotool)
        desk.open()
        yield desk
        desk.close()
