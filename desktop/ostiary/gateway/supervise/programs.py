"""Where a command's program is, and how Windows has to be asked to run it. Only ``find`` looks at this machine.

Why Windows needs it: CreateProcess seeks ``npx`` as ``npx.exe`` only, while npm installs ``npx.cmd``; and a ``.cmd`` is
run by ``cmd.exe``, which reads its arguments in its own way.
"""

from __future__ import annotations

import ntpath
import os
import posixpath
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

IsProgram = Callable[[str], bool]
"""Whether there is a file at a path that may be run."""

DEFAULT_PATHEXT = ".COM;.EXE;.BAT;.CMD"
"""What Windows sets itself; used when the environment has none."""

_BATCH = (".bat", ".cmd")
_PLAIN = frozenset("#$*+-./:?@\\_")
"""Besides letters and digits, what cmd.exe takes as it is outside quotes."""


def find(program: str, environment: Mapping[str, str]) -> str | None:
    """The program that a name means to a process of this environment; None when there is none."""
    path = environment.get("PATH", "")
    if sys.platform == "win32":
        return find_windows(program, path, environment.get("PATHEXT", ""), _is_file)
    else:  # noqa: RET505  so that type checkers see one branch a system
        return find_posix(program, path, lambda place: _is_file(place) and os.access(place, os.X_OK))


def _is_file(place: str) -> bool:
    """Also for what can be no file's name: a whole line that somebody took for a program is too long for one."""
    try:
        return Path(place).is_file()
    except OSError:
        return False


def find_posix(program: str, path: str, is_program: IsProgram) -> str | None:
    """The program that a name means: itself when it holds a folder, else the first one on ``path``."""
    if "/" in program:
        return program if is_program(program) else None
    places = (posixpath.join(folder, program) for folder in path.split(":") if folder)
    return next(filter(is_program, places), None)


def find_windows(program: str, path: str, pathext: str, is_program: IsProgram) -> str | None:
    """The same on Windows: each folder in turn, in it each ending of ``pathext`` in turn.

    A name that has one of these endings is tried as it is first. The current folder is not sought.
    """
    names = tuple(_with_endings(program, pathext or DEFAULT_PATHEXT))
    if ntpath.dirname(program):
        return next(filter(is_program, names), None)
    folders = (folder.strip('"') for folder in path.split(";"))
    places = (ntpath.join(folder, name) for folder in folders if folder for name in names)
    return next(filter(is_program, places), None)


def _with_endings(program: str, pathext: str) -> Iterator[str]:
    endings = [ending for ending in pathext.split(";") if ending]
    if program.lower().endswith(tuple(ending.lower() for ending in endings)):
        yield program
    yield from (program + ending for ending in endings)


def is_batch(program: str) -> bool:
    """Whether Windows runs a program through cmd.exe."""
    return program.lower().endswith(_BATCH)


def batch_line(program: str, arguments: Sequence[str]) -> str:
    """A line for ``cmd.exe /c`` that gives a batch file these arguments, and nothing else to cmd.exe.

    As Rust's standard library writes it since CVE-2024-24576: everything that is not plain stands in quotes, a quote is
    doubled, and before each percent sign comes an expansion of nothing (``%cd:~,%``). Raises ``ValueError`` for what
    cannot be written: a line's end, a NUL.
    """
    return " ".join((f'"{program}"', *map(_quoted, arguments)))


def _quoted(argument: str) -> str:
    if any(character in argument for character in "\0\r\n"):
        raise ValueError("an argument of a batch file cannot hold the end of a line")
    plain = all(character.isalnum() or character in _PLAIN for character in argument)
    written, backslashes = [], 0
    for character in argument:
        if character == "\\":
            backslashes += 1
        else:
            if character == '"':
                written.append("\\" * backslashes + '"')
            elif character == "%":
                written.append("%%cd:~,")
            backslashes = 0
        written.append(character)
    text = "".join(written)
    if argument and plain and not argument.endswith("\\"):
        return text
    return f'"{text}{chr(92) * backslashes}"'
