"""Writing through the ``files`` server: planned first, applied exactly as planned, and kept as the file was.

The exchange is the gateway's: a dry run, then the same call with the plan's before-hashes in ``_meta``.
"""

import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.support.files_server import Options, shown
from tests.support.files_server import files as files
from tests.support.files_server import folder as folder
from tests.support.files_server import top as top
from tests.support.server_client import ERAS, Era, ServerClient, connected, text_of

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def root(top: Path) -> Path:
    return top / "Projects"


@pytest.fixture(scope="module")
def folders(top: Path) -> Options:
    return ("--roots-file", top / "roots.json")


def state(content: bytes, mode: str, encoding: str, eol: str) -> dict[str, Any]:
    sha256 = hashlib.sha256(content).hexdigest()
    return {"sha256": sha256, "sizeBytes": len(content), "mode": mode, "encoding": encoding, "eol": eol}


def real(path: Path) -> str:
    return os.path.realpath(path)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def plan_of(files: ServerClient, tool: str, **arguments: Any) -> dict[str, Any]:
    outcome = await files.succeed(tool, **arguments, dryRun=True)
    assert (outcome["dryRun"], outcome["applied"]) == (True, False)
    plan: dict[str, Any] = outcome["plan"]
    return plan


async def test_an_edit_is_planned_in_full_and_writes_nothing_until_it_is_applied(
    files: ServerClient, folder: Path
) -> None:
    path = folder / "notes.txt"
    path.write_bytes(b"one\r\ntwo\r\n")
    path.chmod(0o640)
    call: dict[str, Any] = {"path": str(path), "edits": [{"oldText": "two", "newText": "2"}]}
    plan = await plan_of(files, "edit_file", **call)
    assert path.read_bytes() == b"one\r\ntwo\r\n"
    assert plan == {
        "id": plan["id"],
        "tool": "edit_file",
        "title": "Edit 1 file in Projects",
        "risk": "medium",
        "items": [
            {
                "op": "edit",
                "path": str(path),
                "realPath": real(path),
                "root": "Projects",
                "inside": True,
                "before": state(b"one\r\ntwo\r\n", "0640", "utf-8", "crlf"),
                "after": state(b"one\r\n2\r\n", "0640", "utf-8", "crlf"),
                "diff": f"--- {path}\n+++ {path}\n@@ -1,2 +1,2 @@\n one\r\n-two\r\n+2\r\n",
                "added": 1,
                "removed": 1,
                "warnings": [],
            }
        ],
    }
    outcome = await files.succeed("edit_file", **call, meta=shown(plan))
    assert (outcome["applied"], outcome["plan"]["id"]) == (True, plan["id"])
    assert path.read_bytes() == b"one\r\n2\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names_in(folder) == ["notes.txt"]


