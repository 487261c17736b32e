"""The five steps of a safe write that touch the disk, each able to fail on its own.

``Disk`` is the real one. The steps are separate, behind a protocol, because the promise of ``write`` — the old file or
the new one is there, whole, always — is about a failure between any two of them, and tests make each of them fail.
"""

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Protocol


class FileSystem(Protocol):
    """All raise ``OSError``."""

    def make_folder(self, folder: Path) -> None:
        """Makes one folder that only its owner may enter; its parent is there."""

    def write_beside(self, target: Path, content: bytes, mode: int, owner: tuple[int, int] | None) -> Path:
        """Writes the content, down to the disk, into a new file in the target's folder and gives its path.

        ``owner`` is a user and a group id to give the file to, ``None`` to keep our own. Leaves no file on failure.
        """

    def replace(self, source: Path, target: Path) -> None:
        """Puts one file in the place of another in a single step."""

    def remove(self, path: Path) -> None:
        """Removes a file."""

    def sync_folder(self, folder: Path) -> None:
        """Has the names in a folder written down to the disk."""


class Disk:
    """The files of this machine."""

    def make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)

    def write_beside(self, target: Path, content: bytes, mode: int, owner: tuple[int, int] | None) -> Path:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                _take_on(file.fileno(), mode, owner)
                os.fsync(file.fileno())
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
        return Path(name)

    def replace(self, source: Path, target: Path) -> None:
        source.replace(target)

    def remove(self, path: Path) -> None:
        path.unlink()

    def sync_folder(self, folder: Path) -> None:
        if sys.platform != "win32":  # a folder cannot be opened there; NTFS journals the rename
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _take_on(descriptor: int, mode: int, owner: tuple[int, int] | None) -> None:
    if sys.platform != "win32":  # a new file takes the folder's access list there
        if owner is not None:
            os.fchown(descriptor, *owner)
        os.fchmod(descriptor, mode)
