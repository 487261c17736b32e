"""Prompts, resources, templates, completion and subscriptions, between hosts and servers of either generation."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.control.messages import AddServer, ListCalls, RemoveServer, RestartServer
from ostiary.domain.server import ServerState
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import LineHost, ending, line_host
from tests.support.person import Person, person_at
from tests.support.shared_gateway import gateway as gateway

CHILDREN = Path(__file__).parents[1] / "support" / "children"
UPDATED = "notifications/resources/updated"


@pytest.fixture(scope="module", params=["legacy", "modern"])
def server(gateway: GatewayProcess, request: pytest.FixtureRequest) -> Iterator[Person]:
    """A server of that generation runs; the person who switched it on."""
    someone = person_at(gateway)
    someone.do(AddServer(name="board", command=(sys.executable, str(CHILDREN / f"e2e_{request.param}.py"))))
    someone.enable("board")
    yield someone
    someone.do(RemoveServer(name="board"))


@pytest.fixture(params=["legacy", "modern"])
def host(gateway: GatewayProcess, server: Person, request: pytest.FixtureRequest) -> Iterator[LineHost]:
    with line_host(gateway, modern=request.param == "modern") as speaker:
        yield speaker


def subscribe(host: LineHost, uri: str) -> None:
    if host.modern:
        host.start("subscriptions/listen", {"notifications": {"resourceSubscriptions": [uri]}})
        acknowledged = host.told("notifications/subscriptions/acknowledged")
        assert acknowledged["notifications"]["resourceSubscriptions"] == [uri]
    else:
        assert host.result("resources/subscribe", {"uri": uri}) == {}


def touch(host: LineHost, server: Person) -> None:
    number = host.call("touch")
    server.allow(server.question())
    assert ending(host.answer(number)) == (False, "touched")


def test_everything_a_server_offers_is_listed(host: LineHost) -> None:
    lists = {
        "tools/list": ("tools", "name", "touch"),
        "prompts/list": ("prompts", "name", "greet"),
        "resources/list": ("resources", "uri", "board://x"),
        "resources/templates/list": ("resourceTemplates", "uriTemplate", "board://of/{name}"),
    }
    for method, (member, key, expected) in lists.items():
        result = host.result(method)
        assert [item[key] for item in result[member]] == [expected]
        assert ("resultType" in result, "ttlMs" in result, "cacheScope" in result) == (host.modern,) * 3


def test_a_prompt_is_got_and_completed(host: LineHost, server: Person) -> None:
    got = host.result("prompts/get", {"name": "greet", "arguments": {"name": "Ada"}})
    completed = host.result(
        "completion/complete",
        {"ref": {"type": "ref/prompt", "name": "greet"}, "argument": {"name": "name", "value": "a"}},
    )
    row = server.do(ListCalls())[-1]

    assert got["messages"][0]["content"]["text"] == "Hello Ada"
    assert completed["completion"]["values"] == ["ada", "alan"]
    assert ("resultType" in got, "resultType" in completed) == (host.modern, host.modern)
    assert row.method == "prompts/get"


@pytest.mark.parametrize(("uri", "text"), [("board://x", "touched "), ("board://of/me", "of me")])
def test_a_resource_is_read_from_the_server_that_has_it(host: LineHost, uri: str, text: str) -> None:
    (content,) = host.result("resources/read", {"uri": uri})["contents"]

    assert (content["uri"], content["text"].startswith(text)) == (uri, True)


def test_a_resource_that_changes_is_told_to_who_subscribed(
    gateway: GatewayProcess, host: LineHost, server: Person
) -> None:
    subscribe(host, "board://x")
    with line_host(gateway) as bystander:
        touch(bystander, server)
        told = host.told(UPDATED)
        heard = [message["method"] for message in bystander.meanwhile()]

    assert told["uri"] == "board://x"
    assert ("_meta" in told) is host.modern
    assert UPDATED not in heard


def test_a_subscription_outlives_a_restart_of_its_server(host: LineHost, server: Person) -> None:
    """What was missed in between is told at once."""
    subscribe(host, "board://x")
    before = server.server("board")
    assert before.pid is not None
    server.do(RestartServer(name="board"))
    host.told(UPDATED)
    host.meanwhile()
    touch(host, server)

    assert host.told(UPDATED)["uri"] == "board://x"
    assert server.server_in("board", ServerState.RUNNING).pid != before.pid


def test_what_nobody_has_is_refused(host: LineHost) -> None:
    ref = {"type": "ref/prompt", "name": "nobody"}
    asked: dict[str, dict[str, object]] = {
        "prompts/get": {"name": "nobody"},
        "completion/complete": {"ref": ref, "argument": {"name": "a"}},
    }
    for method, params in asked.items():
        assert "error" in host.answer(host.start(method, params))
