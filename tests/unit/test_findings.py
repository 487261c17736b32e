"""What the doctor says: each finding has a code and a sentence, and what is wrong has something to do about it."""

from __future__ import annotations

import msgspec
import pytest

from ostiary.domain.finding import Finding
from ostiary.domain.host import HostState, HostView
from ostiary.domain.root import RootMode, RootView
from ostiary.domain.secret import KeyringState
from ostiary.domain.server import ServerState
from ostiary.gateway import findings
from ostiary.gateway.hosts.registry import known_hosts
from ostiary.gateway.sightings import HostSighting
from ostiary.gateway.supervise.login_path import FoundPath
from tests.support.server_views import server_view

CURSOR = HostView(
    name="cursor",
    title="Cursor",
    state=HostState.CONNECTED,
    config_path="/home/zoë/.cursor/mcp.json",
    restart_hint="Quit Cursor and open it again.",
)
SEEN = HostSighting(at=0.0, client="Cursor", revision="2025-11-25", capabilities=("elicitation",))
GIT = server_view("git")
EMPTIED = "Another program emptied its list of servers. Gone is: git, ostiary."


def standing(state: HostState, detail: str = "", harm: str = "") -> HostView:
    return msgspec.structs.replace(CURSOR, state=state, detail=detail, harm=harm)


@pytest.mark.parametrize(
    ("found", "code", "action"),
    [
        (findings.keyring(KeyringState(problem="Unlock it.")), "keyring", "Unlock it."),
        (findings.path(FoundPath(path="/bin", problem="It took too long.")), "path", "Start your shell by hand"),
        (findings.watches(8192), "watches", "fs.inotify.max_user_watches"),
        (findings.host(standing(HostState.UNREADABLE, "Line 3 is no JSON.")), "host.cursor", "Line 3 is no JSON."),
        (findings.host(standing(HostState.UNREADABLE)), "host.cursor", "Mend the file by hand."),
        (findings.host(standing(HostState.CHANGED)), "host.cursor", "Connect Cursor again."),
        (findings.host(standing(HostState.AVAILABLE, harm=EMPTIED)), "host.cursor", "ostiary hosts repair cursor"),
        (findings.host_program(CURSOR, "/x/ostiary-connect", is_there=False), "host.cursor.program", "Connect Cursor"),
        (findings.host_contact(CURSOR, None), "host.cursor.contact", "Quit Cursor and open it again."),
        (
            findings.host_contact(msgspec.structs.replace(CURSOR, restart_needed="Quit it now."), SEEN),
            "host.cursor.contact",
            "Quit it now.",
        ),
        (
            findings.server(msgspec.structs.replace(GIT, state=ServerState.FATAL), None, modern=None),
            "server.git",
            "output",
        ),
        (findings.program(GIT, None), "program.git", "Install it"),
        (findings.runtime("node", None, "", ["Git"]), "runtime.node", "Install node"),
        (findings.runtime("node", "/bin/node", "", ["Git"]), "runtime.node", "node --version"),
        *((found, "roots", "Approve one") for found in findings.roots(())),
        *(
            (found, "root", "It is gone.")
            for found in findings.roots(
                [RootView(path="/x", label="x", mode=RootMode.READ_ONLY, problem="It is gone.")]
            )
        ),
    ],
)
def test_what_is_wrong_has_a_code_a_sentence_and_what_to_do(found: Finding, code: str, action: str) -> None:
    assert (found.code, found.ok) == (code, False)
    assert found.sentence.endswith(".")
    assert action in found.action


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (findings.keyring(KeyringState(backend="SecretService")), "SecretService"),
        (findings.path(FoundPath(path="/usr/bin:/bin", shell="zsh")), "/usr/bin:/bin"),
        (findings.watches(524_288), "524,288 folders"),
        (findings.watches(None), "does not limit"),
        (findings.front(has_front=True), "A window is attached"),
        (findings.host(standing(HostState.CONNECTED)), "/home/zoë/.cursor/mcp.json"),
        (findings.host(standing(HostState.AVAILABLE)), "not connected (/home/zoë/.cursor/mcp.json)"),
        (findings.host(standing(HostState.NOT_FOUND)), "not on this machine"),
        (findings.host_program(CURSOR, "/x/ostiary-connect", is_there=True), "/x/ostiary-connect"),
        (findings.host_contact(CURSOR, SEEN), "MCP 2025-11-25 and can do: elicitation"),
        (findings.server(GIT, None, modern=True), "MCP 2026-07-28"),
        (findings.program(GIT, "/usr/bin/git-mcp"), "/usr/bin/git-mcp"),
        (findings.runtime("node", "/usr/bin/node", "22.3.0", ["Git"]), "22.3.0"),
    ],
)
def test_what_is_well_says_what_was_seen(found: Finding, sentence: str) -> None:
    assert found.ok
    assert sentence in found.sentence
    assert not found.action


def test_every_host_tells_what_to_do_where_it_has_not_been_here_yet() -> None:
    for spec in known_hosts():
        view = HostView(name=spec.name, title=spec.title, state=HostState.CONNECTED, restart_hint=spec.restart_hint)
        assert findings.host_contact(view, None).action
