"""Servers in a project's files and in those of profiles: read by their host's own rules, and never written."""

import json
import os
from pathlib import Path

import pytest

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts.further import beside, in_project, known_file
from ostiary.gateway.hosts.registry import Place, known_hosts

SPECS = known_hosts()


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_files_of_a_project_are_read_each_in_its_hosts_format(tmp_path: Path) -> None:
    put(tmp_path, ".mcp.json", '{"mcpServers": {"lint": {"command": "lint-mcp"}}}')
    put(tmp_path, ".vscode/mcp.json", '{\n  // ours\n  "servers": {"web": {"command": "web-mcp"},},\n}')
    put(tmp_path, ".codex/config.toml", '[mcp_servers.db]\ncommand = "db-mcp"\n')
    put(tmp_path, ".zed/settings.json", '{"theme": "x"}')
    put(tmp_path, ".cursor/mcp.json", "{broken")
    found, unread = in_project(SPECS, tmp_path)
    assert {path.removeprefix(f"{tmp_path}/"): dict(servers) for path, servers in found} == {
        ".mcp.json": {"lint": {"command": "lint-mcp"}},
        ".vscode/mcp.json": {"web": {"command": "web-mcp"}},
        ".codex/config.toml": {"db": {"command": "db-mcp"}},
    }
    (reason,) = unread
    assert reason.startswith(f"{tmp_path}/.cursor/mcp.json: ")


def test_the_files_of_profiles_are_found(tmp_path: Path) -> None:
    text = '{"servers": {"web": {"command": "web-mcp"}}}'
    path = put(tmp_path, ".config/Code/User/profiles/5d/mcp.json", text)
    remote = put(tmp_path, ".vscode-server/data/User/mcp.json", text)
    profiles = [str(path.parent)]
    place = Place("linux", {}, str(tmp_path), lambda pattern: profiles if "/Code/" in pattern else [], os.path.exists)
    found, unread = beside(SPECS, place)
    assert ([path for path, _ in found], unread) == ([str(path), str(remote)], [])


def test_one_file_is_known_by_the_end_of_its_path(tmp_path: Path) -> None:
    path = put(tmp_path, "p/.vscode/mcp.json", '{"servers": {"web": {"command": "web-mcp"}}} // x')
    assert known_file(SPECS, path) == {"web": {"command": "web-mcp"}}
    assert known_file(SPECS, put(tmp_path, "servers.json", "{}")) is None
    with pytest.raises(HostFileError):
        known_file(SPECS, put(tmp_path, "q/.cursor/mcp.json", "{broken"))


def test_every_project_file_is_relative_and_stays_in_its_folder() -> None:
    for spec in SPECS:
        for name in spec.project_files:
            parts = name.split("/")
            assert ".." not in parts, spec.name
            assert "" not in parts, spec.name


def test_what_claude_code_keeps_for_single_projects_in_its_own_file_is_found(tmp_path: Path) -> None:
    servers = {"db": {"command": "db-mcp"}}
    projects = {
        "/p/one": {"mcpServers": servers},
        "/p/two": {"mcpServers": {}},
        "/p/three": {"history": []},
        "/p/odd": 1,
        "/p/odder": {"mcpServers": []},
    }
    text = json.dumps({"mcpServers": {"all": {"command": "a"}}, "projects": projects})
    path = put(tmp_path, ".claude.json", text)
    found, unread = beside(SPECS, Place("linux", {}, str(tmp_path), lambda _: [], os.path.exists))
    assert [(where, dict(servers)) for where, servers in found] == [
        (f"{path}, /p/one", servers),
    ]
    assert unread == []


@pytest.mark.parametrize("text", ["{broken", '{"projects": []}', "", '{"projects": {}}'])
def test_a_file_without_projects_has_none(tmp_path: Path, text: str) -> None:
    put(tmp_path, ".claude.json", text)
    assert beside(SPECS, Place("linux", {}, str(tmp_path), lambda _: [], os.path.exists)) == ([], [])
