"""The tray on a desktop of StatusNotifier kind: icon, menu and click on a private bus, also where it comes late."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ostiary.control import codec
from ostiary.control.messages import SetMode
from ostiary.domain.approval import GateMode
from ostiary.ui import words
from ostiary.ui.icons import Doorway
from tests.support import fake_world
from tests.support.desktop import Xdotool

pytestmark = pytest.mark.desktop

REPOSITORY = Path(__file__).parents[2]
START = "import sys; from ostiary import app; sys.exit(app.main(sys.argv[1:]))"
WAIT_MS = 20_000
END_TIMEOUT_S = 20
CLEARLY_OTHER_SHARE = 24 / 256
"""Of the pixels; two states that differ in fewer look the same at a glance."""
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
def record(tmp_path: Path) -> Path:
    """What the gateway is asked, line by line."""
    return tmp_path / "commands"


@pytest.fixture
def tray(environment: dict[str, str], record: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The tray process, over a gateway with a machine in use."""
    gateway = (sys.executable, "-m", "tests.support.fake_gateway", "--record", str(record))
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


def looked(host: Host, qtbot: QtBot, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The item once it shows what is waited for. One look at a time: a queue of them would be in a click's way."""
    looks = 0

    def shows() -> bool:
        nonlocal looks
        if len(host.items) > looks:
            looks = len(host.items)
            if holds(host.items[-1]):
                return True
            host.order("look")
        return False

    qtbot.waitUntil(shows, timeout=WAIT_MS)
    return host.items[-1]


def shown(host: Host, qtbot: QtBot) -> dict[str, Any]:
    """The item once its menu shows what the gateway told. Its tip is the message's for the first ten seconds."""
    return looked(host, qtbot, lambda item: "1 question waits" in item["menu"][0])


def test_item_shows_state_icon_and_menu_and_a_click_opens_the_window(
    qtbot: QtBot, xdotool: Xdotool, host: Host, tray: subprocess.Popen[bytes]
) -> None:
    item = shown(host, qtbot)
    assert "1" in "".join(item["icon"])
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


@pytest.mark.parametrize(
    ("line", "command", "ticked"),
    [
        (words.MODES[GateMode.BLOCK_ALL], SetMode(mode=GateMode.BLOCK_ALL), words.MODES[GateMode.BLOCK_ALL]),
        (words.MODES[GateMode.ASK_ALL], SetMode(mode=GateMode.ASK_ALL), words.MODES[GateMode.ASK_ALL]),
        (words.pause_for(15), SetMode(mode=GateMode.PAUSED, minutes=15.0), words.PAUSE_PROMPTS),
    ],
    ids=["block", "ask", "pause"],
)
def test_a_line_of_the_menu_is_obeyed_and_ticked(
    qtbot: QtBot, host: Host, tray: subprocess.Popen[bytes], record: Path, line: str, command: SetMode, ticked: str
) -> None:
    assert shown(host, qtbot)["ticked"] == []
    host.order(f"choose {line}")
    host.order("look")
    looked(host, qtbot, lambda item: item["ticked"] == [ticked])
    asked = [codec.decode_command(line).command for line in record.read_bytes().splitlines()]
    assert [one for one in asked if isinstance(one, SetMode)] == [command]


def test_what_holds_stays_ticked_when_it_is_chosen_again(
    qtbot: QtBot, xdotool: Xdotool, host: Host, tray: subprocess.Popen[bytes]
) -> None:
    line = words.MODES[GateMode.BLOCK_ALL]
    shown(host, qtbot)
    for _ in range(2):
        host.order(f"choose {line}")
        host.order("look")
        looked(host, qtbot, lambda item: item["ticked"] == [line])
    qtbot.waitUntil(lambda: window_shows(xdotool), timeout=WAIT_MS)  # it would end there: more may pass then
    seen = len(host.items)
    host.order("look")
    qtbot.waitUntil(lambda: len(host.items) > seen, timeout=WAIT_MS)
    assert host.items[-1]["ticked"] == [line]


def test_each_state_comes_to_the_desktop_in_a_shape_of_its_own(
    qtbot: QtBot, host: Host, environment: dict[str, str]
) -> None:
    command = (sys.executable, "-m", "tests.support.tray_program")
    shapes: dict[Doorway, str] = {}
    with subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdin=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        for state in Doorway:
            program.stdin.write(f"{state}\n")
            program.stdin.flush()
            shapes[state] = "".join(looked(host, qtbot, partial(says, state))["icon"])
        program.stdin.close()
    for one, other in combinations(Doorway, 2):
        differing = sum(a != b for a, b in zip(shapes[one], shapes[other], strict=True))
        assert differing >= CLEARLY_OTHER_SHARE * len(shapes[one]), f"{one} looks like {other}"


def says(state: Doorway, item: dict[str, Any]) -> bool:
    return str(item["tip"]).endswith(f": {state}")
