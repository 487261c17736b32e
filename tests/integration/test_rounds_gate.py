"""A call with rounds meets the gate once: one question to the person, one row in the log, in all four pairings."""

from collections.abc import Iterator

import pytest

from ostiary.domain.call import DecidedBy, Outcome
from tests.support.asking_house import ERAS, asking_house
from tests.support.checked_host import CheckedHost, checked_host
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import Message
from tests.support.person import Person, person_at

PAIRS = [pytest.param(host, server, id=f"{host}-host-{server}-server") for host in ERAS for server in ERAS]
YES: Message = {"result": {"action": "accept", "content": {"ok": True}}}


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    with asking_house(trusted=False, front=True) as running:
        yield running


@pytest.fixture(scope="module")
def person(gateway: GatewayProcess) -> Person:
    return person_at(gateway)


def answer_once(host: CheckedHost, number: int, params: Message) -> int:
    """The host answers what it is asked; gives the id of the request that ends the call."""
    if host.modern:
        return host.come_back(params, host.needed(number), YES["result"])
    host.reply(host.question(), YES)
    return number


@pytest.mark.parametrize(("host_era", "server_era"), PAIRS)
def test_a_write_with_two_rounds_is_asked_about_once_and_has_one_row(
    gateway: GatewayProcess, person: Person, host_era: str, server_era: str
) -> None:
    before = len(person.rows())
    with checked_host(gateway, host_era) as host:
        params: Message = {"name": f"{server_era}_ask_twice", "arguments": {"for": host_era}}
        number = host.start("tools/call", params)
        person.allow(person.question())
        number = answer_once(host, answer_once(host, number, params), params)
        assert "result" in host.answer(number)
        row = person.row(Outcome.OK)
        rows = len(person.rows())
    assert (row.decided_by, rows) == (DecidedBy.PERSON, before + 1)


def test_another_call_with_a_servers_state_is_asked_about_again(gateway: GatewayProcess, person: Person) -> None:
    with checked_host(gateway, "modern") as host, checked_host(gateway, "modern") as other:
        params: Message = {"name": "modern_ask", "arguments": {}}
        number = host.start("tools/call", params)
        person.allow(person.question())
        needed = host.needed(number)
        number = other.come_back(params, needed, YES["result"])
        person.deny(person.question())
        assert other.answer(number)["result"]["isError"] is True
        number = host.come_back(params, needed, YES["result"])
        assert "content" in host.answer(number)["result"]
