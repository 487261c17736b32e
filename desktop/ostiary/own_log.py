"""A process's own log: a file that is begun anew when it is long, and this user's alone, whatever folder it is in."""

from __future__ import annotations

import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler


class OwnLog(RotatingFileHandler):
    """Each of its files is made with 0600; one that is there keeps its rights."""

    def _open(self) -> TextIOWrapper:
        os.close(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT, 0o600))
        return super()._open()
