"""How many calls a server works on, who is next, how long a call may take, and what a failing server costs."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ostiary.control.messages import (
    AddServer,
    ConfigureServer,
    EnableServer,
    RemoveServer,
    RestartServer,
    TrustServer,
)
from ostiary.domain.errors import UsageError
from ostiary.domain.events import Noticed
from ostiary.domain.flow import Flow
from ostiary.domain.server import Isolation, ServerState
from tests.support.checked_host import checked_host
from tests.support.flow_house import CHILD, flow_server, report, running, waiting
from tests.support.flow_house import host as host
from tests.support.flow_house import house as house
from tests.support.flow_house import someone as someone
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import LineHost, ending, line_host
from tests.support.person import Person

TOKEN = {"_meta": {"progressToken": "mine"}}
SOON = Flow(timeout_s=0.3)


@pytest.fixture
def other(house: tuple[GatewayProcess, Person]) -> Iterator[LineHost]:
    with line_host(house[0]) as speaker:
        yield speaker


def late(span_s: float) -> str:
    told = "It was told to stop; what it did is not known."
    return f"The server slow did not answer this call within {span_s:g} s. {told}"


def test_calls_beyond_the_limit_wait_and_hosts_take_turns(host: LineHost, other: LineHost, someone: Person) -> None:
    with flow_server(someone, Flow(running=1)):
        calls = [host.call("hold", tag="a0")]
        running(someone, 1)
        calls += [host.call("hold", tag=f"a{number}") for number in (1, 2, 3)]
        waiting(someone, 3)
        late = other.call("hold", tag="b")
        waiting(someone, 4)
        host.cancel(calls[0])  # a1 came first, and then it is the other host's turn
        waiting(someone, 3)
        host.cancel(calls[1])
        waiting(someone, 2)
        other.cancel(late)
        waiting(someone, 1)
        host.cancel(calls[2])
        waiting(someone, 0)
        host.cancel(calls[3])
        found = report(host)
        assert (found["seen"], found["most"]) == (["a0", "a1", "b", "a2", "a3"], 1)


def test_a_full_queue_answers_at_once_and_who_asks_most_gives_way(
    host: LineHost, other: LineHost, someone: Person
) -> None:
    with flow_server(someone, Flow(running=1, waiting=2)):
        first = host.call("hold", tag="a0")
        running(someone, 1)
        second, third = host.call("hold", tag="a1"), host.call("hold", tag="a2")
        waiting(someone, 2)
        is_error, words = host.ended("hold", tag="a3")
        assert is_error
        assert words.startswith("The server slow is busy: it works on 1 calls, and 2 wait.")
        other.call("hold", tag="b")
        assert ending(host.answer(third))[0], "the newest of the host that has most waiting gives way"
        host.cancel(first)
        waiting(someone, 1)
        host.cancel(second)
        waiting(someone, 0)


def test_a_call_that_takes_too_long_ends_clearly_and_its_server_is_told(host: LineHost, someone: Person) -> None:
    with flow_server(someone, SOON):
        is_error, words = host.ended("late", tag="late-1")
        assert is_error
        assert words == late(0.3)
        assert report(host)["cancelled"] == ["late-1"], "and its late answer reached nobody"
        assert not [message for message in host.meanwhile() if "result" in message]


def test_a_tool_may_have_a_time_of_its_own(host: LineHost, someone: Person) -> None:
    with flow_server(someone, Flow(tool_timeouts_s={"late": 0.2})):
        longer = host.call("hold", tag="a")
        assert host.ended("late", tag="b") == (True, late(0.2))
        running(someone, 1)
        host.cancel(longer)


def test_a_call_that_makes_progress_is_given_more_time(host: LineHost, someone: Person) -> None:
    with flow_server(someone, Flow(timeout_s=1)):
        beating = host.start("tools/call", {"name": "beat", "arguments": {}, **TOKEN})
        silent = host.call("hold", tag="a")
        ended: list[object] = []
        while silent not in ended:
            host.result("tools/call", {"name": "echo"})  # each makes the other call progress
            ended = [message["id"] for message in host.meanwhile() if "result" in message]
        assert ended == [silent]
        assert ending(host.answer(beating)) == (True, late(1)), "without progress it is late too"


def test_the_time_of_a_person_who_is_asked_does_not_count(
    house: tuple[GatewayProcess, Person], someone: Person
) -> None:
    with flow_server(someone, SOON), flow_server(someone, SOON, "clock"), checked_host(house[0], "legacy") as asked:
        number = asked.call("ask")
        question = asked.question()
        assert asked.ended("clock__hold")[0], "its time is over, and so would be that of the call before it"
        asked.reply(question, {"result": {"action": "accept", "content": {}}})
        assert ending(asked.answer(number)) == (False, '{"action": "accept", "content": {}}')


def test_a_parked_question_keeps_the_turn_until_its_host_is_gone_and_that_is_told(
    house: tuple[GatewayProcess, Person], host: LineHost, someone: Person
) -> None:
    with flow_server(someone, Flow()):
        with checked_host(house[0], "modern") as thinking:
            thinking.needed(thinking.call("ask"))
            behind = host.call("echo")
            told = someone.server_as("slow", lambda view: view.waiting_calls == 1).trouble
            assert told == "Its calls take turns, and one waits for its host's answer: 1 wait behind it."
        assert ending(host.answer(behind)) == (False, "{}")
        assert report(host)["cancelled"] == [""]


def test_a_server_that_keeps_failing_is_not_asked_until_it_is_started_anew(host: LineHost, someone: Person) -> None:
    with flow_server(someone, Flow(timeout_s=0.1)):
        for _ in range(5):
            assert host.ended("hold") == (True, late(0.1))
        notice = someone.see(lambda event: isinstance(event, Noticed))
        is_error, words = host.ended("echo")
        assert is_error
        assert words.startswith("The server slow failed 5 calls in a row, so nothing is sent to it. It is tried again")
        assert isinstance(notice, Noticed)
        assert (notice.notice.title, notice.notice.detail[:30]) == ("The server “slow” has a problem", words[:30])
        assert someone.server("slow").trouble.startswith("The server slow failed 5 calls in a row")
        someone.do(RestartServer(name="slow"))
        someone.server_in("slow", ServerState.RUNNING)
        assert host.ended("echo") == (False, "{}")
        assert someone.server("slow").trouble == ""


def test_a_process_that_dies_in_a_call_is_a_failure_too_and_the_next_one_inherits_them(
    host: LineHost, someone: Person
) -> None:
    with flow_server(someone, Flow(timeout_s=0.1)):
        for _ in range(4):
            assert host.ended("hold") == (True, late(0.1))
        pid = someone.server("slow").pid
        assert "error" in host.answer(host.call("die"))
        someone.server_as("slow", lambda view: view.state is ServerState.RUNNING and view.pid != pid)
        assert host.ended("echo")[1].startswith("The server slow failed 5 calls in a row")


def test_settings_count_at_once_and_stay(house: tuple[GatewayProcess, Person], host: LineHost, someone: Person) -> None:
    with flow_server(someone, Flow(running=1)):
        first = host.call("hold", tag="a")
        second = host.call("hold", tag="b")
        waiting(someone, 1)
        view = someone.do(
            ConfigureServer(name="slow", flow=msgspec.structs.replace(someone.server("slow").flow, running=2))
        )
        assert view.flow == Flow(running=2)
        running(someone, 2)
        host.cancel(first)
        host.cancel(second)
        assert "slow" in (house[0].home / "config" / "settings.json").read_text()
        view = someone.do(ConfigureServer(name="slow", isolation=Isolation.PER_HOST))
        assert (view.isolation, view.flow) == (Isolation.PER_HOST, Flow(running=2))
        assert report(host)["pid"] != view.pid


@pytest.mark.skipif(sys.platform == "win32", reason="a program that waits at a named pipe")
def test_settings_made_while_a_server_starts_count_once_it_runs(
    host: LineHost, someone: Person, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    waits = ("sh", "-c", 'read -r word < "$0" && exec "$@"', str(gate))
    someone.do(AddServer(name="slow", command=(*waits, sys.executable, "-S", "-E", CHILD)))
    try:
        someone.do(EnableServer(name="slow"))
        with gate.open("w") as opened:  # once the program runs
            someone.do(ConfigureServer(name="slow", flow=Flow(running=1)))
            opened.write("go\n")
        someone.server_in("slow", ServerState.RUNNING)
        someone.do(TrustServer(name="slow"))
        calls = [host.call("hold", tag=tag) for tag in "ab"]
        someone.server_as("slow", lambda view: view.running_calls + view.waiting_calls == 2)
        assert someone.server("slow").running_calls == 1
        for call in calls:
            host.cancel(call)
    finally:
        someone.do(RemoveServer(name="slow"))


@pytest.mark.parametrize(
    "flow",
    [Flow(running=0), Flow(waiting=-1), Flow(timeout_s=0), Flow(longest_s=1e9), Flow(tool_timeouts_s={"echo": -1})],
)
def test_limits_that_make_no_sense_are_refused(someone: Person, flow: Flow) -> None:
    with pytest.raises(UsageError):
        someone.do(ConfigureServer(name="files", flow=flow))
    assert someone.server("files").flow == Flow()
