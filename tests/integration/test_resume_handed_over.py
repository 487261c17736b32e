"""A gateway's death where it has the host's descriptors: what only a journal keeps, and what it cannot keep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import psutil
import pytest

from tests.support.line_host import LineHost, Message, line_host
from tests.support.mortal_gateway import MortalGateway, mortal_gateway

INTERNAL_ERROR = -32603
HOSTS = 4


@pytest.fixture(scope="module")
def lasting() -> Iterator[MortalGateway]:
    with mortal_gateway() as running:
        yield running


@pytest.fixture
def gateway(lasting: MortalGateway) -> Iterator[MortalGateway]:
    """Nothing is left of a test's hosts afterwards."""
    yield lasting
    lasting.settle()


def works(host: LineHost) -> bool:
    return host.ended("echo", say="hello") == (False, '{"say": "hello"}')


def is_interruption(message: Message) -> bool:
    return "error" in message and message["error"]["code"] == INTERNAL_ERROR and "restarted" in str(message)


def test_the_request_of_a_line_too_long_to_keep_is_told_that_it_was_lost(gateway: MortalGateway) -> None:
    with line_host(gateway.now) as host:
        host.write(b'{"jsonrpc":"2.0","id":"long","method":"tools/call","params":{"text":"' + b"x" * 1_000_000)
        gateway.restart()
        host.write(b"x" * 1_000_000 + b'"}}\n')
        answer = host.answer("long")
        assert "lost" in answer["error"]["message"]
        assert works(host)


def test_a_cut_answer_is_ended_and_its_request_gets_an_error(gateway: MortalGateway) -> None:
    with line_host(gateway.now) as host:
        number = host.call("big", size=5_000_000)
        host.peek(100_000)
        gateway.restart()
        cut = host.raw()
        assert cut.startswith(b'{"jsonrpc":"2.0","id":%d,"result":' % number)
        assert len(cut) < 5_000_000
        assert is_interruption(host.answer(number))
        assert works(host)


def test_each_host_has_one_journal_over_deaths_and_none_afterwards(gateway: MortalGateway) -> None:
    with ExitStack() as opened:
        hosts = [opened.enter_context(line_host(gateway.now)) for _ in range(HOSTS)]
        gateway.restart()
        assert all(map(works, hosts))
        assert len(gateway.journals) == HOSTS
        assert len(open_journals(gateway)) == HOSTS
    gateway.settle()
    assert open_journals(gateway) == set()


def open_journals(gateway: MortalGateway) -> set[str]:
    files = psutil.Process(gateway.now.process.pid).open_files()
    return {file.path for file in files if file.path.endswith(".journal")}
