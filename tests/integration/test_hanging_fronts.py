"""A front that does not read while thousands of calls pass: what it costs the gateway, and what it knows afterwards."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from ostiary.control import codec
from ostiary.control.client import ControlClient, connect
from ostiary.control.messages import GetStatus, SetMode, Subscribe
from ostiary.domain.approval import GateMode
from ostiary.domain.call import Outcome
from ostiary.domain.events import AnyEvent, Missed
from ostiary.gateway.outbox import MOST_WAITING_BYTES
from tests.support.commands import DEADLINE_S, started
from tests.support.gateway_process import GatewayProcess, Household, running_gateway
from tests.support.line_host import LineHost, line_host
from tests.support.many_calls import CALLS, call_often
from tests.support.person import Person
from tests.support.shared_gateway import place as place

IN_BETWEEN_BYTES = 2 * 1024 * 1024
"""More than both ends of a connection hold in the system, and one event."""


@pytest.fixture
def gateway(place: Household) -> Iterator[GatewayProcess]:
    with running_gateway(place, front=True) as running:
        yield running


@pytest.fixture
def front(gateway: GatewayProcess) -> ControlClient:
    """The tray, which reads what happens only when the test does."""
    assert gateway.front is not None
    person = Person(gateway.front)
    person.approve(gateway.household.person / "docs")
    person.enable()
    return gateway.front


@pytest.fixture
def host(gateway: GatewayProcess, front: ControlClient) -> Iterator[LineHost]:
    with line_host(gateway) as speaker:
        yield speaker


def heard_until_missed(front: ControlClient) -> tuple[list[AnyEvent], Missed]:
    before: list[AnyEvent] = []
    for event in front.events(DEADLINE_S):
        if isinstance(event, Missed):
            return before, event
        before.append(event)
    raise AssertionError("nothing was missed")


def wait_for_a_question(gateway: GatewayProcess) -> None:
    deadline = time.monotonic() + DEADLINE_S
    with connect(str(gateway.home)) as other:
        while not other.ask(GetStatus()).open_questions:
            assert time.monotonic() < deadline, "nobody was asked"


def test_a_front_that_hung_has_cost_a_bounded_queue_and_is_told_that_it_missed_something(
    gateway: GatewayProcess, front: ControlClient, host: LineHost
) -> None:
    call_often(host, gateway.home)
    before, missed = heard_until_missed(front)

    assert sum(len(codec.encode_event(event)) for event in before) < MOST_WAITING_BYTES + IN_BETWEEN_BYTES
    assert missed.rows > 0
    assert 0 < missed.first <= CALLS


def test_a_front_that_hung_knows_as_much_as_a_fresh_one_once_it_asks_again(
    gateway: GatewayProcess, front: ControlClient, host: LineHost
) -> None:
    with connect(str(gateway.home)) as other:
        call_often(host, gateway.home)
        other.ask(SetMode(mode=GateMode.ASK_ALL))
        heard_until_missed(front)
        hung, fresh = front.ask(Subscribe()), other.ask(Subscribe())

    assert [row.id for row in hung.calls][-1] == CALLS
    assert (hung.calls, hung.mode, hung.sessions) == (fresh.calls, fresh.mode, fresh.sessions)
    assert hung.mode is GateMode.ASK_ALL


def test_a_question_that_opened_while_the_front_hung_waits_for_it(
    gateway: GatewayProcess, front: ControlClient, host: LineHost
) -> None:
    call_often(host, gateway.home)
    asked = host.call("write_file", path=str(gateway.household.person / "docs" / "new"), content="x")
    wait_for_a_question(gateway)
    heard_until_missed(front)
    (question,) = front.ask(Subscribe()).questions
    Person(front).allow(question)

    assert not host.answer(asked)["result"].get("isError")


def test_following_with_a_reader_that_hung_tells_every_end_of_a_call_once(
    gateway: GatewayProcess, host: LineHost
) -> None:
    host.ended("get_file_info", path="/first")
    with started(gateway.home, "log", "--follow", "--json") as following:
        assert following.stdout is not None
        ended = [json.loads(following.stdout.readline())["id"]]  # it follows since before it said this
        call_often(host, gateway.home)
        host.ended("get_file_info", path="/last")
        for line in following.stdout:
            row = json.loads(line)
            ended += [row["id"]] if row["outcome"] != Outcome.RUNNING else []
            if row["item"] == "/last":
                break

    assert sorted(ended) == list(range(1, CALLS + 3))
