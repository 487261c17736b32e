"""What the doctor remembers over a restart, and what it says of it."""

from pathlib import Path

import pytest

from ostiary.domain.events import SessionView
from ostiary.domain.host import HostState, HostView
from ostiary.domain.server import ServerState
from ostiary.gateway import findings
from ostiary.gateway.runtimes import runtime_of, version_of
from ostiary.gateway.sightings import HostSighting, ServerStart, Sightings
from tests.support.server_views import server_view


def session(**more: object) -> SessionView:
    told = {"id": 1, "host": "cursor", "title": "Cursor", "client": "cursor-vscode", "era": "legacy"}
    return SessionView(**{**told, "connected_at": 5.0, **more})  # type: ignore[arg-type]  # a table of plain values


def host(**more: object) -> HostView:
    told = {"name": "cursor", "title": "Cursor", "state": HostState.CONNECTED, "restart_hint": "Restart Cursor."}
    return HostView(**{**told, **more})  # type: ignore[arg-type]  # a table of plain values


def test_a_hosts_newest_session_is_remembered_with_what_it_spoke(tmp_path: Path) -> None:
    seen = Sightings(tmp_path / "s.json", lambda: 0.0)
    seen.saw_sessions([session()])
    assert seen.host("cursor") is None
    seen.saw_sessions([session(revision="2025-11-25", capabilities=("roots",))])
    seen.saw_sessions([])
    again = Sightings(tmp_path / "s.json", lambda: 0.0)
    assert again.host("cursor") == HostSighting(
        at=5.0, client="cursor-vscode", revision="2025-11-25", capabilities=("roots",)
    )


def test_a_server_that_started_is_remembered_and_one_that_failed_is_not(tmp_path: Path) -> None:
    clock = iter([1.0, 4.0, 10.0, 11.0, 20.0])
    seen = Sightings(tmp_path / "s.json", lambda: next(clock))
    for state in (ServerState.STARTING, ServerState.RUNNING, ServerState.STARTING, ServerState.RUNNING):
        seen.saw_server("files", state)
    seen.saw_server("bad", ServerState.STARTING)
    seen.saw_server("bad", ServerState.BACKOFF)
    assert seen.start("files") == ServerStart(first_s=3.0, last_s=1.0)
    assert seen.start("bad") is None


def test_a_new_server_of_an_old_name_has_not_started_yet(tmp_path: Path) -> None:
    seen = Sightings(tmp_path / "s.json", lambda: 1.0)
    for name in ("notes", "files"):
        seen.saw_server(name, ServerState.STARTING)
        seen.saw_server(name, ServerState.RUNNING)
    seen.forget_server("notes")
    again = Sightings(tmp_path / "s.json", lambda: 1.0)
    assert (again.start("notes"), again.start("files")) == (None, ServerStart(first_s=0.0, last_s=0.0))


@pytest.mark.parametrize("content", [b"", b"{", b'{"hosts": 3}', b"\xff"])
def test_a_file_that_cannot_be_read_is_an_empty_memory(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.json").write_bytes(content)
    assert Sightings(tmp_path / "s.json", lambda: 0.0).host("cursor") is None


def test_a_connected_host_that_was_never_here_is_told_how_to_come() -> None:
    never = findings.host_contact(host(), None)
    assert (never.ok, never.action) == (False, "Restart Cursor.")
    seen = HostSighting(at=0.0, client="c", revision="2025-06-18", capabilities=("elicitation", "roots"))
    here = findings.host_contact(host(sessions=1), seen)
    assert (here.ok, "MCP 2025-06-18 and can do: elicitation, roots" in here.sentence) == (True, True)
    old = findings.host_contact(host(restart_needed="Quit and reopen it."), seen)
    assert (old.ok, old.action) == (False, "Quit and reopen it.")


def test_a_server_tells_its_generation_and_its_first_start() -> None:
    told = findings.server(server_view("git"), ServerStart(first_s=8.25, last_s=0.5), modern=False).sentence
    assert told.split(". ") == [
        "The server Git is running",
        "It speaks MCP of before 2026-07-28",
        "Its first start took 8.2 s, its last 0.5 s.",
    ]


@pytest.mark.parametrize(
    ("program", "runtime"),
    [("npx", "node"), ("/usr/bin/node", "node"), ("NPX.CMD", "node"), ("uvx", "uv"), ("python3", "python3"), ("x", "")],
)
def test_the_runtime_of_a_program_is_known_by_its_name(program: str, runtime: str) -> None:
    assert runtime_of(program) == runtime


def test_a_runtime_that_is_missing_or_silent_is_told(tmp_path: Path) -> None:
    program = tmp_path / "node"
    program.write_text("#!/bin/sh\necho v22.3.0\n")
    program.chmod(0o700)
    assert version_of(str(program), {}) == "22.3.0"
    program.write_text("#!/bin/sh\nexit 1\n")
    assert version_of(str(program), {}) == ""
    assert not findings.runtime("node", str(program), "", ["git"]).ok
    missing = findings.runtime("node", None, "", ["git", "x"])
    assert missing.sentence == "node was not found. Servers that need it: git, x."
