"""What can be translated, found in the sources: the window's calls of ``tr`` and ``tr_n``, and the gateway's sentences.

The gateway writes English, because hosts, models, logs and commands read the same words. The window knows its sentences
again by templates, so they are taken from the literals as they stand: a value in braces becomes a place with its name,
and a choice between two words becomes two sentences. Pure but for reading files.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from devtools.catalogue import Entry

SPOKEN_TO_PEOPLE = ("gateway", "domain", "control")
"""Of the application's packages, those whose sentences reach a person through the window."""

NOT_FOR_PEOPLE = frozenset(
    f"gateway/{name}"
    for name in (
        *("answers", "arrival", "asking", "completion", "continuing", "departure", "downgrade", "eliciting"),
        *("exchange", "greeting", "hearing", "host_end", "host_requests", "inquiry", "introduction", "parking"),
        *("record", "router", "searching", "server_requests", "session", "standing"),
        *("bundles/making", "calllog/conditions", "calllog/entries", "calllog/redact", "calllog/secret_patterns"),
        *("hosts/entries", "hosts/host_diff", "hosts/json_spans", "hosts/json_splice", "hosts/registry"),
        *("supervise/guard", "supervise/login_path", "supervise/programs"),
    )
)
"""Modules that speak to hosts, models and servers, in the words of the protocol."""
NOT_FOR_PEOPLE_FOLDERS = ("gateway/resume/", "gateway/tool_search/", "gateway/wire/")

PLAN_WARNINGS = {
    "files/operations/writing.py": ("_overwritten", "_guess", "_warnings", "edit_file"),
    "files/operations/moving.py": ("_warnings",),
    "common/trash_system.py": (),
    "common/trash_xdg_posix.py": (),
}
"""Where the warnings of change plans are written, which the prompt shows: functions, or a module's ``WARNING``."""

SAID_BY_THE_SYSTEM = (
    "Device or resource busy",
    "Disk quota exceeded",
    "File exists",
    "File name too long",
    "Input/output error",
    "Is a directory",
    "No such file or directory",
    "No space left on device",
    "Not a directory",
    "Operation not permitted",
    "Permission denied",
    "Read-only file system",
    "Too many levels of symbolic links",
    "Too many open files",
    "[Errno {number}] {words}: '{path}'",
)
"""Why the system refused (POSIX strerror(3)), as a value in the gateway's sentences; English, as Python says it."""

_FEWEST_LETTERS = 8
"""A template with fewer letters of its own would fit what it is not meant for."""
_NO_SENTENCE = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA|ALTER|CREATE|ORDER BY|GROUP BY)\b|/bin/sh|/dev/null|\\b|\(\?|\||"
    r"^\w+\[|_| \w+ = |\w=|^call log, "
)
_NOT_SHOWN_CALLS = frozenset({"compile", "execute", "add_argument", "debug", "info", "warning", "error", "exception"})


def window_sentences(package: Path) -> dict[str, Entry]:
    """All of ``tr`` and ``tr_n`` in a package, by their English."""
    found: dict[str, Entry] = {}
    for path in sorted(package.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        names = _constants(nodes)
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "tr_n"):
                for one, many in _of_call(node, names):
                    found[one] = Entry(one, many)
    return found


def gateway_sentences(root: Path) -> list[str]:
    """The templates of what the gateway says to a person, sorted."""
    found = set(_from_definitions(root / "resources" / "ostiary_resources")) | set(SAID_BY_THE_SYSTEM)
    found.update(_from_plans(root / "servers" / "ostiary_servers"))
    for _, tree in _spoken(root):
        found.update(_templates(tree))
    return sorted(found)


def too_short(root: Path) -> dict[str, list[str]]:
    """By module, texts of the gateway with words of their own and values in them that make no template."""
    found: dict[str, list[str]] = {}
    for name, tree in _spoken(root):
        passed = _not_shown(tree)
        filled = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) and id(node) not in passed]
        for text in (spelled.strip() for node in filled for spelled in _spelled(node)):
            worded = " " in text and re.search("[a-z]{2}", re.sub(r"\{\w+\}", "", text))
            if worded and not is_sentence(text):
                found.setdefault(name, []).append(text)
    return found


