"""Small files of the tray, each replaced whole or not at all, and readable by their owner alone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileDevice, QIODevice, QSaveFile

_OURS_ALONE: Final = QFileDevice.Permission.ReadOwner | QFileDevice.Permission.WriteOwner


def replace_file(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` with mode 0600, in a folder that is made (0700) when missing.

    Raises ``OSError`` and leaves what was there.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = QSaveFile(str(path))
    opened = file.open(QIODevice.OpenModeFlag.WriteOnly)
    if not opened or not file.setPermissions(_OURS_ALONE) or file.write(content) < 0 or not file.commit():
        raise OSError(file.errorString())
