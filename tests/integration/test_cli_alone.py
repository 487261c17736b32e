"""What the commands do when no gateway runs, when it does not answer, and when their own output is in the way."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ostiary import __version__
from tests.support.commands import DEADLINE_S, OSTIARY, Ended, environment_of, run, run_on_terminal, started
from tests.support.fake_control import FakeControl

COMMANDS = [
    ("status",),
    ("servers",),
    ("servers", "enable", "files"),
    ("servers", "add", "n", "--", "p"),
    ("hosts",),
    ("hosts", "connect", "cursor", "--yes"),
    ("roots", "add", "/tmp"),
    ("secrets", "set", "TOKEN"),
    ("log",),
    ("log", "--follow"),
    ("quit",),
]


@pytest.mark.parametrize("arguments", COMMANDS)
def test_without_a_gateway_a_command_says_so_and_ends_with_69(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = run(tmp_path, *arguments, stdin=b"value\n")

    assert (ended.code, ended.out) == (69, "")
    assert "ostiary: Ostiary is not running. Start it" in ended.err


def test_without_a_gateway_nobody_types_a_secret_for_nothing(tmp_path: Path) -> None:
    ended = run_on_terminal(tmp_path, "secrets", "set", "TOKEN")

    assert ended.code == 69
    assert "Value of" not in ended.out


def test_quit_waits_until_the_gateway_has_ended(tmp_path: Path) -> None:
    with FakeControl(tmp_path, lingers=True) as gateway, started(tmp_path, "quit") as waiting:
        gateway.heard.get(timeout=DEADLINE_S)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(0.5)
        gateway.hang_up()

        assert waiting.wait(DEADLINE_S) == 0


def test_a_command_leaves_nothing_behind_where_no_gateway_runs(tmp_path: Path) -> None:
    run(tmp_path, "status")
    run(tmp_path, "doctor")

    assert list(tmp_path.iterdir()) == []


def test_a_gateway_is_found_under_a_home_too_long_for_a_socket(tmp_path: Path) -> None:
    home = tmp_path / ("h" * 200)
    home.mkdir()
    assert run(home, "status").code == 69

    with FakeControl(home):
        assert run(home, "status").code == 0


def test_what_cannot_be_trusted_is_not_spoken_to(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o777)
    (tmp_path / "run").chmod(0o777)

    ended = run(tmp_path, "status")

    assert ended.code == 69
    assert "cannot be trusted" in ended.err


def test_without_a_gateway_the_doctor_looks_at_what_it_can(tmp_path: Path) -> None:
    ended = run(tmp_path, "doctor", "--json")

    findings = {finding["code"]: finding["ok"] for finding in json.loads(ended.out)}
    assert ended.code == 69
    assert findings == {
        "gateway.running": False,
        "endpoint.folder": True,
        "home.folder": True,
        "program.ostiary-connect": True,
        "program.ostiary-serve": True,
    }


def test_the_doctor_finds_a_folder_that_others_can_enter(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o777)
    (tmp_path / "run").chmod(0o777)

    ended = run(tmp_path, "doctor")

    assert ended.code == 69
    assert f"▲ The folder {tmp_path}/run cannot be trusted." in ended.out


def test_the_doctor_finds_a_home_that_is_no_folder(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.touch()

    assert f"▲ {home} cannot be written." in run(home, "doctor").out


def test_an_interrupt_while_the_gateway_is_silent_ends_quietly_with_130(tmp_path: Path) -> None:
    with FakeControl(tmp_path, mute=True) as gateway, started(tmp_path, "status") as waiting:
        gateway.heard.get(timeout=DEADLINE_S)
        waiting.send_signal(signal.SIGINT)
        out, err = waiting.communicate(timeout=DEADLINE_S)

    assert (waiting.returncode, out, err) == (130, b"", b"")


def test_a_gateway_that_dies_before_it_answers_ends_the_command_with_69(tmp_path: Path) -> None:
    with FakeControl(tmp_path, mute=True) as gateway, started(tmp_path, "status") as waiting:
        gateway.heard.get(timeout=DEADLINE_S)
        gateway.hang_up()
        _, err = waiting.communicate(timeout=DEADLINE_S)

    assert waiting.returncode == 69
    assert b"Ostiary ended." in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_no_success(tmp_path: Path) -> None:
    with FakeControl(tmp_path), Path("/dev/full").open("wb") as full:
        command = [OSTIARY, "status"]
        ended = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, env=environment_of(tmp_path), check=False, timeout=DEADLINE_S
        )

    assert ended.returncode == 1
    assert b"could not be written" in ended.stderr


def test_a_pipe_closed_from_the_beginning_ends_quietly(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with FakeControl(tmp_path):
        command = [OSTIARY, "servers"]
        ended = subprocess.run(
            command,
            stdout=writing,
            stderr=subprocess.PIPE,
            env=environment_of(tmp_path),
            check=False,
            timeout=DEADLINE_S,
        )
    os.close(writing)

    assert (ended.returncode, ended.stderr) == (141, b"")


def run_with(redirection: str, home: Path, *arguments: str) -> Ended:
    """Run a command with one of its streams redirected by a shell."""
    command = ["sh", "-c", f'exec "$0" "$@" {redirection}', OSTIARY, *arguments]
    ended = subprocess.run(
        command, capture_output=True, env=environment_of(home), text=True, check=False, timeout=DEADLINE_S
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def test_closed_streams_are_no_fault_and_no_success(tmp_path: Path) -> None:
    with FakeControl(tmp_path):
        without_stdin = run_with("<&-", tmp_path, "hosts", "connect", "cursor")
        without_stdout = run_with(">&-", tmp_path, "status")
        without_stderr = run_with("2>&-", tmp_path, "servers", "add", "new", "--json", "--", "prog")

    assert (without_stdin.code, "--yes" in without_stdin.err) == (77, True)
    assert (without_stdout.code, "could not be written" in without_stdout.err) == (1, True)
    assert (without_stderr.code, json.loads(without_stderr.out)["name"]) == (0, "new")


@pytest.mark.parametrize(
    "arguments",
    ["roots add docs", "hosts connect cursor --project docs", "hosts import --file docs", "doctor --report docs"],
)
def test_a_relative_path_in_a_folder_that_is_gone_is_refused_with_a_sentence(tmp_path: Path, arguments: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    with FakeControl(tmp_path):
        command = ["sh", "-c", f'rmdir "{gone}" && exec "$0" {arguments}', OSTIARY]
        ended = subprocess.run(
            command, capture_output=True, cwd=gone, env=environment_of(tmp_path), check=False, timeout=DEADLINE_S
        )

    assert (ended.returncode, ended.stderr) == (64, b"ostiary: The folder you are in is gone. Give the whole path.\n")


def test_a_locale_without_our_shapes_gets_question_marks(tmp_path: Path) -> None:
    with FakeControl(tmp_path):
        ended = run(tmp_path, "servers", PYTHONIOENCODING="ascii")

    assert ended.code == 0
    assert "? running" in ended.out


# On a terminal


def test_a_terminal_gets_colour_unless_it_asks_for_none(tmp_path: Path) -> None:
    with FakeControl(tmp_path):
        assert "\x1b[32m●" in run_on_terminal(tmp_path, "servers").out
        assert "\x1b" not in run_on_terminal(tmp_path, "servers", NO_COLOR="1").out


@pytest.mark.parametrize(
    ("typed", "code", "told"),
    [("y\n", 0, "Cursor: connected"), ("n\n", 77, "Nothing was written"), ("\n", 77, "Nothing was written")],
)
def test_on_a_terminal_a_host_file_is_changed_after_a_yes(tmp_path: Path, typed: str, code: int, told: str) -> None:
    with FakeControl(tmp_path):
        ended = run_on_terminal(tmp_path, "hosts", "connect", "cursor", expect="[y/N]", typed=typed)

    assert ended.code == code, ended.out
    assert ended.out.index('"ostiary": {') < ended.out.index("[y/N]") < ended.out.index(told)


def test_a_secret_typed_on_a_terminal_is_not_shown(tmp_path: Path) -> None:
    with FakeControl(tmp_path) as gateway:
        ended = run_on_terminal(tmp_path, "secrets", "set", "TOKEN", expect="(it is not shown)", typed="s3cret\n")

    assert ended.code == 0, ended.out
    assert "s3cret" not in ended.out
    assert "s3cret" in repr(gateway.asked)


@pytest.mark.parametrize("typed", ["\x04", "\n"])
def test_no_secret_typed_on_a_terminal_is_told(tmp_path: Path, typed: str) -> None:
    with FakeControl(tmp_path) as gateway:
        ended = run_on_terminal(tmp_path, "secrets", "set", "TOKEN", expect="(it is not shown)", typed=typed)

    assert (ended.code, "There is no value" in ended.out) == (64, True), ended.out
    assert "TOKEN" not in repr(gateway.asked)


# What needs no gateway


@pytest.mark.parametrize("arguments", [("--version",), ("--home", "/x", "--version")])
def test_the_version_is_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = run(tmp_path, *arguments)

    assert (ended.code, ended.out) == (0, f"ostiary {__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [(), *((name,) for name in ("status", "servers", "hosts", "roots", "secrets", "log", "doctor", "quit"))],
)
def test_the_help_of_every_command_has_examples(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = run(tmp_path, *arguments, "--help")

    assert ended.code == 0
    assert "ostiary roots add ~/Projects" in ended.out or "examples:\n  ostiary" in ended.out


def test_the_help_names_every_exit_code(tmp_path: Path) -> None:
    shown = run(tmp_path, "--help").out

    assert [code for code in (0, 1, 64, 69, 70, 77, 130, 141) if f"\n  {code} " not in shown] == []


def test_the_help_loads_neither_qt_nor_asyncio() -> None:
    script = """
import sys
sys.argv = ["ostiary", "--help"]
from ostiary.__main__ import main
try:
    main()
except SystemExit:
    pass
print({"asyncio", "PySide6", "ostiary.gateway", "keyring"} & sys.modules.keys(), file=sys.stderr)
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=DEADLINE_S)

    assert ended.stderr == b"set()\n"
