"""Tests that a table names as ``folder/file.py::name``: whether they are there."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]


def gone(named: Iterable[str]) -> list[str]:
    """Those that are not there any more."""
    return [test for test in named if test.partition("::")[2] not in names_in(test.partition("::")[0])]


@cache
def names_in(file: str) -> frozenset[str]:
    """The tests of a file of ours; none where there is no such file."""
    path = TESTS / file
    if not path.exists():
        return frozenset()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return frozenset(node.name for node in body if isinstance(node, kinds) and node.name.startswith("test_"))
