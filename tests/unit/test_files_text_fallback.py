"""Without ripgrep the same lines are found, and a pattern that explodes is ended with its process."""

from pathlib import Path

import pytest

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.files.operations.text_search.engine import Hit, Query, Search, Told, find_ripgrep


def run(folder: Path, query: Query, rg: Path | None, time_limit_s: float = 30.0) -> tuple[list[Hit], Told]:
    with Search(query, str(folder), ".", in_order=False, rg=rg, time_limit_s=time_limit_s) as search:
        return sorted(search.hits()), search.told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("one\ntwo needle needle\nNEEDLE\n")
    (tmp_path / "b.txt").write_bytes(b"caf\xe9 needle")
    (tmp_path / "c.log").write_text("needle")
    (tmp_path / ".env").write_text("needle")
    (tmp_path / ".gitignore").write_text("*.log\n")
    return tmp_path


@pytest.mark.parametrize(
    "query",
    [
        Query("needle", regex=False, ignores_case=False, glob="", respects_gitignore=True),
        Query("needle", regex=False, ignores_case=True, glob="", respects_gitignore=False),
        Query("^n.*e$|two", regex=True, ignores_case=True, glob="*.py", respects_gitignore=True),
    ],
)
def test_it_finds_what_ripgrep_finds(folder: Path, query: Query) -> None:
    found, told = run(folder, query, None)
    assert found == run(folder, query, find_ripgrep())[0]
    assert found
    assert told.ignored == query.respects_gitignore


def test_ripgrep_came_with_its_wheel() -> None:
    assert find_ripgrep() is not None


def test_a_pattern_that_is_none_is_told(folder: Path) -> None:
    query = Query("(", regex=True, ignores_case=False, glob="", respects_gitignore=True)
    for rg in (None, find_ripgrep()):
        with pytest.raises(ToolError) as error:
            run(folder, query, rg)
        assert error.value.code is ErrorCode.INVALID_ARGUMENTS


def test_a_pattern_that_explodes_is_ended(folder: Path) -> None:
    (folder / "a.txt").write_text("a" * 60 + "!")
    query = Query("(a+)+$", regex=True, ignores_case=False, glob="", respects_gitignore=True)
    assert not run(folder, query, None, time_limit_s=2.0)[1].complete
