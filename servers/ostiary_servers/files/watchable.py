"""Files and folders as resources that change. A folder stands for what is below it, too."""

import os
import stat
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ostiary_servers.common.anchored import read_stat
from ostiary_servers.common.errors import ToolError
from ostiary_servers.common.file_uri import uri_of
from ostiary_servers.common.path_gate import PathGate, Place
from ostiary_servers.common.subscriptions import Stamps
from ostiary_servers.files.operations.walking import Walk
from ostiary_servers.files.resources import locate_uri

FOLDER_LIMIT_NAMES = 2_000
"""How much below a folder is looked at each time; what comes after, in the order of the tree, is not."""


class WatchableFiles:
    """What changes with a file or folder: its inode, size and time of change, and the same of all below it."""

    def __init__(self, gate: PathGate) -> None:
        self._gate = gate

    def check(self, uri: str) -> None:
        """What is not there yet can be subscribed. Raises ToolError for what may not be reached."""
        locate_uri(self._gate, uri)

    def stamps(self, uri: str) -> Stamps:
        """Raises ToolError."""
        place = locate_uri(self._gate, uri)
        found = read_stat(place)
        below = _below(place) if stat.S_ISDIR(found.st_mode) else {}
        return {uri: _stamp(found), **below}


def _below(place: Place) -> Stamps:
    stamps = {}
    for found in islice(Walk().below(place), FOLDER_LIMIT_NAMES):
        deeper = replace(place, real=str(Path(place.real, *found.parts)))
        with suppress(ToolError):  # gone since it was listed
            stamps[uri_of(str(Path(place.requested, *found.parts)))] = _stamp(read_stat(deeper))
    return stamps


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return (found.st_ino, found.st_size, found.st_mtime_ns)
