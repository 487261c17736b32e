"""Looking at files in other ways than one text at a time: several, media, sizes, trees, lines by number."""

import base64
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest

from ostiary_servers.common.budget import RESULT_BUDGET_BYTES
from ostiary_servers.files.operations.media import MEDIA_LIMIT_BYTES
from tests.support.files_server import files as files
from tests.support.files_server import folder as folder
from tests.support.files_server import folders as folders
from tests.support.files_server import root as root
from tests.support.server_client import ServerClient, text_of

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def names(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["name"] for entry in entries]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_lines_are_read_by_their_numbers(files: ServerClient, folder: Path, encoding: str, newline: str) -> None:
    path = folder / "lines.txt"
    path.write_bytes(newline.join(["one", "zwölf Ċ", "three", "four"]).encode(encoding))
    read = await files.succeed("read_text_file", path=str(path), firstLine=2, lastLine=3)
    assert read["content"] == f"zwölf Ċ{newline}three{newline}"
    read = await files.succeed("read_text_file", path=str(path), firstLine=3)
    assert (read["content"], read["nextCursor"]) == (f"three{newline}four", None)
    error = await files.fail("read_text_file", path=str(path), firstLine=5)
    assert error["code"] == "invalid_arguments"


@pytest.mark.parametrize(
    "arguments",
    [
        {"tail": 1, "firstLine": 1},
        {"head": 1, "lastLine": 2},
        {"firstLine": 3, "lastLine": 2},
        {"firstLine": 0},
    ],
)
async def test_lines_that_contradict_each_other_are_refused(
    files: ServerClient, folder: Path, arguments: dict[str, Any]
) -> None:
    (folder / "a.txt").write_text("a\n")
    error = await files.fail("read_text_file", path=str(folder / "a.txt"), **arguments)
    assert error["code"] == "invalid_arguments"


async def test_the_old_name_of_reading_still_reads_and_says_that_it_is_old(files: ServerClient, folder: Path) -> None:
    (folder / "a.txt").write_text("a\n")
    assert (await files.succeed("read_file", path=str(folder / "a.txt")))["content"] == "a\n"
    described = {tool.name: tool.description or "" for tool in (await files.client.list_tools()).tools}
    assert described["read_file"].startswith("Deprecated")


async def test_a_picture_is_given_as_one_and_anything_else_as_a_file(files: ServerClient, folder: Path) -> None:
    (folder / "a.png").write_bytes(PNG)
    result = await files.call("read_media_file", path=str(folder / "a.png"))
    picture = result.content[-1]
    assert isinstance(picture, types.ImageContent)
    assert (picture.mime_type, base64.b64decode(picture.data)) == ("image/png", PNG)
    (folder / "false.png").write_bytes(b"no picture")
    result = await files.call("read_media_file", path=str(folder / "false.png"))
    embedded = result.content[-1]
    assert isinstance(embedded, types.EmbeddedResource)
    assert embedded.resource.mime_type == "application/octet-stream"


async def test_media_beyond_the_limit_are_refused(files: ServerClient, folder: Path) -> None:
    with (folder / "film.mp4").open("wb") as film:
        film.truncate(MEDIA_LIMIT_BYTES + 1)
    assert (await files.fail("read_media_file", path=str(folder / "film.mp4")))["code"] == "too_large"


async def test_several_files_are_read_and_those_that_cannot_be_are_told(files: ServerClient, folder: Path) -> None:
    (folder / "a.txt").write_text("a")
    (folder / "long.txt").write_text("long\n" * 20_000)
    (folder / ".env").write_text("KEY=1")
    (folder / "harmless").symlink_to(folder / ".env")
    paths = ["a.txt", "missing", "../../outside.txt", ".env", "harmless", "long.txt"]
    result = await files.call("read_multiple_files", paths=[str(folder / name) for name in paths])
    assert isinstance(result.structured_content, dict)
    read = result.structured_content["files"]
    assert [file["code"] for file in read] == [
        None,
        "not_found",
        "outside_roots",
        "denied_by_policy",
        "denied_by_policy",
        None,
    ]
    assert read[0]["content"] == "a"
    assert read[-1]["truncated"]
    assert "KEY=1" not in str(result)
    assert len(text_of(result).encode()) <= RESULT_BUDGET_BYTES
    rest = await files.succeed("read_text_file", path=str(folder / "long.txt"), cursor=read[-1]["nextCursor"])
    assert rest["startByte"] == len(read[-1]["content"])


async def test_many_files_together_stay_within_the_budget(files: ServerClient, folder: Path) -> None:
    for number in range(50):
        (folder / str(number)).write_text("word " * 2_000)
    result = await files.call("read_multiple_files", paths=[str(folder / str(number)) for number in range(50)])
    assert sum(len(file["content"]) for file in (result.structured_content or {})["files"]) <= RESULT_BUDGET_BYTES


