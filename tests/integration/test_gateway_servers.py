"""Servers that break the rules, die or hang: their callers are told, the others go on, and nothing is left running."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from ostiary.control.messages import (
    AddServer,
    DisableServer,
    EnableServer,
    ListSecrets,
    RemoveServer,
    ServerOutput,
    SetToolState,
    TrustServer,
)
from ostiary.domain.call import Outcome
from ostiary.domain.server import ServerState, ToolState
from tests.support.children.stage import survivors
from tests.support.commands import DEADLINE_S
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.line_host import LineHost, line_host
from tests.support.person import SERVER, Person, define, person_at, tool

NO_BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
"""A session without a keyring, whatever the test itself runs in."""

READS: dict[str, Any] = {"annotations": {"readOnlyHint": True}}
FAULTS = ("noise", "die", "never", "twice", "wrong_id", "progress", "flood", "echo")


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    with household() as place, running_gateway(place, front=True, environment=NO_BUS) as running:
        yield running


@pytest.fixture(scope="module")
def person(gateway: GatewayProcess) -> Person:
    """Has switched on ``files``, and ``dying``, a server that gives up before it says a word."""
    someone = person_at(gateway)
    someone.enable()
    program = (sys.executable, "-S", "-E", "-c", "import sys; sys.exit('no licence found')")
    someone.do(AddServer(name="dying", command=program))
    someone.do(EnableServer(name="dying"))
    return someone


@pytest.fixture
def host(gateway: GatewayProcess, person: Person) -> Iterator[LineHost]:
    """Connected to ``faulty``, which runs and is trusted."""
    definitions = define(gateway.household.person / "tools.json", [tool(name, **READS) for name in FAULTS])
    person.add("faulty", definitions)
    person.do(TrustServer(name="faulty"))
    person.enable("faulty")
    with line_host(gateway) as speaker:
        yield speaker
    person.do(RemoveServer(name="faulty"))


def echo(host: LineHost) -> str:
    is_error, words = host.ended("echo", a=1)
    assert not is_error
    return words


def test_noise_on_stdout_is_passed_over_and_kept_from_hosts(host: LineHost, gateway: GatewayProcess) -> None:
    is_error, words = host.ended("noise")

    assert (is_error, " noise {}" in words) == (False, True)
    assert host.meanwhile() == []
    assert "warming up" in gateway.said()


def test_a_second_answer_reaches_nobody(host: LineHost) -> None:
    assert host.ended("twice") == (False, "first")
    assert " echo " in echo(host)
    assert host.meanwhile() == []


def test_answers_with_ids_that_were_never_given_reach_nobody(host: LineHost) -> None:
    assert " wrong_id " in host.ended("wrong_id")[1]
    assert " echo " in echo(host)
    assert host.meanwhile() == []


def test_a_server_that_dies_in_a_call_fails_that_call_and_is_started_again(
    host: LineHost, person: Person, gateway: GatewayProcess
) -> None:
    before = person.server("faulty")
    with line_host(gateway, modern=True) as other:
        waiting = other.call("never")
        person.row(Outcome.RUNNING)
        pending = host.call("never")
        first = host.answer(host.call("die"))
        theirs, ours = other.answer(waiting), host.answer(pending)
    after = person.server_as("faulty", lambda view: view.state is ServerState.RUNNING and view.pid != before.pid)
    words = echo(host)

    for answer in (first, theirs, ours):
        assert answer["error"]["code"] == -32603
        assert answer["error"]["data"] == {"server": "faulty"}
        assert "ended before it answered" in answer["error"]["message"]
    assert after.restarts == 1
    assert words.startswith(f"{after.pid} ")


def test_a_cancelled_call_leaves_the_server_usable_and_its_row_closed(host: LineHost, person: Person) -> None:
    number = host.call("never")
    started = person.row(Outcome.RUNNING)
    host.cancel(number)
    ended = person.row(Outcome.CANCELLED)

    assert (started.id, started.tool) == (ended.id, "never")
    assert " echo " in echo(host)
    assert host.meanwhile() == []


def test_an_answer_of_11_mib_becomes_an_error_for_its_own_call(host: LineHost) -> None:
    pending = host.call("never")
    flooded = host.answer(host.call("flood"))
    host.cancel(pending)

    assert flooded["error"]["code"] == -32603
    assert "10 MiB" in flooded["error"]["message"]
    assert " echo " in echo(host)
    assert host.meanwhile() == []


def test_progress_comes_back_under_the_hosts_own_token(host: LineHost) -> None:
    tokens = ("7", 7, 2**53 + 1)
    for token in tokens:
        host.start("tools/call", {"name": "progress", "arguments": {}, "_meta": {"progressToken": token}})
    heard = [host.told("notifications/progress")["progressToken"] for _ in tokens]

    assert sorted(map(repr, heard)) == sorted(map(repr, tokens))


def test_a_server_that_ignores_sigterm_is_gone_when_it_is_off(gateway: GatewayProcess, person: Person) -> None:
    person.add("stubborn", define(gateway.household.person / "none.json", []), "stubborn")
    view = person.enable("stubborn")
    assert view.pid is not None
    process = psutil.Process(view.pid)
    person.do(DisableServer(name="stubborn"))
    is_there = process.is_running()
    person.do(RemoveServer(name="stubborn"))

    assert not is_there


def test_a_server_that_needs_a_secret_says_so_where_there_is_no_keyring_and_the_others_run(
    gateway: GatewayProcess, person: Person
) -> None:
    definitions = define(gateway.household.person / "none.json", [])
    person.add("needy", definitions, environment={"TOKEN": "${secret:TOKEN}"})
    person.do(EnableServer(name="needy"))
    needy = person.server_in("needy", ServerState.FATAL, ServerState.BACKOFF, ServerState.EXITED)
    secrets = {view.name: view.used_by for view in person.do(ListSecrets())}
    person.do(RemoveServer(name="needy"))

    assert "keyring" in needy.error.lower()
    assert needy.pid is None
    assert person.server("files").state is ServerState.RUNNING
    assert secrets == {"TOKEN": ("needy",)}


def test_what_is_set_for_a_tool_holds_from_the_next_call_of_the_same_session_on(host: LineHost, person: Person) -> None:
    failed = []
    for state in (ToolState.ENABLED, ToolState.DISABLED, ToolState.ENABLED):
        person.do(SetToolState(name="faulty", own_name="echo", state=state))
        failed.append(host.answer(host.call("echo"))["result"].get("isError", False))

    assert failed == [False, True, False]


def test_a_server_that_is_not_running_is_told_to_the_host_at_once(host: LineHost, person: Person) -> None:
    number = host.call("never")
    person.row(Outcome.RUNNING)
    person.do(DisableServer(name="faulty"))
    cut, later = host.answer(number), host.answer(host.call("echo"))

    assert "ended before it answered" in cut["error"]["message"]
    assert later["error"]["code"] == -32602


def test_a_secret_in_the_last_words_of_a_server_reaches_no_host(gateway: GatewayProcess, person: Person) -> None:
    definitions = define(gateway.household.person / "leaky.json", [tool("die", **READS)])
    died, secret = gateway.household.person / "died", f"ghp_{'a1B2' * 9}"
    dies = f"os.path.exists({str(died)!r}) and sys.exit('bad token {secret}')"
    talks = f"import os, runpy, sys; {dies}; runpy.run_path({SERVER!r}, run_name='__main__')"
    person.do(AddServer(name="leaky", command=(sys.executable, "-S", "-E", "-c", talks, str(definitions))))
    person.do(TrustServer(name="leaky"))
    person.enable("leaky")
    with line_host(gateway, "--servers", "leaky") as speaker:
        died.touch()
        speaker.answer(speaker.call("die"))
        person.server_as("leaky", lambda view: view.state is ServerState.BACKOFF and "bad token" in view.error)
        told = speaker.answer(speaker.call("die"))["error"]["message"]
    person.do(RemoveServer(name="leaky"))
    assert "its last words: bad token" in told
    assert secret not in told


def test_a_new_server_of_an_old_name_has_said_nothing_and_was_never_started(
    gateway: GatewayProcess, person: Person
) -> None:
    definitions = define(gateway.household.person / "none.json", [])
    talks = f"import runpy, sys; sys.stderr.write('here I am\\n'); runpy.run_path({SERVER!r}, run_name='__main__')"
    sightings = gateway.household.ostiary / "data" / "sightings.json"
    for run in range(2):
        person.do(AddServer(name="again", command=(sys.executable, "-S", "-E", "-c", talks, str(definitions))))
        assert person.do(ServerOutput(name="again")) == ""
        assert "again" not in json.loads(sightings.read_bytes())["servers"]
        if run == 0:
            person.do(EnableServer(name="again"))
            person.server_in("again", ServerState.RUNNING)
            assert person.do(ServerOutput(name="again")) == "here I am\n"
            assert "again" in json.loads(sightings.read_bytes())["servers"]
        person.do(RemoveServer(name="again"))


@pytest.mark.parametrize(
    "option", ["--idle-minutes=nan", "--idle-minutes=1e308", "--timeout=inf", "--tool-timeout=a=nan"]
)
def test_a_time_that_is_no_number_is_told(gateway: GatewayProcess, person: Person, option: str) -> None:
    ended = gateway.run("servers", "set", "dying", option)
    assert ended.code != 0
    assert "s is no time to wait. Give a number." in ended.err


def test_a_server_that_dies_at_every_start_is_given_up_with_its_last_words(
    gateway: GatewayProcess, person: Person
) -> None:
    """The last of this module: the server has been tried since the first, and four waits make fifteen seconds.

    Six processes, because one ended at the probe of its generation; that does not count as a failure.
    """
    dying = person.server_in("dying", ServerState.FATAL)
    output = person.do(ServerOutput(name="dying"))

    assert dying.pid is None
    assert dying.enabled
    assert "no licence found" in dying.error
    assert output.count("no licence found") == 6


def test_quitting_leaves_no_process_even_of_a_server_that_ignores_it() -> None:
    with household() as place, running_gateway(place, front=True) as gateway:
        someone = person_at(gateway)
        someone.add("stubborn", define(place.person / "none.json", []), "stubborn")
        someone.enable("stubborn")
        children = psutil.Process(gateway.process.pid).children(recursive=True)
        gateway.process.terminate()
        code = gateway.process.wait(DEADLINE_S)
        left = survivors(children)

    assert (code, left, bool(children)) == (0, [], True)


def test_a_call_that_runs_and_one_that_ends_before_it_is_sent_stand_in_the_log(host: LineHost, person: Person) -> None:
    host.call("never")
    assert person.row(Outcome.RUNNING).tool == "never"

    refused = host.answer(host.start("tools/call", {"name": "echo", "arguments": {}, "requestState": "unknown"}))

    assert refused["error"]["code"] == -32602
    assert person.row(Outcome.ERROR).tool == "echo"
