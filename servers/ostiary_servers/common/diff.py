"""A unified diff of two texts, in bounded time and of bounded size. Pure."""

import difflib
from dataclasses import dataclass
from itertools import takewhile

CONTEXT_LINES = 3
DIFF_LIMIT_BYTES = 200_000
ALIGN_LIMIT_LINES = 2_000
"""Beyond this the changed part is shown as removed and added whole: aligning is quadratic in the worst case.

Measured: 0.34 s for 2,000 lines of which half are equal."""


@dataclass(frozen=True, slots=True)
class Diff:
    """The diff's text, and how many lines it adds and removes (all of them, also when the text was cut)."""

    text: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines ``before[a1:a2]`` become ``after[b1:b2]``."""

    a1: int
    a2: int
    b1: int
    b2: int


def unified_diff(before: str, after: str, name: str, limit_bytes: int = DIFF_LIMIT_BYTES) -> Diff:
    """What turns ``before`` into ``after``, with three lines of context; ``name`` stands in its header.

    Only LF ends a line here: a CR before it, or the lack of an ending at the end of the file, is a difference and is
    shown. Beyond ``limit_bytes`` the text ends in a line that says how much is left out.
    """
    old, new = _lines(before), _lines(after)
    changes = _changes(old, new)
    added = sum(change.b2 - change.b1 for change in changes)
    removed = sum(change.a2 - change.a1 for change in changes)
    if not changes:
        return Diff("", 0, 0)
    lines = [f"--- {name}\n", f"+++ {name}\n"]
    for group in _grouped(changes):
        lines += _hunk(group, old, new)
    return Diff(_cut("".join(lines), limit_bytes, added, removed), added, removed)


def _lines(text: str) -> list[str]:
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _changes(old: list[str], new: list[str]) -> list[_Change]:
    """What is equal at both ends is set aside first: an edit in a long file costs what the edit costs."""
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    rest = zip(reversed(old[head:]), reversed(new[head:]), strict=False)
    tail = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rest))
    a2, b2 = len(old) - tail, len(new) - tail
    if (head, head) == (a2, b2):
        return []
    if max(a2, b2) - head > ALIGN_LIMIT_LINES:
        return [_Change(head, a2, head, b2)]
    opcodes = difflib.SequenceMatcher(None, old[head:a2], new[head:b2], autojunk=False).get_opcodes()
    return [_Change(head + a, head + b, head + c, head + d) for tag, a, b, c, d in opcodes if tag != "equal"]


def _grouped(changes: list[_Change]) -> list[list[_Change]]:
    """Changes whose context would touch share a hunk."""
    groups = [[changes[0]]]
    for change in changes[1:]:
        if change.a1 - groups[-1][-1].a2 <= 2 * CONTEXT_LINES:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _hunk(group: list[_Change], old: list[str], new: list[str]) -> list[str]:
    before = min(CONTEXT_LINES, group[0].a1)
    after = min(CONTEXT_LINES, len(old) - group[-1].a2)
    a1, a2 = group[0].a1 - before, group[-1].a2 + after
    b1, b2 = group[0].b1 - before, group[-1].b2 + after
    lines = [f"@@ -{_range(a1, a2)} +{_range(b1, b2)} @@\n"]
    at = a1
    for change in group:
        lines += [_shown(" ", line) for line in old[at : change.a1]]
        lines += [_shown("-", line) for line in old[change.a1 : change.a2]]
        lines += [_shown("+", line) for line in new[change.b1 : change.b2]]
        at = change.a2
    return lines + [_shown(" ", line) for line in old[at:a2]]


def _range(start: int, stop: int) -> str:
    """As POSIX diff -u counts: from one, and an empty range names the line before it."""
    length = stop - start
    first = start + 1 if length else start
    return str(first) if length == 1 else f"{first},{length}"


def _shown(sign: str, line: str) -> str:
    return sign + line if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _cut(text: str, limit_bytes: int, added: int, removed: int) -> str:
    encoded = text.encode()
    if len(encoded) <= limit_bytes:
        return text
    kept = encoded[:limit_bytes].decode(errors="ignore")
    kept = kept[: kept.rfind("\n") + 1]
    left_out = len(encoded) - len(kept.encode())
    return f"{kept}… {left_out} bytes of this diff are left out; in all it adds {added} and removes {removed} lines\n"
