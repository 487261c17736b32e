"""Moving, copying, trashing and undoing: planned first, nothing replaced, taken back exactly or not at all."""

import json
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest

from tests.support.files_server import folder as folder
from tests.support.files_server import shown
from tests.support.files_server import top as top
from tests.support.server_client import WAYS, ServerClient, connected, text_of

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def root(top: Path) -> Path:
    return top / "Projects"


@pytest.fixture(scope="module", params=WAYS, ids=str)
async def files(top: Path, request: pytest.FixtureRequest) -> AsyncIterator[ServerClient]:
    """With a trash and a journal of its own."""
    state = top / f"state-{request.param}"
    environment = {"XDG_DATA_HOME": str(top / "data")}
    arguments = ("--roots-file", top / "roots.json", "--state-dir", state)
    async with connected("files", *arguments, **request.param._asdict(), environment=environment) as client:
        yield client


def picture(folder: Path) -> dict[str, tuple[int, bytes | None]]:
    """Everything below a folder: modes, and contents of files."""
    return {
        str(path.relative_to(folder)): (
            stat.S_IMODE(path.lstat().st_mode),
            path.read_bytes() if path.is_file() else None,
        )
        for path in folder.rglob("*")
    }


async def undo(files: ServerClient, outcome: dict[str, Any]) -> dict[str, Any]:
    """As the gateway does it: planned, then applied with what was shown."""
    call: dict[str, Any] = {"changeId": outcome["changeId"]}
    planned = await files.succeed("undo_change", **call, dryRun=True)
    return await files.succeed("undo_change", **call, meta=shown(planned["plan"]))


async def test_a_move_is_planned_applied_and_undone(files: ServerClient, folder: Path) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "x.txt").write_text("x")
    before = picture(folder)
    call: dict[str, Any] = {"source": str(folder / "a"), "destination": str(folder / "b")}
    planned = await files.succeed("move_file", **call, dryRun=True)
    assert picture(folder) == before
    source, destination = planned["plan"]["items"]
    assert (source["op"], source["path"], source["after"]) == ("move", str(folder / "a"), None)
    assert (destination["path"], destination["before"]) == (str(folder / "b"), None)
    assert "1 files with 1 bytes" in source["warnings"][0]
    outcome = await files.succeed("move_file", **call, meta=shown(planned["plan"]))
    assert sorted(picture(folder)) == ["b", "b/x.txt"]
    await undo(files, outcome)
    assert picture(folder) == before


async def test_a_reader_of_text_alone_knows_what_went_where_and_whether_it_was_done(
    files: ServerClient, folder: Path
) -> None:
    (folder / "a").write_text("x")
    call: dict[str, Any] = {"source": str(folder / "a"), "destination": str(folder / "b")}
    planned, done = [await files.call("move_file", **call, dryRun=dry) for dry in (True, False)]
    for result in (planned, done):
        assert text_of(result).startswith(f"Move {folder / 'a'} to {folder / 'b'}\n")
    assert "[Nothing was changed: a dry run." in str(planned.content)
    assert "[Done. To take this back: undo_change" in str(done.content)
    same = await files.call("write_file", path=str(folder / "b"), content="x", dryRun=True)
    assert [block.text for block in same.content if block.type == "text"] == [
        "Nothing changes: the file already has this content."
    ]


@pytest.mark.parametrize("tool", ["move_file", "copy_path"])
async def test_nothing_is_ever_replaced(files: ServerClient, folder: Path, tool: str) -> None:
    (folder / "a").write_text("a")
    (folder / "b").write_text("b")
    (folder / "link").symlink_to("nowhere")
    before = picture(folder)
    for taken in ("b", "link"):
        error = await files.fail(tool, source=str(folder / "a"), destination=str(folder / taken))
        assert error["code"] == "already_exists"
    error = await files.fail(tool, source=str(folder / "a"), destination=str(folder / "none" / "c"))
    assert error["code"] == "not_found"
    error = await files.fail(tool, source=str(folder), destination=str(folder / "in"))
    assert error["code"] == "invalid_arguments"
    assert picture(folder) == before


