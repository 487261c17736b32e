"""Whether a version is in a range, by the rules of its ecosystem. Pure."""

import re
from importlib import import_module
from typing import Any

from ostiary_servers.code.dependencies.model import Ecosystem

_NO_RANGE = re.compile(r"^(?:workspace|npm|file|link|git|https?|portal|patch|catalog|github|@|\(|[a-z]+$)|[/:]")


_LIMIT = 1_000
"""Nobody writes a range or a version this long, and reading one takes the square of its length."""


def satisfies(ecosystem: Ecosystem, spec: str, version: str) -> bool | None:
    """None where it cannot be said: an address, a tag, a form that is not understood."""
    if spec in {"", "*"} or not version:
        return True if version else None
    if max(len(spec), len(version)) > _LIMIT:
        return None
    match ecosystem:
        case Ecosystem.PYTHON:
            return _python(spec, version)
        case Ecosystem.JAVASCRIPT:
            return None if _NO_RANGE.search(spec) else _npm(spec, version)
        case Ecosystem.RUST:
            return None if _NO_RANGE.search(spec) else _npm(_cargo(spec), version)
        case Ecosystem.GO:
            return None


def _python(spec: str, version: str) -> bool | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    if spec.startswith(("^", "~")) and not spec.startswith("~="):
        return _npm(spec.replace(",", " "), version)
    try:
        return SpecifierSet(spec).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return None


def _npm(spec: str, version: str) -> bool | None:
    semantic_version: Any = import_module("semantic_version")  # has no types
    try:
        return bool(semantic_version.NpmSpec(spec).match(semantic_version.Version.coerce(version)))
    except ValueError:
        return None


def _cargo(spec: str) -> str:
    """A bare version means a caret (Cargo book, specifying dependencies)."""
    parts = [part.strip() for part in spec.split(",")]
    return " ".join(f"^{part}" if part[:1].isdigit() else part.replace(" ", "") for part in parts)


Order = tuple[Any, ...]
"""What versions of one ecosystem are compared by; the empty one is before all."""


def order_of(ecosystem: Ecosystem, version: str) -> Order | None:
    """None for what is no version."""
    from packaging.version import InvalidVersion, Version

    try:
        if ecosystem is Ecosystem.PYTHON:
            return (Version(version),)
        semantic_version: Any = import_module("semantic_version")  # has no types
        return (semantic_version.Version.coerce(version.removeprefix("v")),)
    except (InvalidVersion, ValueError):
        return None
