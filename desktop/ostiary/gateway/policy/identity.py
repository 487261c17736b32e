"""Who is behind a connection: the host as it calls itself, held against the processes that started the shim. Pure.

The name is a claim; the processes are what the system says. A caller is *verified* when the process found is one that
the host's definition names and runs from a place where programs usually are. Reading processes is left to others.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping

from ostiary.domain.approval import Caller, Process

# Programs that only start others. They say nothing about who asks.
_SHELLS = frozenset(
    [
        *("sh", "bash", "dash", "zsh", "fish", "ksh", "mksh", "tcsh", "csh", "busybox", "cmd", "powershell", "pwsh"),
        *("env", "nohup", "setsid", "timeout", "nice", "stdbuf", "xargs", "script", "conhost"),
        *("uv", "uvx", "npx", "ostiary-connect"),
    ]
)
_LAUNCHER_SCRIPTS = frozenset({"npx", "npx-cli.js", "npm", "npm-cli.js", "uvx", "pipx", "ostiary-connect"})
_INTERPRETER = re.compile(r"(python|pypy|node|nodejs|bun|deno|ruby|perl|php|java)[\d.]*w?", re.ASCII)
_DELETED = " (deleted)"
_ODD_PLACES = (  # compared with, never opened
    *("/tmp/*", "/private/tmp/*", "/var/tmp/*", "/dev/shm/*"),  # noqa: S108
    *("*/downloads/*", "*/temp/*"),
)


def identify(host: str, title: str, expected: tuple[str, ...], ancestors: tuple[Process, ...]) -> Caller:
    """The caller, from the claimed host and the shim's ancestors, nearest first.

    ``expected`` are patterns (fnmatch) for the full path of the host's program, or of its script when an interpreter
    runs it; a pattern without a separator is held against the last part only. ``Caller.processes`` begins with the
    nearest that is not a shell or launcher.
    """
    chain = _without_launchers(ancestors)
    if not chain:
        warning = f"No program was found behind this call. It says that it is {title}."
        return Caller(host=host, title=title, warning=warning)
    oddity = _oddity(chain[0])
    verified = not oddity and any(_matches(_identity(chain[0]), pattern) for pattern in expected)
    unknown = "" if verified else f"This is not known to be {title}: it only says so. "
    return Caller(host=host, title=title, verified=verified, warning=(unknown + oddity).strip(), processes=chain)


def hosts_behind(caller: Caller, programs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The hosts whose programs stand behind a caller that is not verified; ``programs`` are ``expected`` by hosts.

    Nearest or not: what a host starts, a terminal of it among them, may speak for it. A verified caller is itself.
    """
    if caller.verified:
        return ()
    paths = [_identity(process) for process in caller.processes]
    return tuple(
        host
        for host, patterns in programs.items()
        if host != caller.host and any(_matches(path, pattern) for path in paths for pattern in patterns)
    )


def program_behind(caller: Caller) -> str:
    """What a rule about a host is bound to: the path of the program behind it; empty when none was found."""
    return _identity(caller.processes[0]) if caller.processes else ""


def _without_launchers(ancestors: tuple[Process, ...]) -> tuple[Process, ...]:
    for index, process in enumerate(ancestors):
        if not _is_launcher(process):
            return ancestors[index:]
    return ()


def _is_launcher(process: Process) -> bool:
    if _is_interpreter(process):
        return _last_part(process.script) in _LAUNCHER_SCRIPTS
    return _program(process) in _SHELLS


def _is_interpreter(process: Process) -> bool:
    return _INTERPRETER.fullmatch(_program(process)) is not None


def _identity(process: Process) -> str:
    """The path that says what runs: the script of an interpreter, otherwise the executable."""
    return process.script if _is_interpreter(process) else process.executable


def _matches(path: str, pattern: str) -> bool:
    whole = "/" in pattern or "\\" in pattern
    return fnmatch.fnmatchcase((path if whole else _last_part(path)).casefold(), pattern.casefold())


def _oddity(process: Process) -> str:
    path = _identity(process)
    if not path:
        if _is_interpreter(process):
            return f"{process.name} was found, but not its script."
        return f"{process.name} was found, but not its program file."
    if path.endswith(_DELETED):
        return f"Its program file is gone: {path.removesuffix(_DELETED)}."
    comparable = path.casefold().replace("\\", "/")
    if any(fnmatch.fnmatchcase(comparable, place) for place in _ODD_PLACES):
        return f"It runs from an unusual place: {path}."
    return ""


def _program(process: Process) -> str:
    """The program's bare name. Of the executable: a process chooses its own name freely."""
    path = process.executable.removesuffix(_DELETED) or process.name
    return _last_part(path).removesuffix(".exe").removeprefix("-")


def _last_part(path: str) -> str:
    return re.split(r"[/\\]", path)[-1].casefold()
