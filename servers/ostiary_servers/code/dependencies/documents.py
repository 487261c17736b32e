"""TOML, JSON and YAML as plain values, with every way of being broken told as one error. Pure."""

import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

from ostiary_servers.code.dependencies.model import FormatError

_STRING = r'("[^"\\]*+(?:\\(?:.|\Z)[^"\\]*+)*+(?:"|\Z))'
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_TRAILING_COMMA = re.compile(rf"{_STRING}|,(?=\s*[}}\]])", re.DOTALL)
"""What is never closed reaches to the end: looked for anew at each place, it would take the square of the length."""

_NAME = re.compile(r"""(?:^|["'\s])(@?[\w./-]++)(?=["'\s=<>!~:;@\[])""", re.MULTILINE)

_HALF = re.compile(r"\\u[dD][89a-fA-F]")

KEY_LIMIT = 4_096
"""Of a key that is a path, as of a path (Linux): what it leads to is looked for in each folder above it."""

_KEY = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_DEEP_KEY = re.compile(rf"""(?<![\w"'\\-])(?:{_KEY}[ \t]*+\.[ \t]*+){{100}}""")
"""tomllib takes the square of the number of names in a dotted key."""

YAML_DEPTH = 60
_BRACKET = re.compile(r"[\[\]{}]")
_ANCHOR = re.compile(r"(?:^|[-:,?\[{]) *&\w", re.MULTILINE)
_ALIAS = re.compile(r"(?:^|[-:,?\[{]) *\*\w", re.MULTILINE)
_DEEP_LINE = re.compile(r"(?:[-?] +){60}|^ {300}", re.MULTILINE)


def toml(text: str) -> dict[str, Any]:
    """Raises FormatError."""
    if _DEEP_KEY.search(text):
        raise FormatError("It is nested too deeply.")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError("It is not valid TOML.") from error


def json_object(text: str, *, commented: bool = False) -> dict[str, Any]:
    """``commented``: comments and trailing commas are allowed, as in ``bun.lock``. Raises FormatError."""
    try:
        for pattern in (_COMMENT, _TRAILING_COMMA) if commented else ():
            text = pattern.sub(lambda each: each[1] or "", text)
        found = json.loads(text)
        if _HALF.search(text):  # half a character may be written in JSON, and cannot be sent
            found = json.loads(json.dumps(found, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError) as error:
        raise FormatError("It is not valid JSON.") from error
    return mapping(found, strict=True)


def yaml(text: str) -> dict[str, Any]:
    """Only plain values; raises FormatError."""
    import yaml as pyyaml

    _refuse_deep(text)
    _refuse_aliases(text)
    loader = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)
    try:
        found = pyyaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, the one in C where there is one
    except (pyyaml.YAMLError, ValueError, RecursionError) as error:
        raise FormatError("It is not valid YAML.") from error
    return mapping(found, strict=True)


def _refuse_deep(text: str) -> None:
    """libyaml's constructor calls itself for each level, and a few thousand of them end the process."""
    depth = deepest = 0
    for found in _BRACKET.finditer(text):
        depth = depth + 1 if found[0] in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    if deepest > YAML_DEPTH or _DEEP_LINE.search(text):
        raise FormatError("It is nested too deeply.")


def _refuse_aliases(text: str) -> None:
    """No package manager writes them, and with them a short file stands for billions of packages."""
    if _ANCHOR.search(text) and _ALIAS.search(text):
        raise FormatError("It refers to parts of itself.")


def mapping(value: Any, *, strict: bool = False) -> dict[str, Any]:
    """The value if it is an object, else an empty one, or a FormatError."""
    if isinstance(value, dict):
        return {str(key): each for key, each in value.items()}
    if strict:
        raise FormatError("It does not hold an object.")
    return {}


def texts(value: Any) -> list[str]:
    """The texts in a list; nothing for anything else."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def tables(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; nothing for anything else."""
    return [mapping(each) for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text_of(value: Any, *names: str) -> str:
    """The text under the first of these names that has one; "" without."""
    found = mapping(value)
    return next((str(found[name]) for name in names if isinstance(found.get(name), (str, int, float))), "")


def lines_of(text: str) -> Callable[[str], int]:
    """Gives the line on which a name first stands in quotes, at the start, or as a key; 0 if nowhere."""
    lines: dict[str, int] = {}
    line, at = 1, 0
    for found in _NAME.finditer(text):
        line, at = line + text.count("\n", at, found.start(1)), found.start(1)
        lines.setdefault(found[1].lower(), line)
    return lambda name: lines.get(name.lower(), 0)
