"""Servers that are reached over the network, brought in by a bridge that is there, or left with the reason."""

import pytest

from ostiary.gateway.bridging import bridged
from ostiary.gateway.hosts.offers import Offer, offers
from ostiary.gateway.import_plan import merged, moves
from ostiary.gateway.importing import looks_secret


def remote(**entry: object) -> Offer:
    (offer,) = offers({"far": entry}, "ostiary")
    return offer


def test_headers_go_to_the_environment_and_their_values_to_the_keyring() -> None:
    offer = bridged(remote(type="http", url="https://x/mcp", headers={"X-Plain": "quiet"}), has_bridge=True)
    (move,) = moves(merged([("cursor", "Cursor", offer)]), (), (), looks_secret)
    assert move.spec.command == ("mcp-remote", "https://x/mcp", "--header", "X-Plain:${X_PLAIN}")
    assert (move.spec.environment, move.values) == ({"X_PLAIN": "${secret:X_PLAIN}"}, {"X_PLAIN": "quiet"})
    assert "quiet" not in repr(move.shown)


@pytest.mark.parametrize(
    ("entry", "has_bridge", "problem"),
    [
        ({"url": "https://x/"}, False, "Install mcp-remote"),
        ({"serverUrl": "http://example.org/"}, True, "not https"),
        ({"httpUrl": "https://[x/"}, True, "not https"),
        ({"uri": "https://x/", "headers": {"A": "${input:key}"}}, True, "only its host fills in"),
        ({"url": "https://x/", "headers": {"X-${secret:GITHUB_TOKEN}": "a"}}, True, "only its host fills in"),
    ],
)
def test_what_no_bridge_can_carry_stays_with_its_host(entry: dict[str, object], has_bridge: bool, problem: str) -> None:
    assert problem in bridged(remote(**entry), has_bridge=has_bridge).problem


def test_a_server_on_this_computer_may_be_plain_http_and_a_command_stays_as_it_is() -> None:
    assert bridged(remote(url="http://localhost:3000/mcp"), has_bridge=True).command[0] == "mcp-remote"
    started = remote(command="git-mcp")
    assert bridged(started, has_bridge=True) is started
