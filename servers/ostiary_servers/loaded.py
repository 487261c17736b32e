"""The files of all modules that a process has loaded, as they were then: whether it is older than what is installed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class LoadedFiles:
    """Each file by its path: its inode, size and time of change."""

    stamps: dict[str, _Stamp | None]

    @classmethod
    def now(cls) -> Self:
        """Those of the modules that are loaded by now."""
        files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        return cls({file: _stamp(file) for file in files if file})

    def are_unchanged(self) -> bool:
        """False after an update, or while one is made."""
        return all(_stamp(file) == stamp for file, stamp in self.stamps.items())


def _stamp(file: str) -> _Stamp | None:
    try:
        found = Path(file).stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
