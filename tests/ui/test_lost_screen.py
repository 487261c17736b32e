"""The tray when its screen dies: it ends as one that was killed, and the gateway goes on for its hosts."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from ostiary import app
from tests.support.commands import run

END_DEADLINE_S = 20.0


@pytest.fixture
def screen() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The value of DISPLAY, and the X server behind it, which is this test's alone."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as number:
            yield f":{number.readline().strip()}", server
        server.kill()


def has_front(home: Path) -> bool:
    told = run(home, "status", "--json")
    return told.code == 0 and json.loads(told.out)["front"] is True


@pytest.mark.desktop
def test_a_screen_that_dies_takes_the_tray_along_in_order_and_not_the_gateway(
    qtbot: QtBot, home: Path, screen: tuple[str, subprocess.Popen[bytes]]
) -> None:
    display, server = screen
    environment = {**os.environ, "OSTIARY_HOME": str(home), "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    gateways: list[psutil.Process] = []
    with subprocess.Popen([app.own_program()], env=environment, stderr=subprocess.PIPE) as tray:
        try:
            qtbot.waitUntil(lambda: has_front(home))
            gateways += psutil.Process(tray.pid).children()
            server.terminate()
            _, said = tray.communicate(timeout=END_DEADLINE_S)
            assert b"Traceback" not in said
            assert tray.returncode == 1
            qtbot.waitUntil(lambda: not has_front(home))
            assert [gateway.is_running() for gateway in gateways] == [True]
            assert "X11 connection broke" in (home / "logs" / "tray.log").read_text()
        finally:
            tray.kill()
            for gateway in filter(psutil.Process.is_running, gateways):
                gateway.terminate()
                gateway.wait(END_DEADLINE_S)
