"""What servers log reaches the hosts that want it, in all four pairings, and no other."""

from collections.abc import Iterator

import pytest

from tests.support.asking_house import ERAS, asking_house
from tests.support.checked_host import CheckedHost, checked_host
from tests.support.gateway_process import GatewayProcess

LEVEL_KEY = "io.modelcontextprotocol/logLevel"
MESSAGE = "notifications/message"


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    with asking_house() as running:
        yield running


def levels_heard(host: CheckedHost) -> list[str]:
    return [message["params"]["level"] for message in host.meanwhile() if message.get("method") == MESSAGE]


@pytest.mark.parametrize(("wanted", "heard"), [(None, ["error"]), ("debug", ["debug", "info", "error"]), ("alert", [])])
def test_a_legacy_host_hears_a_legacy_server_from_its_level_on(
    gateway: GatewayProcess, wanted: str | None, heard: list[str]
) -> None:
    with checked_host(gateway, "legacy") as host, checked_host(gateway, "legacy") as other:
        if wanted is not None:
            assert host.result("logging/setLevel", {"level": wanted}) == {}
        other.talk("legacy_speak")
        assert levels_heard(host) == heard
        assert levels_heard(other) == ["error"]


def test_a_legacy_server_is_set_to_the_most_verbose_level_that_anybody_wants(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host:
        before = len(host.talk("legacy_levels").said)
        with checked_host(gateway, "legacy") as other:
            host.result("logging/setLevel", {"level": "error"})
            other.result("logging/setLevel", {"level": "info"})
            host.result("logging/setLevel", {"level": "notice"})
            during = host.talk("legacy_levels").said[before:]
            other.shim.terminate()
            other.shim.wait()
        while len(after := host.talk("legacy_levels").said[before:]) == len(during):
            pass
    assert (during, after) == (["error", "info"], ["error", "info", "notice"])


def test_a_legacy_server_is_set_to_what_a_modern_call_asks_for_while_it_runs(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "modern") as host:
        before = len(host.talk("legacy_levels").said)
        host.talk("legacy_speak", meta={LEVEL_KEY: "debug"})
        assert host.talk("legacy_levels").said[before:] == ["debug", "warning"]


@pytest.mark.parametrize("server_era", ERAS)
def test_a_modern_host_hears_what_its_own_call_asked_for_and_nothing_else(
    gateway: GatewayProcess, server_era: str
) -> None:
    with checked_host(gateway, "modern") as host, checked_host(gateway, "modern") as other:
        host.talk(f"{server_era}_speak", meta={LEVEL_KEY: "info"})
        asked_for = levels_heard(host)
        host.talk(f"{server_era}_speak")
        other.talk(f"{server_era}_speak", meta={LEVEL_KEY: "debug"})
        assert asked_for == ["info", "error"]
        assert levels_heard(host) == []


def test_a_legacy_hosts_level_goes_with_its_calls_to_a_modern_server(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as host, checked_host(gateway, "legacy") as other:
        host.result("logging/setLevel", {"level": "error"})
        assert host.talk("modern_speak").said == "error"
        assert levels_heard(host) == ["error"]
        assert other.talk("modern_speak").said == "None"
        assert (levels_heard(other), levels_heard(host)) == ([], [])


def test_a_level_that_does_not_exist_is_refused(gateway: GatewayProcess) -> None:
    with checked_host(gateway, "legacy") as legacy, checked_host(gateway, "modern") as modern:
        answers = (
            legacy.answer(legacy.start("logging/setLevel", {"level": "loud"})),
            modern.talk("modern_speak", meta={LEVEL_KEY: "loud"}).answer,
        )
        unknown = modern.answer(modern.start("logging/setLevel", {"level": "error"}))
    assert [answer["error"]["code"] for answer in answers] == [-32602, -32602]
    assert unknown["error"]["code"] == -32601
