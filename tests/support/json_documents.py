"""Hypothesis strategies for JSON and JSONC files as people and programs write them: layout and all."""

import json
from dataclasses import dataclass

from hypothesis import strategies as st

_KEYS = st.sampled_from(["a", "b", "theme", "servers", "ünï", "emoji 🚪", "C:\\x", "// no comment", "/*", 'quo"te', ""])
_TEXTS = st.one_of(_KEYS, st.text(max_size=8))
_NUMBERS = st.sampled_from(["0", "-0", "1E+5", "1.0", "12345678901234567890", "-1.5e-3"])
_ESCAPED = st.sampled_from([r'"\u00e9"', r'"\ud83d\ude00"', r'"C:\\Program Files\\x.exe"', r'"\/\/ \" \t"'])


@dataclass(frozen=True, slots=True)
class Layout:
    """The habits of one file. ``comments`` and ``trailing_comma`` are for JSONC only."""

    new_line: str
    indent: str | None  # None: everything on one line
    colon: str
    comments: bool
    trailing_comma: bool


def layouts(*, jsonc: bool) -> st.SearchStrategy[Layout]:
    flag = st.booleans() if jsonc else st.just(False)
    return st.builds(
        Layout,
        new_line=st.sampled_from(["\n", "\r\n"]),
        indent=st.sampled_from([None, "", "  ", "    ", "\t"]),
        colon=st.sampled_from([":", ": ", " : "]),
        comments=flag,
        trailing_comma=flag,
    )


@st.composite
def documents(draw: st.DrawFn, *, jsonc: bool = False) -> bytes:
    """Gives the bytes of an object, with or without ``mcpServers``. No empty object in it holds blanks."""
    layout = draw(layouts(jsonc=jsonc))
    members = draw(st.lists(st.tuples(_KEYS, _value(layout, 1, 3)), max_size=4))
    if draw(st.booleans()):
        servers = draw(st.lists(st.tuples(_KEYS, _value(layout, 2, 2)), max_size=3))
        members.insert(draw(st.integers(0, len(members))), ("mcpServers", _object(draw, layout, 1, servers)))
    text = _object(draw, layout, 0, members)
    before = draw(st.sampled_from(["", " ", layout.new_line, _comment(layout)]))
    after = draw(st.sampled_from(["", layout.new_line, _comment(layout)]))
    return (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + (before + text + after).encode()


def _comment(layout: Layout) -> str:
    return f"// a, b {{ }} \" it's{layout.new_line}" if layout.comments else ""


@st.composite
def _value(draw: st.DrawFn, layout: Layout, depth: int, levels: int) -> str:
    kind = draw(
        st.sampled_from(["text", "number", "escaped", "word", "object", "list"] if levels else ["text", "word"])
    )
    match kind:
        case "text":
            return json.dumps(draw(_TEXTS), ensure_ascii=draw(st.booleans()))
        case "number":
            return draw(_NUMBERS)
        case "escaped":
            return draw(_ESCAPED)
        case "object":
            members = draw(st.lists(st.tuples(_KEYS, _value(layout, depth + 1, levels - 1)), max_size=2))
            return _object(draw, layout, depth, members)
        case "list":
            items = draw(st.lists(_value(layout, depth + 1, levels - 1), max_size=2))
            return _bracketed(draw, layout, depth, items, "[]")
        case _:
            return draw(st.sampled_from(["true", "false", "null"]))


def _object(draw: st.DrawFn, layout: Layout, depth: int, members: list[tuple[str, str]]) -> str:
    written = [json.dumps(key, ensure_ascii=False) + layout.colon + value for key, value in members]
    return _bracketed(draw, layout, depth, written, "{}")


def _bracketed(draw: st.DrawFn, layout: Layout, depth: int, items: list[str], brackets: str) -> str:
    """Writes the items with a comment before or after some of them, ahead of the comma or behind it."""

    def gap(indent: int) -> str:
        return "" if layout.indent is None else layout.new_line + layout.indent * indent

    def aside() -> str:
        if not layout.comments:
            return ""
        return draw(
            st.sampled_from(["", "", " /* x, { */", "/* two\n lines */", f' // {{ , " {layout.new_line}', " // x  \n"])
        )

    if not items:
        return brackets[0] + (aside() or "") + brackets[1]
    text = brackets[0]
    for index, item in enumerate(items):
        last = index == len(items) - 1
        comma = "," if not last or (layout.trailing_comma and draw(st.booleans())) else ""
        text += gap(depth + 1) + aside() + item + aside() + comma + aside()
    return text + gap(depth) + brackets[1]
