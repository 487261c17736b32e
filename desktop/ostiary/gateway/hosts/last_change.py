"""What we last did to each host's file, kept so that a later look can tell what others did to it since.

``<folder>/last-changes/<host>.json``, beside the backups and for the owner's eyes only. It holds names of servers,
never their entries. A note that is missing or broken says nothing, and is no error: the host's own file is the truth.
"""

import contextlib
import hashlib
import json
from pathlib import Path

import msgspec

from ostiary.domain.host import HostAction
from ostiary.gateway.hosts.file_system import FileSystem


class LastChange(msgspec.Struct, frozen=True, kw_only=True):
    """``at`` is in Unix seconds; ``servers`` are the names of all entries but ours; ``entry`` is a digest of ours.

    ``token`` is that of the change, ``after`` the digest of the bytes that it made.
    """

    at: float
    action: HostAction
    servers: tuple[str, ...] = ()
    entry: str = ""
    token: str = ""
    after: str = ""


def digest(entry: object) -> str:
    """Gives a digest of an entry's meaning."""
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


def note(folder: Path, host: str, change: LastChange, files: FileSystem) -> None:
    """Keeps the note. A disk that refuses it costs a warning later, not the change that was just made."""
    path = _path(folder, host)
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.replace(files.write_beside(path, msgspec.json.encode(change), 0o600, None), path)


def read(folder: Path, host: str) -> LastChange | None:
    """Gives the note about a host, if there is one that can be read."""
    try:
        return msgspec.json.decode(_path(folder, host).read_bytes(), type=LastChange)
    except (OSError, msgspec.DecodeError):
        return None


def _path(folder: Path, host: str) -> Path:
    return folder / "last-changes" / f"{host}.json"
