"""``get_file_info``: what the system knows of a path, without opening it."""

import os
import stat
import sys
from datetime import UTC, datetime

from ostiary_servers.common.anchored import read_stat
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.cloud import is_placeholder_stat
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.files.answers import FileFacts, Kind
from ostiary_servers.files.arguments import GetFileInfo


def get_file_info(gate: PathGate, arguments: GetFileInfo) -> Answer:
    """Type, size, times and mode of a file or folder; of a link, those of what it leads to."""
    place = gate.locate(arguments.path)
    found = read_stat(place)
    facts = FileFacts(
        path=arguments.path,
        type=_kind(found.st_mode),
        size_bytes=found.st_size,
        created=_created(found),
        modified=utc_time(found.st_mtime_ns),
        accessed=utc_time(found.st_atime_ns),
        mode=octal_mode(found.st_mode),
        links=found.st_nlink,
        root=place.root.label,
        writable=not place.read_only,
        only_in_cloud=is_placeholder_stat(found),
    )
    return Answer("\n".join(f"{name}: {value}" for name, value in facts.to_wire().items()), facts)


def octal_mode(mode: int) -> str:
    """Permissions as people write them: 0644."""
    return f"{stat.S_IMODE(mode):04o}"


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return Kind.FILE
    if stat.S_ISDIR(mode):
        return Kind.DIRECTORY
    return Kind.LINK if stat.S_ISLNK(mode) else Kind.OTHER


def _created(found: os.stat_result) -> str | None:
    """Linux keeps no time of birth in stat; its ctime is the last change of the inode, which would be a lie here."""
    created: str | None = None
    if sys.platform == "darwin":
        created = utc_time(int(found.st_birthtime * 1_000_000_000))
    if sys.platform == "win32":
        created = utc_time(found.st_ctime_ns)
    return created


def utc_time(nanoseconds: int) -> str:
    """A file time as it is told: ISO 8601, to the second."""
    return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC).isoformat()
