"""The ``files`` server as a client meets it: the installed program, over stdio, in both protocol eras.

One server per era serves all tests of this module; each test works in a folder of its own.
"""

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError

from ostiary_servers.common.budget import RESULT_BUDGET_BYTES
from ostiary_servers.files.resources import RESOURCE_LIMIT_BYTES
from tests.support.files_server import files as files
from tests.support.files_server import folder as folder
from tests.support.files_server import folders as folders
from tests.support.files_server import root as root
from tests.support.server_client import ServerClient, text_of

pytestmark = pytest.mark.anyio

READING = [
    "read_text_file",
    "read_file",
    "read_media_file",
    "read_document",
    "read_multiple_files",
    "list_directory",
    "list_directory_with_sizes",
    "directory_tree",
    "search_files",
    "search_text",
    "get_file_info",
    "list_allowed_directories",
]
WRITING = ["write_file", "edit_file", "create_directory", "move_file", "copy_path", "trash_path"]


async def test_the_tools_are_the_reference_servers_by_name_with_true_hints(files: ServerClient) -> None:
    tools = (await files.client.list_tools()).tools
    assert [tool.name for tool in tools] == [*READING, *WRITING]
    for tool in tools:
        assert tool.title
        assert tool.description
        assert tool.output_schema
        assert tool.input_schema["additionalProperties"] is False
    assert {tool.name: hints_of(tool) for tool in tools} == {
        **dict.fromkeys(READING, (True, False, True, False)),
        "write_file": (False, True, True, False),
        "edit_file": (False, True, False, False),
        "create_directory": (False, False, True, False),
        "move_file": (False, True, False, False),
        "copy_path": (False, False, False, False),
        "trash_path": (False, True, False, False),
    }


def hints_of(tool: types.Tool) -> tuple[bool | None, ...]:
    assert tool.annotations is not None
    hints = tool.annotations
    return (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint, hints.open_world_hint)


async def test_every_write_offers_a_dry_run_and_no_read_does(files: ServerClient) -> None:
    tools = (await files.client.list_tools()).tools
    offering = [tool.name for tool in tools if "dryRun" in tool.input_schema["properties"]]
    assert offering == WRITING


async def test_an_unknown_tool_is_the_protocols_error(files: ServerClient) -> None:
    with pytest.raises(MCPError) as error:
        await files.call("format_disk")
    assert error.value.code == types.INVALID_PARAMS


async def test_a_file_is_read_as_text_and_as_structure(files: ServerClient, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"caf\xc3\xa9\r\nb\r\n")
    result = await files.call("read_text_file", path=str(folder / "a.txt"))
    assert text_of(result) == "café\r\nb\r\n"
    assert result.structured_content == {
        "path": str(folder / "a.txt"),
        "content": "café\r\nb\r\n",
        "encoding": "utf-8",
        "byteOrderMark": False,
        "encodingGuessed": False,
        "eol": "crlf",
        "sizeBytes": 10,
        "startByte": 0,
        "endByte": 10,
        "truncated": False,
        "nextCursor": None,
    }


async def test_a_long_file_is_read_in_parts_that_join(files: ServerClient, folder: Path) -> None:
    content = "".join(f"{number} žluťoučký kůň\n" for number in range(8_000))
    (folder / "long.txt").write_text(content, encoding="utf-8")
    parts, cursor = [], None
    while True:
        part = await files.succeed("read_text_file", path=str(folder / "long.txt"), cursor=cursor)
        parts.append(part["content"])
        cursor = part["nextCursor"]
        if cursor is None:
            break
    assert "".join(parts) == content
    assert max(len(part.encode()) for part in parts) <= RESULT_BUDGET_BYTES


async def test_a_long_text_tells_a_reader_of_text_alone_how_to_go_on(files: ServerClient, folder: Path) -> None:
    (folder / "long.txt").write_text("line\n" * 20_000)
    result = await files.call("read_text_file", path=str(folder / "long.txt"))
    _, note, link = result.content
    assert isinstance(note, types.TextContent)
    assert isinstance(link, types.ResourceLink)
    assert isinstance(result.structured_content, dict)
    assert result.structured_content["nextCursor"] in note.text
    assert (link.uri, link.size) == ((folder / "long.txt").as_uri(), 100_000)


async def test_head_and_tail_read_only_lines_at_either_end(files: ServerClient, folder: Path) -> None:
    (folder / "abc.txt").write_text("a\nb\nc\n")
    assert (await files.succeed("read_text_file", path=str(folder / "abc.txt"), head=1))["content"] == "a\n"
    assert (await files.succeed("read_text_file", path=str(folder / "abc.txt"), tail=2))["content"] == "b\nc\n"


