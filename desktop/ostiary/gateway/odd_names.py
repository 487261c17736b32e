"""Names of files that are no text, as they can be said, shown and kept. Pure."""

from __future__ import annotations


def told(name: str) -> str:
    """The name itself; of one that is no text the odd bytes are written out, as ``\\xff``."""
    return name if name.isascii() else name.encode(errors="surrogateescape").decode(errors="backslashreplace")
