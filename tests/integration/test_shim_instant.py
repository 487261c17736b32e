"""A host that starts while nothing runs: the shim answers its first requests, and a gateway goes on from there."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import GetStatus, Quit, SetToolForHost
from ostiary.domain.server import ToolState
from ostiary.gateway.downgrade import result_for_version
from ostiary.gateway.wire import methods
from ostiary_connect import stand_in
from ostiary_connect.endpoint import locate
from ostiary_connect.launch import record_launch
from tests.support.line_host import INFO, LEGACY, LineHost, transport
from tests.support.mortal_gateway import MortalGateway, mortal_gateway
from tests.support.shims import DEADLINE_S, answer_to, end_input, output_at_end, started_shim

HELLO = {"protocolVersion": LEGACY, "capabilities": {"roots": {}}, "clientInfo": INFO}


@pytest.fixture(scope="module", params=["", "tcp"], ids=["handed over", "pumped"])
def lasting(request: pytest.FixtureRequest) -> Iterator[MortalGateway]:
    """A gateway that ran, knew its server, and was killed."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OSTIARY_TRANSPORT", request.param)
        with mortal_gateway() as gateway:
            answers = Path(locate(str(gateway.place.ostiary)).answers_path)
            wait_for(lambda: answers.exists() and b"echo" in answers.read_bytes())
            gateway.kill()
            yield gateway


@pytest.fixture
def home(lasting: MortalGateway) -> Iterator[Path]:
    """Nothing runs, before and after; nothing was ever recorded."""
    yield lasting.place.ostiary
    Path(locate(str(lasting.place.ostiary)).launch_path).unlink(missing_ok=True)


@contextmanager
def host_at(lasting: MortalGateway, *arguments: str, modern: bool) -> Iterator[LineHost]:
    environment = {"HOME": str(lasting.place.person), **transport()}
    with started_shim(lasting.place.ostiary, "--host", "cursor", *arguments, environment=environment) as shim:
        yield LineHost(shim, modern=modern)


@contextmanager
def started_gateway(home: Path) -> Iterator[None]:
    """The one that a shim starts in the block; ended after it."""
    try:
        yield
    finally:
        with connect(str(home)) as control:
            control.ask(Quit())
            assert control.wait_for_end(DEADLINE_S)


def never_up(home: Path) -> None:
    """What a shim starts from here on takes longer than any host waits."""
    program = home / "application"
    program.write_text("#!/bin/sh\nexec sleep 9\n")
    program.chmod(0o700)
    record_launch(locate(str(home)), [str(program)], {})


def wait_for(holds: Any) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline
        os.sched_yield()


def test_a_legacy_host_gets_its_first_answers_with_no_gateway_up(home: Path, lasting: MortalGateway) -> None:
    never_up(home)
    with host_at(lasting, modern=False) as host:
        hello = host.result("initialize", HELLO)
        assert (hello["protocolVersion"], hello["serverInfo"]["name"]) == (LEGACY, "ostiary")
        host.notify("notifications/initialized")
        assert host.result("ping") == {}
        assert "echo" in host.tools()
        assert host.result("resources/list")["resources"][0]["uri"] == "lasting://x"
        assert host.result("prompts/list") == {"prompts": []}


def test_a_modern_host_gets_its_first_answers_with_no_gateway_up(home: Path, lasting: MortalGateway) -> None:
    never_up(home)
    with host_at(lasting, modern=True) as host:
        assert host.result("server/discover")["supportedVersions"] == [methods.MODERN]
        tools = host.result("tools/list")
        assert tools["resultType"] == "complete"
        assert "echo" in [tool["name"] for tool in tools["tools"]]


def test_the_answers_are_those_of_the_gateway(home: Path, lasting: MortalGateway) -> None:
    asked = ("tools/list", "resources/list", "resources/templates/list", "prompts/list")

    def everything(host: LineHost, *, modern: bool) -> list[Any]:
        if modern:
            return [host.result(method) for method in ("server/discover", *asked)]
        first = host.result("initialize", HELLO)
        host.notify("notifications/initialized")
        return [first, *(host.result(method) for method in asked)]

    for modern in (False, True):
        never_up(home)
        with host_at(lasting, modern=modern) as host:
            by_the_shim = everything(host, modern=modern)
        lasting.start()
        with host_at(lasting, modern=modern) as host:
            assert everything(host, modern=modern) == by_the_shim
        lasting.kill()


@pytest.mark.parametrize("modern", [False, True])
def test_the_gateway_goes_on_where_the_shim_began(home: Path, lasting: MortalGateway, modern: bool) -> None:
    with started_gateway(home), host_at(lasting, modern=modern) as host:
        if not modern:
            host.result("initialize", HELLO)
            host.notify("notifications/initialized")
        assert "echo" in host.tools()
        assert host.ended("echo", n=1) == (False, '{"n": 1}')
        assert [m for m in host.meanwhile() if m.get("method", "").endswith("tools/list_changed")] == []
        with connect(str(home)) as control:
            (session,) = control.ask(GetStatus()).sessions
        assert (session.era, session.client) == ("modern" if modern else "legacy", "line-host")


def test_a_call_that_comes_before_the_gateway_is_made_by_it_once(home: Path, lasting: MortalGateway) -> None:
    with started_gateway(home), host_at(lasting, modern=True) as host:
        number = host.call("echo", mark="early")
        late = host.start("tools/list")
        assert "result" in host.answer(number)
        assert "result" in host.answer(late)
    assert lasting.calls.count(["echo", {"mark": "early"}]) == 1


