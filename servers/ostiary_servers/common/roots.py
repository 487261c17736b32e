"""Which folders a server may reach: read from the command line, or from a file that the gateway keeps current.

Deciding about one path is left to ``path_gate``. The gateway replaces the file atomically; it is looked at on every
call and read again when its stat changed, so folders come and go without a restart.
"""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ostiary_servers.common.errors import ErrorCode, ToolError

ROOTS_FILE_VERSION = 1


class RootMode(StrEnum):
    """What a person allowed in a folder."""

    READ_WRITE = "rw"
    READ_ONLY = "ro"


@dataclass(frozen=True, slots=True)
class Root:
    """One approved folder: its path as it was approved, its real path, and the name it is shown under."""

    path: str
    real: str
    label: str
    mode: RootMode


@dataclass(frozen=True, slots=True)
class Roots:
    """The approved folders, and what inside them may never be written: paths, and names wherever they are.

    A name may have folders before it, with "/" between: ``.vscode/mcp.json``.
    """

    approved: tuple[Root, ...]
    denied: tuple[str, ...] = ()
    denied_names: tuple[str, ...] = ()


RootsSource = Callable[[], Roots]
"""Gives the folders as they are now; raises ToolError ``roots_unavailable`` when that cannot be known."""


def root_at(path: str, mode: RootMode, label: str = "") -> Root:
    """The root for a folder named by a person; ``label`` defaults to the folder's own name."""
    absolute = os.path.normpath(Path(path).absolute())
    return Root(absolute, os.path.realpath(absolute), label or Path(absolute).name or absolute, mode)


def fixed_roots(writable: Iterable[str], read_only: Iterable[str]) -> RootsSource:
    """Folders named on the command line; they stay as they are."""
    approved = [root_at(path, RootMode.READ_WRITE) for path in writable]
    approved += [root_at(path, RootMode.READ_ONLY) for path in read_only]
    roots = Roots(tuple(approved))
    return lambda: roots


class RootsFile:
    """The folders in a file of the gateway's.

    ``{"version": 1, "roots": [{path, label, mode}], "denied": [path], "denied_names": [name]}``; the last is optional.
    Whatever cannot be read, parsed or understood means that no folder is approved.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._roots = Roots(())

    def __call__(self) -> Roots:
        try:
            stat = self._path.stat()
            seen = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
            if seen != self._seen:
                self._roots = parse_roots(self._path.read_bytes())
                self._seen = seen
        except (OSError, ValueError) as error:
            self._seen = None
            raise _unavailable() from error
        return self._roots


def parse_roots(raw: bytes) -> Roots:
    """The folders in the bytes of a roots file. Raises ValueError for anything that is not wholly version 1."""
    document = json.loads(raw)
    match document:
        case {"version": 1, "roots": [*roots], "denied": [*denied]}:
            names = tuple(map(_name, document.get("denied_names", ())))
            return Roots(tuple(map(_parse_root, roots)), tuple(_forms(map(_absolute, denied))), names)
        case _:
            raise ValueError(f"not a roots file of version {ROOTS_FILE_VERSION}")


def _parse_root(entry: Any) -> Root:
    match entry:
        case {"path": str(path), "label": str(label), "mode": str(mode)}:
            return root_at(_absolute(path), RootMode(mode), label)
        case _:
            raise ValueError("a root needs a path, a label and a mode")


def _absolute(path: Any) -> str:
    if not isinstance(path, str) or "\0" in path or not Path(path).is_absolute():
        raise ValueError("a folder must be given by its absolute path")
    return path


def _name(name: Any) -> str:
    if not isinstance(name, str) or not name.strip("/"):
        raise ValueError("a name that is denied must be a text")
    return name.strip("/")


def _forms(paths: Iterable[str]) -> list[str]:
    """Each path as it is written and as it really is: a denied folder stays denied under both names."""
    return [form for path in paths for form in dict.fromkeys((os.path.normpath(path), os.path.realpath(path)))]


def _unavailable() -> ToolError:
    return ToolError(
        ErrorCode.ROOTS_UNAVAILABLE,
        "The list of approved folders cannot be read, so no folder can be used.",
        "Ask the person to open Ostiary's Folders page, then try again.",
    )
