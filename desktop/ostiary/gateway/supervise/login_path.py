"""The PATH that the person's login shell makes: nvm, fnm, mise, uv and Homebrew put their programs there.

An application started from a desktop has less (on macOS nearly nothing). So the shell is asked once a gateway, in the
background and with a deadline. Its answer comes before what was inherited; without one the inherited PATH is used.
What the shell leaves running when it has answered ends with it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from ostiary.domain.errors import ServerError
from ostiary.gateway.supervise.launch import Launch, child_environment
from ostiary.gateway.supervise.process import ServerProcess, StartProcess
from ostiary.gateway.wire.framing import Line

DEADLINE_S = 3.0
"""An nvm in a full shell takes about a second; a start of a server waits for this at most."""

KILL_S = 0.3

_MARK = "<ostiary-path>"
"""Around the answer: what a person's files print must not be taken for it."""

_SAY = f'/bin/sh -c \'printf "\\n%s%s%s\\n" "{_MARK}" "$PATH" "{_MARK}"\''
"""Asked of any shell: quotes like these and a program's full path are read alike by sh, fish, csh and nu."""

_ONE_FLAG_SHELLS = ("csh", "tcsh")
"""Their ``-l`` must stand alone; interactive ones read what sets the PATH anyway."""


@dataclass(frozen=True, slots=True)
class FoundPath:
    """What servers get as PATH, and the shell that was asked (empty where there is none). ``problem`` is in words."""

    path: str
    shell: str = ""
    problem: str = ""


def question(shell: str) -> tuple[str, ...]:
    """The command that has a shell tell its PATH."""
    flags = ("-i",) if PurePath(shell).name in _ONE_FLAG_SHELLS else ("-l", "-i")
    return (shell, *flags, "-c", _SAY)


def answer(line: bytes) -> str | None:
    """The PATH that a line of the shell's output tells; None when it is something else."""
    before, mark, rest = os.fsdecode(line).partition(_MARK)
    path, end, _after = rest.partition(_MARK)
    return path if mark and end and path and not before else None


def merged(login: str, inherited: str) -> str:
    """Both, the login shell's first, each folder once; none that depends on where a program is started."""
    folders = [folder for path in (login, inherited) for folder in path.split(":")]
    return ":".join(dict.fromkeys(folder for folder in folders if folder.startswith("/")))


if sys.platform == "win32":

    def login_shell(_environment: Mapping[str, str]) -> str:
        """There are no login shells: the PATH is the account's own already."""
        return ""

else:
    import pwd

    def login_shell(environment: Mapping[str, str]) -> str:
        """The person's shell: the environment's, or the account's. Empty where there is none to ask."""
        try:
            shell = environment.get("SHELL") or pwd.getpwuid(os.getuid()).pw_shell
        except KeyError:
            return ""
        return shell if shell.startswith("/") else ""


class LoginPath:
    """Asks once, in ``folder``. ``begin`` starts asking, ``found`` waits for the end of it; ``stop`` gives up."""

    def __init__(
        self, start: StartProcess, environment: Mapping[str, str], folder: Path, deadline_s: float = DEADLINE_S
    ) -> None:
        self._start = start
        self._environment = environment
        self._folder = folder
        self._deadline_s = deadline_s
        self._asking: asyncio.Task[FoundPath] | None = None

    def begin(self) -> None:
        """Ask in the background."""
        self._asking = asyncio.get_running_loop().create_task(self._ask(), name="login path")

    async def found(self) -> FoundPath:
        """The PATH for servers; waits while the shell is asked, at most ``deadline_s``."""
        inherited = FoundPath(self._environment.get("PATH", ""))
        return inherited if self._asking is None else await asyncio.shield(self._asking)

    async def stop(self) -> None:
        """End what was started here."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    async def _ask(self) -> FoundPath:
        inherited, shell = self._environment.get("PATH", ""), login_shell(self._environment)
        if not shell:
            return FoundPath(inherited)
        try:
            async with asyncio.timeout(self._deadline_s):
                told = await self._told_by(shell)
        except TimeoutError:
            return FoundPath(inherited, shell, f"{shell} did not tell its PATH within {self._deadline_s:.0f} s.")
        except ServerError as error:
            return FoundPath(inherited, shell, str(error))
        if told is None:
            return FoundPath(inherited, shell, f"{shell} ended without telling its PATH.")
        return FoundPath(merged(told, inherited), shell)

    async def _told_by(self, shell: str) -> str | None:
        environment = child_environment(self._environment, {})
        process = await self._start(Launch(question(shell), environment, self._folder), lambda _noise: None)
        try:
            return await _first_answer(process)
        finally:
            process.kill()
            await asyncio.wait({process.exit_code}, timeout=KILL_S)
            process.release()


async def _first_answer(process: ServerProcess) -> str | None:
    told: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def on_line(line: Line) -> None:
        path = answer(line) if isinstance(line, bytes) else None
        if path is not None and not told.done():
            told.set_result(path)

    def on_closed() -> None:
        if not told.done():
            told.set_result(None)

    process.channel.start(on_line, on_closed)
    process.channel.close_writing()
    return await told
