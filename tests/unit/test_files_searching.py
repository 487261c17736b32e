"""Searching for names: complete and in order, whatever the tree is like."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostiary_servers.common.budget import NameCursor
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.path_names import MAX_NAME_BYTES, MAX_PATH_BYTES
from ostiary_servers.common.roots import fixed_roots
from ostiary_servers.files.answers import SearchMatches
from ostiary_servers.files.arguments import SearchFiles
from ostiary_servers.files.operations.searching import search_files

DEEPER_THAN_PYTHON_CALLS = 1_200

paths = st.lists(st.lists(st.sampled_from(["a", "a.b", "a-b", "b", "Z"]), min_size=1, max_size=4), max_size=12)


def search(root: Path, pattern: str, cursor: str | None = None) -> SearchMatches:
    call = SearchFiles.parse({"path": str(root), "pattern": pattern, "cursor": cursor})
    answer = search_files(PathGate(fixed_roots([str(root)], [])), call).structured
    assert isinstance(answer, SearchMatches)
    return answer


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths)
def test_going_on_after_any_match_gives_exactly_the_matches_behind_it(
    tmp_path_factory: pytest.TempPathFactory, paths: list[list[str]]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for parts in paths:
        root.joinpath(*parts).mkdir(parents=True, exist_ok=True)
    everything = search(root, "**").matches
    assert sorted(everything) == sorted(str(path) for path in root.rglob("*"))
    for number, match in enumerate(everything):
        cursor = NameCursor(Path(match).relative_to(root).parts).token()
        assert search(root, "**", cursor).matches == everything[number + 1 :]


@pytest.fixture
def deep_tree(tmp_path: Path) -> Iterator[Path]:
    folders = [tmp_path]
    for _ in range(DEEPER_THAN_PYTHON_CALLS):
        folders.append(folders[-1] / "d")
        folders[-1].mkdir()
    (folders[-1] / "needle").touch()
    yield tmp_path
    (folders[-1] / "needle").unlink()
    for folder in reversed(folders[1:]):
        folder.rmdir()


def test_a_tree_that_is_deeper_than_python_calls_is_searched_to_its_end(deep_tree: Path) -> None:
    assert len(search(deep_tree, "needle").matches) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs folders that are made from within")
def test_what_lies_too_deep_to_be_named_is_passed_over_and_told(tmp_path: Path) -> None:
    (tmp_path / "needle").touch()
    folders = [os.open(tmp_path, os.O_RDONLY)]
    try:
        for _ in range(MAX_PATH_BYTES // MAX_NAME_BYTES + 2):
            os.mkdir("d" * MAX_NAME_BYTES, dir_fd=folders[-1])
            folders.append(os.open("d" * MAX_NAME_BYTES, os.O_RDONLY, dir_fd=folders[-1]))
        os.close(os.open("needle", os.O_CREAT | os.O_WRONLY, dir_fd=folders[-1]))
        found = search(tmp_path, "needle")
        assert (found.matches, found.unreadable) == ([str(tmp_path / "needle")], 1)
        os.unlink("needle", dir_fd=folders[-1])
    finally:
        for below in reversed(folders):
            with suppress(FileNotFoundError):
                os.rmdir("d" * MAX_NAME_BYTES, dir_fd=below)
            os.close(below)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read_is_counted_and_passed_over(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    (tmp_path / "open.txt").touch()
    try:
        found = search(tmp_path, "*.txt")
    finally:
        (tmp_path / "locked").chmod(stat.S_IRWXU)
    assert (found.matches, found.unreadable) == ([str(tmp_path / "open.txt")], 1)
