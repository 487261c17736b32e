"""Hosts that need no account, as their makers ship them on the npm registry, run in a household of ours."""

from __future__ import annotations

import contextlib
import itertools
import json
import platform
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.gateway_process import GatewayProcess
from tests.support.node_tools import installed, program

DEADLINE_S: Final = 60.0


def gemini() -> list[str]:
    return [program("@google/gemini-cli", "gemini")]


def inspector() -> list[str]:
    return [program("@modelcontextprotocol/inspector", "mcp-inspector"), "--cli"]


def codex() -> list[str]:
    return [program("@openai/codex", "codex")]


def claude_code() -> list[str]:
    folder = installed("@anthropic-ai/claude-code") / "node_modules"
    return [_native(folder / "@anthropic-ai" / f"claude-code-{_platform()}" / "claude")]


def opencode() -> list[str]:
    folder = installed("opencode-ai") / "node_modules"
    return [_native(folder / f"opencode-{_platform()}" / "bin" / "opencode")]


def connected_to(gateway: GatewayProcess, host: str, file: str, entries: str = "one") -> Path:
    """Has our own writer put the entry into the host's file of this household, which lies there empty before."""
    path = gateway.household.person / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"" if path.suffix == ".toml" else b"{}\n")
    ended = gateway.run("hosts", "connect", host, "--entries", entries, "--yes")
    assert ended.code == 0, ended
    return path


def said_by(gateway: GatewayProcess, command: list[str], *arguments: str) -> str:
    """What a host's command says in this household, on both streams."""
    ended = subprocess.run(
        [*command, *arguments],
        cwd=gateway.household.person,
        env=_environment(gateway),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    return ended.stdout


class CodexServer:
    """Codex's ``app-server``: a session of it without a model, whose servers can be asked for tools."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._numbers = itertools.count(1)

    def ask(self, method: str, **params: object) -> Any:
        """The result of a request; everything else that is said is passed over."""
        number = next(self._numbers)
        self._say({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line) if line.startswith("{") else {}
            if said.get("id") == number:
                return said["result"]
        raise AssertionError(f"it ended before it answered {method}")

    def begin(self) -> str:
        """Starts a session and gives its id."""
        self.ask("initialize", clientInfo={"name": "test", "version": "1"})
        self._say({"jsonrpc": "2.0", "method": "initialized"})
        thread = self.ask("thread/start")["thread"]["id"]
        assert isinstance(thread, str)
        return thread

    def _say(self, message: dict[str, object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()


@contextlib.contextmanager
def codex_server(gateway: GatewayProcess) -> Iterator[CodexServer]:
    """A running ``codex app-server`` in this household, ended after ``DEADLINE_S`` at the latest."""
    with subprocess.Popen(
        [*codex(), "app-server"],
        cwd=gateway.household.person,
        env=_environment(gateway),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        deadline = threading.Timer(DEADLINE_S, process.kill)
        deadline.start()
        try:
            yield CodexServer(process)
        finally:
            deadline.cancel()
            process.kill()


def _environment(gateway: GatewayProcess) -> dict[str, str]:
    """The household's, in which no host reaches beyond this machine."""
    nowhere = dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9"
    )
    quiet = dict.fromkeys(("NO_COLOR", "CI", "DISABLE_TELEMETRY", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"), "1")
    return {**gateway.household.environment, **nowhere, "NO_PROXY": "127.0.0.1,localhost", **quiet}


def _platform() -> str:
    machine = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "")
    return f"{sys.platform}-{machine}"


def _native(path: Path) -> str:
    """The program of a platform's package, which npm installs beside the package where there is one."""
    if not path.exists():
        pytest.skip(f"{path.parent.name} is not made for this machine")
    return str(path)
