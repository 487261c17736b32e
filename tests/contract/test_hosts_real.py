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
