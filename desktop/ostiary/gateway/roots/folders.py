"""Whether a folder may be approved, and what is wrong with one that was. Looks at the disk; changes nothing.

Refused is what would undo the approval's meaning: a folder that holds, or lies in, Ostiary's own files or a host's
configuration (a server that writes there could approve itself), the whole disk, other people's homes, the system's
windows on itself. The home folder falls under the first: what is wanted is a folder in it.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from ostiary.domain.errors import OstiaryError, RefusedError, UsageError
from ostiary.domain.root import Root, RootMode
from ostiary.gateway.roots.confinement import is_within

_SYSTEM = ("/proc", "/sys", "/dev")


def approve(
    path: str,
    mode: RootMode,
    *,
    label: str = "",
    roots: Sequence[Root] = (),
    protected: Iterable[str] = (),
    foreign_homes: Iterable[str] = (),
    changed: Root | None = None,
) -> Root:
    """Gives the root for a folder that a person chose. ``path`` is absolute; links in it are followed, once, here.

    ``protected`` are Ostiary's own folders and those with hosts' configurations; ``foreign_homes`` other people's
    homes. ``label`` defaults to the folder's name, numbered where it is taken. ``changed`` is the root of this very
    folder where it only gets another mode: one around it says nothing then, for the innermost counts.

    Raises ``UsageError`` for what is no readable folder, a label that is taken or a folder that is approved already,
    ``RefusedError`` for what may not be.
    """
    real = _real_folder(path)
    _refuse_system(real)
    _refuse_protected(real, [os.path.realpath(folder) for folder in protected])
    _refuse_foreign(real, [os.path.realpath(home) for home in foreign_homes])
    if changed is not None:
        return Root(real, changed.label, mode)
    _refuse_repeated(real, mode, roots)
    return Root(real, _label(label, real, {root.label for root in roots}), mode)


def problem_of(root: Root) -> str:
    """What is wrong with an approved folder, in words; empty while all is well."""
    try:
        real = _real_folder(root.path)
    except OstiaryError as error:
        return error.detail
    if real != root.path:
        return "It is now a link to another place. Approve that place if you mean it."
    return ""


if sys.platform == "win32":

    def foreign_homes(own_home: Path) -> list[str]:
        """The home folders of other people on this machine."""
        return [str(home) for home in own_home.parent.iterdir() if home != own_home and home.name != "Public"]

else:
    import pwd

    _FIRST_PERSON = 500 if sys.platform == "darwin" else 1000
    """Accounts below this number belong to services; root is a person."""

    def foreign_homes(own_home: Path) -> list[str]:
        """The home folders of other people on this machine."""
        people = [entry for entry in pwd.getpwall() if entry.pw_uid >= _FIRST_PERSON or entry.pw_uid == 0]
        homes = {entry.pw_dir for entry in people if entry.pw_uid != os.getuid()}
        return sorted(home for home in homes - {"/"} if Path(home) != own_home)


def _real_folder(path: str) -> str:
    try:
        real = os.path.realpath(path, strict=True)
        is_folder = stat.S_ISDIR(Path(real).stat().st_mode)
    except FileNotFoundError as error:
        raise UsageError(
            "This folder does not exist", f"There is nothing at {path} any more, or there never was."
        ) from error
    except (OSError, ValueError) as error:
        raise UsageError("This folder cannot be read", f"{path} cannot be looked at: {error}.") from error
    if not is_folder:
        raise UsageError("This is not a folder", f"{path} is a file. Approve the folder it is in.")
    if not os.access(real, os.R_OK | os.X_OK):
        raise UsageError("This folder cannot be read", f"Your account has no permission to read {path}.")
    return real


def _refuse_system(real: str) -> None:
    if Path(real).parent == Path(real):
        raise RefusedError("The whole disk cannot be approved", "Approve the folder with the files that are needed.")
    if sys.platform != "win32" and any(is_within(real, folder) for folder in _SYSTEM):
        raise RefusedError("This folder cannot be approved", f"{real} shows the running system, not files of yours.")


def _refuse_protected(real: str, protected: list[str]) -> None:
    for folder in protected:
        if is_within(real, folder) or is_within(folder, real):
            raise RefusedError(
                "This folder cannot be approved",
                f"{folder} holds settings of Ostiary or of a host: a server that can read or change it could get "
                "around your approvals. Approve a folder beside it.",
            )


def _refuse_foreign(real: str, homes: list[str]) -> None:
    if any(is_within(real, home) or is_within(home, real) for home in homes):
        raise RefusedError("This folder cannot be approved", f"{real} is, or holds, the home of another person.")


def _refuse_repeated(real: str, mode: RootMode, roots: Sequence[Root]) -> None:
    for root in roots:
        if root.path == real:
            raise UsageError("This folder is approved already", f"It is called “{root.label}”.")
        if is_within(real, root.path) and root.mode is mode:
            raise UsageError("This folder is approved already", f"It lies in “{root.label}”, which allows the same.")


def _label(wanted: str, real: str, taken: set[str]) -> str:
    if wanted in taken:
        raise UsageError("This name is taken", f"Another folder is called “{wanted}” already.")
    if wanted:
        return wanted
    name, number = Path(real).name, 1
    label = name
    while label in taken:
        number += 1
        label = f"{name} ({number})"
    return label
