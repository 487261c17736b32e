"""``file://`` addresses and the paths they mean (RFC 8089), byte for byte. Pure.

A path is bytes to the system and percent-encoded bytes in a URI, so a name that is no valid UTF-8 survives the way
there and back.
"""

import os
import sys
from pathlib import PurePath
from urllib.parse import SplitResult, quote_from_bytes, unquote_to_bytes, urlsplit

_KEPT = "/!$&'()*+,;=:@~-._"
"""What RFC 3986 allows in a path as it is."""


def uri_of(path: str) -> str:
    """The URI of an absolute path."""
    slashed = PurePath(path).as_posix()
    return "file://" + quote_from_bytes(os.fsencode(slashed if slashed.startswith("/") else f"/{slashed}"), _KEPT)


def path_of(uri: str) -> str | None:
    """The absolute path that ``uri`` means, or None when it is no address of a local file.

    An encoded slash is refused: it would be one name in the URI and two in the path.
    """
    parts = _split(uri)
    if parts is None or parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        return None
    if parts.query or parts.fragment or not parts.path.startswith("/") or "%2f" in parts.path.lower():
        return None
    path = os.fsdecode(unquote_to_bytes(parts.path))
    return path.removeprefix("/") if sys.platform == "win32" else path


def _split(uri: str) -> SplitResult | None:
    """``urlsplit`` drops tabs and line ends unasked; a URI that holds any, or a bare "?", is not one we gave out."""
    if any(character <= " " for character in uri):
        return None
    try:
        return urlsplit(uri)
    except ValueError:
        return None
