"""What a killed gateway and its guard left running is ended by the next one, and nothing else is."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ostiary.gateway.processes import started_at
from ostiary.gateway.supervise.records import Identity, Records
from tests.support.children.stage import launch_of, play
from tests.support.children.world import QUICK, World


def left_behind(program: str, folder: Path) -> subprocess.Popen[bytes]:
    """A server as a killed gateway leaves it: in a group of its own, with a record of it."""
    process = subprocess.Popen(
        launch_of(program, folder).command, start_new_session=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    since = started_at(process.pid)
    assert since is not None
    (folder / "records").mkdir(exist_ok=True)
    Records(folder / "records").write(program, Identity(process.pid, since))
    return process


@pytest.mark.parametrize(("program", "code"), [("deaf", -signal.SIGTERM), ("stubborn", -signal.SIGKILL)])
def test_what_a_killed_gateway_left_is_ended(program: str, code: int, tmp_path: Path) -> None:
    with left_behind(program, tmp_path) as process:
        play(World(tmp_path, QUICK).supervisor.clean_up_leftovers())
        assert process.wait(20) == code
    assert list((tmp_path / "records").iterdir()) == []


def test_a_later_process_of_the_same_number_is_not_ended(tmp_path: Path) -> None:
    with left_behind("deaf", tmp_path) as process:
        since = started_at(process.pid)
        assert since is not None
        Records(tmp_path / "records").write("deaf", Identity(process.pid, since - 60))
        play(World(tmp_path, QUICK).supervisor.clean_up_leftovers())
        assert process.poll() is None
        assert list((tmp_path / "records").iterdir()) == []
        process.kill()


def test_a_process_that_is_gone_is_no_leftover(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    ended = subprocess.Popen([sys.executable, "-S", "-c", ""])
    ended.wait()
    Records(tmp_path / "records").write("gone", Identity(ended.pid, 1.0))
    play(World(tmp_path, QUICK).supervisor.clean_up_leftovers())
    assert list((tmp_path / "records").iterdir()) == []
