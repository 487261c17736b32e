"""The commands while a gateway works, is killed, or ends: calls as they come, and what is said when none comes."""

import json
from collections.abc import Mapping

import pytest

from tests.support.commands import DEADLINE_S, started
from tests.support.gateway_process import GatewayProcess, Household, running_gateway
from tests.support.shared_gateway import place as place
from tests.support.shims import answer_to, started_shim


def call_a_tool(gateway: GatewayProcess) -> None:
    """Let a host call one tool of the file server through the shim."""
    opening = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    with started_shim(gateway.home, "--host", "cursor") as shim:
        answer_to(shim, _request(1, "initialize", opening))
        assert shim.stdin is not None
        shim.stdin.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
        told = answer_to(shim, _request(2, "tools/call", {"name": "list_allowed_directories", "arguments": {}}))
        assert b'"id":2' in told.replace(b" ", b""), told


def _request(number: int, method: str, parameters: Mapping[str, object]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}).encode() + b"\n"


def test_a_call_is_shown_while_it_is_followed_and_afterwards(place: Household) -> None:
    with running_gateway(place, "--trust-cli") as gateway:
        gateway.run("servers", "enable", "files")
        with started(gateway.home, "log", "--follow", "--json", "--outcome", "ok") as following:
            call_a_tool(gateway)
            assert following.stdout is not None
            live = json.loads(following.stdout.readline())
        kept = [json.loads(row) for row in gateway.run("log", "--json", "--host", "cursor").out.splitlines()]
        none = gateway.run("log", "--json", "--text", "no such text").out

    assert (live["tool"], live["host"], live["outcome"]) == ("list_allowed_directories", "cursor", "ok")
    assert [(row["id"], row["outcome"]) for row in kept] == [(live["id"], "ok")]
    assert none == ""


def test_a_gateway_that_is_killed_ends_the_following_with_69(place: Household) -> None:
    with running_gateway(place, "--trust-cli") as gateway:
        gateway.run("servers", "enable", "files")
        call_a_tool(gateway)
        with started(gateway.home, "log", "--follow") as following:
            assert following.stdout is not None
            assert following.stderr is not None
            following.stdout.readline()
            gateway.process.kill()
            code = following.wait(DEADLINE_S)

            assert (code, following.stderr.read().startswith(b"ostiary: Ostiary ended.")) == (69, True)
        alone = gateway.run("doctor")

    assert alone.code == 69
    assert "A gateway that was killed left it" in alone.out


def test_quit_returns_when_the_gateway_has_ended(place: Household) -> None:
    with running_gateway(place) as gateway:
        ended = gateway.run("quit")
        code = gateway.process.wait(DEADLINE_S)
        again = gateway.run("quit")

    assert (ended.code, ended.out, code) == (0, "Ostiary has ended.\n", 0)
    assert again.code == 69


def test_everything_works_under_a_home_too_long_for_a_socket(place: Household) -> None:
    home = place.ostiary / ("h" * 200)
    home.mkdir()
    with running_gateway(Household(home, place.person)) as gateway:
        assert gateway.run("status").code == 0
        assert gateway.run("quit").code == 0


def test_everything_works_over_the_loopback_transport(place: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSTIARY_TRANSPORT", "tcp")
    with running_gateway(place) as gateway:
        assert not (place.ostiary / "run" / "gateway.sock").exists()
        assert gateway.run("status").code == 0
        assert gateway.run("quit").code == 0
