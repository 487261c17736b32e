"""Definitions against universal-ctags, an independent reader of the same languages.

What is compared is functions, methods and types by name and line. Differences are listed with ``pytest -s``.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary_servers.code.syntax.languages import BY_NAME, language_of, reason_to_skip
from ostiary_servers.code.syntax.parsers import ParseFailedError, Parsers

FOLDERS = os.environ.get("OSTIARY_SOURCES", "")
"""Folders with sources to compare on, separated as in PATH; the standard library of Python is always one."""

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

AGREEMENT = 0.995
"""Where a preprocessor's conditions leave the braces of C unmatched, a parser without one loses its way, and ctags
guesses. Of Java, ctags lists constants of an enum that have a body as classes."""

FILES_LIMIT = 400

pytestmark = pytest.mark.skipif(shutil.which("ctags") is None, reason="universal-ctags is not installed")


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    pool = Parsers(budget_s=10)
    yield pool
    pool.close()


def sources(language: str) -> list[Path]:
    """Files to compare on, at most ``FILES_LIMIT``."""
    folders = [
        Path(os.__file__).parent / "asyncio",
        Path(os.__file__).parent / "email",
        *map(Path, filter(None, FOLDERS.split(os.pathsep))),
    ]
    found = []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        if path.suffix in BY_NAME[language].suffixes or (language == "c" and path.suffix == ".h"):
            content = path.read_bytes()
            told = language_of(str(path), content)
            if told is not None and told.name == language and reason_to_skip(content) is None:
                found.append(path)
    return found[:: max(1, len(found) // FILES_LIMIT)]


def by_ctags(path: Path, language: str) -> set[tuple[str, int]]:
    command = ["ctags", "--output-format=json", "--fields=+nK", "--extras=", "-f", "-", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, errors="replace").stdout
    tags = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    wanted = {(tag["name"], tag["line"]) for tag in tags if tag.get("kind") in KINDS[language]}
    return {(name, line) for name, line in wanted if not (language == "c" and MACRO.fullmatch(name))}


def by_outline(parsers: Parsers, path: Path, language: str) -> set[tuple[str, int]]:
    try:
        outline = parsers.outline(BY_NAME[language], path.read_bytes())
    except ParseFailedError:
        return set()
    return {(each.name, each.name_line) for each in outline.definitions}


@pytest.mark.parametrize("language", KINDS)
def test_what_ctags_finds_is_found(parsers: Parsers, language: str) -> None:
    paths = sources(language)
    if not paths:
        pytest.skip(f"no sources in {language}: name folders in OSTIARY_SOURCES")
    expected, missing = 0, []
    for path in paths:
        tags = by_ctags(path, language)
        expected += len(tags)
        missing += [f"{path}:{line} {name}" for name, line in sorted(tags - by_outline(parsers, path, language))]
    print(f"{language}: {len(paths)} files, {expected} definitions, {len(missing)} missing", *missing, sep="\n  ")
    assert len(missing) <= (1 - AGREEMENT) * expected, missing[:40]
