"""A bundle's zip file, opened as what a stranger sent: nothing is unpacked before every entry of it was judged.

Refused are more or larger entries than any real bundle has, names that lead out of the folder or mean another file on
another system, links and devices, encryption, and a file whose bytes are not what its directory says.
"""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from ostiary.gateway.bundles.refusal import refusal
from ostiary.gateway.bundles.work import Work

MANIFEST = "manifest.json"
MOST_ENTRIES = 50_000
MOST_BYTES = 1024 * 1024 * 1024
"""Of all entries together, unpacked. The largest bundles known carry a browser: some 300 MB."""
MOST_MANIFEST_BYTES = 1024 * 1024
MOST_DIRECTORY_BYTES = 16 * 1024 * 1024
"""Of the zip file's directory: 50,000 entries with names of 300 bytes."""
_END, _LOCATOR = b"PK\x05\x06", b"PK\x06\x07"
_END_RECORD_BYTES, _LOCATOR_BYTES = 22, 20
_END_BYTES = _END_RECORD_BYTES + _LOCATOR_BYTES + 0xFFFF
"""Where the end record may be: a comment stands after it (APPNOTE 4.3.16)."""
_MOST_NAME_CHARACTERS = 255
_MOST_DEPTH = 40
_CHUNK_BYTES = 1024 * 1024
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_FORBIDDEN = frozenset('<>:"|?*\\')
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]
)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What a damaged zip file raises, by the documentation and by experience."""
_UNREADABLE = (*_BROKEN, OSError)


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """Gives the zip file, once every entry was judged. Raises ``UsageError`` for one that is not safe to unpack."""
    _judge_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    except _UNREADABLE as error:
        raise refusal("It is no zip file, or a damaged one.") from error
    judge(archive.infolist())
    return archive


def _judge_directory(file: BinaryIO) -> None:
    """``zipfile`` makes an object of every entry at once, as far as the end record says that they go."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_BYTES))
    tail = file.read(_END_BYTES)
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < _END_RECORD_BYTES:
        raise refusal("It is no zip file, or a damaged one.")
    if tail[max(0, end - _LOCATOR_BYTES) : end].startswith(_LOCATOR):
        raise refusal("It is packed in a way that is not used in bundles.")  # zip64, for files beyond our limits
    if int.from_bytes(tail[end + 12 : end + 16], "little") > MOST_DIRECTORY_BYTES:
        raise refusal(f"It holds more than {MOST_ENTRIES:,} files.")


def judge(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Pure. Raises ``UsageError`` unless all entries can be unpacked as they stand."""
    if len(entries) > MOST_ENTRIES:
        raise refusal(f"It holds more than {MOST_ENTRIES:,} files.")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise refusal(f"Unpacked it is larger than {MOST_BYTES // 1024**2:,} MB.")
    seen: set[str] = set()
    for entry in entries:
        fault = _fault(entry)
        if fault:
            raise refusal(f"“{entry.filename[:80]}” cannot be unpacked: it {fault}.")
        folded = unicodedata.normalize("NFC", entry.filename.rstrip("/")).casefold()
        if folded in seen:
            raise refusal(f"“{entry.filename[:80]}” is there twice.")
        seen.add(folded)


def read(archive: zipfile.ZipFile, name: str, most_bytes: int) -> bytes:
    """Gives one entry's bytes. Raises ``UsageError`` when it is not there, too large or damaged."""
    try:
        with archive.open(name) as entry:
            content = entry.read(most_bytes + 1)
    except KeyError as error:
        raise refusal(f"The file {name} is not in it.") from error
    except _UNREADABLE as error:
        raise refusal(f"Its {name} cannot be read.") from error
    if len(content) > most_bytes:
        raise refusal(f"Its {name} is larger than {most_bytes:,} bytes.")
    return content


def unpack(archive: zipfile.ZipFile, folder: Path, programs: frozenset[str], work: Work) -> None:
    """Writes all entries below ``folder``, which is empty: folders 0700, files 0600, programs 0700.

    Programs are those that the zip file marks as such, and those named. Raises ``UsageError`` for a damaged entry,
    such as one that is larger than its directory says, and for ``work`` that was stopped, and ``OSError``.
    """
    for entry in archive.infolist():
        target = folder.joinpath(*entry.filename.rstrip("/").split("/"))
        if entry.is_dir():
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(archive, entry, target, work)
        marked = bool(entry.external_attr >> 16 & stat.S_IXUSR)
        target.chmod(0o700 if marked or entry.filename in programs else 0o600)


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, work: Work) -> None:
    """``zipfile`` gives no more bytes than the directory says, which were counted, and compares their checksum."""
    with target.open("xb") as file:
        try:
            with archive.open(entry) as packed:
                while chunk := packed.read(_CHUNK_BYTES):
                    file.write(chunk)
                    work.advance(len(chunk))
        except _BROKEN as error:  # an OSError is the disk's
            raise refusal(f"“{entry.filename[:80]}” cannot be read.") from error


def _fault(entry: zipfile.ZipInfo) -> str:
    parts = entry.filename.rstrip("/").split("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if any(_is_unsafe(part) for part in parts) or len(parts) > _MOST_DEPTH:
        return "is no name that is safe on every system"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR) > entry.is_dir():
        return "is neither a file nor a folder"
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _PACKED:
        return "is packed in a way that is not used in bundles"
    return ""


def _is_unsafe(part: str) -> bool:
    return (
        not part
        or part[-1] in " ."  # "." and ".." among them; Windows drops both characters from the end of a name
        or len(part) > _MOST_NAME_CHARACTERS
        or not _FORBIDDEN.isdisjoint(part)
        or any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in part)
        or part.partition(".")[0].rstrip().casefold() in _DEVICES
    )
