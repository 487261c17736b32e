"""Dependency edges as other programs tell them, and ours in the same form: name and version of both ends.

What is recorded comes from ``packaging/devtools/record_locks.py``: lock files of real projects without addresses, and
what uv and npm say of them. The project itself is "".
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from ostiary_servers.code.dependencies.model import Lock

RECORDED = Path(__file__).parent / "recorded"
Edges = set[tuple[str, str]]

_TREE_LINE = re.compile(r"^([│├└─\s]*)([\w.-]+)(?:\[[^\]]*\])? v(\S+)")
_LEVEL_CHARACTERS = 4


def recorded_names(suffix: str) -> list[str]:
    """The projects that something with this ending was recorded of."""
    return sorted(path.name.removesuffix(suffix) for path in RECORDED.glob(f"*{suffix}"))


def recorded(name: str) -> str:
    """The text of one recorded file."""
    return (RECORDED / name).read_text("utf-8")


def find_uv() -> str | None:
    """uv as the tools of development bring it, beside our Python, or on PATH."""
    return shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")


def our_edges(lock: Lock) -> Edges:
    """Those that were resolved."""

    def end(key: str) -> str:
        package = lock.packages[key]
        own = key in lock.members.values() and lock.members.get("", key) == key
        return "" if own else f"{package.alias or package.name}@{package.version}"

    edges = [(package.key, edge.target) for package in lock.packages.values() for edge in package.edges]
    return {(end(source), end(target)) for source, target in edges if target is not None}


def uv_edges(tree: str) -> Edges:
    """What ``uv tree --no-dedupe`` shows."""
    found: Edges = set()
    stack: list[str] = []
    for line in tree.splitlines():
        shown = _TREE_LINE.match(line)
        assert shown is not None, line
        stack = [*stack[: len(shown[1]) // _LEVEL_CHARACTERS], f"{shown[2]}@{shown[3]}"]
        if len(stack) > 1:
            found.add(("" if len(stack) == 2 else stack[-2], stack[-1]))
    return found


def npm_edges(said: str) -> Edges:
    """What ``npm ls --all --json`` shows."""
    return _npm_edges(json.loads(said), "")


def _npm_edges(node: dict[str, Any], parent: str) -> Edges:
    found: Edges = set()
    for name, child in node.get("dependencies", {}).items():
        if child.get("version"):
            found.add((parent, f"{name}@{child['version']}"))
            found |= _npm_edges(child, f"{name}@{child['version']}")
    return found
