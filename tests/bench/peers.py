"""Other programs between a host and a server, as their own pages say to use them, in front of the same echo server.

``dev.py bench`` installs them (``packaging/devtools/peers.py``); what is not there is left out, and the table says so.
Those that only lead from stdio to HTTP and back are put together, since a host speaks over pipes.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from tests.bench.line_client import DEADLINE_S, LIST_TOOLS, AnyOrderClient, BrokenError

PLACE: Final = Path(__file__).resolve().parents[2] / ".bench"
END_TIMEOUT_S: Final = 10.0
LOOK_S: Final = 0.02

Command = Sequence[str]


@dataclass(frozen=True)
class Peer:
    """One of them, running: its client, how long its first answer with tools took, and what runs only for it."""

    name: str
    client: AnyOrderClient
    to_tools_s: float
    pids: tuple[int, ...]

    @property
    def own_bytes(self) -> int:
        """Memory that its processes share with nobody; without the echo server's."""
        return sum(int(psutil.Process(pid).memory_full_info().uss) for pid in self.pids)


@contextlib.contextmanager
def running_peers(server: Command) -> Iterator[tuple[Peer, ...]]:
    """All that are installed, in front of a process of ``server`` each."""
    with contextlib.ExitStack() as opened:
        there = set(_STARTS).difference(missing())
        yield tuple(opened.enter_context(start(server)) for name, start in _STARTS.items() if name in there)


def missing() -> tuple[str, ...]:
    """Those that are not installed."""
    return tuple(name for name in _STARTS if not (PLACE / name / "version").is_file())


@contextlib.contextmanager
def _fastmcp(server: Command) -> Iterator[Peer]:
    program, *arguments = server
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mcp.json"
        file.write_text(json.dumps({"mcpServers": {"echo": {"command": program, "args": arguments}}}))
        with _greeted("fastmcp", [_program("fastmcp"), "run", str(file), "--no-banner"], ()) as peer:
            yield peer


@contextlib.contextmanager
def _mcp_proxy(server: Command) -> Iterator[Peer]:
    program, port, quiet = _program("mcp-proxy"), _free_port(), ("--log-level", "ERROR")
    inner = [program, "--port", str(port), *quiet, "--", *server]
    outer = [program, "--transport", "streamablehttp", *quiet, f"http://127.0.0.1:{port}/mcp/"]
    with _listening(inner, port) as pid, _greeted("mcp-proxy", outer, (pid,)) as peer:
        yield peer


@contextlib.contextmanager
def _supergateway(server: Command) -> Iterator[Peer]:
    program, port, quiet = _program("supergateway"), _free_port(), ("--logLevel", "none")
    inner = [program, "--stdio", shlex.join(server), "--outputTransport", "streamableHttp", "--stateful"]
    outer = [program, "--streamableHttp", f"http://127.0.0.1:{port}/mcp", *quiet]
    with (
        _listening([*inner, "--port", str(port), *quiet], port) as pid,
        _greeted("supergateway", outer, (pid,)) as peer,
    ):
        yield peer


_STARTS: Final[dict[str, Callable[[Command], contextlib.AbstractContextManager[Peer]]]] = {
    "fastmcp": _fastmcp,
    "mcp-proxy": _mcp_proxy,
    "supergateway": _supergateway,
}


def _program(name: str) -> str:
    place = PLACE / name
    return str(place / ("node_modules/.bin" if (place / "node_modules").is_dir() else "bin") / name)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
    return port


@contextlib.contextmanager
def _greeted(name: str, command: Command, others: tuple[int, ...]) -> Iterator[Peer]:
    """``others``: what else runs for it. The time counts from the start of what the host starts."""
    began = time.perf_counter()
    with (PLACE / f"{name}.log").open("wb") as log, AnyOrderClient(command, _environment(), log) as client:
        client.initialize()
        client.ask(LIST_TOOLS)
        took_s = time.perf_counter() - began
        version = (PLACE / name / "version").read_text()
        yield Peer(f"{name} {version}", client, took_s, (client.pid, *others))


@contextlib.contextmanager
def _listening(command: Command, port: int) -> Iterator[int]:
    """Its process id, once it takes connections."""
    with (
        (PLACE / "listening.log").open("ab") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=_environment()) as process,
    ):
        try:
            _wait_for(port)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
            return
        time.sleep(LOOK_S)
    raise BrokenError(f"nothing listens at port {port}")


def _environment() -> dict[str, str]:
    """Without what would redirect another Python."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    }
