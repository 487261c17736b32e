"""A disk that fails at a chosen step: the real one, with one fault."""

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ostiary.gateway.hosts.file_system import Disk

Step = Literal["make_folder", "write_beside", "replace", "remove", "sync_folder"]


@dataclass
class FaultyFiles(Disk):
    """Raises ``code`` at the first ``step`` that concerns something under ``below``."""

    step: Step
    code: int
    below: Path

    def make_folder(self, folder: Path) -> None:
        self._at("make_folder", folder)
        super().make_folder(folder)

    def write_beside(self, target: Path, content: bytes, mode: int, owner: tuple[int, int] | None) -> Path:
        self._at("write_beside", target)
        return super().write_beside(target, content, mode, owner)

    def replace(self, source: Path, target: Path) -> None:
        self._at("replace", target)
        super().replace(source, target)

    def remove(self, path: Path) -> None:
        self._at("remove", path)
        super().remove(path)

    def sync_folder(self, folder: Path) -> None:
        self._at("sync_folder", folder)
        super().sync_folder(folder)

    def _at(self, step: Step, path: Path) -> None:
        if step == self.step and path.is_relative_to(self.below):
            raise OSError(self.code, os.strerror(self.code))


NO_SPACE, REFUSED, BROKEN = errno.ENOSPC, errno.EACCES, errno.EIO
