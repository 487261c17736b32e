"""Programs of servers: where they are sought, how long their starts are told about, and that none is left behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ostiary.control.messages import AddServer, Diagnose, DisableServer, EnableServer, Finding, RemoveServer
from ostiary.domain.events import AnyEvent, Servers
from ostiary.domain.server import ServerState
from tests.support.children.stage import survivors
from tests.support.commands import run
from tests.support.gateway_process import GatewayProcess, Household, household, running_gateway
from tests.support.person import SERVER, Person, define, person_at, tool

SURVIVAL_S = 3.0
SHELL = {"SHELL": "/bin/sh"}


@pytest.fixture(scope="module")
def place() -> Iterator[Household]:
    """A person whose login shell adds a folder to the PATH; in it a server, and an ``npx`` that never answers."""
    with household() as made:
        tools = made.person / "tools"
        tools.mkdir()
        definitions = define(made.person / "tools.json", [tool("echo")])
        write_program(tools / "scripted", f"exec {sys.executable} -S -E {SERVER} {definitions}")
        write_program(tools / "npx", "exec sleep 60")
        (made.person / ".profile").write_text("PATH=$HOME/tools:$PATH\n")
        yield made


@pytest.fixture(scope="module")
def gateway(place: Household) -> Iterator[GatewayProcess]:
    with running_gateway(place, front=True, environment=SHELL) as running:
        yield running


@pytest.fixture(scope="module")
def person(gateway: GatewayProcess) -> Person:
    return person_at(gateway)


def write_program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o700)


def finding(person: Person, code: str) -> Finding:
    return next(found for found in person.do(Diagnose()) if found.code == code)


def test_a_program_is_found_where_only_the_login_shell_seeks_it(person: Person, place: Household) -> None:
    person.do(AddServer(name="scripted", command=("scripted",)))
    person.enable("scripted")
    program = place.person / "tools" / "scripted"
    assert finding(person, "program.scripted").sentence == f"The program of scripted is {program}."
    person.do(RemoveServer(name="scripted"))


def test_the_doctor_shows_the_path_that_programs_are_sought_on(person: Person, place: Household) -> None:
    found = finding(person, "path")
    assert found.ok
    assert "/bin/sh" in found.sentence
    assert f" {place.person / 'tools'}:" in found.sentence


def test_the_doctor_finds_a_program_that_is_not_there(person: Person) -> None:
    person.do(AddServer(name="lost", command=("no-such-program",)))
    found = finding(person, "program.lost")
    assert not found.ok
    assert "“no-such-program”" in found.sentence
    person.do(RemoveServer(name="lost"))


def test_a_slow_first_start_is_told_as_progress_and_is_no_failure(person: Person, gateway: GatewayProcess) -> None:
    person.do(AddServer(name="slow", command=("npx", "-y", "server")))
    person.do(EnableServer(name="slow"))

    def tells(event: AnyEvent) -> bool:
        return isinstance(event, Servers) and any("download" in server.progress for server in event.servers)

    person.see(tells)
    slow = person.server("slow")
    assert (slow.state, slow.error, slow.restarts) == (ServerState.STARTING, "", 0)
    assert slow.progress in run(gateway.home, "servers").out
    person.do(DisableServer(name="slow"))
    assert person.server("slow").progress == ""
    person.do(RemoveServer(name="slow"))


def test_nothing_outlives_a_killed_gateway_by_three_seconds(tmp_path: Path) -> None:
    with household() as own, running_gateway(own, front=True, environment=SHELL) as running:
        person = person_at(running)
        person.approve(own.person / "project")
        person.enable()
        person.add("stubborn", define(tmp_path / "tools.json", [tool("echo")]), "stubborn")
        person.enable("stubborn")
        family = psutil.Process(running.process.pid).children(recursive=True)
        assert {person.server(name).pid for name in ("files", "stubborn")} <= {process.pid for process in family}
        running.process.kill()
        assert survivors(family, SURVIVAL_S) == []


def test_a_server_that_ends_when_probed_is_not_probed_by_the_next_gateway_either(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    child = Path(SERVER).with_name("dies_when_probed.py")
    with household() as own:
        with running_gateway(own, front=True, environment=SHELL) as first:
            person = person_at(first)
            person.do(AddServer(name="old", command=(sys.executable, str(child), str(asked))))
            assert person.enable("old").restarts == 0
        assert asked.read_text().split()[:2] == ["server/discover", "initialize"]
        asked.write_text("")
        with running_gateway(own, front=True, environment=SHELL) as second:
            person_at(second).server_in("old", ServerState.RUNNING)
        assert "server/discover" not in asked.read_text().split()
