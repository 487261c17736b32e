"""``read_media_file``: a picture, a sound, or any other file, as bytes that a host can show."""

import mimetypes
import os

from ostiary_servers.common.anchored import open_file
from ostiary_servers.common.answer import Answer, Media
from ostiary_servers.common.display import on_one_line
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.file_uri import uri_of
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.files.answers import MediaRead
from ostiary_servers.files.arguments import ReadMediaFile
from ostiary_servers.files.operations.reading import read_at

MEDIA_LIMIT_BYTES = 4 * 1024 * 1024
"""In base64 this stays below the 10 MiB that Ostiary takes as one message."""

_UNKNOWN = "application/octet-stream"
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"%PDF-", "application/pdf"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}


def read_media_file(gate: PathGate, arguments: ReadMediaFile) -> Answer:
    """The whole file. Raises ToolError, among others ``too_large``."""
    place = gate.locate(arguments.path)
    with open_file(place) as file:
        size = os.fstat(file).st_size
        if size > MEDIA_LIMIT_BYTES:
            raise _too_large(arguments.path, size)
        raw = read_at(file, 0, MEDIA_LIMIT_BYTES)
    media = Media(uri_of(place.requested), media_type(arguments.path, raw), raw)
    text = f"{on_one_line(arguments.path)}: {media.mime_type}, {len(raw)} bytes"
    read = MediaRead(path=arguments.path, mime_type=media.mime_type, size_bytes=len(raw))
    return Answer(text, read, media=media)


def media_type(path: str, raw: bytes) -> str:
    """What the bytes are. A name alone does not make a picture: hosts refuse a conversation with a false one."""
    if raw.startswith(b"RIFF") and raw[8:12] in _RIFF:
        return _RIFF[raw[8:12]]
    for signature, mime_type in _SIGNATURES:
        if raw.startswith(signature):
            return mime_type
    guessed, _ = mimetypes.guess_type(path)
    claims = guessed is not None and guessed.partition("/")[0] in {"image", "audio"}
    return _UNKNOWN if guessed is None or (claims and guessed in _KNOWN_BY_BYTES) else guessed


_KNOWN_BY_BYTES = {*_RIFF.values(), *(mime_type for _, mime_type in _SIGNATURES[:-1])} - {"audio/mpeg"}
"""A file without its signature is none of these; MP3 often begins without one."""


def _too_large(requested: str, size_bytes: int) -> ToolError:
    return ToolError(
        ErrorCode.TOO_LARGE,
        f"“{requested}” has {size_bytes} bytes; at most {MEDIA_LIMIT_BYTES} are read as media.",
        "Use read_document or read_text_file if it holds text, or ask the person for a smaller version.",
    )