async def test_a_plan_is_stale_when_the_file_changed_vanished_or_appeared(files: ServerClient, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_text("one")
    call: dict[str, Any] = {"path": str(path), "edits": [{"oldText": "one", "newText": "two"}]}
    plan = await plan_of(files, "edit_file", **call)
    path.write_text("one more")
    assert (await files.fail("edit_file", **call, meta=shown(plan)))["code"] == "stale_plan"
    path.write_text("nothing that the edit would fit")
    assert (await files.fail("edit_file", **call, meta=shown(plan)))["code"] == "stale_plan"
    path.unlink()
    assert (await files.fail("edit_file", **call, meta=shown(plan)))["code"] == "stale_plan"
    new = await plan_of(files, "write_file", path=str(path), content="new")
    path.write_text("appeared")
    failed = await files.fail("write_file", path=str(path), content="new", meta=shown(new))
    assert failed["code"] == "stale_plan"
    assert path.read_text() == "appeared"


async def test_a_plan_is_stale_when_its_path_leads_elsewhere_now(files: ServerClient, folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).write_text("same")
    (folder / "link").symlink_to("a")
    plan = await plan_of(files, "write_file", path=str(folder / "link"), content="new")
    assert plan["items"][0]["realPath"] == real(folder / "a")
    (folder / "link").unlink()
    (folder / "link").symlink_to("b")
    failed = await files.fail("write_file", path=str(folder / "link"), content="new", meta=shown(plan))
    assert failed["code"] == "stale_plan"


async def test_a_plan_that_was_not_shown_is_not_applied(files: ServerClient, folder: Path) -> None:
    for before in ([], [{"realPath": "/elsewhere", "sha256": None}]):
        meta = {"ostiary/plan": {"id": "x", "before": before}}
        failed = await files.fail("write_file", path=str(folder / "a"), content="new", meta=meta)
        assert failed["code"] == "stale_plan"
    for unreadable in ("yes", {"id": "x"}, {"before": [{"realPath": 5, "sha256": None}]}):
        failed = await files.fail(
            "write_file", path=str(folder / "a"), content="new", meta={"ostiary/plan": unreadable}
        )
        assert failed["code"] == "invalid_arguments"
    assert names_in(folder) == []


async def test_a_new_file_is_planned_and_made_with_ordinary_rights(files: ServerClient, folder: Path) -> None:
    call = {"path": str(folder / "new.txt"), "content": "a\nb"}
    plan = await plan_of(files, "write_file", **call)
    (item,) = plan["items"]
    assert (plan["title"], plan["risk"], item["op"], item["before"]) == (
        "Create 1 file in Projects",
        "low",
        "create",
        None,
    )
    assert item["diff"].endswith("@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n")
    await files.succeed("write_file", **call, meta=shown(plan))
    (folder / "ordinary").touch()
    assert (folder / "new.txt").read_bytes() == b"a\nb"
    assert (folder / "new.txt").stat().st_mode == (folder / "ordinary").stat().st_mode
    assert item["after"]["mode"] == f"{stat.S_IMODE((folder / 'new.txt').stat().st_mode):04o}"


@pytest.mark.parametrize(
    ("before", "content", "after", "warning"),
    [
        (b"a\r\nb\r\n", "c\nd\n", b"c\r\nd\r\n", "Line endings stay CRLF."),
        (b"caf\xe9\n", "th\u00e9\n", b"th\xe9\n", "The encoding is a guess (cp1252)."),
        ("ä\n".encode("utf-16"), "ö\n", "ö\n".encode("utf-16"), None),
        (b"\xef\xbb\xbfa", "b", b"\xef\xbb\xbfb", None),
        (b"caf\xe9\n", "漢\n", "漢\n".encode(), "The encoding changes from cp1252 to utf-8"),
        (b"\0\1", "text", b"text", "This replaces a file that is not text."),
        (b"caf\xe9", "\u00c3\u00a9", b"\xc3\xa9", "Read again, these bytes would be taken for another encoding"),
    ],
)
async def test_overwriting_keeps_the_form_of_the_file(
    files: ServerClient, folder: Path, before: bytes, content: str, after: bytes, warning: str | None
) -> None:
    path = folder / "file"
    path.write_bytes(before)
    path.chmod(0o755)
    outcome = await files.succeed("write_file", path=str(path), content=content)
    assert path.read_bytes() == after
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    assert outcome["plan"]["risk"] == "high"
    warnings = outcome["plan"]["items"][0]["warnings"]
    assert any(each.startswith(warning) for each in warnings) if warning else not warnings


async def test_writing_what_is_there_already_is_a_plan_without_items_that_applies_as_nothing(
    files: ServerClient, folder: Path
) -> None:
    path = folder / "a"
    path.write_text("same")
    before = path.stat()
    plan = await plan_of(files, "write_file", path=str(path), content="same")
    assert (plan["title"], plan["items"]) == ("Change nothing", [])
    outcome = await files.succeed("write_file", path=str(path), content="same", meta=shown(plan))
    assert not outcome["applied"]
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    path.write_text("changed")
    failed = await files.fail("write_file", path=str(path), content="same", meta=shown(plan))
    assert failed["code"] == "stale_plan"


async def test_a_link_stays_a_link_and_a_hard_link_is_warned_of(files: ServerClient, folder: Path) -> None:
    (folder / "real").write_text("old")
    (folder / "link").symlink_to("real")
    os.link(folder / "real", folder / "twin")
    plan = await plan_of(files, "write_file", path=str(folder / "link"), content="new")
    assert plan["items"][0]["warnings"] == ["This file has 2 hard links; the others keep the old content."]
    await files.succeed("write_file", path=str(folder / "link"), content="new")
    assert (folder / "link").is_symlink()
    assert (folder / "real").read_text() == "new"
    assert (folder / "twin").read_text() == "old"


async def test_folders_are_made_with_the_parents_they_lack(files: ServerClient, folder: Path) -> None:
    path = folder / "a" / "b" / "c"
    plan = await plan_of(files, "create_directory", path=str(path))
    assert not (folder / "a").exists()
    assert (plan["title"], plan["risk"]) == ("Create 3 folders in Projects", "low")
    assert [item["realPath"] for item in plan["items"]] == [
        real(each) for each in (folder / "a", folder / "a" / "b", path)
    ]
    assert {item["op"] for item in plan["items"]} == {"mkdir"}
    await files.succeed("create_directory", path=str(path), meta=shown(plan))
    assert path.is_dir()
    nothing = await plan_of(files, "create_directory", path=str(path))
    again = await files.succeed("create_directory", path=str(path), meta=shown(nothing))
    assert (again["applied"], again["plan"]["items"]) == (False, [])
    assert (await files.fail("create_directory", path=str(path), meta=shown(plan)))["code"] == "stale_plan"
    path.rmdir()
    assert (await files.fail("create_directory", path=str(path), meta=shown(nothing)))["code"] == "stale_plan"


async def test_writes_are_refused_with_a_code(files: ServerClient, top: Path, folder: Path) -> None:
    (folder / "file").write_text("text")
    (folder / "protected").write_text("text")
    (folder / "protected").chmod(0o444)
    os.mkfifo(folder / "pipe")
    expected = {
        top / "Archive" / "new": "read_only_root",
        top / "Projects" / "protected" / "settings.toml": "denied_by_policy",
        top / "roots.json": "outside_roots",
        folder / "no" / "such" / "file": "not_found",
        folder / "file" / "below": "not_a_directory",
        folder / "protected": "permission_denied",
        folder / "pipe": "not_regular_file",
        folder: "not_regular_file",
    }
    for path, code in expected.items():
        for dry_run in (True, False):
            failed = await files.fail("write_file", path=str(path), content="x", dryRun=dry_run)
            assert failed["code"] == code, path
    assert (await files.fail("create_directory", path=str(folder / "file")))["code"] == "not_a_directory"
    assert (await files.fail("create_directory", path=str(top / "Archive" / "new")))["code"] == "read_only_root"
    edits = [{"oldText": "text", "newText": "x"}]
    assert (await files.fail("edit_file", path=str(folder / "missing"), edits=edits))["code"] == "not_found"
    (folder / "large").write_bytes(b"x" * (16 * 1024 * 1024 + 1))
    assert (await files.fail("edit_file", path=str(folder / "large"), edits=edits))["code"] == "too_large"
    assert names_in(folder) == ["file", "large", "pipe", "protected"]
    assert names_in(top / "Archive") == []


async def test_ambiguous_and_missing_text_is_refused_with_what_to_do(files: ServerClient, folder: Path) -> None:
    (folder / "a").write_text("x\ny\nx\n")
    for old, code, said in (("x", "ambiguous_match", "in lines 1, 3"), ("z", "no_match_for_edit", "does not occur")):
        failed = await files.fail("edit_file", path=str(folder / "a"), edits=[{"oldText": old, "newText": "w"}])
        assert failed["code"] == code
        assert said in failed["message"]
    assert (folder / "a").read_text() == "x\ny\nx\n"


async def test_a_model_is_told_the_diff_in_bounds(files: ServerClient, folder: Path) -> None:
    content = "".join(f"line {number}\n" for number in range(30_000))
    result = await files.call("write_file", path=str(folder / "long"), content=content, dryRun=True)
    assert len(text_of(result).encode()) < 40_000
    assert isinstance(result.structured_content, dict)
    assert 190_000 < len(result.structured_content["plan"]["items"][0]["diff"]) < 201_000
    applied = await files.succeed("write_file", path=str(folder / "long"), content=content)
    assert len(json.dumps(applied)) < 40_000


@pytest.mark.parametrize("era", ERAS)
async def test_a_folder_taken_from_the_roots_file_is_out_of_reach_at_once(tmp_path: Path, era: Era) -> None:
    (tmp_path / "Projects").mkdir()
    (tmp_path / "Projects" / "a.txt").write_text("text")
    file = tmp_path / "roots.json"
    entry = {"path": str(tmp_path / "Projects"), "label": "Projects", "mode": "rw"}
    file.write_text(json.dumps({"version": 1, "roots": [entry], "denied": []}))
    async with connected("files", "--roots-file", file, era=era) as own:
        assert await own.succeed("read_text_file", path=str(tmp_path / "Projects" / "a.txt"))
        (tmp_path / "next").write_text(json.dumps({"version": 1, "roots": [], "denied": []}))
        (tmp_path / "next").replace(file)
        failed = await own.fail("read_text_file", path=str(tmp_path / "Projects" / "a.txt"))
        assert failed["code"] == "outside_roots"
        assert (await own.succeed("list_allowed_directories"))["directories"] == []
        file.unlink()
        assert (await own.fail("list_allowed_directories"))["code"] == "roots_unavailable"


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Python reaches extended attributes only on Linux")
async def test_extended_attributes_are_kept(files: ServerClient, folder: Path) -> None:
    path = folder / "tagged.txt"
    path.write_text("old")
    try:
        os.setxattr(path, "user.tag", b"red")
    except OSError:
        pytest.skip("this file system keeps no attributes")
    await files.succeed("write_file", path=str(path), content="new")
    assert os.getxattr(path, "user.tag") == b"red"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
async def test_the_owner_is_kept(files: ServerClient, folder: Path) -> None:
    path = folder / "theirs.txt"
    path.write_text("old")
    os.chown(path, 12_345, 12_346)
    await files.succeed("write_file", path=str(path), content="new")
    assert (path.stat().st_uid, path.stat().st_gid) == (12_345, 12_346)
