"""Lays JSON text out for reading without decoding it.

Pure. A decoder would drop the first of two equal keys, round numbers and refuse text that was cut; a person must see
what is there. Only white space outside strings is touched.
"""

from __future__ import annotations

import re
from typing import Final

INDENT: Final = "  "
_TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


def looks_like_json(text: str) -> bool:
    """True for what starts as an object or an array does."""
    return text.lstrip()[:1] in ("{", "[")


def indent_json(text: str) -> str:
    """The same tokens, an element a line. Text that was cut is laid out as far as it goes."""
    tokens = _TOKENS.findall(text)
    out: list[str] = []
    depth = 0
    for index, token in enumerate(tokens):
        match token:
            case "{" | "[":
                out.append(token)
                depth += 1
                if tokens[index + 1 : index + 2] not in (["}"], ["]"]):
                    out.append("\n" + INDENT * depth)
            case "}" | "]":
                depth = max(0, depth - 1)
                if out and out[-1] not in ("{", "["):
                    out.append("\n" + INDENT * depth)
                out.append(token)
            case ",":
                out.append(",\n" + INDENT * depth)
            case ":":
                out.append(": ")
            case _:
                out.append(token)
    return "".join(out)
