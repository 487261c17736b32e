"""The lines around a place in a file, read through the path gate and cut to what a model can use."""

import os
from collections.abc import Iterable, Iterator

from ostiary_servers.common.anchored import open_file
from ostiary_servers.common.path_gate import Place
from ostiary_servers.common.text_file import UTF_8, Encoding, sniff
from ostiary_servers.files.answers import TextMatch
from ostiary_servers.files.operations.reading import line_start, read_at
from ostiary_servers.files.operations.text_search.engine import Hit

LINE_LIMIT_CHARACTERS = 400
"""What is shown of a longer line lies around its match."""

_WINDOW_BYTES = 8 * 1024
_SNIFF_BYTES = 64 * 1024


def excerpts(place: Place, path: str, hits: Iterable[Hit], context: int) -> Iterator[TextMatch]:
    """The matches at ``hits``, all of one file. Raises ToolError when the file cannot be read."""
    with open_file(place) as file:
        size = os.fstat(file).st_size
        encoding = sniff(read_at(file, 0, _SNIFF_BYTES), complete=size <= _SNIFF_BYTES) or UTF_8
        for hit in hits:
            yield _excerpt(file, size, encoding, path, hit, context)


def _excerpt(file: int, size: int, encoding: Encoding, path: str, hit: Hit, context: int) -> TextMatch:
    offset = hit.offset_bytes
    if encoding.unit_bytes > 1:  # positions are of its form in UTF-8
        offset = line_start(file, size, encoding, hit.line) or 0
    start = max(len(encoding.mark), offset - _WINDOW_BYTES)
    start -= (start - len(encoding.mark)) % encoding.unit_bytes
    before = read_at(file, start, offset - start).decode(encoding.codec, errors="replace")
    after = read_at(file, offset, _WINDOW_BYTES).decode(encoding.codec, errors="replace")
    head, tail = before.split("\n"), after.split("\n")
    column = len(head[-1])
    return TextMatch(
        path=path,
        line=hit.line,
        text=_cut((head[-1] + tail[0]).rstrip("\r"), column),
        before=[_cut(line.rstrip("\r"), 0) for line in _last(head[:-1], context)],
        after=[_cut(line.rstrip("\r"), 0) for line in tail[1 : context + 1] if line or len(tail) > context + 1],
    )


def _last(lines: list[str], count: int) -> list[str]:
    return lines[-count:] if count else []


def _cut(line: str, at: int) -> str:
    if len(line) <= LINE_LIMIT_CHARACTERS:
        return line
    start = max(0, min(at - LINE_LIMIT_CHARACTERS // 4, len(line) - LINE_LIMIT_CHARACTERS))
    end = start + LINE_LIMIT_CHARACTERS
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
