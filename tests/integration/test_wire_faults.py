"""What servers and hosts say wrongly, one thing at a time, around a real gateway: each cost somebody something once."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from ostiary.domain.call import CallFilter, Outcome
from ostiary.gateway.breaker import OUR_POLICY
from ostiary.gateway.connections import SETTLE_S
from tests.support.chaos_host import ChaosHost
from tests.support.chaos_house import DEADLINE_S, ChaosHouse, Manners, chaos_house
from tests.support.chaos_lines import settled
from tests.support.chaos_server import BIG_BYTES, LEGACY, MODERN, PlayedServer

READ, WRITE = 3, 4
"""Kinds of calls that a host can be told to make."""
ELICITATION = 0
LISTS = 0
"""What a server can say that is different."""
NEEDS_INPUT = 9
"""The way to answer a call with ``input_required``."""

Scenario = Callable[[ChaosHouse], Awaitable[None]]


def play(folder: Path, scenario: Scenario) -> None:
    """Until everybody has an answer; nothing may have gone wrong then."""

    async def whole() -> ChaosHouse:
        async with asyncio.timeout(2 * DEADLINE_S), chaos_house(folder) as house:
            await scenario(house)
            await house.finish()
        return house

    assert asyncio.run(whole()).faults == []


async def one_call(house: ChaosHouse, version: str = LEGACY) -> tuple[ChaosHost, PlayedServer]:
    """The legacy server has a host's call, and has not answered yet."""
    host = await house.host_arrives(version)
    host.call("old", READ)
    await settled()
    return host, house.servers["old"]


async def one_call_beside_a_cancelled_one(house: ChaosHouse) -> tuple[ChaosHost, PlayedServer]:
    """As ``one_call``; before it another host made one, and cancelled it."""
    canceller, host = await house.host_arrives(LEGACY), await house.host_arrives(LEGACY)
    canceller.call("old", READ)
    await settled()
    canceller.cancel(max(canceller.asked))
    host.call("old", READ)
    await settled()
    return host, house.servers["old"]


def test_a_question_of_a_cancelled_call_is_not_put_to_another_host(tmp_path: Path) -> None:
    """The server asks before it has heard of it, and the other host's call is the only one under way by then."""

    async def scenario(house: ChaosHouse) -> None:
        other, server = await one_call_beside_a_cancelled_one(house)
        server.ask(server.calls[0], ELICITATION)
        await settled()
        assert other.questions == []
        assert server.heard[-1]["error"]["code"] == -32601

    play(tmp_path, scenario)


def test_a_late_answer_of_a_cancelled_call_makes_the_next_question_certain(tmp_path: Path) -> None:
    async def scenario(house: ChaosHouse) -> None:
        other, server = await one_call_beside_a_cancelled_one(house)
        server.answer(server.calls[0])
        server.ask(server.calls[0], ELICITATION)
        await settled()
        assert [question["method"] for question in other.questions] == ["elicitation/create"]

    play(tmp_path, scenario)


@pytest.mark.parametrize(("version", "asked"), [("2024-11-05", 0), ("2025-03-26", 0), ("2025-06-18", 1)])
def test_a_host_is_elicited_only_where_its_revision_knows_that(tmp_path: Path, version: str, asked: int) -> None:
    """Whatever it declares: it would get a request that its revision does not have."""

    async def scenario(house: ChaosHouse) -> None:
        host, server = await one_call(house, version)
        server.ask(server.calls[0], ELICITATION)
        await settled()
        assert len(host.questions) == asked

    play(tmp_path, scenario)


@pytest.mark.parametrize("params", [None, []])
def test_a_request_that_cannot_be_read_costs_no_call_of_the_same_number(tmp_path: Path, params: object) -> None:
    async def scenario(house: ChaosHouse) -> None:
        host, server = await one_call(house)
        number = server.calls[0]["id"]
        server.say({"id": number, "method": "roots/list", "params": params})
        await settled()
        assert server.heard[-1]["error"]["code"] == -32600
        assert host.answers[max(host.asked)] == 0

    play(tmp_path, scenario)


def test_a_log_line_in_json_on_stdout_costs_no_call_of_the_same_number(tmp_path: Path) -> None:
    async def scenario(house: ChaosHouse) -> None:
        host, server = await one_call(house)
        said = len(server.heard)
        server.write(json.dumps({"id": server.calls[0]["id"], "level": "info", "method": "GET"}).encode() + b"\n")
        await settled()
        assert (host.answers[max(host.asked)], len(server.heard)) == (0, said)

    play(tmp_path, scenario)


async def one_question(house: ChaosHouse) -> tuple[ChaosHost, PlayedServer, int]:
    """The legacy server asks within a host's call; gives the number of the question."""
    host, server = await one_call(house)
    server.ask(server.calls[0], ELICITATION)
    await settled()
    return host, server, host.questions.pop()["id"]


BOTH = {"result": {"action": "accept", "content": {}}, "error": {"code": 1, "message": "no"}}


