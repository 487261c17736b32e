"""Real hosts, configured by our writer in a home of their own, find the server and reach its tools through the shim."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.real_hosts import (
    claude_code,
    codex,
    codex_server,
    connected_to,
    gemini,
    inspector,
    opencode,
    said_by,
)

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    with household() as place:
        (place.person / "docs").mkdir()
        (place.person / "docs" / "notes.txt").write_text("it came through\n")
        with running_gateway(place, "--trust-cli") as running:
            for arguments in (("roots", "add", str(place.person / "docs")), ("servers", "enable", "files")):
                ended = running.run(*arguments)
                assert ended.code == 0, ended
            yield running


@pytest.mark.parametrize(
    ("host", "command", "file", "says"),
    [
        ("claude-code", claude_code, ".claude.json", "Connected"),
        ("gemini", gemini, ".gemini/settings.json", "Connected"),
        ("opencode", opencode, ".config/opencode/opencode.json", "connected"),
        ("codex", codex, ".codex/config.toml", "enabled"),
    ],
)
def test_a_host_reads_our_entry_and_says_so(
    gateway: GatewayProcess, host: str, command: Callable[[], list[str]], file: str, says: str
) -> None:
    program = command()
    path = connected_to(gateway, host, file)
    trusted = gateway.household.person / ".gemini" / "trustedFolders.json"
    if host == "gemini":  # it starts nothing in a folder that the person has not trusted
        trusted.write_text(json.dumps({str(gateway.household.person): "TRUST_FOLDER"}))
    said = said_by(gateway, program, "mcp", "list")
    lines = [line for line in said.splitlines() if "ostiary" in line]
    assert any(says in line for line in lines), said
    assert gateway.run("hosts", "disconnect", host, "--yes").code == 0
    assert b"ostiary-connect" not in path.read_bytes()


def test_codex_calls_a_tool(gateway: GatewayProcess) -> None:
    connected_to(gateway, "codex", ".codex/config.toml")
    note = gateway.household.person / "docs" / "notes.txt"
    with codex_server(gateway) as server:
        thread, asked = server.begin(), {"path": str(note)}
        result = server.ask(
            "mcpServer/tool/call", threadId=thread, server="ostiary", tool="read_text_file", arguments=asked
        )
    assert [part["text"] for part in result["content"]] == ["it came through\n"]


@pytest.mark.parametrize("era", ["legacy", "auto", "modern"])
def test_the_inspector_calls_a_tool_in_each_of_its_eras(gateway: GatewayProcess, era: str) -> None:
    program = inspector()
    path = connected_to(gateway, "cursor", ".cursor/mcp.json")
    note: Path = gateway.household.person / "docs" / "notes.txt"
    said = said_by(
        gateway,
        program,
        *("--config", str(path), "--server", "ostiary", "--protocol-era", era),
        *("--method", "tools/call", "--tool-name", "read_text_file", "--tool-arg", f"path={note}"),
    )
    assert "it came through" in said, said
    assert json.loads(said[said.index("{") : said.rindex("}") + 1])


NOTE_CAME = "it came through"


def note(gateway: GatewayProcess) -> str:
    return str(gateway.household.person / "docs" / "notes.txt")


@pytest.fixture
def searching(gateway: GatewayProcess) -> Iterator[Callable[[str], None]]:
    """Switches tool search on for a host."""
    hosts: list[str] = []

    def switch(host: str) -> None:
        hosts.append(host)
        assert gateway.run("hosts", "search", host, "on").code == 0

    yield switch
    for host in hosts:
        assert gateway.run("hosts", "search", host, "off").code == 0


def codex_says(gateway: GatewayProcess, server: str, tool: str, **arguments: object) -> str:
    with codex_server(gateway) as running:
        asked: dict[str, object] = {"server": server, "tool": tool, "arguments": arguments}
        result = running.ask("mcpServer/tool/call", threadId=running.begin(), **asked)
    return "".join(part["text"] for part in result["content"])


def inspector_says(gateway: GatewayProcess, path: Path, server: str, tool: str, *arguments: str) -> str:
    given = [part for argument in arguments for part in ("--tool-arg", argument)]
    call = ("--method", "tools/call", "--tool-name", tool, *given)
    return said_by(gateway, inspector(), "--config", str(path), "--server", server, *call)


def test_codex_calls_a_tool_through_an_entry_of_its_servers_own(gateway: GatewayProcess) -> None:
    connected_to(gateway, "codex", ".codex/config.toml", "each")
    assert codex_says(gateway, "ostiary-files", "read_text_file", path=note(gateway)) == f"{NOTE_CAME}\n"


def test_the_inspector_calls_a_tool_through_an_entry_of_its_servers_own(gateway: GatewayProcess) -> None:
    path = connected_to(gateway, "cursor", ".cursor/mcp.json", "each")
    said = inspector_says(gateway, path, "ostiary-files", "read_text_file", f"path={note(gateway)}")
    assert NOTE_CAME in said, said


def test_codex_finds_a_tool_and_calls_it(gateway: GatewayProcess, searching: Callable[[str], None]) -> None:
    connected_to(gateway, "codex", ".codex/config.toml")
    searching("codex")
    found = codex_says(gateway, "ostiary", "search_tools", query="read a text file")
    assert "read_text_file" in found
    meant = {"name": "read_text_file", "arguments": {"path": note(gateway)}}
    assert codex_says(gateway, "ostiary", "call_tool", **meant) == f"{NOTE_CAME}\n"


def test_the_inspector_finds_a_tool_and_calls_it(gateway: GatewayProcess, searching: Callable[[str], None]) -> None:
    path = connected_to(gateway, "cursor", ".cursor/mcp.json")
    searching("cursor")
    found = inspector_says(gateway, path, "ostiary", "search_tools", "query=read a text file")
    assert "read_text_file" in found, found
    arguments = json.dumps({"path": note(gateway)})
    said = inspector_says(gateway, path, "ostiary", "call_tool", "name=read_text_file", f"arguments={arguments}")
    assert NOTE_CAME in said, said
