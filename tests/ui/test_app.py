"""The tray as a process: signals, quitting, one instance, faults that are told and not lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ostiary import app
from ostiary.control.messages import Attach, RaiseFront, Subscribe
from ostiary.gateway import paths
from ostiary.ui import words
from ostiary.ui.faults import Faults
from ostiary.ui.gateway_link import GatewayLink, LinkState
from ostiary_connect.endpoint import Endpoint, locate
from tests.support import fake_world
from tests.support.fake_control import FakeControl
from tests.support.front import Front

REPOSITORY = Path(__file__).parents[2]
START = "import sys; from ostiary import app; sys.exit(app.main(sys.argv[1:]))"
END_DEADLINE_S = 20.0
"""Quitting takes at most 3 s; the rest is room for a busy machine."""
START_LIMIT_MS = 15_000

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start the tray with a fake gateway that records; what still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def run(*options: str) -> subprocess.Popen[bytes]:
        gateway = (sys.executable, "-m", "tests.support.fake_gateway", "--record", str(home / "commands"), *options)
        environment = {**os.environ, "OSTIARY_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-c", START, "--gateway", *gateway]
        started.append(subprocess.Popen(command, env=environment, cwd=REPOSITORY))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()


def is_up(home: Path) -> bool:
    record = home / "commands"
    return record.exists() and b"subscribe" in record.read_bytes()


def has_front(home: Path) -> bool:
    """Whether a gateway runs there and has a tray."""
    command = [app.own_program(), "--home", str(home), "status", "--json"]
    told = subprocess.run(command, capture_output=True, text=True)
    return told.returncode == 0 and json.loads(told.stdout)["front"] is True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_quits_tray_and_gateway_in_time(qtbot: QtBot, start: Start, home: Path, number: signal.Signals) -> None:
    tray = start()
    qtbot.waitUntil(lambda: is_up(home), timeout=START_LIMIT_MS)
    (gateway,) = psutil.Process(tray.pid).children()
    tray.send_signal(number)
    assert tray.wait(END_DEADLINE_S) == 0
    assert b'"quit"' in (home / "commands").read_bytes()
    assert not gateway.is_running()


def test_gateway_that_does_not_listen_cannot_hold_the_tray_up(qtbot: QtBot, start: Start, home: Path) -> None:
    tray = start("--deaf")
    qtbot.waitUntil(lambda: is_up(home), timeout=START_LIMIT_MS)
    tray.terminate()
    assert tray.wait(END_DEADLINE_S) == 0


def test_killed_tray_leaves_the_gateway_a_session_of_its_own(qtbot: QtBot, start: Start, home: Path) -> None:
    tray = start()
    qtbot.waitUntil(lambda: is_up(home), timeout=START_LIMIT_MS)
    (gateway,) = psutil.Process(tray.pid).children()
    assert os.getsid(gateway.pid) == gateway.pid
    tray.kill()
    gateway.wait(END_DEADLINE_S)  # this one ends with its stdin; the real one goes on for its hosts


def test_second_start_raises_the_first_and_ends_well(start: Start, home: Path) -> None:
    with FakeControl(home) as running:
        assert start().wait(START_LIMIT_MS / 1000) == 0
        assert running.asked == [RaiseFront()]
    assert not (home / "commands").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_without_a_screen_it_says_what_runs_without_one(home: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in app.SCREENS}
    ended = subprocess.run(
        [sys.executable, "-c", START], env=environment | {"OSTIARY_HOME": str(home)}, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (app.EXIT_NO_SCREEN, f"{app.NO_SCREEN}\n")


def test_tray_attaches_to_a_gateway_that_lost_its_own(qtbot: QtBot, home: Path, tmp_path: Path) -> None:
    world = fake_world.lived_in()
    world.has_front = False
    with FakeControl(home, world) as running:
        link = GatewayLink("/nonexistent", (), tmp_path / "gateway.err", locate(str(home)))
        with qtbot.waitSignal(link.snapshot):
            link.open()
        assert running.asked == [RaiseFront(), Attach(), Subscribe()]
        link.quit()
        qtbot.waitUntil(lambda: link.state is LinkState.ENDED)


def test_second_start_leaves_no_fault_behind(start: Start, home: Path) -> None:
    with FakeControl(home):
        start().wait(START_LIMIT_MS / 1000)
    assert "uncaught" not in (home / "logs" / "tray.log").read_text()


@pytest.mark.parametrize("home_path", ["/somewhere/else", None])
def test_log_stands_where_the_gateways_stands(home_path: str | None) -> None:
    endpoint = Endpoint(home_path, "/run/unused", "gateway")
    assert app.log_folder(endpoint) == paths.find(home_path).log_folder


@pytest.mark.parametrize("home_path", ["/somewhere/else", None])
def test_the_trays_own_file_stands_beside_the_settings(home_path: str | None) -> None:
    endpoint = Endpoint(home_path, "/run/unused", "gateway")
    assert app.config_folder(endpoint) == paths.find(home_path).settings_folder


def test_tray_with_a_spoilt_file_of_its_own_starts_all_the_same(qtbot: QtBot, start: Start, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "tray.json").write_text('{"language": "klingon"')
    start()
    qtbot.waitUntil(lambda: is_up(home), timeout=START_LIMIT_MS)
    (aside,) = (home / "config").glob("tray.json.corrupt-*")
    assert "klingon" in aside.read_text()


def test_real_gateway_runs_behind_the_tray_and_ends_with_it(qtbot: QtBot, home: Path) -> None:
    environment = {**os.environ, "OSTIARY_HOME": str(home)}
    tray = subprocess.Popen([app.own_program()], env=environment)
    try:
        qtbot.waitUntil(lambda: has_front(home), timeout=START_LIMIT_MS)
        (gateway,) = psutil.Process(tray.pid).children()
        second = subprocess.run([app.own_program()], env=environment, timeout=START_LIMIT_MS / 1000)
        assert second.returncode == 0
        tray.terminate()
        assert tray.wait(END_DEADLINE_S) == 0
        assert not gateway.is_running()
    finally:
        tray.kill()
        tray.wait()


def test_new_tray_takes_over_the_real_gateway_of_a_killed_one(qtbot: QtBot, home: Path) -> None:
    environment = {**os.environ, "OSTIARY_HOME": str(home)}
    trays = [subprocess.Popen([app.own_program()], env=environment)]
    try:
        qtbot.waitUntil(lambda: has_front(home), timeout=START_LIMIT_MS)
        (gateway,) = psutil.Process(trays[0].pid).children()
        trays[0].kill()
        qtbot.waitUntil(lambda: not has_front(home), timeout=START_LIMIT_MS)
        trays.append(subprocess.Popen([app.own_program()], env=environment))
        qtbot.waitUntil(lambda: has_front(home), timeout=START_LIMIT_MS)
        assert gateway.is_running()
        assert psutil.Process(trays[1].pid).children() == []
        trays[1].terminate()
        assert trays[1].wait(END_DEADLINE_S) == 0
        gateway.wait(END_DEADLINE_S)
    finally:
        for tray in trays:
            tray.kill()
            tray.wait()


def test_how_it_was_started_is_recorded_for_those_who_find_no_gateway(qtbot: QtBot, start: Start, home: Path) -> None:
    start()
    qtbot.waitUntil(lambda: is_up(home), timeout=START_LIMIT_MS)
    assert Path(locate(str(home)).launch_path).exists()


def test_fault_is_written_down_and_said(qtbot: QtBot, front: Front, tmp_path: Path) -> None:
    faults = Faults(tmp_path / "logs" / "tray.log")
    front.application.watch(faults)
    faults.install()
    try:
        with qtbot.waitSignal(faults.happened):
            QTimer.singleShot(0, drop_a_spoon)
    finally:
        faults.uninstall()
    assert "SpoonError" in faults.file.read_text()
    assert faults.file.stat().st_mode & 0o777 == 0o600
    assert words.fault(str(faults.file)) in front.words(front.window.banners)


class SpoonError(Exception):
    """Nobody catches it."""


def drop_a_spoon() -> None:
    raise SpoonError
