"""Subscriptions to, and completion of, what a server has that is still starting: they wait for it, as calls do."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from ostiary.control.messages import AddServer, DisableServer, EnableServer, RemoveServer, RestartServer
from ostiary.domain.server import ServerState
from tests.support.flow_house import house as house
from tests.support.flow_house import someone as someone
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import LineHost, line_host
from tests.support.person import Person

WAITS_AT_A_GATE = 'read -r word < "$0" && exec "$@"'
CHILD = str(Path(__file__).parents[1] / "support" / "children" / "e2e_legacy.py")
URI = "board://x"

Let = Callable[[], object]


@pytest.fixture(params=["legacy", "modern"])
def host(house: tuple[GatewayProcess, Person], request: pytest.FixtureRequest) -> Iterator[LineHost]:
    with line_host(house[0], modern=request.param == "modern") as speaker:
        yield speaker


@pytest.fixture(params=["never ran", "ran before"])
def let_start(someone: Person, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Let]:
    """A server is starting, until this is called."""
    with gated_server(someone, tmp_path / "gate") as let:
        if request.param == "ran before":
            let()
            someone.server_in("slow", ServerState.RUNNING)
            someone.do(RestartServer(name="slow"))
        someone.server_in("slow", ServerState.STARTING)
        yield let


@contextmanager
def gated_server(someone: Person, gate: Path) -> Iterator[Let]:
    os.mkfifo(gate)
    program = (sys.executable, "-S", "-E", CHILD)
    someone.do(AddServer(name="slow", command=("sh", "-c", WAITS_AT_A_GATE, str(gate), *program)))
    try:
        someone.do(EnableServer(name="slow"))
        yield lambda: gate.write_text("go\n")
    finally:
        someone.do(RemoveServer(name="slow"))


def ask(host: LineHost, method: str, params: Mapping[str, object]) -> int:
    """Ask, without waiting for the answer; what the gateway says at once has been said by then."""
    number = host.start(method, params)
    host.result("server/discover" if host.modern else "ping")
    return number


def subscribe(host: LineHost) -> int:
    if host.modern:
        return ask(host, "subscriptions/listen", {"notifications": {"resourceSubscriptions": [URI]}})
    return ask(host, "resources/subscribe", {"uri": URI})


def complete(host: LineHost, prompt: str) -> int:
    ref = {"type": "ref/prompt", "name": prompt}
    return ask(host, "completion/complete", {"ref": ref, "argument": {"name": "name", "value": "a"}})


def is_subscribed(host: LineHost, number: int) -> bool:
    if host.modern:
        acknowledged = host.told("notifications/subscriptions/acknowledged")
        return bool(acknowledged["notifications"]["resourceSubscriptions"] == [URI])
    return "result" in host.answer(number)


def test_a_subscription_waits_for_its_server_to_start(host: LineHost, let_start: Let) -> None:
    number = subscribe(host)
    let_start()
    assert is_subscribed(host, number)


def test_a_subscription_to_a_server_that_will_not_be_there_is_refused(
    host: LineHost, someone: Person, let_start: Let
) -> None:
    number = subscribe(host)
    someone.do(DisableServer(name="slow"))
    assert not is_subscribed(host, number)


def test_completion_waits_for_its_server_to_start(host: LineHost, let_start: Let) -> None:
    number = complete(host, "greet")
    let_start()
    assert host.answer(number)["result"]["completion"]["values"] == ["ada", "alan"]


def test_completion_of_what_a_started_server_does_not_have_is_refused(host: LineHost, let_start: Let) -> None:
    number = complete(host, "nothing")
    let_start()
    assert "error" in host.answer(number)