def _spoken(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """The modules that speak to a person, by their names."""
    package = root / "desktop" / "ostiary"
    for folder in SPOKEN_TO_PEOPLE:
        for path in sorted((package / folder).rglob("*.py")):
            name = path.relative_to(package).with_suffix("").as_posix()
            if name not in NOT_FOR_PEOPLE and not name.startswith(NOT_FOR_PEOPLE_FOLDERS):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def _of_call(node: ast.Call, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    texts = [_text(argument, names) for argument in node.args]
    wanted = 1 if isinstance(node.func, ast.Name) and node.func.id == "tr" else 2
    if None not in texts[:wanted]:
        yield texts[0] or "", (texts[1] or "") if wanted == 2 else ""


def _constants(nodes: list[ast.AST]) -> dict[str, str]:
    """Names that stand for one text in a module, so that a long sentence may have a line of its own."""
    names: dict[str, str] = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                pairs = list(zip(targets, values, strict=False))
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                pairs = [(target, value)]
            case _:
                continue
        for target, value in pairs:
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
                names[target.id] = value.value
    return names


def _text(node: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _templates(tree: ast.Module) -> Iterator[str]:
    passed = _not_shown(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and id(node) not in passed:
            yield from filter(is_sentence, (spelled.strip() for spelled in _spelled(node)))


def _not_shown(tree: ast.Module) -> set[int]:
    """Docstrings, pieces of a longer literal, and what goes to a log, a database or a pattern."""
    passed: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as text):
                passed.add(id(text))
            case ast.JoinedStr(values=values):
                passed.update(id(inner) for value in values for inner in ast.walk(value))
            case ast.Call(func=ast.Attribute(attr=name), args=arguments) if name in _NOT_SHOWN_CALLS:
                passed.update(id(inner) for argument in arguments for inner in ast.walk(argument))
    return passed


def _spelled(node: ast.expr) -> list[str]:
    """Every text that a literal can become, with its values as named places."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    spelled, taken = [""], dict[str, int]()
    for value in node.values if isinstance(node, ast.JoinedStr) else ():
        if isinstance(value, ast.FormattedValue):
            expression = value.value
            pieces = _choice(expression) or [_place(expression, taken)]
        else:
            pieces = _spelled(value)
        spelled = [before + piece for before in spelled for piece in pieces]
    return spelled


def _choice(node: ast.expr) -> list[str]:
    """Both words of a choice between two, otherwise nothing."""
    match node:
        case ast.IfExp(body=ast.Constant(value=str(one)), orelse=ast.Constant(value=str(other))):
            return [one, other]
        case _:
            return []


def _place(node: ast.expr, taken: dict[str, int]) -> str:
    """``{title}`` for ``host.title``; a second value of that name is ``{title2}``."""
    names = [inner.attr if isinstance(inner, ast.Attribute) else inner.id for inner in _named(node)]
    name = re.sub(r"\W", "", names[0]).strip("_").lower() if names else "value"
    taken[name] = taken.get(name, 0) + 1
    return f"{{{name}{taken[name] if taken[name] > 1 else ''}}}"


def _named(node: ast.expr) -> list[ast.Attribute | ast.Name]:
    return [inner for inner in ast.walk(node) if isinstance(inner, (ast.Attribute, ast.Name))]


def is_sentence(text: str) -> bool:
    """Whether a literal is words for a person, and enough of them to be known again."""
    words = re.sub(r"\{\w+\}", "", text)
    return (
        " " in text
        and "\n" not in text
        and "{{" not in text  # a brace beside a value: no template of ours can say that
        and len(re.findall(r"[A-Za-z]", words)) >= _FEWEST_LETTERS
        and len(re.findall(r"[A-Za-z’']{2,}", words)) >= 2
        and not _NO_SENTENCE.search(words)
    )


def _from_plans(folder: Path) -> Iterator[str]:
    """The warnings that a change plan of the files server can hold."""
    for name, functions in PLAN_WARNINGS.items():
        for node in ast.parse((folder / name).read_text(encoding="utf-8")).body:
            match node:
                case ast.FunctionDef(name=function) if function in functions:
                    yield from _templates(ast.Module([node], []))
                case ast.Assign(targets=[ast.Name(id="WARNING")]):
                    yield from _templates(ast.Module([node], []))


def _from_definitions(folder: Path) -> Iterator[str]:
    """What the definitions of hosts and servers say to a person."""
    for path in sorted(folder.glob("hosts/*.toml")):
        definition = tomllib.loads(path.read_text(encoding="utf-8"))
        if hint := definition.get("restart", {}).get("hint"):
            yield hint
    for path in sorted(folder.glob("servers/*.toml")):
        yield tomllib.loads(path.read_text(encoding="utf-8"))["description"]