@pytest.mark.parametrize("reply", [{"result": None}, {"error": None}, BOTH, {}])
def test_a_question_that_is_answered_badly_is_over(tmp_path: Path, reply: dict[str, object]) -> None:
    """Its server waited for ever, and whoever waited behind it; and no reading of it is a yes."""

    async def scenario(house: ChaosHouse) -> None:
        host, server, number = await one_question(house)
        host.say({"id": number, **reply})
        await settled()
        assert server.heard[-1]["error"]["code"] == -32603

    play(tmp_path, scenario)


def test_a_question_that_is_answered_in_more_than_10_mib_is_over(tmp_path: Path) -> None:
    async def scenario(house: ChaosHouse) -> None:
        host, server, number = await one_question(house)
        host.say({"id": number, "result": {"x": "x" * BIG_BYTES}})
        async with asyncio.timeout(DEADLINE_S):
            while "error" not in server.heard[-1]:
                await settled()

    play(tmp_path, scenario)


def test_a_server_that_asks_and_takes_back_does_not_fill_the_memory_for_a_host_that_does_not_read(
    tmp_path: Path,
) -> None:
    async def scenario(house: ChaosHouse) -> None:
        host, server = await one_call(house)
        form = {"message": "x" * 1_000_000, "requestedSchema": {"type": "object", "properties": {}}}
        host.reads(False)
        asked = 0
        while all("error" not in message for message in server.heard):
            asked += 1
            assert asked < 60
            server.say({"id": f"big-{asked}", "method": "elicitation/create", "params": form})
            server.say({"method": "notifications/cancelled", "params": {"requestId": f"big-{asked}"}})
            await settled()
        host.reads(True)

    play(tmp_path, scenario)


def test_a_server_that_stops_reading_keeps_no_other_server_from_its_hosts(tmp_path: Path) -> None:
    """Nor from those that come to it later; its own calls wait, and go out once it reads."""

    async def scenario(house: ChaosHouse) -> None:
        host, old = await one_call(house)
        old.reads(False)
        host.ask("tools/call", {"name": "old-echo", "arguments": {"mark": host.mark, "x": "x" * 3_000_000}})
        client = house.gateway.connections.now("old")
        assert client is not None
        async with asyncio.timeout(DEADLINE_S):
            while not client.is_full:
                await settled()
        for _ in range(2):
            host.call("old", READ)
            host.call("new", READ)
        async with asyncio.timeout(DEADLINE_S):
            while len(house.servers["new"].calls) < 2:
                await settled()
        assert len(old.calls) == 1
        old.reads(True)
        async with asyncio.timeout(DEADLINE_S):
            while len(old.calls) < 4:
                await settled()

    play(tmp_path, scenario)


def test_a_resource_that_nobody_lists_is_looked_for_past_a_server_that_keeps_failing(tmp_path: Path) -> None:
    async def scenario(house: ChaosHouse) -> None:
        host = await house.host_arrives(LEGACY)
        for _ in range(OUR_POLICY.most_failures):
            host.call("old", READ)
            await settled()
            await house.another_process("old")
            await house.all_run()
        host.ask("resources/read", {"uri": "mystery://x"})
        await settled()
        assert [call["params"]["uri"] for call in house.servers["new"].calls] == ["mystery://x"]

    play(tmp_path, scenario)


def test_a_hosts_long_answer_to_a_server_that_stops_reading_keeps_no_other_server_from_its_hosts(
    tmp_path: Path,
) -> None:
    """It is the answer that fills the pipe, and the next call to it only waits for its turn."""

    async def scenario(house: ChaosHouse) -> None:
        host, old, number = await one_question(house)
        old.reads(False)
        host.say({"id": number, "result": {"action": "accept", "content": {"mark": host.mark, "x": "x" * 3_000_000}}})
        client = house.gateway.connections.now("old")
        assert client is not None
        async with asyncio.timeout(DEADLINE_S):
            while not client.is_full:
                await settled()
        host.call("old", READ)
        await settled()
        host.call("new", READ)
        async with asyncio.timeout(DEADLINE_S):
            while not house.servers["new"].calls:
                await settled()
        old.reads(True)

    play(tmp_path, scenario)


@pytest.mark.parametrize("reply", [{"result": None}, {"error": None}, BOTH])
def test_a_bad_answer_to_nothing_does_not_end_the_hosts_own_request_of_that_number(
    tmp_path: Path, reply: dict[str, object]
) -> None:
    async def scenario(house: ChaosHouse) -> None:
        host, _server = await one_call(house)
        host.say({"id": max(host.asked), **reply})
        await settled()
        assert host.answers[max(host.asked)] == 0

    play(tmp_path, scenario)


@pytest.mark.parametrize("value", [b"NaN", b"-Infinity", b'"\xed\xa0\x80"', b"[" * 5_000 + b"]" * 5_000])
def test_an_answer_that_is_no_json_ends_its_call_at_once(tmp_path: Path, value: bytes) -> None:
    """Python writes ``NaN`` when it is not told otherwise; such a call waited for its deadline."""

    async def scenario(house: ChaosHouse) -> None:
        host, server = await one_call(house)
        server.write(b'{"jsonrpc":"2.0","id":%d,"result":{"x":%s}}\n' % (server.calls[0]["id"], value))
        await settled()
        assert host.answers[max(host.asked)] == 1

    play(tmp_path, scenario)