async def test_a_folder_is_listed_in_order_with_the_kind_of_each_entry(files: ServerClient, folder: Path) -> None:
    (folder / "b").mkdir()
    (folder / "a.txt").touch()
    (folder / "c").symlink_to("a.txt")
    result = await files.call("list_directory", path=str(folder))
    assert text_of(result) == "[FILE] a.txt\n[DIR] b\n[LINK] c"
    assert isinstance(result.structured_content, dict)
    assert [entry["type"] for entry in result.structured_content["entries"]] == ["file", "directory", "link"]


async def test_an_empty_file_is_no_error_and_told_as_empty(files: ServerClient, folder: Path) -> None:
    (folder / "empty.txt").touch()
    result = await files.call("read_text_file", path=str(folder / "empty.txt"))
    assert [block.text for block in result.content if block.type == "text"] == ["", "[The file is empty.]"]


async def test_an_empty_folder_is_no_error(files: ServerClient, folder: Path) -> None:
    assert (await files.succeed("list_directory", path=str(folder)))["entries"] == []


async def test_a_large_folder_is_listed_in_parts_that_neither_lose_nor_repeat_a_name(
    files: ServerClient, folder: Path
) -> None:
    names = [f"{number:05} {'n' * 40}" for number in range(1_500)]
    for name in names:
        (folder / name).touch()
    seen, cursor = [], None
    while True:
        part = await files.succeed("list_directory", path=str(folder), cursor=cursor)
        assert len(json.dumps(part["entries"], separators=(",", ":"))) <= RESULT_BUDGET_BYTES + 2
        seen += [entry["name"] for entry in part["entries"]]
        cursor = part["nextCursor"]
        if cursor is None:
            break
        (folder / seen[-1]).unlink()  # what a cursor names may vanish
    assert seen == names


async def test_files_are_found_by_pattern_and_excluded_folders_are_not_entered(
    files: ServerClient, folder: Path
) -> None:
    for name in ("src/a.py", "src/deep/b.py", "node_modules/c.py", "d.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    found = await files.succeed("search_files", path=str(folder), pattern="*.py", excludePatterns=["node_modules"])
    assert found["matches"] == [str(folder / "src" / "a.py"), str(folder / "src" / "deep" / "b.py")]
    assert found["visited"] == 5


async def test_nothing_found_is_an_empty_list_and_no_error(files: ServerClient, folder: Path) -> None:
    assert (await files.succeed("search_files", path=str(folder), pattern="*.nothing"))["matches"] == []


async def test_many_matches_come_in_parts_that_neither_lose_nor_repeat_one(files: ServerClient, folder: Path) -> None:
    expected = []
    for outer in range(20):
        (folder / f"{outer:02}").mkdir()
        for inner in range(30):
            path = folder / f"{outer:02}" / f"{inner:02}{'x' * 80}.md"
            path.touch()
            expected.append(str(path))
    seen, cursor, parts = [], None, 0
    while True:
        part = await files.succeed("search_files", path=str(folder), pattern="*.md", cursor=cursor)
        assert sum(len(match) for match in part["matches"]) <= RESULT_BUDGET_BYTES
        seen += part["matches"]
        parts += 1
        cursor = part["nextCursor"]
        if cursor is None:
            break
    assert seen == expected
    assert parts > 1


async def test_a_search_follows_no_link(files: ServerClient, folder: Path) -> None:
    (folder / "loop").symlink_to(".")
    (folder / "out").symlink_to("/etc")
    found = await files.succeed("search_files", path=str(folder), pattern="*")
    assert found["matches"] == [str(folder / "loop"), str(folder / "out")]
    assert found["unreadable"] == 0


async def test_details_of_a_file_are_told(files: ServerClient, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"12345")
    (folder / "a.txt").chmod(0o640)
    facts = await files.succeed("get_file_info", path=str(folder / "a.txt"))
    assert (facts["type"], facts["sizeBytes"], facts["mode"], facts["root"]) == ("file", 5, "0640", "Projects")
    assert facts["writable"]
    assert facts["modified"].endswith("+00:00")


async def test_the_approved_folders_are_told(files: ServerClient, root: Path) -> None:
    told = await files.succeed("list_allowed_directories")
    assert told == {"directories": [{"label": "Projects", "path": str(root), "writable": True}]}


async def test_reads_are_refused_with_a_code_a_message_and_a_hint(files: ServerClient, folder: Path) -> None:
    (folder / "binary").write_bytes(b"\0\1\2")
    os.mkfifo(folder / "pipe")
    (folder / "escape").symlink_to("../../outside.txt")
    expected = {
        "binary": "binary",
        "pipe": "not_regular_file",
        "escape": "outside_roots",
        "../../outside.txt": "outside_roots",
        "missing.txt": "not_found",
        "binary/below": "not_found",
        "a\0b": "invalid_path",
        ".": "not_regular_file",
    }
    for name, code in expected.items():
        error = await files.fail("read_text_file", path=f"{folder}/{name}")
        assert (error["code"], bool(error["hint"])) == (code, True), name
        assert "secret" not in error["message"]
        assert str(folder.parent.parent / "outside.txt") not in error["message"]
    assert (await files.fail("list_directory", path=str(folder / "binary")))["code"] == "not_a_directory"
    assert (await files.fail("search_files", path=str(folder / "no"), pattern="*"))["code"] == "not_found"
    assert (await files.fail("get_file_info", path=str(folder / "no")))["code"] == "not_found"
    assert (await files.fail("list_directory", path=str(folder), cursor="?"))["code"] == "bad_cursor"
    assert (await files.fail("search_files", path=str(folder), pattern="*", cursor="?"))["code"] == "bad_cursor"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("read_text_file", {}),
        ("read_text_file", {"path": 5}),
        ("read_text_file", {"path": "a", "head": True}),
        ("read_text_file", {"path": "a", "encoding": "latin-1"}),
        ("edit_file", {"path": "a", "edits": []}),
        ("edit_file", {"path": "a", "edits": [{"oldText": "", "newText": "b"}]}),
        ("write_file", {"path": "a", "content": "b", "dryRun": "yes"}),
    ],
)
async def test_arguments_that_do_not_fit_the_schema_are_refused(
    files: ServerClient, tool: str, arguments: dict[str, Any]
) -> None:
    assert (await files.fail(tool, **arguments))["code"] == "invalid_arguments"


