"""What sort of file one is, by its path and how it begins. Pure."""

import re
from enum import StrEnum
from pathlib import PurePath

from ostiary_servers.code.syntax.languages import NOT_UNDERSTOOD, is_generated, language_by_name


class FileKind(StrEnum):
    """What a file is for, in the broadest terms."""

    LIBRARY = "library"
    ENTRYPOINT = "entrypoint"
    TEST = "test"
    CONFIG = "config"
    GENERATED = "generated"
    DOCS = "docs"
    DATA = "data"
    BINARY = "binary"


_TEST_FOLDERS = {"test", "tests", "testing", "spec", "specs", "__tests__", "testdata", "fixtures", "e2e"}
_TEST_NAME = re.compile(r"(?:^test_.*|.*_test|.*_spec|.*\.test|.*\.spec|^conftest|.*Tests?|.*Spec)\.[A-Za-z]+$")
_DOCS = {".md", ".rst", ".txt", ".adoc", ".org", ".tex", ".1"}
_DOC_NAMES = re.compile(
    r"^(README|LICEN[CS]E|CHANGELOG|CHANGES|HISTORY|NOTICE|AUTHORS|CONTRIBUTING|COPYING|SECURITY)", re.I
)
_CONFIG = {
    ".toml",
    ".ini",
    ".cfg",
    ".conf",
    ".yml",
    ".yaml",
    ".properties",
    ".env",
    ".editorconfig",
    ".service",
    ".tf",
    ".cmake",
}
_CONFIG_NAMES = re.compile(
    r"^(Makefile|Dockerfile|Containerfile|Justfile|Jenkinsfile|Vagrantfile|Procfile|CMakeLists\.txt|meson\.build|go\.mod"
    r"|package\.json|tsconfig.*\.json|.*\.config\.[cm]?[jt]s|\.[a-z]+rc(\.\w+)?|\.git(ignore|attributes|modules)"
    r"|\.dockerignore|(requirements|constraints).*\.txt|setup\.py|setup\.cfg|Gemfile|Rakefile|build\.gradle(\.kts)?|pom\.xml|BUILD|WORKSPACE)$"
)
_LOCKS = re.compile(
    r"^(.*\.lock|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.sum|pylock.*\.toml|bun\.lockb?)$"
)
_DATA = {
    ".json",
    ".csv",
    ".tsv",
    ".xml",
    ".sql",
    ".jsonl",
    ".ndjson",
    ".svg",
    ".po",
    ".ts",
    ".parquet",
    ".geojson",
    ".html",
}
_ENTRY_NAMES = re.compile(
    r"^(__main__\.py|main\.(go|rs|c|cc|cpp|kt|swift|py|ts|js)|manage\.py|Main\.(java|kt)|Program\.cs|App\.(tsx|jsx))$"
)
_ENTRY_MARKS = re.compile(
    rb"^if __name__ == [\"']__main__[\"']|^func main\(\)|^(?:async )?fn main\(|\bint main\s*\("
    rb"|static void [Mm]ain\(|\A#!",
    re.MULTILINE,
)


def is_test(path: str) -> bool:
    """Whether the path, relative to its repository, is that of a test."""
    pure = PurePath(path)
    return bool(_TEST_NAME.match(pure.name)) or any(part in _TEST_FOLDERS for part in pure.parts[:-1])


def kind_of(path: str, content: bytes | None) -> tuple[FileKind, str]:
    """The kind, and the reason for saying so; ``content`` is None for what is no text."""
    pure = PurePath(path)
    name, suffix = pure.name, pure.suffix.lower()
    if content is None:
        return FileKind.BINARY, "it is not text"
    if _LOCKS.match(name):
        return FileKind.GENERATED, f"{name} is written by a package manager"
    if is_generated(content) and (language_by_name(path) or suffix in NOT_UNDERSTOOD):
        return FileKind.GENERATED, "it says at its top that a program wrote it"
    if is_test(path):
        return FileKind.TEST, "its name or folder is that of tests"
    if _CONFIG_NAMES.match(name) or suffix in _CONFIG:
        return FileKind.CONFIG, f"{name} configures a tool"
    if suffix in _DOCS or _DOC_NAMES.match(name):
        return FileKind.DOCS, "it is written for people"
    if suffix in _DATA and (suffix != ".ts" or content.lstrip()[:5] in {b"<?xml", b"<!DOC"}):
        return FileKind.DATA, f"a file ending in {suffix} holds data"
    if _ENTRY_NAMES.match(name) or _ENTRY_MARKS.search(content):
        return FileKind.ENTRYPOINT, "a program begins here"
    return FileKind.LIBRARY, "nothing marks it as a program, a test or a setting"
