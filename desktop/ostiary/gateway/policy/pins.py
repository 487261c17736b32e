"""Tool definitions as their servers sent them, and how much one differs from the one that was accepted. Pure.

What a tool is called for people to see may change freely. What decides how it is used or what it does (name,
description, schemas, annotations, and every field we do not know) may not change without a yes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ostiary.domain.errors import ServerError

_COSMETIC = frozenset({"title", "icons", "_meta"})
_COSMETIC_ANNOTATIONS = frozenset({"title"})


class PinState(StrEnum):
    """How a definition stands to the accepted one."""

    SAME = "same"
    COSMETIC = "cosmetic"
    BEHAVIOURAL = "behavioural"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Definition:
    """A tool's definition. ``text`` is the JSON as it was sent; ``fingerprint`` is equal while it behaves the same."""

    name: str
    text: str
    fingerprint: str


def read_definition(raw: bytes) -> Definition:
    """One element of a ``tools/list`` result.

    Raises ``ServerError`` when it is no object with a name, or when a key comes twice in it: hosts differ in which
    of the two they take, so nobody could say what was accepted.
    """
    try:
        text = raw.decode()
        tree = json.loads(text, object_pairs_hook=_object)
        if not isinstance(tree, dict) or not isinstance(tree.get("name"), str):
            raise ValueError("not an object with a name")
        canonical = json.dumps(_behaviour(tree), sort_keys=True)
    except (ValueError, RecursionError) as error:
        raise ServerError("A tool's definition cannot be read", "Its server sent one that is not sound.") from error
    return Definition(tree["name"], text, hashlib.sha256(canonical.encode()).hexdigest())


def compare(accepted: Definition | None, found: Definition) -> PinState:
    """How much ``found`` differs from the definition that was accepted, if any was."""
    if accepted is None:
        return PinState.NEW
    if accepted.text == found.text:
        return PinState.SAME
    return PinState.COSMETIC if accepted.fingerprint == found.fingerprint else PinState.BEHAVIOURAL


def shown(definition: Definition | None) -> str:
    """A definition for reading side by side with another: one key a line, in order. Empty for none."""
    if definition is None:
        return ""
    return json.dumps(json.loads(definition.text), indent=2, sort_keys=True, ensure_ascii=False)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def _behaviour(tree: dict[str, Any]) -> dict[str, Any]:
    counted = {key: value for key, value in tree.items() if key not in _COSMETIC}
    annotations = counted.get("annotations")
    if isinstance(annotations, dict):
        counted["annotations"] = {key: annotations[key] for key in annotations.keys() - _COSMETIC_ANNOTATIONS}
    return counted
