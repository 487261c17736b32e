"""Which bytes a host's file gets back when we leave it. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.edit import get_entry, remove_entry, set_entry
from ostiary.gateway.hosts.tolerance import Tolerance


def without_us(
    content: bytes, backups: Iterable[bytes], key_path: Sequence[str], name: str, tolerance: Tolerance
) -> bytes | None:
    """Gives the bytes from before we came when nothing else has changed since, otherwise the file without our entry.

    ``backups`` are earlier contents, the newest first. One of them is from before we came when adding the entry to it
    gives the file as it is now; adding it to nothing does so for a file that we made, which then goes: ``None``. Where
    neither holds and the newest backup without our entry has no ``key_path``, that was ours and goes once it is empty.
    Raises ``HostFileError`` for a file that cannot be edited safely.
    """
    entry = get_entry(content, key_path, name, tolerance)
    if entry is None:
        return content
    earlier = [backup for backup in backups if _lacks(backup, key_path, name, tolerance)]
    if isinstance(entry, dict):
        for before in _befores(earlier):
            if set_entry(before or b"", key_path, name, entry, tolerance) == content:
                return before
    made_by_us = bool(earlier) and _lacks(earlier[0], key_path[:-1], key_path[-1], tolerance)
    return remove_entry(content, key_path, name, tolerance, drop_empty=made_by_us)


def _befores(earlier: list[bytes]) -> Iterator[bytes | None]:
    yield from earlier
    yield None


def _lacks(backup: bytes, key_path: Sequence[str], name: str, tolerance: Tolerance) -> bool:
    try:
        return get_entry(backup, key_path, name, tolerance) is None
    except HostFileError:
        return False  # such a backup says nothing
