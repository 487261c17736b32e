"""A host's conversation goes on over the gateway's death: what it asked, what it was told, what it asks next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import Quit
from ostiary.gateway.resume.journal import Journals
from ostiary_connect.endpoint import locate
from tests.support.line_host import LineHost, Message, line_host, transport
from tests.support.mortal_gateway import MortalGateway, mortal_gateway
from tests.support.sdk_host import sdk_host
from tests.support.server_client import ERAS, Era, text_of
from tests.support.shims import DEADLINE_S, end_input, output_at_end, started_shim

INTERNAL_ERROR = -32603
URI = "lasting://x"
KILLS, HOSTS = 8, 4


@pytest.fixture(scope="module", params=["", "tcp"], ids=["handed over", "pumped"])
def lasting(request: pytest.FixtureRequest) -> Iterator[MortalGateway]:
    """For hosts whose descriptors are handed over, and for those whose lines go through the shim."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OSTIARY_TRANSPORT", request.param)
        with mortal_gateway() as running:
            yield running


@pytest.fixture
def gateway(lasting: MortalGateway) -> Iterator[MortalGateway]:
    """Nothing is left of a test's hosts afterwards."""
    yield lasting
    lasting.settle()


@pytest.fixture(params=[False, True], ids=["legacy", "modern"])
def modern(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def works(host: LineHost) -> bool:
    return host.ended("echo", say="hello") == (False, '{"say": "hello"}')


def is_interruption(message: Message) -> bool:
    return (
        "error" in message
        and message["error"]["code"] == INTERNAL_ERROR
        and "what the server did is not known" in str(message)
    )


def answers(heard: list[Message], number: int) -> list[Message]:
    return [message for message in heard if "method" not in message and message.get("id") == number]


def test_a_host_works_on_with_the_next_gateway(gateway: MortalGateway, modern: bool) -> None:
    with line_host(gateway.now, modern=modern) as host:
        assert works(host)
        gateway.restart()
        assert works(host)
        assert "echo" in host.tools()


def test_what_is_asked_while_no_gateway_runs_is_answered_by_the_next(gateway: MortalGateway, modern: bool) -> None:
    with line_host(gateway.now, modern=modern) as host:
        assert works(host)
        gateway.kill()
        number = host.call("echo", say="waiting")
        gateway.start()
        assert "result" in host.answer(number)


def test_a_call_in_flight_gets_one_error_and_is_never_made_again(gateway: MortalGateway, modern: bool) -> None:
    with line_host(gateway.now, modern=modern) as host:
        number = host.call("never", mark=f"{modern}")
        assert works(host)  # the server works in order, so the first call has reached it
        gateway.restart()
        assert is_interruption(host.answer(number))
        assert works(host)
        assert answers(host.meanwhile(), number) == []
    assert gateway.calls.count(["never", {"mark": f"{modern}"}]) == 1


def test_an_interrupted_call_stays_answered_over_further_restarts(gateway: MortalGateway, modern: bool) -> None:
    with line_host(gateway.now, modern=modern) as host:
        number = host.call("never")
        assert works(host)
        gateway.restart()
        assert is_interruption(host.answer(number))
        assert works(host)
        gateway.restart()
        assert works(host)
        assert answers(host.meanwhile(), number) == []


def test_a_line_may_come_half_before_and_half_after(gateway: MortalGateway) -> None:
    ping = b'{"jsonrpc":"2.0","id":"before","method":"ping"}\n'
    whole = b'{"jsonrpc":"2.0","id":"after","method":"ping"}\n'
    with line_host(gateway.now) as host:
        host.write(ping + whole[:20])
        host.answer("before")  # so the half was read, too
        gateway.restart()
        host.write(whole[20:])
        assert host.answer("after")["result"] == {}


def test_a_legacy_subscription_goes_on(gateway: MortalGateway) -> None:
    with line_host(gateway.now) as host:
        assert works(host)
        host.result("resources/subscribe", {"uri": URI})
        gateway.restart()
        assert host.told("notifications/resources/updated") == {"uri": URI}
        host.answer(host.call("touch"))
        assert host.told("notifications/resources/updated") == {"uri": URI}
        assert [m for m in host.meanwhile() if m.get("method") == "notifications/resources/updated"] == []


def test_a_listen_goes_on(gateway: MortalGateway) -> None:
    with line_host(gateway.now, modern=True) as host:
        filter_ = {"resourceSubscriptions": [URI], "toolsListChanged": True}
        listen = host.start("subscriptions/listen", {"notifications": filter_})
        host.told("notifications/subscriptions/acknowledged")
        assert works(host)
        gateway.restart()
        told = host.told("notifications/resources/updated")
        assert told["_meta"] == {"io.modelcontextprotocol/subscriptionId": listen}
        host.told("notifications/tools/list_changed")
        host.answer(host.call("touch"))
        assert host.told("notifications/resources/updated")["uri"] == URI
        assert answers(host.meanwhile(), listen) == []


def test_a_host_that_leaves_meanwhile_ends_its_shim(gateway: MortalGateway) -> None:
    with line_host(gateway.now) as host:
        assert works(host)
        gateway.kill()
        end_input(host.shim)
        assert host.shim.wait(DEADLINE_S) == 0
        gateway.start()
        sweep(gateway)


def test_a_host_that_reads_no_more_ends_its_shim(gateway: MortalGateway) -> None:
    with line_host(gateway.now) as host:
        assert works(host)
        gateway.kill()
        assert host.shim.stdout is not None
        host.shim.stdout.close()
        assert host.shim.wait(DEADLINE_S) == 0
        gateway.start()
        sweep(gateway)


def test_the_shim_starts_the_application_again(gateway: MortalGateway) -> None:
    home = gateway.place.ostiary
    environment = {"HOME": str(gateway.place.person), **transport()}
    with started_shim(home, "--host", "cursor", environment=environment) as shim:
        host = LineHost(shim, modern=True)
        assert works(host)
        gateway.kill()
        assert works(host)
        end_input(shim)
        assert output_at_end(shim)[0] == 0
    gateway.settle()
    with connect(str(home)) as control:
        control.ask(Quit())
        assert control.wait_for_end(DEADLINE_S)
    gateway.start()


def test_an_update_keeps_the_hosts(gateway: MortalGateway, modern: bool) -> None:
    with line_host(gateway.now, modern=modern) as host:
        number = host.call("never")
        assert works(host)
        with connect(str(gateway.place.ostiary)) as control:
            control.ask(Quit(keep_hosts=True))
            assert control.wait_for_end(DEADLINE_S)
        gateway.kill()
        gateway.start()
        assert "error" in host.answer(number)
        assert works(host)


def test_a_plain_quit_ends_the_hosts(gateway: MortalGateway) -> None:
    with line_host(gateway.now) as host:
        with connect(str(gateway.place.ostiary)) as control:
            control.ask(Quit())
            assert control.wait_for_end(DEADLINE_S)
        assert output_at_end(host.shim)[0] == 0
        gateway.kill()
        gateway.start()


@pytest.mark.anyio
@pytest.mark.parametrize("era", ERAS)
async def test_a_host_built_with_the_sdk_works_on(gateway: MortalGateway, era: Era) -> None:
    async with sdk_host(gateway.now, era) as host:
        assert text_of(await host.call("echo", n=1)) == '{"n": 1}'
        gateway.restart()
        assert text_of(await host.call("echo", n=2)) == '{"n": 2}'


def test_eight_deaths_in_a_row_leave_four_hosts_at_work_and_nothing_behind(gateway: MortalGateway) -> None:
    with ExitStack() as opened:
        hosts = [opened.enter_context(line_host(gateway.now, modern=modern)) for modern in (False, True) * (HOSTS // 2)]
        assert all(map(works, hosts))
        for _ in range(KILLS):
            pending = [host.call("echo", n=n) for n, host in enumerate(hosts)]
            gateway.restart()
            for n, (host, number) in enumerate(zip(hosts, pending, strict=True)):
                answer = host.answer(number)
                assert is_interruption(answer) or text(answer) == json.dumps({"n": n}), answer
        assert all(map(works, hosts))
    gateway.settle()


def text(answer: Message) -> str:
    assert "result" in answer, answer
    words: str = answer["result"]["content"][0]["text"]
    return words


def sweep(gateway: MortalGateway) -> None:
    """What a gateway does a minute after its start, once nobody has come back for what is left."""
    Journals(locate(str(gateway.place.ostiary))).sweep()
