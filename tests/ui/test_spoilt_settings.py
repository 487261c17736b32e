"""The real application on a settings file that makes no sense: it opens, says so, and nothing is on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ostiary.ui.theme import Theme
from tests.support.desk import Desk
from tests.support.desktop import Screenshot, Xdotool
from tests.support.gateway_process import household
from tests.support.labels import said

pytestmark = pytest.mark.desktop

SPOILT = b'{"version": 1, "servers": [{"name": "files", "enabled": true'


@pytest.fixture
def desk(qtbot: QtBot, dressed: Theme, xdotool: Xdotool) -> Iterator[Desk]:
    with household() as place:
        config = place.ostiary / "config"
        config.mkdir()
        (config / "settings.json").write_bytes(SPOILT)
        desk = Desk(qtbot, dressed, place, xdotool)
        desk.open()
        yield desk
        (aside,) = config.glob("settings.json.corrupt-*")
        assert aside.read_bytes() == SPOILT
        desk.close()


def test_window_opens_and_says_where_the_file_is_kept_while_nothing_is_on(desk: Desk, screenshot: Screenshot) -> None:
    told = said(desk.window.banners)
    assert "could not be understood" in told
    assert "settings.json.corrupt-" in told
    assert not desk.files.enabled
    assert desk.application.mirror.roots == ()
    screenshot("spoilt-settings", desk.window)
