"""Bundles on the disk: read where the person has them, unpacked into a folder of ours, swept away with their server.

``<data>/bundles/<name>-<digest>/``, for the owner's eyes only. The digest binds what was shown to what is unpacked. A
folder that no configured server names is left from a removed server or an import that failed, and goes.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from ostiary.domain.errors import UsageError
from ostiary.gateway.bundles.manifest import Manifest, parse
from ostiary.gateway.bundles.refusal import refusal
from ostiary.gateway.bundles.work import Work, digest

MOST_FILE_BYTES = 512 * 1024 * 1024
_DIGEST_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was read. ``folder`` is the name of the folder it is unpacked to, ``files`` those in it."""

    manifest: Manifest
    folder: str
    digest: str
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class Bundles:
    """All of it blocks on the disk, for seconds where a bundle is large. ``folder`` is made when it is needed.

    ``work`` tells how far it is and can be stopped: a ``UsageError`` then, and nothing is left behind.
    """

    folder: Path

    def read(self, path: Path, work: Work) -> Bundle:
        """Reads a bundle, with nothing unpacked. Raises ``UsageError``."""
        from ostiary.gateway.bundles import archive  # with zipfile: 0.4 MB, where few ever meet a bundle

        try:
            with open_ordinary(path) as file:
                size_bytes = os.fstat(file.fileno()).st_size
                if size_bytes > MOST_FILE_BYTES:
                    raise refusal(f"It is larger than {MOST_FILE_BYTES // 1024**2} MB.")
                work.expect(size_bytes)
                found = digest(file, work)
                with archive.opened(file) as packed:
                    manifest = parse(archive.read(packed, archive.MANIFEST, archive.MOST_MANIFEST_BYTES))
                    files = frozenset(entry.filename for entry in packed.infolist() if not entry.is_dir())
        except OSError as error:
            raise UsageError(f"{path} cannot be read", f"{error.strerror}.") from error
        name = re.sub(r"[^a-z0-9]+", "-", manifest.name.lower()).strip("-")[:32] or "bundle"
        return Bundle(manifest, f"{name}-{found[:_DIGEST_CHARACTERS]}", found, files)

    def place(self, bundle: Bundle) -> Path:
        """Where it is, or would be, unpacked."""
        return self.folder / bundle.folder

    def unpack(self, path: Path, bundle: Bundle, programs: frozenset[str], work: Work) -> None:
        """Unpacks what was read, whole or not at all. Raises ``UsageError`` when the file is another one now."""
        from ostiary.gateway.bundles import archive

        target = self.place(bundle)
        if target.is_dir():
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder))
        try:
            with open_ordinary(path) as file:
                work.expect(os.fstat(file.fileno()).st_size)
                if digest(file, work) != bundle.digest:
                    raise UsageError(f"{path} has changed since it was shown", "Nothing was done. Look once more.")
                with archive.opened(file) as packed:
                    work.expect(sum(entry.file_size for entry in packed.infolist()))
                    archive.unpack(packed, fresh, programs, work)
            fresh.rename(target)
        except OSError as error:
            raise UsageError("The bundle could not be unpacked", f"{error.strerror or error}.") from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def sweep(self, kept: Collection[str]) -> None:
        """Removes every folder but those named. What the disk keeps is tried again at the next sweep."""
        with contextlib.suppress(OSError):
            for folder in self.folder.iterdir():
                if folder.name not in kept:
                    shutil.rmtree(folder, ignore_errors=True)


def open_ordinary(path: Path) -> BufferedReader:
    """Opens a file to read. Raises ``UsageError`` for a pipe or a device, which may never end, and ``OSError``."""
    if "\0" in str(path):
        raise UsageError(f"{path} cannot be read", "A zero byte is in its name.")
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UsageError(f"{path} cannot be read", "It is not an ordinary file.")
    return os.fdopen(descriptor, "rb")
