"""A host is connected in one project's folder, seen, and taken out again byte for byte."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gateway_process import GatewayProcess, household, running_gateway

BEFORE = b'{\n  // of all of us\n  "servers": {"lint": {"command": "lint-mcp"}},\n}\n'


@pytest.fixture(scope="module")
def trusting() -> Iterator[GatewayProcess]:
    with household() as place, running_gateway(place, "--trust-cli") as gateway:
        yield gateway


def project_of(gateway: GatewayProcess, host: str) -> list[dict[str, object]]:
    return [view for view in gateway.listed("hosts") if str(view["name"]).startswith(f"{host}@")]


def test_a_host_is_connected_in_a_project_alone_and_taken_out_byte_for_byte(
    trusting: GatewayProcess, tmp_path: Path
) -> None:
    file = tmp_path / "site" / ".vscode" / "mcp.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(BEFORE)
    connected = trusting.run("hosts", "connect", "vscode", "--project", "site", "--yes", cwd=tmp_path)
    assert connected.code == 0, connected
    assert "Visual Studio Code (site)" in connected.out
    assert b'"--host",' in file.read_bytes()
    assert b'"vscode"' in file.read_bytes()
    assert not (trusting.household.person / ".config" / "Code").exists()

    (view,) = project_of(trusting, "vscode")
    assert (view["state"], view["config_path"]) == ("connected", str(file))
    assert trusting.run("hosts", "disconnect", str(view["name"]), "--yes").code == 0
    assert file.read_bytes() == BEFORE
    assert not project_of(trusting, "vscode")


def test_a_project_is_one_by_whichever_way_its_folder_is_named(trusting: GatewayProcess, tmp_path: Path) -> None:
    inside, link = tmp_path / "site" / "src", tmp_path / "link"
    inside.mkdir(parents=True)
    link.symlink_to(tmp_path / "site")
    for project, folder in (("site", tmp_path), ("..", inside), (str(link), tmp_path), (f"{inside}/../", tmp_path)):
        assert trusting.run("hosts", "connect", "cursor", "--project", project, "--yes", cwd=folder).code == 0
    (view,) = project_of(trusting, "cursor")
    assert view["title"] == "Cursor (site)"
    assert view["config_path"] == str(tmp_path / "site" / ".cursor" / "mcp.json")
    ended = trusting.run("hosts", "disconnect", "--all", "--yes")
    assert (ended.code, project_of(trusting, "cursor")) == (0, []), ended


def test_in_a_project_each_server_has_an_entry_where_that_was_chosen_and_none_is_brought_in(
    trusting: GatewayProcess, tmp_path: Path
) -> None:
    assert trusting.run("servers", "enable", "files").code == 0
    connected = trusting.run("hosts", "connect", "cursor", "--project", ".", "--entries", "each", "--yes", cwd=tmp_path)
    assert connected.code == 0, connected
    (view,) = project_of(trusting, "cursor")
    assert view["state"] == "connected"
    again = trusting.run("hosts", "connect", "cursor", "--project", ".", "--yes", cwd=tmp_path)
    assert "has Ostiary's entry already" in again.out
    shown = trusting.run("hosts", "import", "--file", ".", "--dry-run", cwd=tmp_path)
    assert (shown.code, shown.out) == (0, "No server was found.\n")

    one = trusting.run("hosts", "connect", "cursor", "--project", ".", "--entries", "one", "--yes", cwd=tmp_path)
    assert one.code == 0, one
    assert list(json.loads((tmp_path / ".cursor" / "mcp.json").read_bytes())["mcpServers"]) == ["ostiary"]
    (view,) = project_of(trusting, "cursor")
    assert view["state"] == "connected"
    assert trusting.run("hosts", "disconnect", str(view["name"]), "--yes").code == 0


@pytest.mark.parametrize("link", [".cursor", ".cursor/mcp.json"])
@pytest.mark.parametrize("there", [True, False], ids=["to a file", "to nothing"])
def test_a_link_in_a_project_chooses_no_other_file_to_be_written(
    trusting: GatewayProcess, tmp_path: Path, link: str, there: bool
) -> None:
    project, other = tmp_path / "cloned", tmp_path / "other"
    (project / link).parent.mkdir(parents=True)
    other.mkdir()
    if there:
        (other / "mcp.json").write_text("{}")
    (project / link).symlink_to(other if link == ".cursor" else other / "mcp.json")
    ended = trusting.run("hosts", "connect", "cursor", "--project", str(project), "--yes")
    assert (ended.code, "link out of the project" in ended.err) == (1, True), ended
    assert [file.read_text() for file in other.iterdir()] == (["{}"] if there else [])
    assert not project_of(trusting, "cursor")


def test_a_project_whose_folder_is_gone_can_be_forgotten(trusting: GatewayProcess, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    assert trusting.run("hosts", "connect", "cursor", "--project", str(site), "--yes").code == 0
    shutil.rmtree(site)
    (view,) = project_of(trusting, "cursor")
    ended = trusting.run("hosts", "disconnect", str(view["name"]))
    assert (ended.code, "has no entry of Ostiary's" in ended.out) == (0, True), ended
    assert not project_of(trusting, "cursor")
    assert not site.exists()


def test_an_undo_takes_a_project_out_of_what_is_looked_at(trusting: GatewayProcess, tmp_path: Path) -> None:
    assert trusting.run("hosts", "connect", "cursor", "--project", str(tmp_path), "--yes").code == 0
    (view,) = project_of(trusting, "cursor")
    assert (view["can_undo"], view["project_of"]) == (True, "cursor")
    dry = trusting.run("hosts", "undo", str(view["name"]), "--dry-run")
    assert (dry.code, '-      "command"' in dry.out) == (0, True), dry
    assert trusting.run("hosts", "undo", str(view["name"]), "--yes").code == 0
    assert not (tmp_path / ".cursor" / "mcp.json").exists()
    assert not project_of(trusting, "cursor")


def test_a_file_that_is_not_there_is_made_and_goes_again(trusting: GatewayProcess, tmp_path: Path) -> None:
    assert trusting.run("hosts", "connect", "cursor", "--project", str(tmp_path), "--yes").code == 0
    file = tmp_path / ".cursor" / "mcp.json"
    assert list(json.loads(file.read_bytes())["mcpServers"]) == ["ostiary"]
    (view,) = project_of(trusting, "cursor")
    assert trusting.run("hosts", "disconnect", str(view["name"]), "--yes").code == 0
    assert not file.exists()


@pytest.mark.parametrize(
    ("host", "folder", "reason"),
    [
        ("goose", "p", "has no file in a project"),
        ("cursor", "a*b", "cannot be used"),
        ("cursor", "none", "There is no folder"),
    ],
)
def test_where_there_can_be_no_entry_it_is_refused(
    trusting: GatewayProcess, tmp_path: Path, host: str, folder: str, reason: str
) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "a*b").mkdir()
    ended = trusting.run("hosts", "connect", host, "--project", str(tmp_path / folder), "--yes")
    assert ended.code != 0
    assert reason in ended.err
    assert not project_of(trusting, host)