@pytest.mark.parametrize("version", [LEGACY, MODERN])
def test_a_write_that_is_cancelled_while_its_host_is_asked_goes_no_further(tmp_path: Path, version: str) -> None:
    """A question that ends with its call is no answer: the server must not be asked to go on with it."""

    async def scenario(house: ChaosHouse) -> None:
        host = await house.host_arrives(version)
        host.call("new", WRITE)
        server = house.servers["new"]
        async with asyncio.timeout(DEADLINE_S):
            while not server.calls:  # a write is in the log before it goes out
                await settled()
        server.answer(server.calls[0], NEEDS_INPUT)
        await settled()
        said = len(server.heard)
        host.cancel(max(host.asked))
        await settled()
        assert all("id" not in message for message in server.heard[said:])

    play(tmp_path, scenario)


def test_a_write_whose_host_leaves_while_it_is_asked_goes_no_further(tmp_path: Path) -> None:
    async def scenario(house: ChaosHouse) -> None:
        host = await house.host_arrives(LEGACY)
        host.call("new", WRITE)
        server = house.servers["new"]
        async with asyncio.timeout(DEADLINE_S):
            while not server.calls:
                await settled()
        server.answer(server.calls[0], NEEDS_INPUT)
        await settled()
        assert len(host.questions) == 1
        said = len(server.heard)
        host.leave()
        await settled()
        assert all("id" not in message for message in server.heard[said:])

    play(tmp_path, scenario)


def test_the_calls_of_a_host_are_answered_though_nobody_can_find_out_who_it_is(tmp_path: Path) -> None:
    async def scenario(house: ChaosHouse) -> None:
        host = await house.host_arrives(LEGACY, pid=-1)
        host.call("old", READ)
        await settled()
        house.servers["old"].answer(house.servers["old"].calls[0])
        await settled()
        assert host.answers[max(host.asked)] == 1

    play(tmp_path, scenario)


def test_hosts_that_came_and_went_leave_no_task(tmp_path: Path) -> None:
    async def scenario(house: ChaosHouse) -> None:
        await visit(house)
        tasks = len(asyncio.all_tasks())
        for _ in range(9):
            await visit(house)
        async with asyncio.timeout(DEADLINE_S):
            while len(asyncio.all_tasks()) > tasks:
                await settled()

    play(tmp_path, scenario)


async def visit(house: ChaosHouse) -> None:
    """A host of each generation comes and goes, with calls answered, cancelled, parked, asked in and left behind."""
    hosts = [await house.host_arrives(version) for version in (LEGACY, MODERN)]
    for host in hosts:
        for kind in range(10):
            host.call(("old", "new")[kind % 2], kind)
        await settled()
        host.cancel(max(host.asked))
    for server in house.servers.values():
        for place, call in enumerate(tuple(server.calls)):
            server.ask(call, ELICITATION) if place % 3 else server.answer(call, (0, NEEDS_INPUT)[place % 2])
    await settled()
    for host in hosts:
        host.leave()
    async with asyncio.timeout(DEADLINE_S):
        while house.gateway.reception.views():
            await settled()
    for server in house.servers.values():
        server.calls.clear()


def test_a_call_that_ended_while_its_host_was_away_keeps_its_row(tmp_path: Path) -> None:
    """The host went without coming back for the end; its row was closed once more, and the person told it was lost."""

    async def scenario(house: ChaosHouse) -> None:
        host, server = await one_call(house, MODERN)
        server.ask(server.calls[0], ELICITATION)
        await settled()
        assert len(host.needed) == 1
        server.answer(server.calls[0])
        await settled()
        host.leave()
        await settled()
        (row,) = await house.gateway.log.rows(CallFilter())
        assert row.outcome is Outcome.OK

    play(tmp_path, scenario)


def test_what_the_next_process_of_a_server_announces_is_fetched(tmp_path: Path) -> None:
    """The process before it announced something too, and died before it could be asked."""

    async def scenario(house: ChaosHouse) -> None:
        house.servers["old"].change(LISTS)
        await settled()
        server = await house.another_process("old")
        await house.all_run()
        server.change(LISTS)
        await server.until_asked("tools/list", times=2)

    play(tmp_path, scenario)


def test_what_a_server_announces_while_it_is_greeted_is_fetched(tmp_path: Path) -> None:
    """Its tools were listed already, and the rest takes longer than announcements are gathered."""

    async def scenario(house: ChaosHouse) -> None:
        house.manners = Manners(late_s=2 * SETTLE_S)
        server = await house.another_process("old")
        await server.until_asked("prompts/list")
        server.change(LISTS)
        await server.until_asked("tools/list", times=2)

    play(tmp_path, scenario)