def test_lists_that_were_wrong_are_corrected(home: Path, lasting: MortalGateway) -> None:
    answers = Path(locate(str(home)).answers_path)
    good = json.loads(answers.read_bytes())
    wrong = good | {"tag": "old", "legacy": good["legacy"] | {"tools/list": '{"tools":[]}'}}
    answers.write_text(json.dumps(wrong))
    with started_gateway(home), host_at(lasting, modern=False) as host:
        host.result("initialize", HELLO)
        host.notify("notifications/initialized")
        assert host.tools() == []
        host.call("echo")
        host.told("notifications/tools/list_changed")
        assert "echo" in host.tools()
        wait_for(lambda: json.loads(answers.read_bytes()) == good)


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26"])
def test_a_host_of_an_old_revision_gets_its_lists_in_that_revisions_form(
    home: Path, lasting: MortalGateway, version: str
) -> None:
    with started_gateway(home), host_at(lasting, modern=False) as host:
        hello = host.result("initialize", {**HELLO, "protocolVersion": version})
        host.notify("notifications/initialized")
        listed = {method: host.result(method) for method in ("tools/list", "resources/list", "prompts/list")}
    assert hello["protocolVersion"] == version
    assert "echo" in [tool["name"] for tool in listed["tools/list"]["tools"]]
    for method, result in listed.items():
        assert json.loads(result_for_version(method, json.dumps(result).encode(), version)) == result


def test_a_selection_of_servers_waits_for_the_gateway(home: Path, lasting: MortalGateway) -> None:
    with started_gateway(home), host_at(lasting, "--servers", "files", modern=False) as host:
        host.result("initialize", HELLO)
        assert host.tools() == []


@contextmanager
def narrowed(lasting: MortalGateway) -> Iterator[Path]:
    """The host is shown no tool any more, by a gateway that was killed again; gives the answers that it left."""
    answers, name = Path(locate(str(lasting.place.ostiary)).answers_path), "echo"

    def choose(state: ToolState) -> None:
        lasting.start()
        with connect(str(lasting.place.ostiary)) as control:
            control.ask(SetToolForHost(host="cursor", server="lasting", own_name=name, state=state))
        expected = [] if state is ToolState.ENABLED else ["cursor"]
        wait_for(lambda: json.loads(answers.read_bytes())["narrowed"] == expected)
        lasting.kill()

    choose(ToolState.DISABLED)
    try:
        yield answers
    finally:
        choose(ToolState.ENABLED)


def test_a_host_that_is_shown_less_waits_for_the_gateway(home: Path, lasting: MortalGateway) -> None:
    with narrowed(lasting) as answers:
        assert b"echo" in answers.read_bytes()
        with started_gateway(home), host_at(lasting, modern=False) as host:
            host.result("initialize", HELLO)
            assert "echo" not in host.tools()


@pytest.mark.parametrize("modern", [False, True])
def test_a_host_that_was_shown_too_much_by_old_answers_is_corrected(
    home: Path, lasting: MortalGateway, modern: bool
) -> None:
    """The gateway was killed between a choice and the writing of the answers: their tag is that of today."""
    with narrowed(lasting) as answers:
        old = json.loads(answers.read_bytes()) | {"narrowed": []}
        answers.write_text(json.dumps(old))
        with started_gateway(home), host_at(lasting, modern=modern) as host:
            if not modern:
                host.result("initialize", HELLO)
                host.notify("notifications/initialized")
            assert "echo" in host.tools()
            refused = host.answer(host.call("echo"))
            assert "Unknown tool" in refused["error"]["message"]
            if not modern:
                host.told("notifications/tools/list_changed")
            assert "echo" not in host.tools()


def test_without_answers_the_gateway_is_waited_for(home: Path, lasting: MortalGateway) -> None:
    answers = Path(locate(str(home)).answers_path)
    answers.write_bytes(b"{}")
    with started_gateway(home), host_at(lasting, modern=False) as host:
        host.result("initialize", HELLO)
        assert "echo" in host.tools()
        wait_for(lambda: answers.read_bytes() != b"{}")


def test_an_application_that_ends_with_an_error_is_told_to_the_request_that_waits(
    home: Path, lasting: MortalGateway
) -> None:
    program = home / "application"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o700)
    record_launch(locate(str(home)), [str(program)], {})
    with started_shim(home) as shim:
        waiting = b'{"jsonrpc":"2.0","id":7,"method":"resources/subscribe","params":{"uri":"a://b"}}\n'
        error = json.loads(answer_to(shim, waiting))
        assert error["id"] == 7
        assert output_at_end(shim)[0] == 69


def test_the_shim_ends_with_a_host_that_was_answered(home: Path, lasting: MortalGateway) -> None:
    never_up(home)
    with host_at(lasting, modern=False) as host:
        host.result("initialize", HELLO)
        end_input(host.shim)
        assert output_at_end(host.shim) == (0, b"", b"")


def test_both_ends_give_things_the_same_names() -> None:
    assert stand_in.MODERN == methods.MODERN
    assert stand_in.PROTOCOL_VERSION_KEY == methods.PROTOCOL_VERSION_KEY
    assert stand_in.CLIENT_INFO_KEY == methods.CLIENT_INFO_KEY
    assert stand_in.CLIENT_CAPABILITIES_KEY == methods.CLIENT_CAPABILITIES_KEY
