"""Looking into files: complete, in order, and never into what is hidden, secret or outside."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from ostiary_servers.common.budget import RESULT_BUDGET_BYTES
from tests.support.files_server import files as files
from tests.support.files_server import folder as folder
from tests.support.files_server import folders as folders
from tests.support.files_server import root as root
from tests.support.server_client import ServerClient, text_of

pytestmark = pytest.mark.anyio

EXPLODING = "(a+)+$"


async def search(files: ServerClient, path: Path, query: str, **options: Any) -> dict[str, Any]:
    return await files.succeed("search_text", path=str(path), query=query, **options)


def lines(found: dict[str, Any], top: Path) -> list[tuple[str, int, str]]:
    return [(os.path.relpath(match["path"], top), match["line"], match["text"]) for match in found["matches"]]


async def test_each_line_that_fits_is_found_once_in_the_order_of_the_tree(files: ServerClient, folder: Path) -> None:
    (folder / "b").mkdir()
    (folder / "a-b").mkdir()
    (folder / "b" / "x.txt").write_text("no\nneedle and needle\r\nNeedle\n")
    (folder / "a-b" / "y.txt").write_text("a needle")
    (folder / "latin.txt").write_bytes(b"caf\xe9 needle\n")
    (folder / "wide.txt").write_bytes("ein\nzwölf needle\n".encode("utf-16"))
    (folder / "binary").write_bytes(b"\0needle")
    assert lines(await search(files, folder, "needle"), folder) == [
        ("a-b/y.txt", 1, "a needle"),
        ("b/x.txt", 2, "needle and needle"),
        ("latin.txt", 1, "café needle"),
        ("wide.txt", 2, "zwölf needle"),
    ]
    assert len((await search(files, folder, "needle", ignoreCase=True))["matches"]) == 5
    assert lines(await search(files, folder, "^Ne+dle$", regex=True, glob="*.txt"), folder) == [
        ("b/x.txt", 3, "Needle")
    ]
    assert lines(await search(files, folder / "b" / "x.txt", "Needle"), folder) == [("b/x.txt", 3, "Needle")]


async def test_nothing_found_is_no_error_and_a_wrong_pattern_is_one(files: ServerClient, folder: Path) -> None:
    (folder / "a").write_text("a (b")
    assert (await search(files, folder, "needle"))["matches"] == []
    assert len((await search(files, folder, "(b"))["matches"]) == 1
    error = await files.fail("search_text", path=str(folder), query="(b", regex=True)
    assert error["code"] == "invalid_arguments"
    assert "unclosed group" in error["message"]
    assert (await files.fail("search_text", path=str(folder / "none"), query="x"))["code"] == "not_found"


async def test_lines_around_a_match_are_shown_and_long_ones_are_cut(files: ServerClient, folder: Path) -> None:
    (folder / "a.txt").write_text("1\n2\n3 needle\n4\n5\n")
    (match,) = (await search(files, folder, "needle", context=1))["matches"]
    assert (match["before"], match["after"]) == (["2"], ["4"])
    (folder / "a.txt").write_text("x" * 1_000_000 + " needle " + "y" * 1_000_000)
    result = await files.call("search_text", path=str(folder), query="needle")
    assert "needle" in text_of(result)
    assert len(text_of(result)) < 1_000


@pytest.mark.parametrize("count", [600, 6_000])
async def test_pages_join_without_a_gap_or_a_repeat(files: ServerClient, folder: Path, count: int) -> None:
    for number in range(6):
        (folder / f"f{number}").write_text("needle\n" * (count // 6))
    seen: list[tuple[str, int, str]] = []
    cursor = None
    while True:
        found = await search(files, folder, "needle", limit=500, cursor=cursor)
        seen += lines(found, folder)
        cursor = found["nextCursor"]
        if cursor is None or len(seen) >= 2_000:
            break
        result = await files.call("search_text", path=str(folder), query="needle", limit=500, cursor=cursor)
        assert len(text_of(result).encode()) <= RESULT_BUDGET_BYTES
    expected = [(f"f{number}", line, "needle") for number in range(6) for line in range(1, count // 6 + 1)]
    assert seen == expected[: len(seen)]
    assert len(seen) >= min(count, 2_000)


async def test_hidden_secret_and_linked_files_are_left_out_and_told(
    files: ServerClient, folder: Path, root: Path
) -> None:
    (folder / ".gitignore").write_text("*.log\n")
    (folder / "a.log").write_text("needle")
    (folder / ".env").write_text("needle")
    (folder / ".ssh").mkdir()
    (folder / ".ssh" / "config").write_text("needle")
    (folder / "link").symlink_to(root.parent / "outside.txt")
    (folder / "a.txt").write_text("needle")
    found = await search(files, folder, "needle")
    assert lines(found, folder) == [("a.txt", 1, "needle")]
    assert (found["ignored"], found["withheld"]) == (1, 2)
    found = await search(files, folder, "needle", respectGitignore=False)
    assert [name for name, _, _ in lines(found, folder)] == ["a.log", "a.txt"]


async def test_a_file_that_is_not_searched_though_it_is_named_is_an_error_and_not_nothing_found(
    files: ServerClient, folder: Path
) -> None:
    (folder / "id_rsa").write_text("needle")
    assert (await files.fail("search_text", path=str(folder / "id_rsa"), query="needle"))["code"] == "denied_by_policy"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
async def test_a_named_pipe_is_not_waited_for(files: ServerClient, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert (await files.fail("search_text", path=str(folder / "pipe"), query="x"))["code"] == "not_regular_file"
    assert (await search(files, folder, "x"))["complete"]


@pytest.mark.parametrize("call", [{"query": "a\0"}, {"query": "one\ntwo"}, {"query": "a", "glob": "\0"}])
async def test_what_no_line_can_hold_is_refused_with_what_to_do(
    files: ServerClient, folder: Path, call: dict[str, Any]
) -> None:
    told = await files.fail("search_text", path=str(folder), **call)
    assert (told["code"], "part of one line" in told["hint"]) == ("invalid_arguments", True)


async def test_only_what_may_hold_secrets_counts_as_withheld(files: ServerClient, folder: Path) -> None:
    for name in ("a.txt", "b.md", "c.md", ".env", "id_rsa"):
        (folder / name).write_text("needle")
    for glob in ("*.txt", "!*.md"):
        found = await search(files, folder, "needle", glob=glob)
        assert [name for name, _, _ in lines(found, folder)] == ["a.txt"]
        assert found["withheld"] == 2


async def test_text_that_an_old_encoding_hides_is_told_of(files: ServerClient, folder: Path) -> None:
    (folder / "old.txt").write_bytes("café".encode("latin-1"))
    said = await files.call("search_text", path=str(folder), query="café")
    assert "only ASCII text is found" in str(said.content)
    assert "only ASCII" not in str((await files.call("search_text", path=str(folder), query="cafe")).content)


async def test_a_query_is_never_taken_for_an_option(files: ServerClient, folder: Path) -> None:
    (folder / "--files").write_text("--pre=touch")
    assert lines(await search(files, folder, "--pre=touch"), folder) == [("--files", 1, "--pre=touch")]
    assert len((await search(files, folder / "--files", "--pre"))["matches"]) == 1
    assert len((await search(files, folder, "pre", glob="--files"))["matches"]) == 1


async def test_a_name_with_a_line_end_is_one_name(files: ServerClient, folder: Path) -> None:
    (folder / "two\nlines.txt").write_text("needle")
    assert lines(await search(files, folder, "needle"), folder) == [("two\nlines.txt", 1, "needle")]


async def test_a_pattern_that_explodes_does_not(files: ServerClient, folder: Path) -> None:
    (folder / "a.txt").write_text("a" * 5_000 + "!")
    assert (await search(files, folder, EXPLODING, regex=True))["matches"] == []


async def test_rules_that_never_end_are_none(files: ServerClient, folder: Path) -> None:
    (folder / "a.txt").write_text("needle\n")
    (folder / ".gitignore").symlink_to("/dev/zero")
    found = await files.succeed("search_text", path=str(folder), query="needle")
    assert ([match["line"] for match in found["matches"]], found["complete"]) == ([1], True)
