"""Definitions against universal-ctags, an independent reader of the same languages.

What is compared is functions, methods and types by name and line. Differences are listed with ``pytest -s``.
"""

import json
import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary_servers.code.syntax.languages import BY_NAME, language_of, reason_to_skip
from ostiary_servers.code.syntax.parsers import ParseFailedError, Parsers
from tests.bench import code_repository
from tests.support.code_server import SOURCES
from tests.support.node_packages import FOLDER as NODE_PACKAGES

KINDS = {
    "python": {"function", "member", "class"},
    "go": {"func", "struct", "interface", "methodSpec"},
    "java": {"class", "interface", "enum", "method"},
    "c": {"function", "struct", "union", "enum"},
    "rust": {"function", "method", "struct", "enum", "interface"},
    "typescript": {"function", "class", "interface", "method", "enum", "alias"},
}
MACRO = re.compile(r"[A-Z][A-Z0-9_]*")
"""In C, ctags takes ``TEST_BEGIN(name) {`` for a function of that name; which it is, only the preprocessor knows."""

NO_NAMES = {"as", "extends", "false", "from", "new", "override", "true", "typeof", "unknown", "void"}
"""Words of TypeScript that universal-ctags 5.9 takes for names: ``override [Symbol.iterator]()``, ``x.type as T``."""

NO_DECLARATION = (
    r"[{{,(]\s*type\s+{name}\b|^\s*type\s+{name}(?:\s+as\s+\w+)?\s*,?\s*$|(?:import|export)\s+type\s+[{{\w]"
)
"""Of TypeScript, ctags 5.9 takes every name in ``import { type T }`` and ``import type T`` for an alias made there."""

AGREEMENT = 0.995
"""Where a preprocessor's conditions leave the braces of C unmatched, a parser without one loses its way, and ctags
guesses. Of Java, ctags lists constants of an enum that have a body as classes."""

FILES_LIMIT = 400

RUST = """
/// A shape.
pub trait Shape { fn area(&self) -> f64; fn name() -> String { String::new() } }
pub struct Square(f64);
pub(crate) enum Side { Left, Right }
impl<T> Shape for Holder<T> where T: Copy { fn area(&self) -> f64 { 1.0 } }
mod inner { pub async fn fetch() {} unsafe extern "C" fn raw() {} const fn fixed() -> u8 { 0 } }
impl Square { pub fn new(side: f64) -> Self { Square(side) } fn grow(&mut self) {} }
struct Empty;
fn outer() { fn nested() {} nested() }
"""
"""The one language of the six that ``code_repository`` does not write."""

pytestmark = pytest.mark.skipif(shutil.which("ctags") is None, reason="universal-ctags is not installed")


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    pool = Parsers(budget_s=10)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sources in Python, Go, TypeScript, C and Java."""
    folder = tmp_path_factory.mktemp("made")
    for path, text in code_repository.sources(50):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    (folder / "lib.rs").write_text(RUST)
    return folder


def sources(language: str, made: Path, limit: int) -> list[Path]:
    """Files to compare on, at most about ``limit``: out of Python's own library and headers, the npm packages of other
    tests, what is made, and the folders that were given."""
    folders = [
        made,
        Path(os.__file__).parent / "asyncio",
        Path(os.__file__).parent / "email",
        Path(sysconfig.get_path("include")),
        NODE_PACKAGES / "node_modules" / "@modelcontextprotocol",
        *SOURCES,
    ]
    found = []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        if path.suffix in BY_NAME[language].suffixes or (language == "c" and path.suffix == ".h"):
            content = path.read_bytes()
            told = language_of(str(path), content)
            if told is not None and told.name == language and reason_to_skip(content) is None:
                found.append(path)
    return found[:: max(1, len(found) // limit)]


def by_ctags(path: Path, language: str) -> set[tuple[str, int]]:
    command = ["ctags", "--output-format=json", "--fields=+nK", "--extras=", "-f", "-", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, errors="replace").stdout
    tags = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    wanted = {(tag["name"], tag["line"]) for tag in tags if tag.get("kind") in KINDS[language]}
    lines = path.read_text("utf-8", errors="replace").split("\n") if language == "typescript" else []
    return {(name, line) for name, line in wanted if not is_mistaken(language, name, lines[line - 1 : line])}


def is_mistaken(language: str, name: str, text: list[str]) -> bool:
    """Whether ctags, by what is known of it, took something else for a definition; ``text``: the line it names."""
    match language:
        case "c":
            return bool(MACRO.fullmatch(name))
        case "typescript":
            pattern = NO_DECLARATION.format(name=re.escape(name))
            return name in NO_NAMES or any(re.search(pattern, line) for line in text)
        case _:
            return False


def by_outline(parsers: Parsers, path: Path, language: str) -> set[tuple[str, int]]:
    try:
        outline = parsers.outline(BY_NAME[language], path.read_bytes())
    except ParseFailedError:
        return set()
    return {(each.name, each.name_line) for each in outline.definitions}


@pytest.mark.parametrize(
    "limit", [FILES_LIMIT, pytest.param(10**6, marks=[pytest.mark.soak, pytest.mark.timeout(7_200)])]
)
@pytest.mark.parametrize("language", KINDS)
def test_what_ctags_finds_is_found(parsers: Parsers, made: Path, language: str, limit: int) -> None:
    paths = sources(language, made, limit)
    expected, missing = 0, []
    for path in paths:
        tags = by_ctags(path, language)
        expected += len(tags)
        missing += [f"{path}:{line} {name}" for name, line in sorted(tags - by_outline(parsers, path, language))]
    print(f"{language}: {len(paths)} files, {expected} definitions, {len(missing)} missing", *missing, sep="\n  ")
    assert expected > 10
    assert len(missing) <= (1 - AGREEMENT) * expected, missing[:40]
