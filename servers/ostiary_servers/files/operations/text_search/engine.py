"""Where a text occurs below a folder: ripgrep from its wheel, or our own program where that is missing.

Either is a process of its own, so that a pattern that explodes, or a disk that hangs, is ended by ending the process.
Both print positions only, never content: what is shown is read through the path gate (``excerpt``), so that a link
that is swapped in while they run shows nobody a byte from outside.
"""

import os
import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread, Timer
from typing import IO

from ostiary_servers.common import sensitive
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.memory_limit import RIPGREP_BYTES, limit_memory

TIME_LIMIT_S = 12.0
_DEBUG = b": ignoring "
_MESSAGE_LIMIT_BYTES = 2_000


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. ``glob`` limits the files, none when empty."""

    text: str
    regex: bool
    ignores_case: bool
    glob: str
    respects_gitignore: bool


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """One line that fits: its file as bytes of names, in the order of the tree; the line from 1; its first match."""

    parts: tuple[bytes, ...]
    line: int
    column: int
    offset_bytes: int


@dataclass(slots=True)
class Told:
    """What a search said beside its hits. ``complete`` is false when it was ended before its end; ``died`` is true when
    it ended by itself, as for want of memory, and another program should look."""

    ignored: int = 0
    withheld: int = 0
    complete: bool = True
    died: bool = False


class Search:
    """One running search. Iterate once; leaving the context ends the process."""

    def __init__(
        self,
        query: Query,
        folder: str,
        target: str,
        *,
        in_order: bool,
        rg: Path | None,
        time_limit_s: float = TIME_LIMIT_S,
    ) -> None:
        command = ripgrep_command(query, rg, target, in_order=in_order) if rg else fallback_command(query, target)
        self.told = Told()
        self._withheld = _withheld_by(query)
        self._message = b""
        self._deadline = time.monotonic() + time_limit_s
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        limit_memory(self._process.pid, RIPGREP_BYTES)
        self._listener = Thread(target=self._listen, daemon=True)
        self._alarm = Timer(time_limit_s, self._process.kill)

    def __enter__(self) -> "Search":
        self._listener.start()
        self._alarm.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._alarm.cancel()
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def hits(self) -> Iterator[Hit]:
        """The first match of each line. Raises ToolError ``invalid_arguments`` for a pattern that is none."""
        last: tuple[bytes, int] | None = None
        for path, position in _records(_of(self._process.stdout)):
            number, column, offset, *_ = position.split(b":")
            if (path, int(number)) != last:
                last = (path, int(number))
                yield Hit(_parts(path), int(number), int(column), int(offset))
        self._process.wait()
        self._listener.join()
        self.told.complete = time.monotonic() < self._deadline
        self.told.died = self.told.complete and self._process.returncode < 0
        if self._process.returncode == 2 and self._message:  # rg: 0 found, 1 nothing found, 2 an error
            raise _not_a_pattern(self._message)

    def _listen(self) -> None:
        for line in _of(self._process.stderr):
            if _DEBUG in line and b"IgnoreMatch(" in line:
                self.told.withheld += self._withheld.search(line) is not None
                self.told.ignored += b"(Gitignore(" in line
            elif b"DEBUG|" not in line and len(self._message) < _MESSAGE_LIMIT_BYTES:
                self._message += line


def find_ripgrep() -> Path | None:
    """The program that came with the wheel; one that happens to be on the PATH could be of any kind."""
    name = "rg.exe" if sys.platform == "win32" else "rg"
    places = (Path(sys.executable).parent, Path(sysconfig.get_path("scripts")))
    return next((place / name for place in places if (place / name).is_file()), None)


def ripgrep_command(query: Query, rg: Path, target: str, *, in_order: bool) -> list[str]:
    """``--only-matching --replace ''`` prints positions alone. ``--debug`` is what tells of ignored names."""
    options = ["--no-config", "--no-messages", "--debug", "--hidden", "--no-require-git", "--color=never", "--null"]
    options += ["--with-filename", "--no-heading", "--line-number", "--column", "--byte-offset", "--only-matching"]
    options += ["--replace=", "--no-ignore-global", "--no-ignore-dot", "--no-ignore-exclude"]
    options += [] if query.regex else ["--fixed-strings"]
    options += ["--ignore-case"] if query.ignores_case else []
    options += ["--sort=path"] if in_order else []
    options += ["--glob=!.git"] if query.respects_gitignore else ["--no-ignore"]
    options += [f"--glob={query.glob}"] if query.glob else []
    options += [f"--iglob=!{pattern}" for pattern in withheld_globs()]
    return [str(rg), *options, f"--regexp={query.text}", "--", target]


def fallback_command(query: Query, target: str) -> list[str]:
    """Our own program, which prints the same. -P: it runs in the searched folder and must import nothing from there."""
    flags = [name for name in ("regex", "ignores_case", "respects_gitignore") if getattr(query, name)]
    module = "ostiary_servers.files.operations.text_search.fallback"
    return [sys.executable, "-P", "-m", module, query.text, query.glob, target, *flags]


def withheld_globs() -> Iterator[str]:
    """Files that likely hold secrets, and folders of them. Whether such a file holds a text must not be told either."""
    yield from sorted(sensitive.FOLDERS)
    yield from ("**/" + "/".join(chain) for chain in sensitive.FOLDER_CHAINS)
    yield from sensitive.FILES


def _withheld_by(query: Query) -> re.Pattern[bytes]:
    """What ripgrep says of a name that was withheld, and not of one that only the caller's own glob leaves out."""
    globs = "|".join(
        re.escape(pattern) for pattern in ([".git"] if query.respects_gitignore else []) + [*withheld_globs()]
    )
    return re.compile(rf'\(Override\(.* original: "!({globs})"'.encode())


def _records(lines: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Path and position of each match. A path ends with a NUL, as it may itself hold line ends."""
    path = b""
    for line in lines:
        path += line
        if b"\0" in path:
            name, _, position = path.partition(b"\0")
            yield name, position.rstrip(b"\r\n")
            path = b""


def _of(pipe: IO[bytes] | None) -> Iterator[bytes]:
    assert pipe is not None
    return iter(pipe)


def _parts(path: bytes) -> tuple[bytes, ...]:
    separator = os.fsencode(os.sep)
    return tuple(path.removeprefix(b"." + separator).split(separator))


def _not_a_pattern(message: bytes) -> ToolError:
    *_, reason = message.decode(errors="replace").strip().splitlines()
    return ToolError(
        ErrorCode.INVALID_ARGUMENTS,
        f"The pattern cannot be used: {reason.removeprefix('error: ')}.",
        "Send a regular expression without look-around and back-references, or regex=false.",
    )
