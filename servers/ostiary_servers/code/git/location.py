"""Where a repository's git directory is, and that all of it lies in approved folders.

``.git`` may be a file that names a folder, that folder may share another one's objects, and ``alternates`` names still
more: each is a path that whoever wrote the repository chose. Whatever leads outside is refused.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from ostiary_servers.code.repositories import Repository
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.path_gate import holds
from ostiary_servers.common.roots import Roots

ALTERNATES_LIMIT = 50
"""A person has a few; each is looked at once, so that stores that name each other end."""

_POINTER_LIMIT_BYTES = 4_096
_ALTERNATES_LIMIT_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class GitDirectory:
    """``directory`` is what git calls GIT_DIR, ``common`` where objects and refs are; both without links."""

    directory: Path
    common: Path
    bare: bool

    @property
    def is_shallow(self) -> bool:
        """Whether the history was cut when it was cloned."""
        return (self.common / "shallow").exists()


def git_directory(repository: Repository, roots: Roots) -> GitDirectory:
    """Raises ToolError ``not_found`` without a repository, ``outside_roots`` when a part of it lies elsewhere."""
    top = Path(repository.real)
    entry = top / ".git"
    if entry.is_file():
        directory = _pointed_to(repository, entry, "gitdir: ", top)
    elif entry.exists():
        directory = entry
    elif all((top / name).exists() for name in ("HEAD", "objects", "refs")):
        directory = top
    else:
        raise ToolError(
            ErrorCode.NOT_FOUND,
            f"“{repository.shown('')}” is not in a git repository, as far as the approved folders show.",
            "Ask about a repository, or ask the person to approve the folder that has .git in it.",
        )
    pointer = directory / "commondir"
    common = _pointed_to(repository, pointer, "", directory) if pointer.is_file() else directory
    _check(repository, roots, [directory, common, *_parts(common)])
    _check_alternates(repository, roots, common / "objects")
    return GitDirectory(directory.resolve(), common.resolve(), bare=directory == top)


def _parts(common: Path) -> list[Path]:
    return [
        common / name for name in ("HEAD", "objects", "objects/pack", "objects/info", "refs", "packed-refs", "config")
    ]


def _pointed_to(repository: Repository, pointer: Path, prefix: str, base: Path) -> Path:
    """What git makes of the file, to the byte: a blank at the end belongs to the name."""
    return base / _text(repository, pointer, _POINTER_LIMIT_BYTES).rstrip("\r\n").removeprefix(prefix)


def _text(repository: Repository, path: Path, limit_bytes: int) -> str:
    """A file; nothing of what is none, such as a pipe that nobody writes to.

    Raises ToolError for a longer one: git reads it to its end, and what stands there has to be looked at, too.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        content = file.read(limit_bytes + 1) if is_file else b""
    if len(content) > limit_bytes:
        raise _unclear(repository)
    return content.decode(errors="surrogateescape")


def _check_alternates(repository: Repository, roots: Roots, objects: Path) -> None:
    """Each is held against the approved folders before anything in it is read."""
    pending, seen = [objects.resolve()], set[Path]()
    while pending:
        store = pending.pop()
        if store in seen:
            continue
        seen.add(store)
        if len(seen) > ALTERNATES_LIMIT:
            raise ToolError(
                ErrorCode.UNSUPPORTED,
                f"The git repository at “{repository.shown('')}” borrows objects from more places than are looked at.",
                "Tell the person, who can look at it with git itself.",
            )
        named = _alternates(repository, store)
        _check(repository, roots, named)
        pending += [each.resolve() for each in named]


def _alternates(repository: Repository, store: Path) -> list[Path]:
    """What git makes of the file, to the byte. Raises ToolError for a name in quotation marks, which can hide any."""
    text = _text(repository, store / "info" / "alternates", _ALTERNATES_LIMIT_BYTES)
    named = [line for line in text.split("\n") if line and not line.startswith("#")]
    if any(line.startswith('"') for line in named):
        raise _unclear(repository)
    return [store / line for line in named]


def _unclear(repository: Repository) -> ToolError:
    return ToolError(
        ErrorCode.UNSUPPORTED,
        f"The git repository at “{repository.shown('')}” names its parts in a way that is not followed.",
        "Tell the person, who can look at it with git itself.",
    )


def _check(repository: Repository, roots: Roots, paths: list[Path]) -> None:
    for path in paths:
        real = str(path.resolve())
        if not any(holds(root.real, real) for root in roots.approved):
            raise ToolError(
                ErrorCode.OUTSIDE_ROOTS,
                f"A part of the git repository at “{repository.shown('')}” lies outside the approved folders.",
                "Ask the person to approve the folder of the main repository as well.",
            )
