"""``summarize_file_purpose``: every statement has its evidence, and every sort of file is recognised."""

from pathlib import Path

import pytest

from ostiary_servers.code.arguments import SummarizeFilePurpose
from ostiary_servers.code.kinds import kind_of
from ostiary_servers.code.purpose.answers import FilePurpose
from ostiary_servers.code.purpose.imports import means
from ostiary_servers.code.purpose.operation import summarize_file_purpose
from ostiary_servers.common.errors import ToolError
from tests.support.code_server import analysis_of, commit, new_repository, write

FILES = {
    "src/app/__init__.py": "",
    "src/app/store.py": '# Copyright\n"""Keeps things on disk. More.\n\nOther words."""\n\nimport os\n\n\n'
    'class Store:\n    """One store."""\n\n    def get(self): ...\n\n\ndef _own(): ...\n',
    "src/app/web.py": "from app.store import Store\n",
    "src/app/cli.py": "import os\nfrom .store import Store\n",
    "src/app/other.py": "# store is only a word here\nimport storage\n",
    "tests/test_store.py": "from app import store\n",
    "README.md": "# My application\n\nText.\n",
    "package.json": '{"name": "x", "description": "Does a thing."}\n',
    ".env": "PASSWORD=hunter2\n",
    "a.bin": "\0\1",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = new_repository(tmp_path / "app")
    commit(folder, "add: the store", FILES)
    return folder


def purpose(root: Path, path: str) -> FilePurpose:
    with analysis_of(root) as analysis:
        answer = summarize_file_purpose(analysis, SummarizeFilePurpose(file_path=path))
    assert isinstance(answer.structured, FilePurpose)
    assert answer.structured.headline in answer.text
    return answer.structured


def test_a_file_is_explained_by_what_it_says_holds_and_is_used_for(repository: Path) -> None:
    found = purpose(repository, "src/app/store.py")
    assert (found.kind, found.language, found.confidence) == ("library", "python", "high")
    assert found.headline == "Keeps things on disk."
    assert [each.name for each in found.exports] == ["Store"]
    assert found.imported_by.count == 2
    assert {Path(each).name for each in found.imported_by.top} == {"web.py", "cli.py"}
    assert [Path(each).name for each in found.tests] == ["test_store.py"]
    assert found.commits_90_days == 1


def test_every_statement_stands_where_its_evidence_says(repository: Path) -> None:
    found = purpose(repository, "src/app/store.py")
    said = {each.source: (Path(each.path).name, each.line, each.text) for each in found.evidence}
    assert said["docstring"] == ("store.py", 2, "Keeps things on disk. More.")
    assert said["symbols"] == ("store.py", 9, "Defines class Store")
    assert said["importers"][:2] == ("cli.py", 2)
    assert said["tests"][:2] == ("test_store.py", 1)
    assert "add: the store" in said["commits"][2]
    assert all(each.text.rstrip(".") in found.summary for each in found.evidence)


def test_a_commit_of_long_ago_is_evidence_too(tmp_path: Path) -> None:
    folder = new_repository(tmp_path / "app")
    long_ago = "2001-09-09T01:46:40+0000"
    commit(folder, "add: the store", FILES, GIT_AUTHOR_DATE=long_ago, GIT_COMMITTER_DATE=long_ago)
    found = purpose(folder, "src/app/store.py")
    assert [each.source for each in found.evidence].count("commits") == 1
    assert found.commits_90_days == 0


@pytest.mark.parametrize(
    ("path", "kind", "headline"),
    [
        ("README.md", "docs", "My application"),
        ("package.json", "config", "Does a thing."),
        ("a.bin", "binary", "Binary: "),
        ("tests/test_store.py", "test", "Test: "),
    ],
)
def test_what_is_no_library_is_recognised_as_what_it_is(repository: Path, path: str, kind: str, headline: str) -> None:
    found = purpose(repository, path)
    assert found.kind == kind
    assert found.headline.startswith(headline)


def test_nothing_of_a_file_with_secrets_is_told(repository: Path) -> None:
    found = purpose(repository, ".env")
    assert "hunter2" not in found.model_dump_json()
    assert "left out" in found.notes[0]


def test_a_file_outside_and_a_file_that_is_not_there_are_errors(repository: Path, tmp_path: Path) -> None:
    for path, code in (("/etc/passwd", "outside_roots"), ("src/none.py", "not_found"), ("src", "not_regular_file")):
        with pytest.raises(ToolError) as error:
            purpose(repository, path)
        assert error.value.code == code


def test_a_name_that_is_nearly_right_is_answered_with_the_files_it_may_mean(repository: Path) -> None:
    for path in ("store.py", "src/app/stroe.py"):
        with pytest.raises(ToolError) as error:
            purpose(repository, path)
        assert f"“{repository}/src/app/store.py”" in error.value.hint
    with pytest.raises(ToolError) as error:
        purpose(repository, "quite-another.thing")
    assert error.value.hint == "Check the spelling; a path is absolute, or begins in the repository."


@pytest.mark.parametrize(
    ("name", "content", "headline", "line"),
    [
        ("a.py", "# Description\n#\n# Turns words into numbers. And back.\n\nx = 1\n", "Turns words into numbers.", 3),
        (
            "a.md",
            "# Title\n\n![badge](x)\n\nIt keeps\neverything in order. More.\n",
            "Title: It keeps everything in order.",
            1,
        ),
        ("a.yml", "version: 3\n", "Config: a.yml configures a tool", 0),
    ],
)
def test_the_headline_is_what_says_most(tmp_path: Path, name: str, content: str, headline: str, line: int) -> None:
    folder = new_repository(tmp_path / "app")
    commit(folder, "one", {name: content})
    found = purpose(folder, name)
    assert found.headline == headline
    if line:
        assert found.evidence[0].line == line


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_file_says_the_same_whatever_ends_its_lines(tmp_path: Path, ending: str) -> None:
    told = "Guide\n=====\n\nThis tells how to begin.\n\nMore."
    found = purpose(write(tmp_path, {"guide.rst": told.replace("\n", ending)}), "guide.rst")
    assert [(each.source, each.text, each.line) for each in found.evidence[:2]] == [
        ("heading", "Guide", 1),
        ("paragraph", "This tells how to begin.", 4),
    ]


@pytest.mark.parametrize(("content", "lines"), [("", 0), ("a = 1", 1), ("a = 1\n", 1), ("a = 1\nb = 2", 2)])
def test_the_last_line_counts_whether_or_not_it_is_ended(tmp_path: Path, content: str, lines: int) -> None:
    assert purpose(write(tmp_path, {"a.py": content}), "a.py").lines == lines


def test_lines_of_a_file_that_was_not_read_to_its_end_are_told_as_such(tmp_path: Path) -> None:
    found = purpose(write(tmp_path, {"a.csv": "1,2\n" * 500_000}), "a.csv")
    assert (found.lines, found.size_bytes) == (375_001, 2_000_000)
    assert "first 1,500,000 bytes" in found.notes[0]


def test_a_file_of_go_is_imported_with_its_package(tmp_path: Path) -> None:
    files = {
        "go.mod": "module x\n",
        "cmd/main.go": 'package main\n\nimport "x/pkg/run"\n\nfunc main() { run.Go() }\n',
        "pkg/run/run.go": "package run\n\nfunc Go() {}\n",
    }
    said = {each.source: each.text for each in purpose(write(tmp_path, files), "pkg/run/run.go").evidence}
    assert said["importers"] == "1 file imports its package: main.go"


def test_without_git_there_are_no_commits_and_no_error(tmp_path: Path) -> None:
    assert purpose(write(tmp_path, {"a.py": "x = 1\n"}), "a.py").commits_90_days is None


@pytest.mark.parametrize(
    ("language", "importer", "text", "target", "meant"),
    [
        ("python", "a/b/c.py", "from ..x import y", "a/x.py", True),
        ("python", "a/b/c.py", "from .x import y", "a/x.py", False),
        ("python", "a/b/c.py", "from . import x", "a/b/x.py", True),
        ("python", "z.py", "import pkg.mod as m, os", "src/pkg/mod.py", True),
        ("python", "z.py", "from pkg import mod", "src/pkg/__init__.py", True),
        ("python", "z.py", "import utils", "deep/inside/utils.py", False),
        ("typescript", "src/a/b.ts", '"../c"', "src/c/index.ts", True),
        ("tsx", "src/a/b.tsx", '"@/components/Button"', "src/components/Button.tsx", True),
        ("javascript", "a.js", '"./b.js"', "b.js", True),
        ("javascript", "a.js", '"lodash"', "src/x/lodash.js", False),
        ("go", "cmd/main.go", '"example.org/app/pkg/run"', "pkg/run/run.go", True),
        ("go", "cmd/main.go", '"fmt"', "pkg/fmt/x.go", False),
        ("rust", "src/main.rs", "mod net;", "src/net.rs", True),
        ("rust", "src/net/mod.rs", "mod tcp;", "src/net/tcp.rs", True),
        ("rust", "src/main.rs", "use crate::net::tcp::{A, B};", "src/net/tcp.rs", True),
        ("java", "x/Y.java", "import org.app.Store;", "src/main/java/org/app/Store.java", True),
        ("c", "src/a.c", '"net/tcp.h"', "include/net/tcp.h", True),
        ("ruby", "lib/a.rb", "'./b'", "lib/b.rb", True),
        ("php", "a.php", "use App\\Store\\Disk;", "src/App/Store/Disk.php", True),
        ("lua", "a.lua", '"net.tcp"', "src/net/tcp.lua", True),
    ],
)
def test_an_import_means_the_file_it_names(language: str, importer: str, text: str, target: str, meant: bool) -> None:
    assert means(language, importer, text, target) is meant


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [
        ("x/main.go", b"package main\nfunc main() {}\n", "entrypoint"),
        ("x/a_test.go", b"package a\n", "test"),
        ("x/a.pb.go", b"// Code generated by protoc. DO NOT EDIT.\n", "generated"),
        ("poetry.lock", b"", "generated"),
        ("de.ts", b"<?xml version='1.0'?><TS/>", "data"),
        ("a.ts", b"export {}", "library"),
        ("Dockerfile", b"FROM x", "config"),
        ("LICENSE", b"MIT", "docs"),
        ("data.csv", b"a,b", "data"),
        ("x.py", b"if __name__ == '__main__':\n    go()\n", "entrypoint"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_name_and_its_beginning(path: str, content: bytes, kind: str) -> None:
    assert kind_of(path, content)[0] == kind
