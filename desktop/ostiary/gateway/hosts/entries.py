"""What hosts' files hold, parsed anew only when a file is another one than at the last look.

While somebody watches, every host is looked at every few seconds; most of their files change once a month.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ostiary.gateway.hosts import host_diff, write
from ostiary.gateway.hosts.our_entries import OurEntries

_Identity = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """Our entries by their names, the names of all, and the digest of the file's bytes."""

    ours: Mapping[str, object]
    names: tuple[str, ...]
    digest: str


NOTHING = Found({}, (), "")


@dataclass(frozen=True, slots=True)
class Entries:
    """Remembers what was found in each file. Any thread; at worst two parse the same file at the same time."""

    _known: dict[Path, tuple[_Identity, Found]] = field(default_factory=dict)

    def look(self, path: Path, editor: Callable[[], OurEntries]) -> Found:
        """Gives what the file holds now. Raises ``HostFileError``, each time anew."""
        identity = _identity(path)
        known = self._known.get(path)
        if identity is not None and known is not None and known[0] == identity:
            return known[1]
        content = write.read(path).content
        raw = content or b""
        found = Found(editor().get(raw) or {}, tuple(editor().servers(raw)), host_diff.digest(content))
        if identity is not None:
            self._known[path] = (identity, found)
        return found


def _identity(path: Path) -> _Identity | None:
    """Tells one state of a file from another: taken before it is read, so that a change in between is seen later."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_dev