async def test_a_move_is_stale_when_either_end_changed(files: ServerClient, folder: Path) -> None:
    (folder / "a").write_text("a")
    call: dict[str, Any] = {"source": str(folder / "a"), "destination": str(folder / "b")}
    planned = await files.succeed("move_file", **call, dryRun=True)
    (folder / "a").write_text("changed")
    assert (await files.fail("move_file", **call, meta=shown(planned["plan"])))["code"] == "stale_plan"
    assert (folder / "a").exists()


async def test_links_themselves_are_moved_and_trashed(files: ServerClient, folder: Path) -> None:
    (folder / "target").write_text("t")
    (folder / "link").symlink_to("target")
    await files.succeed("move_file", source=str(folder / "link"), destination=str(folder / "moved"))
    assert (folder / "moved").readlink() == Path("target")
    await files.succeed("trash_path", path=str(folder / "moved"))
    assert sorted(picture(folder)) == ["target"]


async def test_a_copy_keeps_modes_and_links_and_is_undone(files: ServerClient, folder: Path) -> None:
    (folder / "a" / "deep").mkdir(parents=True)
    (folder / "a" / "deep" / "run.sh").write_text("#!")
    (folder / "a" / "deep" / "run.sh").chmod(0o750)
    (folder / "a" / "link").symlink_to("deep/run.sh")
    before = picture(folder)
    outcome = await files.succeed("copy_path", source=str(folder / "a"), destination=str(folder / "b"))
    assert picture(folder / "b") == picture(folder / "a")
    assert (folder / "b" / "link").is_symlink()
    await undo(files, outcome)
    assert picture(folder) == before


async def test_a_copied_folder_is_undone_once_what_was_changed_in_it_is_undone(
    files: ServerClient, folder: Path
) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "note.txt").write_text("one\n")
    before = picture(folder)
    copied = await files.succeed("copy_path", source=str(folder / "a"), destination=str(folder / "b"))
    edits = [{"oldText": "one", "newText": "two"}]
    edited = await files.succeed("edit_file", path=str(folder / "b" / "note.txt"), edits=edits)
    assert (await files.fail("undo_change", changeId=copied["changeId"]))["code"] == "changed_since"
    await undo(files, edited)
    await undo(files, copied)
    assert picture(folder) == before


