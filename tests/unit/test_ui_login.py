"""Starting at login: what each desktop is told, quoted so that a program anywhere starts as it stands."""

from __future__ import annotations

import plistlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from ostiary.ui.login.autostart_file import AutostartFile
from ostiary.ui.login.entry import LoginEntry, LoginState
from ostiary.ui.login.launch_agent import LaunchAgent
from ostiary.ui.login.run_key import VALUE, RunKey

COMMAND = ['/opt/My Apps/100% "new"/os`ti$ary\\bin', "--home", "/home/robin/a b"]
Make = Callable[[Path], LoginEntry]


def run_key(folder: Path) -> RunKey:
    return RunKey(QSettings(str(folder / "Run.ini"), QSettings.Format.IniFormat))


@pytest.fixture(params=[AutostartFile, LaunchAgent, run_key], ids=["autostart", "launch-agent", "run-key"])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def test_nothing_starts_before_it_is_asked_for(make: Make, tmp_path: Path) -> None:
    assert make(tmp_path).state(COMMAND) is LoginState.OFF
    assert list(tmp_path.iterdir()) == []


def test_what_was_switched_on_is_on_for_the_next_start_of_the_tray_too(make: Make, tmp_path: Path) -> None:
    make(tmp_path).write(COMMAND)
    assert make(tmp_path).state(COMMAND) is LoginState.ON


def test_entry_of_another_copy_is_told_apart_and_replaced(make: Make, tmp_path: Path) -> None:
    make(tmp_path).write(["/old/ostiary"])
    assert make(tmp_path).state(COMMAND) is LoginState.OTHER
    make(tmp_path).write(COMMAND)
    assert make(tmp_path).state(COMMAND) is LoginState.ON


def test_switched_off_leaves_nothing_and_can_be_said_twice(make: Make, tmp_path: Path) -> None:
    entry = make(tmp_path)
    entry.write(COMMAND)
    entry.remove()
    entry.remove()
    assert make(tmp_path).state(COMMAND) is LoginState.OFF


@pytest.mark.skipif(sys.platform == "win32", reason="there is no shell to read it")
@pytest.mark.parametrize("command", [COMMAND, ["/usr/bin/ostiary"], ["/weird\n/ostiary"]])
def test_autostart_file_gives_back_the_exact_arguments(tmp_path: Path, command: list[str]) -> None:
    entry = AutostartFile(tmp_path)
    entry.write(command)
    (line,) = (line for line in entry.path.read_text().splitlines() if line.startswith("Exec="))
    value = line.removeprefix("Exec=").replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")
    assert "%" not in value.replace("%%", "")  # alone it would begin a field code
    value = value.replace("%%", "%")
    seen = subprocess.run(["sh", "-c", f"printf '%s\\0' {value}"], capture_output=True, text=True, check=True).stdout
    assert seen.split("\0")[:-1] == command  # its quoting is a part of the shell's


@pytest.mark.parametrize("switch", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_entry_that_the_desktop_switched_off_is_off(tmp_path: Path, switch: str) -> None:
    entry = AutostartFile(tmp_path)
    entry.write(COMMAND)
    entry.path.write_text(entry.path.read_text() + switch + "\n")
    assert entry.state(COMMAND) is LoginState.OFF


def test_launch_agent_runs_the_list_at_login_and_is_not_kept_alive(tmp_path: Path) -> None:
    entry = LaunchAgent(tmp_path)
    entry.write(COMMAND)
    told = plistlib.loads(entry.path.read_bytes())
    assert told["ProgramArguments"] == COMMAND
    assert told["RunAtLoad"] is True
    assert "KeepAlive" not in told


@pytest.mark.parametrize("content", [b"not a plist", b"<plist><string>x</string>"])
def test_launch_agent_that_cannot_be_read_counts_as_anothers(tmp_path: Path, content: bytes) -> None:
    entry = LaunchAgent(tmp_path)
    entry.path.write_bytes(content)
    assert entry.state(COMMAND) is LoginState.OTHER


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ([r"C:\Program Files\Ostiary\ostiary.exe"], r'"C:\Program Files\Ostiary\ostiary.exe"'),
        ([r"C:\o\ostiary.exe", "--home", "D:\\my files\\"], 'C:\\o\\ostiary.exe --home "D:\\my files\\\\"'),
    ],
)
def test_run_key_quotes_a_path_with_blanks_so_that_no_other_program_is_tried_first(
    tmp_path: Path, command: list[str], expected: str
) -> None:
    run_key(tmp_path).write(command)
    assert QSettings(str(tmp_path / "Run.ini"), QSettings.Format.IniFormat).value(VALUE) == expected
