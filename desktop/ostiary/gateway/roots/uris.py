"""``file:`` URIs and paths (RFC 8089). Pure. A URI that a host gave is kept as it is; this only reads it."""

from __future__ import annotations

import os
import sys
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from ostiary.domain.errors import UsageError


def path_of(uri: str, platform: str = sys.platform) -> str:
    """The absolute path a ``file:`` URI names, percent-encoding undone, links and ``..`` left as they are.

    Raises ``UsageError`` for anything else: another scheme or machine, a query, a relative path, a NUL.
    """
    try:
        parts = urlsplit(uri)
    except ValueError as error:
        raise _unreadable(uri) from error
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or parts.query or parts.fragment:
        raise _unreadable(uri)
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if not path.startswith("/") or "\0" in path:
        raise _unreadable(uri)
    return _windows_path(path) if platform == "win32" else path


def uri_of(path: str, platform: str = sys.platform) -> str:
    """The ``file:`` URI of an absolute path."""
    if platform == "win32":
        path = "/" + path.replace("\\", "/")
    return "file://" + quote_from_bytes(os.fsencode(path), safe="/:" if platform == "win32" else "/")


def _windows_path(path: str) -> str:
    return path[1:].replace("/", "\\") if path[2:3] == ":" else path.replace("/", "\\")


def _unreadable(uri: str) -> UsageError:
    return UsageError("This is no file address", f"“{uri[:200]}” does not name a file on this machine.")