async def test_a_folder_and_its_files_are_resources(files: ServerClient, root: Path, folder: Path) -> None:
    (folder / "with space é.txt").write_text("text")
    (folder / "picture.png").write_bytes(b"\x89PNG\0")
    listed = (await files.client.list_resources()).resources
    assert [(each.name, each.uri) for each in listed] == [("Projects", root.as_uri())]
    templates = (await files.client.list_resource_templates()).resource_templates
    assert [template.uri_template for template in templates] == ["file:///{+path}"]
    text = (await files.client.read_resource((folder / "with space é.txt").as_uri())).contents[0]
    assert isinstance(text, types.TextResourceContents)
    assert (text.text, text.mime_type, text.uri) == ("text", "text/plain", (folder / "with space é.txt").as_uri())
    blob = (await files.client.read_resource((folder / "picture.png").as_uri())).contents[0]
    assert isinstance(blob, types.BlobResourceContents)
    assert (base64.b64decode(blob.blob), blob.mime_type) == (b"\x89PNG\0", "image/png")
    names = (await files.client.read_resource(folder.as_uri())).contents[0]
    assert isinstance(names, types.TextResourceContents)
    assert names.text == "[FILE] picture.png\n[FILE] with space é.txt"


async def test_resources_that_cannot_be_read_are_the_protocols_error_with_our_code(
    files: ServerClient, folder: Path
) -> None:
    (folder / "large.txt").write_text("x" * (RESOURCE_LIMIT_BYTES + 1))
    expected = {
        (folder / "large.txt").as_uri(): "too_large",
        (folder / "missing").as_uri(): "not_found",
        "file:///etc/passwd": "outside_roots",
        f"{folder.as_uri()}/..%2f..%2foutside.txt": "invalid_path",
        "https://example.org/": "invalid_path",
    }
    for uri, code in expected.items():
        with pytest.raises(MCPError) as error:
            await files.client.read_resource(uri)
        assert error.value.code == types.INVALID_PARAMS
        assert error.value.data == {"uri": uri, "code": code}


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no names that are not UTF-8")
async def test_a_name_that_is_no_text_is_listed_and_harms_nothing(files: ServerClient, folder: Path) -> None:
    (folder / os.fsdecode(b"caf\xe9\n.txt")).touch()
    entries = (await files.succeed("list_directory", path=str(folder)))["entries"]
    assert [entry["name"] for entry in entries] == ["caf\ufffd\n.txt"]
    found = await files.succeed("search_files", path=str(folder), pattern="*")
    assert found["matches"] == [f"{folder}/caf\ufffd\n.txt"]


async def test_calls_made_at_once_are_all_answered(files: ServerClient, folder: Path) -> None:
    (folder / "a.txt").write_text("a")
    answers: list[str] = []

    async def read() -> None:
        answers.append((await files.succeed("read_text_file", path=str(folder / "a.txt")))["content"])

    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(read)
    assert answers == ["a"] * 20
