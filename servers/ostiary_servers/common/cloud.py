"""Files that are only there by name: their content is with a cloud service, and reading it would fetch it.

That can take minutes and the person's data volume, so it is never done unasked. Both marks are in a stat that fetches
nothing: SF_DATALESS of macOS (sys/stat.h) and the recall attributes of Windows (winnt.h). What another program opens,
such as ripgrep, macOS can be told not to fetch; on Windows it must be kept from such files.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import suppress

from ostiary_servers.common.errors import ErrorCode, ToolError

SF_DATALESS = 0x4000_0000
FILE_ATTRIBUTE_OFFLINE = 0x1000
FILE_ATTRIBUTE_RECALL_ON_OPEN = 0x4_0000
FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS = 0x40_0000
_RECALLED = FILE_ATTRIBUTE_OFFLINE | FILE_ATTRIBUTE_RECALL_ON_OPEN | FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS


_MATERIALIZE_DATALESS_FILES, _PROCESS, _OFF = 3, 0, 1
"""IOPOL_TYPE_VFS_MATERIALIZE_DATALESS_FILES, IOPOL_SCOPE_PROCESS, IOPOL_MATERIALIZE_DATALESS_FILES_OFF (sys/resource.h
of macOS)."""


def never_fetch() -> None:
    """On macOS, lets this process and what it starts fail where a read would fetch (setiopolicy_np(3))."""
    if sys.platform == "darwin":
        ctypes.CDLL(None).setiopolicy_np(_MATERIALIZE_DATALESS_FILES, _PROCESS, _OFF)


def would_fetch(folder: str) -> bool:
    """Whether a program that opens every file at or below ``folder`` would fetch one. Only Windows cannot be told."""
    return sys.platform == "win32" and any(map(_is_placeholder_entry, _entries(folder)))


def _entries(folder: str) -> "Iterator[os.DirEntry[str]]":
    """All below; a stat of an entry costs nothing on Windows, and what cannot be listed is not opened either."""
    folders = [folder]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)


def _is_placeholder_entry(entry: "os.DirEntry[str]") -> bool:
    return is_placeholder_stat(entry.stat(follow_symlinks=False))


def is_placeholder(flags: int, attributes: int) -> bool:
    """Whether a file with these ``st_flags`` and ``st_file_attributes`` has its content elsewhere."""
    return bool(flags & SF_DATALESS or attributes & _RECALLED)


def is_placeholder_stat(found: os.stat_result) -> bool:
    """As ``is_placeholder``; systems without these marks have no such files."""
    return is_placeholder(getattr(found, "st_flags", 0), getattr(found, "st_file_attributes", 0))


def refuse_placeholder(found: os.stat_result, requested: str) -> None:
    """Raises ToolError ``cloud_placeholder`` for a file whose content would have to be fetched."""
    if is_placeholder_stat(found):
        raise ToolError(
            ErrorCode.CLOUD_PLACEHOLDER,
            f"The content of “{requested}” is in a cloud service and not on this computer.",
            "Ask the person to download it first; get_file_info still works.",
        )
