"""Alone, where nobody can be asked, what may hold secrets is listed and its content given to nobody."""

from pathlib import Path
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError

from tests.support.files_server import files as files
from tests.support.files_server import folder as folder
from tests.support.files_server import folders as folders
from tests.support.files_server import root as root
from tests.support.server_client import ERAS, Era, ServerClient, connected, text_of

pytestmark = pytest.mark.anyio

SECRET = "hunter2"
EDIT = [{"oldText": SECRET, "newText": "x"}]


@pytest.fixture
def secret(folder: Path) -> Path:
    (folder / ".env").write_text(f"PASSWORD={SECRET}\n")
    (folder / "id_page.html").write_text(f"<p>{SECRET}</p>")
    (folder / ".ssh").mkdir()
    (folder / ".ssh" / "config").write_text(SECRET)
    (folder / "harmless.txt").symlink_to(folder / ".env")
    return folder


def calls(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    return [
        *(
            (tool, {"path": str(folder / name), **more})
            for name in (".env", "harmless.txt", ".ssh/config")
            for tool, more in (
                ("read_text_file", {}),
                ("read_text_file", {"tail": 1}),
                ("read_media_file", {}),
                ("search_text", {"query": "PASS"}),
                ("edit_file", {"edits": EDIT, "dryRun": True}),
                ("write_file", {"content": "new", "dryRun": True}),
            )
        ),
        ("read_document", {"path": str(folder / "id_page.html")}),
        ("search_text", {"path": str(folder / ".ssh"), "query": "hunter"}),
        *(
            (tool, {"source": str(folder / name), "destination": str(folder / "plain.txt")})
            for name in (".env", ".ssh", ".ssh/config")
            for tool in ("copy_path", "move_file")
        ),
    ]


async def test_its_content_is_given_out_by_no_tool_and_no_resource(files: ServerClient, secret: Path) -> None:
    for tool, arguments in calls(secret):
        result = await files.call(tool, **arguments)
        assert isinstance(result.structured_content, dict)
        assert result.structured_content.get("code") == "denied_by_policy", (tool, arguments)
        assert SECRET not in str(result)
    for name in (".env", "harmless.txt"):
        with pytest.raises(MCPError) as error:
            await files.client.read_resource((secret / name).as_uri())
        assert SECRET not in str(error.value)
    assert not (secret / "plain.txt").exists()


async def test_its_names_and_what_is_known_without_opening_it_are_told(files: ServerClient, secret: Path) -> None:
    listed = await files.succeed("list_directory", path=str(secret))
    assert {entry["name"] for entry in listed["entries"]} >= {".env", ".ssh", "harmless.txt"}
    assert (await files.succeed("get_file_info", path=str(secret / ".env")))["type"] == "file"
    assert (await files.succeed("list_directory", path=str(secret / ".ssh")))["entries"]


@pytest.mark.parametrize("era", ERAS)
async def test_whoever_starts_it_can_allow_it(root: Path, secret: Path, era: Era) -> None:
    async with connected("files", "--root", root, "--allow-sensitive", era=era) as files:
        for name in (".env", "harmless.txt", ".ssh/config"):
            assert SECRET in text_of(await files.call("read_text_file", path=str(secret / name)))
