"""Following a path's links at once, on file systems of this machine; what may lie elsewhere is left to a thread.

A look at a path on a server that is gone, or in a program's file system (FUSE), may take for ever, and the loop would
stand still. Linux tells what is mounted where, and says when that changes. Elsewhere nothing is followed here.
"""

from __future__ import annotations

import os
import re
import select
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

LOCAL: Final = frozenset(
    [
        *(
            "ext2",
            "ext3",
            "ext4",
            "xfs",
            "btrfs",
            "f2fs",
            "zfs",
            "bcachefs",
            "jfs",
            "vfat",
            "exfat",
            "ntfs3",
            "iso9660",
        ),
        *("tmpfs", "ramfs", "rootfs", "overlay", "squashfs", "devtmpfs", "proc", "sysfs"),
    ]
)
"""Kinds of file systems that answer from memory or from a disk of this machine."""

MOST_STEPS: Final = 100
"""Parts of one path that are looked at, those of its links included; each takes about 2 µs (measured)."""

READ_BYTES: Final = 64 * 1024
MOUNTS: Final = "/proc/self/mountinfo"
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


class LocalLinks:
    """Knows where this machine ends. Belongs to the loop's thread."""

    def __init__(self, mounts: str = MOUNTS) -> None:
        self._far: frozenset[str] | None = None
        self._file: int | None = None
        if sys.platform == "linux":
            with suppress(OSError):  # nobody tells: nothing is followed here
                self._file = os.open(mounts, os.O_RDONLY | os.O_CLOEXEC)
                self._changes = select.poll()
                self._changes.register(self._file, select.POLLPRI)

    def close(self) -> None:
        """Nothing is followed from here on."""
        if self._file is not None:
            os.close(self._file)
        self._file = None

    def real_path(self, path: str) -> str | None:
        """The path as ``os.path.realpath`` gives it; None where looking might take long. ``~`` is the home folder."""
        whole = str(Path(path).expanduser()) if path.startswith("~/") else path
        far = self._far_places()
        if far is None or not whole.startswith("/"):
            return None
        return follow(whole, far)

    def _far_places(self) -> frozenset[str] | None:
        """Where something is mounted that may be elsewhere; read again whenever a mount changed."""
        if self._file is None or sys.platform != "linux":
            return None
        if self._far is None or self._changes.poll(0):
            self._far = far_places(_whole(self._file).decode(errors="surrogateescape"))
        return self._far


def _whole(file: int) -> bytes:
    """Its content. The kernel gives such a file a page at a time, however much is asked for."""
    os.lseek(file, 0, os.SEEK_SET)
    return b"".join(iter(lambda: os.read(file, READ_BYTES), b""))


def far_places(text: str) -> frozenset[str]:
    """The mount points of all that is not local (Linux, proc_pid_mountinfo(5)). Pure."""
    found: set[str] = set()
    for line in text.splitlines():
        mount, _, source = line.partition(" - ")
        if source.partition(" ")[0] not in LOCAL:
            found.add(_ESCAPE.sub(lambda octal: chr(int(octal[1], 8)), mount.split(" ")[4]))
    return frozenset(found)


def follow(path: str, far: frozenset[str]) -> str | None:
    """An absolute path without links, as far as it exists. None where the way is long or leads through a far place."""
    if "/" in far:
        return None
    pending, real, steps = path.split("/")[::-1], "", 0
    while pending:
        name = pending.pop()
        if name in ("", "."):
            continue
        if name == "..":
            real = real.rpartition("/")[0]
            continue
        step, steps = f"{real}/{name}", steps + 1
        if step in far or steps > MOST_STEPS:
            return None
        target = _target(step)
        if target is None:
            real = step
        else:
            real = "" if target.startswith("/") else real
            pending += target.split("/")[::-1]
    return real or "/"


def _target(path: str) -> str | None:
    """Where a link leads; None for what is none, or is not there."""
    try:
        return str(Path(path).readlink()) if stat.S_ISLNK(os.lstat(path).st_mode) else None
    except OSError:
        return None
