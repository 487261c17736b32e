"""Disks on which the power fails, or another program writes, at a chosen moment of a safe write."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from ostiary.gateway.hosts.file_system import Disk

CRASHED = 86
"""How a process ends that was cut short here."""


@dataclass
class CrashingFiles(Disk):
    """Ends the process at the moment ``at``: 0 before the first step, 1 after it, and so on; -1 never.

    A crash right after a step begins may leave half a file beside the target: ``halves`` has it so.
    """

    at: int
    halves: bool = False
    moments: int = field(default=0, init=False)

    def make_folder(self, folder: Path) -> None:
        self._moment()
        super().make_folder(folder)
        self._moment()

    def write_beside(self, target: Path, content: bytes, mode: int, owner: tuple[int, int] | None) -> Path:
        self._moment(target if self.halves else None, content)
        path = super().write_beside(target, content, mode, owner)
        self._moment()
        return path

    def replace(self, source: Path, target: Path) -> None:
        self._moment()
        super().replace(source, target)
        self._moment()

    def remove(self, path: Path) -> None:
        self._moment()
        super().remove(path)
        self._moment()

    def sync_folder(self, folder: Path) -> None:
        self._moment()
        super().sync_folder(folder)
        self._moment()

    def _moment(self, half_of: Path | None = None, content: bytes = b"") -> None:
        if self.moments == self.at:
            if half_of is not None:
                (half_of.parent / f".{half_of.name}.half.tmp").write_bytes(content[: len(content) // 2])
            os._exit(CRASHED)
        self.moments += 1


@dataclass
class RacingFiles(Disk):
    """Another program writes ``theirs`` into ``path`` just before the named step of ours, once."""

    path: Path
    theirs: bytes
    step: str
    raced: bool = False

    def write_beside(self, target: Path, content: bytes, mode: int, owner: tuple[int, int] | None) -> Path:
        self._race("write_beside", target)
        return super().write_beside(target, content, mode, owner)

    def replace(self, source: Path, target: Path) -> None:
        self._race("replace", target)
        super().replace(source, target)

    def sync_folder(self, folder: Path) -> None:
        self._race("sync_folder", folder)
        super().sync_folder(folder)

    def _race(self, step: str, at: Path) -> None:
        if step == self.step and not self.raced and at.is_relative_to(self.path.parent):
            self.raced = True
            self.path.write_bytes(self.theirs)
