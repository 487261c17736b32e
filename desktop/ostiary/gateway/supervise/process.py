"""What starting a process gives ``child``, whatever the system. Implemented by ``posix`` and ``windows``."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable
from typing import Protocol

from ostiary.domain.errors import ServerError
from ostiary.gateway.channel import Channel
from ostiary.gateway.supervise import programs
from ostiary.gateway.supervise.launch import Launch

OnOutput = Callable[[bytes], None]
"""Takes what the process wrote to stderr, as it comes."""


class ServerProcess(Protocol):
    """One process with pipes for stdin, stdout and stderr. All calls belong to the loop's thread."""

    @property
    def pid(self) -> int:
        """Its process id; the id of its process group too, where there are groups."""

    @property
    def channel(self) -> Channel:
        """Its stdin and stdout. Yours to start; closed at the latest by ``release``."""

    @property
    def exit_code(self) -> asyncio.Future[int]:
        """Done when it has ended and its group is gone: the code, or minus the signal's number."""

    @property
    def silent(self) -> asyncio.Future[None]:
        """Done when its stdout has been read to the end, or the channel was closed from our side."""

    def terminate(self) -> None:
        """Ask the whole group to end."""

    def kill(self) -> None:
        """End the whole group."""

    def release(self) -> None:
        """Let go of the pipes. What was not read is lost."""


StartProcess = Callable[[Launch, OnOutput], Awaitable[ServerProcess]]
"""Starts a process. Raises ``ServerError`` when the system will not."""


def cannot_start(launch: Launch, error: OSError) -> ServerError:
    """The error for a program that the system would not start."""
    program = launch.command[0]
    if not launch.cwd.is_dir():
        return ServerError("The server could not be started", f"Its folder {launch.cwd} does not exist.")
    if isinstance(error, FileNotFoundError):
        if programs.find(program, launch.environment) is not None:  # POSIX exec: no such interpreter is no such file
            return ServerError(
                "The server could not be started",
                f"“{program}” is there, but not what runs it: the program in its first line, or a library of the "
                "system. Install the server again.",
            )
        return ServerError(
            "The server's program was not found",
            f"There is no program “{program}”. Install it, or add the server again with its full path.",
        )
    return ServerError(
        "The server could not be started", f"The system refused “{program}”: {error.strerror}. {_refusal(error)}"
    )


def _refusal(error: OSError) -> str:
    match error.errno:
        case errno.EACCES:
            return "Make the file executable, or look at who may use its folder."
        case errno.ENOEXEC:
            return "It is not a program for this machine: install the right one."
        case errno.EAGAIN | errno.ENOMEM:
            return "The machine has too little room for one more: close something, then restart the server."
        case _:
            return "Look at the server's command."
