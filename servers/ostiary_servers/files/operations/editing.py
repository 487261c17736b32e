"""The text of an edit: finds the one place that is meant and replaces it. Pure.

Models write LF whatever the file has, so line endings in ``oldText`` fit either kind, and those in ``newText`` become
what the replaced part had (or, if it had none, what most of the file has). Everything else must be equal, and must
occur once: a second place is never guessed away.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.text_file import dominant_newline, with_newline
from ostiary_servers.files.arguments import Edit

_NAMED_MATCHES = 10
"""How many places an ambiguous edit is told of."""

_COUNTED_MATCHES = 1_000
"""How many are looked for at all."""


def apply_edits(text: str, edits: Iterable[Edit], requested: str) -> str:
    """``text`` with the edits made one after the other.

    Raises ToolError ``no_match_for_edit`` or ``ambiguous_match``; the latter names the lines of the matches.
    """
    for number, edit in enumerate(edits, start=1):
        text = _apply(text, edit, number, requested)
    return text


def _apply(text: str, edit: Edit, number: int, requested: str) -> str:
    spans = list(islice(_spans(text, edit.old_text), _COUNTED_MATCHES))
    match spans:
        case []:
            raise ToolError(
                ErrorCode.NO_MATCH_FOR_EDIT,
                f"Edit {number}: its oldText does not occur in “{requested}”; nothing was written.",
                "Read the file and copy the text exactly, white space included.",
            )
        case [(start, end)]:
            replaced = text[start:end]
            newline = dominant_newline(replaced if "\n" in replaced else text)
            return text[:start] + with_newline(edit.new_text, newline) + text[end:]
        case _:
            raise _ambiguous(text, spans, number, requested)


def _spans(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Where ``wanted`` occurs, also where it overlaps itself: that too is more than one place."""
    pattern = re.compile(r"\r?\n".join(map(re.escape, wanted.replace("\r\n", "\n").split("\n"))))
    found = pattern.search(text)
    while found is not None:
        yield found.span()
        found = pattern.search(text, found.start() + (2 if found[0].startswith("\r\n") else 1))


def _ambiguous(text: str, spans: list[tuple[int, int]], number: int, requested: str) -> ToolError:
    lines = [str(text.count("\n", 0, start) + 1) for start, _ in spans[:_NAMED_MATCHES]]
    more = ", …" if len(spans) > _NAMED_MATCHES else ""
    times = f"{len(spans)} times" + (" or more" if len(spans) == _COUNTED_MATCHES else "")
    return ToolError(
        ErrorCode.AMBIGUOUS_MATCH,
        f"Edit {number}: its oldText occurs {times} in “{requested}”, in lines {', '.join(lines)}{more};"
        " nothing was written.",
        "Send more of the text around the place that you mean.",
    )
