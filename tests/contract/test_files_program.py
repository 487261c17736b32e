"""``ostiary-serve`` as a program: its arguments, its exit codes, and the end of its client."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.server_client import SERVE

DEADLINE_S = 30
EX_USAGE = 64


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SERVE, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


@contextmanager
def answering(root: Path, first: str = "") -> Iterator[subprocess.Popen[str]]:
    """A server that was sent ``first`` and then answered a ping."""
    command = [str(SERVE), "files", "--root", str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(first + '{"jsonrpc":"2.0","id":7,"method":"ping"}\n')
        server.stdin.flush()
        assert server.stdout.readline() == '{"jsonrpc":"2.0","id":7,"result":{}}\n'
        yield server


def test_help_names_the_servers_and_the_folders() -> None:
    assert "files" in run("--help").stdout
    shown = run("files", "--help")
    assert shown.returncode == 0
    assert all(
        option in shown.stdout for option in ("--root", "--read-only-root", "--roots-file", "--state-dir", "--writes")
    )


def test_the_version_is_told() -> None:
    shown = run("--version")
    assert shown.returncode == 0
    assert shown.stdout.startswith("ostiary-serve ")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-server"],
        ["files"],
        ["files", "--root", "/no/such/folder"],
        ["files", "--root", "/", "--roots-file", "/x"],
        ["files", "--unknown"],
        ["files", "--root", "/", "--writes", "perhaps"],
        ["files", "--roots-file", "/x", "--writes", "allow"],
        ["code", "--root", "/", "--writes", "allow"],
    ],
)
def test_wrong_usage_exits_with_64_and_leaves_stdout_alone(arguments: list[str]) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (EX_USAGE, "")
    assert "ostiary-serve" in ended.stderr


def test_the_server_ends_with_0_when_its_client_closes_stdin(tmp_path: Path) -> None:
    ended = run("files", "--root", tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_while_it_waits_for_its_client(tmp_path: Path, number: signal.Signals) -> None:
    with answering(tmp_path) as server:
        server.send_signal(number)
        assert server.wait(DEADLINE_S) == -number


def test_garbage_on_stdin_does_not_end_the_server(tmp_path: Path) -> None:
    with answering(tmp_path, "garbage\n{\n[]\n\n") as server:
        assert server.stdin is not None
        server.stdin.close()
        assert server.wait(DEADLINE_S) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there the SDK's own streams are used")
def test_a_request_with_half_a_character_in_it_is_answered(tmp_path: Path) -> None:
    with answering(tmp_path) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(
            '{"jsonrpc":"2.0","id":8,"method":"ping","params":{"_meta":{"x":"a\\ud800 \\ud83d\\ude00"}}}\n'
        )
        server.stdin.flush()
        assert server.stdout.readline() == '{"jsonrpc":"2.0","id":8,"result":{}}\n'


@pytest.mark.skipif(sys.platform == "win32", reason="there the program is no script")
def test_over_stdio_no_web_server_is_loaded(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", str(SERVE), "files", "--root", str(tmp_path)]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=True)
    assert b"mcp.server" in ended.stderr
    assert b"uvicorn.config" not in ended.stderr
