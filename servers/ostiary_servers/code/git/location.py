"""Where a repository's git directory is, and that all of it lies in approved folders.

``.git`` may be a file that names a folder, that folder may share another one's objects, and ``alternates`` names still
more: each is a path that whoever wrote the repository chose. Whatever leads outside is refused.
"""

from dataclasses import dataclass
from pathlib import Path

from ostiary_servers.code.repositories import Repository
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.path_gate import holds
from ostiary_servers.common.roots import Roots

ALTERNATES_DEPTH = 5
"""As git itself follows them."""

_POINTER_LIMIT_BYTES = 4_096


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
        directory = _pointed_to(entry, "gitdir:", top)
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
    common = _pointed_to(pointer, "", directory) if pointer.is_file() else directory
    _check(repository, roots, [directory, common, *_parts(common), *_alternates(common / "objects", ALTERNATES_DEPTH)])
    return GitDirectory(directory.resolve(), common.resolve(), bare=directory == top)


def _parts(common: Path) -> list[Path]:
    return [
        common / name for name in ("HEAD", "objects", "objects/pack", "objects/info", "refs", "packed-refs", "config")
    ]


def _pointed_to(pointer: Path, prefix: str, base: Path) -> Path:
    try:
        with pointer.open("rb") as file:
            text = file.read(_POINTER_LIMIT_BYTES).decode(errors="surrogateescape")
    except OSError:
        text = ""
    return base / text.strip().removeprefix(prefix).strip()


def _alternates(objects: Path, depth: int) -> list[Path]:
    try:
        text = (objects / "info" / "alternates").read_text("utf-8", "surrogateescape")
    except OSError:
        return []
    found = [
        objects / line.strip().strip('"') for line in text.splitlines() if line.strip() and not line.startswith("#")
    ]
    return found + [deeper for each in found if depth for deeper in _alternates(each, depth - 1)]


def _check(repository: Repository, roots: Roots, paths: list[Path]) -> None:
    for path in paths:
        real = str(path.resolve())
        if not any(holds(root.real, real) for root in roots.approved):
            raise ToolError(
                ErrorCode.OUTSIDE_ROOTS,
                f"A part of the git repository at “{repository.shown('')}” lies outside the approved folders.",
                "Ask the person to approve the folder of the main repository as well.",
            )
