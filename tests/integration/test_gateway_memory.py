"""What a running gateway has loaded into its memory, as the kernel tells it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from ostiary.control.messages import Subscribe, TrustServer
from tests.support.gateway_process import GatewayProcess, Household, running_gateway
from tests.support.line_host import line_host
from tests.support.person import define, person_at, tool
from tests.support.shared_gateway import place as place

MEGABYTE = 1_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only there the kernel tells it in a file")
def test_a_gateway_with_a_window_and_no_secret_has_not_loaded_what_keyrings_need(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        person = person_at(gateway)
        state = person.do(Subscribe()).keyring
        loaded = Path(f"/proc/{gateway.process.pid}/maps").read_text()

    assert state.backend or state.problem
    assert "msgspec" in loaded
    assert "cryptography" not in loaded


@contextmanager
def echoing(place: Household) -> Iterator[GatewayProcess]:
    """A gateway whose one server gives back what it is given, unasked."""
    echo = define(place.person / "tools.json", [tool("echo", annotations={"readOnlyHint": True})])
    with running_gateway(place, front=True) as gateway:
        person = person_at(gateway)
        person.add("scripted", echo)
        person.do(TrustServer(name="scripted"))
        person.enable("scripted")
        yield gateway


@pytest.mark.skipif(sys.platform == "win32", reason="its memory is counted otherwise there")
@pytest.mark.parametrize("modern", [False, True], ids=["2025-11-25", "2026-07-28"])
def test_what_a_call_held_is_free_as_soon_as_it_is_answered(place: Household, modern: bool) -> None:
    """Not only when the interpreter looks for what holds itself: a hundred calls of 1 MB would be there until then."""
    with echoing(place) as gateway:
        process = psutil.Process(gateway.process.pid)
        with line_host(gateway, modern=modern) as host:
            host.ended("echo", text="x" * MEGABYTE)
            before = process.memory_info().rss
            for _ in range(100):
                host.ended("echo", text="x" * MEGABYTE)
            grown = process.memory_info().rss - before

    assert grown < 50 * MEGABYTE


@pytest.mark.skipif(sys.platform == "win32", reason="its memory is counted otherwise there")
def test_what_a_call_held_that_was_refused_at_once_is_free_at_once(place: Household) -> None:
    """A state that no server gave ends a call before it is sent."""
    with echoing(place) as gateway:
        process = psutil.Process(gateway.process.pid)
        with line_host(gateway, modern=True) as host:
            call = {"name": "echo", "arguments": {"text": "x" * MEGABYTE}, "requestState": "nobody's"}
            host.answer(host.start("tools/call", call))
            before = process.memory_info().rss
            for _ in range(100):
                assert "error" in host.answer(host.start("tools/call", call))
            grown = process.memory_info().rss - before

    assert grown < 30 * MEGABYTE
