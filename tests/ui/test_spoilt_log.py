"""The real application on a call log that is no database: it is kept aside and told, and a new one is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ostiary.ui.theme import Theme
from tests.support.desk import Desk
from tests.support.desktop import Screenshot, Xdotool
from tests.support.gateway_process import Household
from tests.support.labels import said
from tests.support.shared_gateway import place as place

pytestmark = pytest.mark.desktop

SPOILT = b"no database " * 1000


@pytest.fixture
def file(place: Household) -> Path:
    file = place.ostiary / "data" / "calls.sqlite3"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(SPOILT)
    return file


@pytest.fixture
def desk(qtbot: QtBot, dressed: Theme, xdotool: Xdotool, place: Household, file: Path) -> Iterator[Desk]:
    assert file.exists()
    desk = Desk(qtbot, dressed, place, xdotool)
    desk.open()
    yield desk
    desk.close()


def test_window_opens_and_says_where_the_log_is_kept(desk: Desk, file: Path, screenshot: Screenshot) -> None:
    desk.wait(lambda: f"{file.name}.corrupt-" in said(desk.window.banners))
    (aside,) = file.parent.glob("calls.sqlite3.corrupt-*")
    assert aside.read_bytes() == SPOILT
    assert file.read_bytes().startswith(b"SQLite format 3")
    screenshot("spoilt-log", desk.window)
