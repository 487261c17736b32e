"""What mypyc needs of the modules that pyproject.toml has it compile, where it would not say so before a call fails."""

import ast
import builtins
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOOK = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"][
    "custom"
]
MODULES: list[str] = HOOK["modules"]


def parsed(module: str) -> ast.Module:
    return ast.parse((ROOT / "desktop" / f"{module.replace('.', '/')}.py").read_text())


def is_ours(kind: str) -> bool:
    """Whether these exceptions may be of a class that is compiled: not Python's own, nor of a package by its name."""
    return "." not in kind and not hasattr(builtins, kind)


def caught_under_several_kinds(module: str) -> Iterator[str]:
    """Names that one function gives to exceptions of different kinds, one of ours among them."""
    for function in ast.walk(parsed(module)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            kinds: dict[str, set[str]] = defaultdict(set)
            for handler in ast.walk(function):
                if isinstance(handler, ast.ExceptHandler) and handler.name and handler.type:
                    kinds[handler.name].add(ast.unparse(handler.type))
            mixed = {name for name, several in kinds.items() if len(several) > 1 and any(map(is_ours, several))}
            yield from (f"{function.name}: {name}" for name in mixed)


def values_of_any_kind(module: str) -> Iterator[str]:
    """Members of classes that are said to be an ``object``."""
    for group in ast.walk(parsed(module)):
        members = group.body if isinstance(group, ast.ClassDef) else []
        for member in members:
            if isinstance(member, ast.AnnAssign) and ast.unparse(member.annotation) == "object":
                yield f"{ast.unparse(member.target)}"


def structs_with_settings(module: str) -> Iterator[str]:
    """Classes of msgspec's that are made ``frozen=True`` or with other words of that kind."""
    for group in ast.walk(parsed(module)):
        if isinstance(group, ast.ClassDef) and group.keywords:
            yield group.name


def test_each_module_is_named_once_in_order_and_is_there() -> None:
    assert sorted(set(MODULES)) == MODULES
    assert all(map(parsed, MODULES))


@pytest.mark.parametrize("module", MODULES)
def test_a_name_for_an_exception_stands_for_one_kind(module: str) -> None:
    """Compiled, a name has the type that it got first, and the second exception becomes a ``TypeError``."""
    assert not list(caught_under_several_kinds(module))


@pytest.mark.parametrize("module", MODULES)
def test_no_member_is_any_object(module: str) -> None:
    """Compiled, such a class cannot be made (``Any`` can)."""
    assert not list(values_of_any_kind(module))


@pytest.mark.parametrize("module", MODULES)
def test_no_class_is_made_with_settings(module: str) -> None:
    """Compiled, they are lost: what was frozen could be changed. Such a value stands in a module of its own."""
    assert not list(structs_with_settings(module))
