"""What a host's file was without us, and what it was before another program harmed it, with the help of backups. Pure.

The bytes of before our first edit come back where nothing but our entry has changed since.
"""

from collections.abc import Iterable, Iterator

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts import host_diff
from ostiary.gateway.hosts.formats import Editor, Entry


def without_us(content: bytes, backups: Iterable[bytes], editor: Editor, new_file: bytes = b"") -> bytes | None:
    """Gives the file without our entry; ``None`` when there was no file before we came.

    ``backups`` are earlier contents, the newest first. One of them is from before we came when adding the entry to it
    gives the file as it is now; adding it to ``new_file`` does so for a file that we made, which then goes: ``None``.
    Where neither holds and the newest backup without our entry has no section of servers, that was ours and goes once
    it is empty. Raises ``HostFileError`` for a file that cannot be edited safely.
    """
    entry = editor.get(content)
    if entry is None:
        return content
    earlier = [backup for backup in backups if _lacks_us(backup, editor)]
    if isinstance(entry, dict):
        for before in _befores(earlier):
            if _is_before(new_file if before is None else before, entry, content, editor):
                return before
    made_by_us = bool(earlier) and not editor.has_section(earlier[0])
    return editor.remove(content, drop_empty=made_by_us)


def undone(seen: bytes | None, token: str, backups: Iterable[bytes]) -> bytes | None:
    """Gives what the file was before the change of a token; ``None`` when there was none. Raises ``HostFileError``."""
    for before in (None, *backups):
        if host_diff.token(before, seen) == token:
            return before
    raise HostFileError("The file has changed since", "It was left as it is. Mend it by hand.")


def is_undone(seen: bytes | None, token: str, backups: Iterable[bytes]) -> bool:
    """Whether the file is what it was before the change of a token, and what the change made of it is kept."""
    return any(host_diff.token(seen, after) == token for after in (None, *backups))


def repaired(backups: Iterable[bytes], servers: frozenset[str], entry: Entry, editor: Editor) -> bytes | None:
    """Gives the newest backup that has all of ``servers``, otherwise the newest that parses, with our entry in it."""
    readable = [(backup, found) for backup in backups if (found := _names(backup, editor)) is not None]
    complete = [backup for backup, found in readable if servers <= found]
    chosen = complete or [backup for backup, _ in readable]
    if not chosen:
        return None
    return chosen[0] if editor.get(chosen[0]) == entry else editor.set(chosen[0], entry)


def _befores(earlier: list[bytes]) -> Iterator[bytes | None]:
    yield from earlier
    yield None


def _is_before(before: bytes, entry: Entry, content: bytes, editor: Editor) -> bool:
    try:
        return editor.set(before, entry) == content
    except HostFileError:
        return False  # such a backup cannot have become this file


def _lacks_us(backup: bytes, editor: Editor) -> bool:
    found = _names(backup, editor)
    return found is not None and _our_entry(backup, editor) is None


def _our_entry(backup: bytes, editor: Editor) -> object:
    try:
        return editor.get(backup)
    except HostFileError:
        return None


def _names(backup: bytes, editor: Editor) -> frozenset[str] | None:
    try:
        return frozenset(editor.servers(backup))
    except HostFileError:
        return None  # such a backup says nothing
