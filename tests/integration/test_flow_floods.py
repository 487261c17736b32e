"""A server that says too much, and a host that does not read: neither costs anybody else anything."""

import json
from collections.abc import Iterator

import psutil
import pytest

from ostiary.domain.events import Noticed
from ostiary.domain.flow import Flow
from tests.support.flow_house import flow_house, flow_server
from tests.support.flow_house import host as host
from tests.support.flow_house import someone as someone
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import LineHost, Message, line_host
from tests.support.person import Person

MANY = 3_000
MIB = 1024 * 1024
TOKEN = {"_meta": {"progressToken": "mine"}}
ROOM_BYTES = 160 * MIB
"""64 answers of 1 MiB that were under way when the host stopped to read, twice, and what Python keeps of them."""


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[GatewayProcess, Person]]:
    with flow_house() as made, flow_server(made[1], Flow()):
        yield made


def flood(host: LineHost, kind: str) -> list[Message]:
    """What a host hears while the server says ``MANY`` of a kind, and with the answer to what is asked after it."""
    params = {"name": "flood", "arguments": {"kind": kind, "count": MANY}, **TOKEN}
    assert "result" in host.answer(host.start("tools/call", params))
    return [message for message in host.meanwhile() if "method" in message]


def test_of_too_much_progress_a_host_hears_some(host: LineHost) -> None:
    heard = [message["params"]["progress"] for message in flood(host, "progress")]
    assert heard[:40] == list(range(1, 41))
    assert len(heard) < MANY / 10


def test_of_too_many_log_messages_a_host_hears_some_and_how_many_not(host: LineHost, someone: Person) -> None:
    host.result("logging/setLevel", {"level": "error"})
    heard = [str(message["params"]["data"]) for message in flood(host, "log")]
    while not heard[-1].endswith("were left out: they were too many."):
        heard.append(str(host.told("notifications/message")["data"]))
    told = sum(int(words.split()[0]) for words in heard if words.endswith("too many."))
    lines = [words for words in heard if words.startswith("line")]
    assert lines[:500] == [f"line {number}" for number in range(1, 501)]
    assert told + len(lines) == MANY
    notice = someone.see(lambda event: isinstance(event, Noticed) and "log messages" in event.notice.detail)
    assert isinstance(notice, Noticed)
    assert notice.notice.title == "The server “slow” has a problem"
    assert "Left out since it was started: " in someone.server("slow").trouble


@pytest.mark.parametrize(
    ("kind", "method"),
    [("list", "notifications/tools/list_changed"), ("resource", "notifications/resources/updated")],
)
def test_many_changes_of_the_same_thing_are_told_as_few(host: LineHost, kind: str, method: str) -> None:
    host.result("resources/subscribe", {"uri": "flow://x"})
    heard = [message["method"] for message in flood(host, kind)]
    assert set(heard) <= {method}
    assert len(heard) < 200


def test_other_hosts_and_servers_are_answered_while_one_floods(
    house: tuple[GatewayProcess, Person], host: LineHost, someone: Person
) -> None:
    with flow_server(someone, Flow(), "calm", "breathe"), line_host(house[0]) as other:
        number = host.start("tools/call", {"name": "flood", "arguments": {"kind": "log", "count": 6 * MANY}})
        answered = 0
        while not any(message.get("id") == number for message in host.meanwhile()):
            assert other.ended("breathe") == (False, "{}")
            answered += 1
        assert answered > 3, "the flood went on meanwhile"


def test_a_host_that_does_not_read_costs_little_memory_and_nobody_waits_for_it(
    house: tuple[GatewayProcess, Person], host: LineHost
) -> None:
    gateway = psutil.Process(house[0].process.pid)
    with line_host(house[0]) as silent:
        before = gateway.memory_info().rss
        asked = [silent.call("echo", size=MIB) for _ in range(250)]
        for _ in range(20):
            assert host.ended("echo", size=MIB)[0] is False
        assert gateway.memory_info().rss - before < ROOM_BYTES
        for number in asked:  # and it gets everything, once it reads
            assert "result" in silent.answer(number)


def test_lines_of_nearly_10_mib_pass_both_ways_and_longer_ones_are_refused_clearly(host: LineHost) -> None:
    size = 10 * MIB - 300
    assert len(host.ended("echo", size=size)[1]) == size
    large = host.call("echo", text="x" * size)
    assert "result" in host.answer(large)
    too_long = host.call("echo", size=10 * MIB + 1)
    assert "longer than 10 MiB" in host.answer(too_long)["error"]["message"]
    refused = host.call("echo", text="x" * (10 * MIB + 1))
    message = host.answer(refused)["error"]["message"]
    assert message.startswith("A message of ")
    assert message.endswith("is longer than 10 MiB")
    assert host.ended("echo") == (False, json.dumps({}))
