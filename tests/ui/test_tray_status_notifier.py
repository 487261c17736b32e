"""The tray on a desktop of StatusNotifier kind: icon, menu and click on a private bus, also where it comes late."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ostiary.ui import words
from tests.support import fake_world
from tests.support.desktop import Xdotool

pytestmark = pytest.mark.desktop

REPOSITORY = Path(__file__).parents[2]
START = "import sys; from ostiary import app; sys.exit(app.main(sys.argv[1:]))"
WAIT_MS = 20_000
END_TIMEOUT_S = 10
WINDOW = ("search", "--onlyvisible", "--name", f"^{words.NAME}$")


class Host:
    """The watcher and host program; ``items`` are what it saw, newest last."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = (sys.executable, "-m", "tests.support.status_notifier")
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdin=pipe, stdout=pipe, text=True)
        self.items: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def order(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(END_TIMEOUT_S)
        self._reader.join()
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        told = (json.loads(line) for line in self._process.stdout)
        self.items.extend(line["item"] for line in told if "item" in line)


@pytest.fixture
def environment(home: Path) -> Iterator[dict[str, str]]:
    """With a session bus of its own, so that no other test meets this tray."""
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        own = {"DBUS_SESSION_BUS_ADDRESS": address, "OSTIARY_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
        yield {**os.environ, **own}
        bus.terminate()


@pytest.fixture
def tray(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The tray process, over a gateway with a machine in use."""
    gateway = (sys.executable, "-m", "tests.support.fake_gateway")
    command = (sys.executable, "-c", START, "--gateway", *gateway)
    with subprocess.Popen(command, env=environment, cwd=REPOSITORY) as started:
        yield started
        started.terminate()


@pytest.fixture
def host(environment: dict[str, str]) -> Iterator[Host]:
    started = Host(environment)
    yield started
    started.close()


def window_shows(xdotool: Xdotool) -> bool:
    try:
        return bool(xdotool(*WINDOW))
    except subprocess.CalledProcessError:
        return False  # how xdotool says that it found none


def shown(host: Host, qtbot: QtBot) -> dict[str, Any]:
    """The item once it shows what the gateway told: one question waits."""

    looks = 0

    def asks() -> bool:
        nonlocal looks
        if len(host.items) > looks:  # one look at a time: those in a queue would be in the way of the click
            looks = len(host.items)
            if "1 question waits" in host.items[-1]["tip"]:
                return True
            host.order("look")
        return False

    qtbot.waitUntil(asks, timeout=WAIT_MS)
    return host.items[-1]


def test_item_shows_state_icon_and_menu_and_a_click_opens_the_window(
    qtbot: QtBot, xdotool: Xdotool, host: Host, tray: subprocess.Popen[bytes]
) -> None:
    item = shown(host, qtbot)
    assert item["painted"] > 0
    assert item["menu"][:2] == ["1 question waits for you", words.question_line(fake_world.question())]
    assert item["menu"][-2:] == [words.OPEN, words.QUIT]
    assert not window_shows(xdotool)

    host.order("activate")
    qtbot.waitUntil(lambda: window_shows(xdotool), timeout=WAIT_MS)


def test_item_registers_with_a_tray_that_comes_late(
    qtbot: QtBot, xdotool: Xdotool, tray: subprocess.Popen[bytes], environment: dict[str, str]
) -> None:
    qtbot.waitUntil(lambda: window_shows(xdotool), timeout=WAIT_MS)  # without a tray nothing else could be reached
    late = Host(environment)
    try:
        assert words.OPEN in shown(late, qtbot)["menu"]
    finally:
        late.close()
