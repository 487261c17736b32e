"""`ostiary hosts import` over the real gateway: shown, done only with a yes, taken back byte for byte."""

import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bundles import bundle, manifest
from tests.support.gateway_process import GatewayProcess, household, running_gateway

BEFORE = b'{"mcpServers": {"git": {"command": "git-mcp", "args": ["--root", "/x"]}}}'


@pytest.fixture(scope="module")
def trusting() -> Iterator[GatewayProcess]:
    with household() as place, running_gateway(place, "--trust-cli") as gateway:
        yield gateway


@pytest.fixture
def cursor(trusting: GatewayProcess) -> Path:
    file = trusting.household.person / ".cursor" / "mcp.json"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(BEFORE)
    return file


def servers(gateway: GatewayProcess) -> set[object]:
    return {server["name"] for server in gateway.listed("servers")}


def test_servers_are_brought_in_only_with_yes_and_taken_back_byte_for_byte(
    trusting: GatewayProcess, cursor: Path
) -> None:
    shown = trusting.run("hosts", "import", "--replace", "--dry-run")
    unasked = trusting.run("hosts", "import", "--replace", stdin=b"y\n")
    assert (shown.code, unasked.code, cursor.read_bytes()) == (0, 77, BEFORE)
    assert "git-mcp --root /x" in shown.out
    assert '+  "ostiary"' in shown.out or '"ostiary"' in shown.out
    assert "git" not in servers(trusting)

    done = trusting.run("hosts", "import", "--replace", "--yes")
    assert done.code == 0, done
    assert "ostiary servers enable git" in done.out
    assert "git" in servers(trusting)
    assert b'"git"' not in cursor.read_bytes()

    undone = trusting.run("hosts", "undo-import")
    assert (undone.code, cursor.read_bytes()) == (0, BEFORE)
    assert "git" not in servers(trusting)
    assert trusting.run("hosts", "undo-import").code == 64


def test_undoing_the_hosts_file_takes_back_the_import_that_changed_it(trusting: GatewayProcess, cursor: Path) -> None:
    assert trusting.run("hosts", "import", "--replace", "--yes").code == 0

    shown = trusting.run("hosts", "undo", "cursor", "--dry-run")
    assert "It was an import. Taken out of Ostiary again: git." in shown.out
    assert "git" in servers(trusting)

    undone = trusting.run("hosts", "undo", "cursor", "--yes")
    assert (undone.code, cursor.read_bytes()) == (0, BEFORE)
    assert "git" not in servers(trusting)
    assert trusting.run("hosts", "undo-import").code == 64


def test_a_projects_file_is_read(trusting: GatewayProcess, tmp_path: Path) -> None:
    file = tmp_path / ".mcp.json"
    file.write_text('{"mcpServers": {"lint": {"command": "lint-mcp"}}}')
    shown = trusting.run("hosts", "import", "--file", str(file), "--dry-run")
    assert (shown.code, f"lint ({file})" in shown.out) == (0, True)
    project = trusting.run("hosts", "import", "--file", str(tmp_path), "--dry-run")
    assert f"lint ({file})" in project.out
    assert trusting.run("hosts", "import", "--file", str(tmp_path / "none")).code == 64


def test_a_bundle_is_asked_about_and_unpacked_and_outlives_its_server_only_until_it_cannot_be_restored(
    trusting: GatewayProcess, tmp_path: Path
) -> None:
    asked = {"city": {"type": "string", "title": "City", "description": "", "required": True}}
    config = {"command": "python", "args": ["${__dirname}/server/main.py", "${user_config.city}"]}
    server = {"type": "python", "entry_point": "server/main.py", "mcp_config": config}
    path = bundle(tmp_path, manifest(server=server, user_config=asked))
    missing = trusting.run("hosts", "import", "--file", str(path), "--dry-run")
    assert "asks for city: City (string, required)" in missing.out
    assert "Not brought in: It asks for: City." in missing.out

    done = trusting.run("hosts", "import", "--file", "weather.mcpb", "--answer", "city=Graz", "--yes", cwd=tmp_path)
    assert done.code == 0, done
    (view,) = [server for server in trusting.listed("servers") if server["name"] == "weather"]
    command = view["command"]
    assert isinstance(command, list)
    assert (command[0], command[2]) == ("python3", "Graz")
    assert Path(command[1]).read_text() == "print()"
    assert Path(command[1]).is_relative_to(trusting.home / "data" / "bundles")

    assert trusting.run("servers", "remove", "weather").code == 0
    assert trusting.run("servers", "restore", "weather").code == 0
    assert Path(command[1]).read_text() == "print()"
    assert trusting.run("servers", "remove", "weather").code == 0


def test_a_bundle_for_claude_desktop_is_written_for_the_person_alone(trusting: GatewayProcess, tmp_path: Path) -> None:
    made = trusting.run("hosts", "bundle", cwd=tmp_path)
    file = tmp_path / "ostiary.mcpb"
    assert (made.code, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600)
    with zipfile.ZipFile(file) as archive:
        config = json.loads(archive.read("manifest.json"))["server"]["mcp_config"]
    assert config["command"].endswith("/ostiary-connect")
    assert config["args"] == ["--host", "claude-desktop", "--home", str(trusting.home)]
    assert trusting.run("hosts", "bundle", "--out", str(tmp_path / "none" / "x.mcpb")).code == 64


def test_an_import_is_refused_where_nobody_can_be_asked(cursor: Path) -> None:
    with household() as place, running_gateway(place) as gateway:
        (place.person / ".cursor").mkdir()
        (place.person / ".cursor" / "mcp.json").write_bytes(BEFORE)
        assert gateway.run("hosts", "import", "--yes").code != 0
        assert "git" not in servers(gateway)


def test_the_bundle_that_is_made_for_a_host_is_no_server_to_bring_in(trusting: GatewayProcess, tmp_path: Path) -> None:
    assert trusting.run("hosts", "bundle", cwd=tmp_path).code == 0
    shown = trusting.run("hosts", "import", "--file", "ostiary.mcpb", "--yes", cwd=tmp_path)
    assert "Not brought in: It starts Ostiary itself." in shown.out
    assert "ostiary" not in servers(trusting)
