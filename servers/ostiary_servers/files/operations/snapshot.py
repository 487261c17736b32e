"""What is at a path before a write: its bytes, how they are stored, and the reasons not to touch it."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from ostiary_servers.common.anchored import open_file
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.os_errors import write_protected
from ostiary_servers.common.path_gate import Place
from ostiary_servers.common.plan import FileState
from ostiary_servers.common.text_file import Encoding, eol_of, sniff
from ostiary_servers.files.operations.facts import octal_mode
from ostiary_servers.files.operations.folders import is_folder
from ostiary_servers.files.operations.reading import read_at

EDIT_LIMIT_BYTES = 16 * 1024 * 1024
"""Files beyond this are not replaced: a person could not look through what would change."""

_ANY_WRITE = 0o222


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is at a path before a write; ``encoding`` and ``text`` are None when it cannot be kept as text."""

    raw: bytes
    state: FileState
    encoding: Encoding | None
    text: str | None
    links: int


def snapshot(place: Place) -> Snapshot | None:
    """What is at a place now, or None for nothing. Raises ToolError for what is no file or too large."""
    try:
        with open_file(place) as file:
            found = os.fstat(file)
            if not found.st_mode & _ANY_WRITE:
                raise write_protected(place.requested)
            if found.st_size > EDIT_LIMIT_BYTES:
                raise _too_large(place.requested, found.st_size)
            raw = read_at(file, 0, EDIT_LIMIT_BYTES + 1)
    except ToolError as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        _require_folder_of(place)
        return None
    encoding, text = decoded(raw)
    return Snapshot(raw, state_of(raw, octal_mode(found.st_mode), encoding, text), encoding, text, found.st_nlink)


def decoded(raw: bytes) -> tuple[Encoding, str] | tuple[None, None]:
    """The text in the bytes of a file, only if writing it back would give the same bytes."""
    encoding = sniff(raw, complete=True)
    if encoding is None:
        return None, None
    text = encoding.decode(raw)
    return (encoding, text) if encoding.is_exact(raw, text) else (None, None)


def state_of(raw: bytes, mode: str, encoding: Encoding | None, text: str | None) -> FileState:
    """A file with this content, as a plan tells it."""
    return FileState(
        sha256=hashlib.sha256(raw).hexdigest(),
        size_bytes=len(raw),
        mode=mode,
        encoding=encoding.codec if encoding else None,
        eol=None if text is None else eol_of(text),
    )


def _require_folder_of(place: Place) -> None:
    """A plan to make a file where no folder is could not be carried out."""
    if place.parts and is_folder(replace(place, real=str(Path(place.real).parent))):
        return
    raise ToolError(
        ErrorCode.NOT_FOUND,
        f"The folder that “{place.requested}” should be in does not exist.",
        "Make it first with create_directory.",
    )


def _too_large(requested: str, size_bytes: int) -> ToolError:
    return ToolError(
        ErrorCode.TOO_LARGE,
        f"“{requested}” has {size_bytes} bytes; files beyond {EDIT_LIMIT_BYTES} are not changed.",
        "Leave the change to the person.",
    )
