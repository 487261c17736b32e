"""The real gateway: the installed ``ostiary --headless`` as a process of its own, in a household of its own.

Everything of Ostiary and of the person (hosts' configuration files too) lies under one short temporary folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ostiary.control.client import ControlClient, connect
from ostiary.domain.errors import UnreachableError
from tests.support.commands import OSTIARY as OSTIARY
from tests.support.commands import Ended, run

START_TIMEOUT_S: Final = 30.0
END_TIMEOUT_S: Final = 20.0
LOOK_S: Final = 0.02

_PLACES: Final = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


@dataclass(frozen=True)
class Household:
    """A person's folders: ``ostiary`` is OSTIARY_HOME, ``person`` is HOME."""

    ostiary: Path
    person: Path

    @property
    def environment(self) -> dict[str, str]:
        """The test's own environment, moved into this household."""
        kept = {name: value for name, value in os.environ.items() if name not in _PLACES}
        return {**kept, "OSTIARY_HOME": str(self.ostiary), "HOME": str(self.person)}


@dataclass(frozen=True)
class GatewayProcess:
    """A gateway that answers. ``front`` is the test's own end where it plays the tray."""

    household: Household
    process: subprocess.Popen[bytes]
    front: ControlClient | None

    @property
    def home(self) -> Path:
        return self.household.ostiary

    def run(self, *arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> Ended:
        """Run a command of this household to its end."""
        return run(self.home, *arguments, stdin=stdin, cwd=cwd, HOME=str(self.household.person))

    def listed(self, *arguments: str) -> list[dict[str, object]]:
        """What a command that lists gives as JSON."""
        listed = json.loads(self.run(*arguments, "--json").out)
        assert isinstance(listed, list)
        return listed

    def said(self) -> str:
        """Its own log and what it wrote to stderr, for a failing test to show."""
        files = (self.home / "stderr", self.home / "logs" / "ostiary.log")
        return "\n".join(file.read_text(errors="replace") for file in files if file.exists())


@contextlib.contextmanager
def household() -> Iterator[Household]:
    """An empty one. Its path is short: a socket's path has at most 104 bytes."""
    with tempfile.TemporaryDirectory(prefix="o-") as folder:
        place = Household(Path(folder).resolve() / "o", Path(folder).resolve() / "p")
        place.ostiary.mkdir()
        place.person.mkdir()
        yield place


@contextlib.contextmanager
def running_gateway(
    place: Household, *options: str, front: bool = False, environment: Mapping[str, str] | None = None
) -> Iterator[GatewayProcess]:
    """The gateway of a household until the block ends; with ``front``, the test is its tray."""
    with contextlib.ExitStack() as opened:
        client, theirs = _front(opened) if front else (None, None)
        command = [OSTIARY, "--headless", *options, *(["--front-stdio"] if front else [])]
        pipe = subprocess.DEVNULL if theirs is None else theirs.fileno()
        with (place.ostiary / "stderr").open("ab") as errors:
            process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=errors, env={**place.environment, **(environment or {})}
            )
        opened.enter_context(process)
        opened.callback(_end, process)
        if theirs is not None:
            theirs.close()
        gateway = GatewayProcess(place, process, client)
        _wait_until_it_answers(gateway)
        yield gateway


def _front(opened: contextlib.ExitStack) -> tuple[ControlClient, socket.socket]:
    """Both ends of what will be the gateway's stdin and stdout."""
    ours, theirs = socket.socketpair()
    opened.callback(theirs.close)
    return opened.enter_context(ControlClient(ours)), theirs


def _wait_until_it_answers(gateway: GatewayProcess) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            connect(str(gateway.home)).close()
        except UnreachableError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"ended with {gateway.process.wait(LOOK_S)}:\n{gateway.said()}") from None
        else:
            return
    raise AssertionError(f"did not answer within {START_TIMEOUT_S} s:\n{gateway.said()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
