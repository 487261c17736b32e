"""How a change to a host's file is shown, and the token that binds what was shown to what is written. Pure."""

import difflib
import hashlib
import re

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def token(before: bytes | None, after: bytes | None) -> str:
    """Gives a digest of both contents; ``None`` stands for no file."""
    parts = ("-" if part is None else hashlib.sha256(part).hexdigest() for part in (before, after))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def diff(path: str, before: bytes | None, after: bytes | None) -> str:
    """Gives a unified diff, empty when nothing changes."""
    old, new = ("/dev/null" if content is None else path for content in (before, after))
    lines = difflib.unified_diff(_lines(before), _lines(after), old, new)
    return "".join(line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(content: bytes | None) -> list[str]:
    """Parts at line ends only; ``str.splitlines`` would part at characters that may stand in a JSON string."""
    return _LINE.findall((content or b"").decode("utf-8", "replace"))
