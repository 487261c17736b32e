"""How a change to a host's file is shown, and the token that binds what was shown to what is written. Pure."""

import difflib
import hashlib
import re
from collections.abc import Iterator

_CONTEXT = 3
_HUNK = re.compile(r"([-+])(\d+)(?=[ ,])")


def token(before: bytes | None, after: bytes | None) -> str:
    """Gives a digest of both contents; ``None`` stands for no file."""
    return hashlib.sha256(f"{digest(before)} {digest(after)}".encode()).hexdigest()


def digest(content: bytes | None) -> str:
    """Gives a digest of one content."""
    return "-" if content is None else hashlib.sha256(content).hexdigest()


def diff(path: str, before: bytes | None, after: bytes | None) -> str:
    """Gives a unified diff, empty when nothing changes."""
    old, new = ("/dev/null" if content is None else path for content in (before, after))
    lines = _hunks((before or b"").splitlines(keepends=True), (after or b"").splitlines(keepends=True), old, new)
    return "".join(line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _hunks(before: list[bytes], after: list[bytes], old: str, new: str) -> Iterator[str]:
    """Compares what is not the same at both ends: a large file with a small change takes no longer than a small one."""
    ends = min(len(before), len(after))
    start = next((at for at in range(ends) if before[at] != after[at]), ends)
    same = next((at for at in range(ends - start) if before[-1 - at] != after[-1 - at]), ends - start)
    skipped, left = max(0, start - _CONTEXT), max(0, same - _CONTEXT)
    part_before, part_after = (_texts(lines[skipped : len(lines) - left]) for lines in (before, after))
    for line in difflib.unified_diff(part_before, part_after, old, new, n=_CONTEXT):
        yield _HUNK.sub(lambda match: f"{match[1]}{int(match[2]) + skipped}", line) if line[:2] == "@@" else line


def _texts(lines: list[bytes]) -> list[str]:
    """Parted before they are decoded: a text is also parted at characters that may stand in a JSON string."""
    return [line.decode("utf-8", "replace") for line in lines]