async def test_a_change_in_a_copied_folder_is_seen_though_no_size_or_time_tells_of_it(
    files: ServerClient, folder: Path
) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "note.txt").write_text("one\n")
    copied = await files.succeed("copy_path", source=str(folder / "a"), destination=str(folder / "b"))
    note = folder / "b" / "note.txt"
    found = note.stat()
    note.write_text("two\n")
    os.utime(note, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert (await files.fail("undo_change", changeId=copied["changeId"]))["code"] == "changed_since"


async def test_what_is_trashed_lies_in_the_persons_trash_and_comes_back(
    files: ServerClient, folder: Path, top: Path
) -> None:
    (folder / "notes ü.txt").write_text("n")
    before = picture(folder)
    outcome = await files.succeed("trash_path", path=str(folder / "notes ü.txt"))
    assert outcome["plan"]["risk"] == "high"
    assert picture(folder) == {}
    info = top / "data" / "Trash" / "info" / "notes ü.txt.trashinfo"
    assert info.read_text().startswith("[Trash Info]\nPath=/")
    assert "notes%20%C3%BC.txt\nDeletionDate=" in info.read_text()
    await undo(files, outcome)
    assert picture(folder) == before
    assert not info.exists()


async def test_two_of_one_name_lie_side_by_side_in_the_trash(files: ServerClient, folder: Path) -> None:
    outcomes = []
    for content in ("first", "second"):
        (folder / "same.txt").write_text(content)
        outcomes.append(await files.succeed("trash_path", path=str(folder / "same.txt")))
    await undo(files, outcomes[0])
    assert (folder / "same.txt").read_text() == "first"
    assert (await files.fail("undo_change", changeId=outcomes[1]["changeId"]))["code"] == "already_exists"


async def test_what_may_not_be_written_is_neither_moved_nor_trashed(files: ServerClient, top: Path) -> None:
    (top / "Archive" / "a").touch()
    denied = {
        str(top / "Archive" / "a"): "read_only_root",
        str(top / "Projects"): "denied_by_policy",
        str(top / "Projects" / "protected"): "denied_by_policy",
        str(top / "roots.json"): "outside_roots",
    }
    for path, code in denied.items():
        assert (await files.fail("trash_path", path=path))["code"] == code, path
        error = await files.fail("move_file", source=path, destination=str(top / "Projects" / "elsewhere"))
        assert error["code"] == code, path


async def test_writes_are_undone_and_undoing_is_undone(files: ServerClient, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"caf\xe9\r\n")
    path.chmod(0o640)
    before = picture(folder)
    edited = await files.succeed("edit_file", path=str(path), edits=[{"oldText": "caf", "newText": "Caf"}])
    after = picture(folder)
    undone = await undo(files, edited)
    assert picture(folder) == before
    await undo(files, undone)
    assert picture(folder) == after


async def test_new_files_and_folders_are_undone(files: ServerClient, folder: Path) -> None:
    made = await files.succeed("create_directory", path=str(folder / "x" / "y"))
    written = await files.succeed("write_file", path=str(folder / "x" / "y" / "a.txt"), content="a")
    assert (await files.fail("undo_change", changeId=made["changeId"]))["code"] == "changed_since"
    await undo(files, written)
    await undo(files, made)
    assert picture(folder) == {}


async def test_what_changed_since_is_not_undone(files: ServerClient, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_text("one")
    outcome = await files.succeed("write_file", path=str(path), content="two")
    path.write_text("three")
    assert (await files.fail("undo_change", changeId=outcome["changeId"]))["code"] == "changed_since"
    assert path.read_text() == "three"
    assert (await files.fail("undo_change", changeId="0" * 32))["code"] == "not_found"


async def test_recent_changes_are_a_resource_newest_first(files: ServerClient, folder: Path) -> None:
    outcomes = [await files.succeed("write_file", path=str(folder / name), content=name) for name in ("a", "b")]
    assert "changes://recent" in {str(resource.uri) for resource in (await files.client.list_resources()).resources}
    (contents,) = (await files.client.read_resource("changes://recent")).contents
    assert isinstance(contents, types.TextResourceContents)
    changes = json.loads(contents.text)
    assert [change["changeId"] for change in changes[:2]] == [outcomes[1]["changeId"], outcomes[0]["changeId"]]
    assert changes[0]["path"] == str(folder / "b")


async def test_the_journal_is_the_persons_alone(files: ServerClient, folder: Path, top: Path) -> None:
    (folder / "a").write_text("old")
    await files.succeed("write_file", path=str(folder / "a"), content="new")
    assert modes_of(top) == {"journal": {0o700}, "files": {0o600}}


def modes_of(top: Path) -> dict[str, set[int]]:
    """Of every journal's folder and of what is in it."""
    journals = list(top.glob("state-*/journal"))
    files = [path for journal in journals for path in journal.iterdir()]
    both = {"journal": journals, "files": files}
    return {what: {stat.S_IMODE(path.stat().st_mode) for path in paths} for what, paths in both.items()}


async def test_undoing_is_not_offered_without_a_place_for_the_journal(top: Path) -> None:
    async with connected("files", "--roots-file", top / "roots.json") as client:
        tools = {tool.name for tool in (await client.client.list_tools()).tools}
    assert "trash_path" in tools
    assert "undo_change" not in tools