async def test_paths_that_would_fill_the_answer_alone_are_refused(files: ServerClient, folder: Path) -> None:
    error = await files.fail("read_multiple_files", paths=[str(folder / ("x" * 250)) for _ in range(50)])
    assert error["code"] == "invalid_arguments"


async def test_a_folder_is_listed_by_size_or_name_page_by_page(files: ServerClient, folder: Path) -> None:
    for number in range(700):
        (folder / f"{number:04}").write_bytes(b"x" * (number % 7))
    (folder / "sub").mkdir()
    for order in ("name", "size"):
        pages = [await files.succeed("list_directory_with_sizes", path=str(folder), sortBy=order)]
        while pages[-1]["nextCursor"]:
            cursor = pages[-1]["nextCursor"]
            pages.append(
                await files.succeed("list_directory_with_sizes", path=str(folder), sortBy=order, cursor=cursor)
            )
        entries = [entry for page in pages for entry in page["entries"]]
        assert len(pages) > 1
        assert sorted(names(entries)) == names_in(folder)
        assert (pages[0]["files"], pages[0]["directories"]) == (700, 1)
        assert pages[0]["totalBytes"] == sum(number % 7 for number in range(700))
        if order == "size":
            sizes = [entry["sizeBytes"] or 0 for entry in entries]
            assert sizes == sorted(sizes, reverse=True)


async def test_a_cursor_of_another_order_is_refused(files: ServerClient, folder: Path) -> None:
    cursor = "WyJuYW1lIiwiYSJd"
    error = await files.fail("list_directory_with_sizes", path=str(folder), cursor=cursor)
    assert error["code"] == "bad_cursor"


async def test_a_tree_shows_what_is_below_a_folder_without_what_is_left_out(files: ServerClient, folder: Path) -> None:
    (folder / "src" / "deep").mkdir(parents=True)
    (folder / "src" / "deep" / "a.py").touch()
    (folder / "src" / "b.pyc").touch()
    (folder / "build").mkdir()
    (folder / ".gitignore").write_text("build/\n")
    tree = await files.succeed("directory_tree", path=str(folder), excludePatterns=["*.pyc"])
    assert names(tree["children"]) == [".gitignore", "src"]
    (src,) = [child for child in tree["children"] if child["name"] == "src"]
    assert names(src["children"]) == ["deep"]
    assert names(src["children"][0]["children"]) == ["a.py"]
    assert (tree["ignored"], tree["truncated"]) == (1, False)
    shallow = await files.succeed("directory_tree", path=str(folder), maxDepth=1, respectGitignore=False)
    assert names(shallow["children"]) == [".gitignore", "build", "src"]
    assert all(child["children"] is None for child in shallow["children"])


async def test_a_tree_that_does_not_fit_keeps_its_top_and_says_so(files: ServerClient, folder: Path) -> None:
    for top in range(20):
        for number in range(100):
            (folder / f"folder{top:02}" / f"{number}").mkdir(parents=True)
    result = await files.call("directory_tree", path=str(folder))
    tree = result.structured_content
    assert isinstance(tree, dict)
    assert tree["truncated"]
    assert len(tree["children"]) == 20
    assert sum(child["more"] for child in tree["children"]) > 0
    assert len(text_of(result).encode()) <= RESULT_BUDGET_BYTES


async def test_searching_passes_over_what_gitignore_hides_and_can_be_told_not_to(
    files: ServerClient, folder: Path
) -> None:
    (folder / "node_modules" / "x").mkdir(parents=True)
    (folder / "node_modules" / "x" / "a.js").touch()
    (folder / "a.js").touch()
    (folder / ".gitignore").write_text("node_modules\n*.log\n!kept.log\n")
    (folder / "kept.log").touch()
    (folder / "other.log").touch()
    found = await files.succeed("search_files", path=str(folder), pattern="*.{js,log}")
    assert [Path(match).name for match in found["matches"]] == ["a.js", "kept.log"]
    assert found["ignored"] == 2
    found = await files.succeed("search_files", path=str(folder), pattern="*.js", respectGitignore=False)
    assert (len(found["matches"]), found["ignored"]) == (2, 0)


async def test_rules_of_folders_above_count_below_them(files: ServerClient, folder: Path) -> None:
    (folder / ".gitignore").write_text("/sub/out/\n")
    (folder / "sub" / "out").mkdir(parents=True)
    (folder / "sub" / "out" / "a").touch()
    found = await files.succeed("search_files", path=str(folder / "sub"), pattern="**")
    assert (found["matches"], found["ignored"]) == ([], 1)
