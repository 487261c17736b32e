"""Harm to a connected host's file reaches the front by itself, and is repaired only when the person says so."""

import os
import shutil
import subprocess

import pytest

from ostiary.control.messages import ApplyHostChange, Diagnose, ListHosts, PlanConnect, PlanRepair
from ostiary.domain.events import Hosts, Noticed
from ostiary.domain.host import HostState, HostView
from tests.support.gateway_process import household, running_gateway
from tests.support.line_host import line_host
from tests.support.person import Person, person_at

OTHERS = b'{"mcpServers": {"git": {"command": "git-mcp"}}}\n'
EMPTIED = "Another program emptied its list of servers. Gone is: git, ostiary."


def _cursor(person: Person) -> HostView:
    return next(view for view in person.do(ListHosts()) if view.name == "cursor")


def test_a_wiped_file_is_told_left_alone_and_repaired_on_the_persons_word() -> None:
    with household() as place, running_gateway(place, front=True) as gateway:
        person = person_at(gateway)
        file = place.person / ".cursor" / "mcp.json"
        file.parent.mkdir()
        file.write_bytes(OTHERS)
        person.do(ApplyHostChange(change=person.do(PlanConnect(host="cursor"))))
        connected = file.read_bytes()
        person.see(lambda event: isinstance(event, Hosts))

        file.write_bytes(b'{"mcpServers": {}}')

        event = person.see(lambda event: isinstance(event, Noticed))
        assert isinstance(event, Noticed)
        assert EMPTIED in event.notice.detail
        assert (_cursor(person).harm, file.read_bytes()) == (EMPTIED, b'{"mcpServers": {}}')
        found = next(found for found in person.do(Diagnose()) if found.code == "host.cursor")
        assert (found.ok, EMPTIED in found.sentence) == (False, True)

        person.do(ApplyHostChange(change=person.do(PlanRepair(host="cursor"))))
        assert (_cursor(person).state, _cursor(person).harm) == (HostState.CONNECTED, "")
        assert file.read_bytes() == connected


def test_a_file_that_was_wiped_while_nothing_ran_is_told_at_the_next_start() -> None:
    with household() as place:
        file = place.person / ".cursor" / "mcp.json"
        file.parent.mkdir()
        file.write_bytes(OTHERS)
        with running_gateway(place, front=True) as gateway:
            person = person_at(gateway)
            person.do(ApplyHostChange(change=person.do(PlanConnect(host="cursor"))))
        file.write_bytes(b'{"mcpServers": {}}')

        with running_gateway(place, front=True) as gateway:
            event = person_at(gateway).see(lambda event: isinstance(event, Noticed) and EMPTIED in event.notice.detail)
            assert isinstance(event, Noticed)
        assert file.read_bytes() == b'{"mcpServers": {}}'


@pytest.mark.skipif(os.name != "posix", reason="the host is a copy of a shell")
def test_the_word_to_restart_goes_by_itself_when_the_hosts_shim_arrives() -> None:
    with household() as place, running_gateway(place, front=True) as gateway:
        person = person_at(gateway)
        (place.person / ".claude.json").write_bytes(OTHERS)
        program = place.person / "bin" / "claude"
        program.parent.mkdir()
        shutil.copy("/bin/sh", program)
        script = (str(program), "-c", "echo here; read line; exit 0")
        with subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as host:
            assert host.stdout is not None
            assert host.stdout.readline() == b"here\n"
            view = person.do(ApplyHostChange(change=person.do(PlanConnect(host="claude-code"))))
            assert "running since before" in view.restart_needed
            person.see(lambda event: isinstance(event, Hosts))
            with line_host(gateway, host="claude-code"):
                person.see(lambda event: isinstance(event, Hosts) and _needed(event) == "")
            host.communicate(b"\n")


def _needed(event: Hosts) -> str:
    """What is said of restarting Claude Code once a session of it is open."""
    found = (view.restart_needed for view in event.hosts if view.name == "claude-code" and view.sessions)
    return next(found, "no session yet")
