"""MCP Apps through the gateway: announced where an entry has one server, ``_meta`` as it is, original tool names."""

from collections.abc import Iterator

import pytest

from tests.support.asking_house import ERAS, SERVERS, asking_house
from tests.support.checked_host import ALL, CheckedHost, checked_host
from tests.support.gateway_process import GatewayProcess

APPS = "io.modelcontextprotocol/ui"
OFFER = {"extensions": {APPS: {"mimeTypes": ["text/html;profile=mcp-app"]}, "other/x": {}}}


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    with asking_house() as running:
        yield running


def offered(host: CheckedHost) -> object:
    if host.modern:
        return host.result("server/discover")["capabilities"].get("extensions")
    hello = {"protocolVersion": host.version, "capabilities": {}, "clientInfo": {"name": "h", "version": "1"}}
    return host.result("initialize", hello)["capabilities"].get("extensions")


@pytest.mark.parametrize("host_era", ERAS)
@pytest.mark.parametrize("server_era", ERAS)
def test_an_entry_of_one_server_offers_what_that_server_does(
    gateway: GatewayProcess, host_era: str, server_era: str
) -> None:
    with checked_host(gateway, host_era, servers=(SERVERS[server_era],)) as host:
        assert offered(host) == {APPS: {}}


@pytest.mark.parametrize("host_era", ERAS)
def test_an_entry_of_several_servers_offers_no_extension(gateway: GatewayProcess, host_era: str) -> None:
    with checked_host(gateway, host_era) as host:
        assert offered(host) is None


@pytest.mark.parametrize("host_era", ERAS)
def test_the_server_of_a_single_entry_hears_that_its_host_shows_apps(gateway: GatewayProcess, host_era: str) -> None:
    with checked_host(gateway, host_era, ALL | OFFER, servers=("new",)) as host:
        assert host.talk("modern_declared").said["extensions"] == {APPS: OFFER["extensions"][APPS]}


@pytest.mark.parametrize("host_era", ERAS)
def test_a_tools_meta_is_its_servers(gateway: GatewayProcess, host_era: str) -> None:
    with checked_host(gateway, host_era) as host:
        tools = host.result("tools/list")["tools"]
    assert {tool["_meta"]["ui"]["resourceUri"] for tool in tools} == {"ui://x"}


@pytest.mark.parametrize("host_era", ERAS)
@pytest.mark.parametrize("server_era", ERAS)
def test_a_tool_can_be_called_by_the_name_that_its_server_gave_it(
    gateway: GatewayProcess, host_era: str, server_era: str
) -> None:
    own_name = f"{server_era}_dotted.name"
    with checked_host(gateway, host_era) as host:
        assert own_name not in host.tools()
        assert host.talk(own_name).said == own_name
