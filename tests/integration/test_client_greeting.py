"""The gateway greets real processes: every way a server may shake hands and list what it offers."""

import asyncio
import json
from typing import Any

import pytest

from ostiary.domain.errors import ServerError
from ostiary.domain.server import EraChoice
from ostiary.gateway.client import GreetingEnd
from ostiary.gateway.handshake import Patience
from ostiary.gateway.pages import ITEM_LIMIT, PAGE_LIMIT
from ostiary.gateway.wire import methods
from tests.support.mcp_process import SHORT, Server, play, tools_of


@pytest.mark.parametrize("fault", ["", "legacy-2024", "odd-error", "other-versions", "ignores-probe", "takes-both"])
def test_a_server_that_does_not_know_the_probe_is_legacy(fault: str) -> None:
    async def scenario(server: Server) -> None:
        assert await server.greet() is GreetingEnd.READY
        assert (server.client.modern, server.client.lists.instructions) == (False, "legacy")
        assert tools_of(server.client) == ["echo"]
        assert server.client.lists.can_complete
        assert await server.seen("echo") == {"name": "echo"}

    play(scenario, "mcp_scripted", fault)


@pytest.mark.parametrize("fault", ["modern", "modern-deaf", "late-probe", "late-modern-only"])
def test_a_server_that_answers_the_probe_is_modern_however_late(fault: str) -> None:
    async def scenario(server: Server) -> None:
        assert await server.greet() is GreetingEnd.READY
        assert (server.client.modern, server.client.lists.instructions) == (True, "modern")
        assert tools_of(server.client) == ["echo"]
        meta = (await server.seen("echo"))["_meta"]
        assert meta[methods.PROTOCOL_VERSION_KEY] == methods.MODERN
        assert meta[methods.CLIENT_CAPABILITIES_KEY] == {}

    play(scenario, "mcp_scripted", fault)


@pytest.mark.parametrize(
    ("era", "modern"), [(EraChoice.AUTO, True), (EraChoice.MODERN, True), (EraChoice.LEGACY, False)]
)
def test_a_server_of_both_generations_speaks_the_one_that_is_chosen(era: EraChoice, modern: bool) -> None:
    async def scenario(server: Server) -> None:
        assert await server.greet(era) is GreetingEnd.READY
        assert server.client.modern is modern
        assert tools_of(server.client) == ["echo"]
        assert (await server.result("echo", arguments={"a": 1}))["content"][0]["text"] == "echo {'a': 1}"

    play(scenario, "mcp_dual", patience=Patience())


def test_a_server_that_was_legacy_and_became_modern_is_probed_again() -> None:
    async def scenario(server: Server) -> None:
        server.client.send_raw(methods.DISCOVER, {"_meta": modern_meta()}, lambda _answer: None)
        assert await server.greet(known_modern=False) is GreetingEnd.READY
        assert server.client.modern

    play(scenario, "mcp_dual", patience=Patience())


def modern_meta() -> dict[str, Any]:
    return {methods.PROTOCOL_VERSION_KEY: methods.MODERN, methods.CLIENT_CAPABILITIES_KEY: {}}


def test_a_process_that_ends_at_the_probe_is_to_be_started_again() -> None:
    async def scenario(server: Server) -> None:
        assert await server.greet() is GreetingEnd.PROBE_ENDED_IT
        assert server.client.closed

    play(scenario, "mcp_scripted", "exits-at-probe")


def test_the_process_that_ended_at_the_probe_is_fine_without_one() -> None:
    async def scenario(server: Server) -> None:
        assert await server.greet(known_modern=False) is GreetingEnd.READY
        assert tools_of(server.client) == ["echo"]

    play(scenario, "mcp_scripted", "exits-at-probe")


@pytest.mark.parametrize(
    ("fault", "era", "words"),
    [
        ("exits-at-probe", EraChoice.MODERN, "ended during the handshake"),
        ("unknown-version", EraChoice.AUTO, "no version that Ostiary knows"),
        ("strange-version", EraChoice.AUTO, "1999-01-01"),
        ("", EraChoice.MODERN, "no version that Ostiary knows"),
        ("legacy-refused", EraChoice.AUTO, "not in this way"),
        ("ignores-probe", EraChoice.MODERN, "did not answer within 4 s"),
        ("dies-at-lists", EraChoice.AUTO, "ended while it was asked for tools/list"),
        ("mute-lists", EraChoice.AUTO, "did not answer tools/list"),
    ],
)
def test_a_server_that_cannot_be_spoken_to_is_an_error_that_says_why(fault: str, era: EraChoice, words: str) -> None:
    async def scenario(server: Server) -> None:
        with pytest.raises(ServerError, match=words):
            await server.greet(era)

    play(scenario, "mcp_scripted", fault)


def test_a_process_that_is_killed_while_both_questions_wait_is_started_again() -> None:
    async def scenario(server: Server) -> None:
        greeting = asyncio.ensure_future(server.greet())
        asyncio.get_running_loop().call_later(SHORT.probe_s * 1.5, server.process.kill)
        assert await greeting is GreetingEnd.PROBE_ENDED_IT

    play(scenario, "deaf")


@pytest.mark.parametrize(
    ("fault", "names"),
    [
        ("three-pages", ["t0", "t1", "t2"]),
        ("circle", ["t0", "t1"]),
        ("endless", [f"t{page}" for page in range(PAGE_LIMIT)]),
        ("huge-page", [f"t{number}" for number in range(ITEM_LIMIT)]),
        ("large-pages", ["t0", "t1"]),
        ("outdated-cursor", ["new3", "last"]),
        ("no-lists", []),
        ("half-emoji", ["cut"]),
        ("noise", ["echo"]),
    ],
)
def test_all_pages_are_fetched_and_no_list_goes_on_for_ever(fault: str, names: list[str]) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert tools_of(server.client) == names

    play(scenario, "mcp_scripted", fault, patience=Patience())


def test_an_empty_cursor_is_a_cursor() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert tools_of(server.client) == ["first", "echo"]

    play(scenario, "mcp_scripted", "empty-cursor")


def test_definitions_keep_members_that_nobody_knows() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        assert json.loads(bytes(server.client.lists.tools[0].definition))["x-vendor"] == {"k": 1}

    play(scenario)


@pytest.mark.parametrize("fault", ["", "modern"])
def test_a_list_that_changed_is_announced_and_fetched_anew(fault: str) -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        await server.call("new-tool")
        assert await server.heard.changes.get() is server.client
        await server.client.fetch_lists()
        assert tools_of(server.client) == ["echo", "second"]

    play(scenario, "mcp_scripted", fault)


def test_noise_on_stdout_is_remarked_and_costs_nothing() -> None:
    async def scenario(server: Server) -> None:
        await server.greet()
        await server.call("echo")
        assert sum("not a message" in remark for remark in server.heard.remarks) == 3

    play(scenario, "mcp_scripted", "noise")
