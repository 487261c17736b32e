"""Hosts and a server built with the SDK, in every pairing: one tool asks for all that a server can ask for."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import mcp_types as types
import pytest
from mcp.client import ClientRequestContext

from ostiary.control.client import connect
from ostiary.control.messages import TrustServer
from ostiary.domain.call import Outcome
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.person import Person
from tests.support.sdk_host import sdk_host
from tests.support.server_client import ERAS, Era, text_of

pytestmark = pytest.mark.anyio

CHILD = str(Path(__file__).parents[1] / "support" / "children" / "mcp_resolving.py")
SERVER_ERAS = ("legacy", "modern")


@pytest.fixture(scope="module", params=SERVER_ERAS)
def gateway(request: pytest.FixtureRequest) -> Iterator[GatewayProcess]:
    """The server is told apart by nothing but the generation that it is spoken to in."""
    with household() as place:
        server = {
            "name": "resolving",
            "command": [sys.executable, CHILD],
            "era": request.param,
            "isolation": "per-host",
        }
        (place.ostiary / "config").mkdir(mode=0o700)
        (place.ostiary / "config" / "settings.json").write_text(json.dumps({"version": 1, "servers": [server]}))
        with running_gateway(place, "--trust-cli") as running:
            with connect(str(place.ostiary)) as control:
                someone = Person(control)
                someone.enable("resolving")
                someone.do(TrustServer(name="resolving", trusted=True))
            yield running


async def elicit(context: ClientRequestContext, params: types.ElicitRequestParams) -> types.ElicitResult:
    assert (context is not None, params.message) == (True, "How many?")
    return types.ElicitResult(action="accept", content={"number": 7})


async def sample(context: ClientRequestContext, params: types.CreateMessageRequestParams) -> types.CreateMessageResult:
    assert (context is not None, params.max_tokens) == (True, 10)
    return types.CreateMessageResult(role="assistant", content=types.TextContent(type="text", text="spice"), model="m")


async def roots(context: ClientRequestContext) -> types.ListRootsResult:
    assert context is not None
    return types.ListRootsResult.model_validate({"roots": [{"uri": "file:///arrakis"}]})


@pytest.mark.parametrize("era", ERAS)
async def test_all_that_a_server_asks_for_is_answered_by_its_host(gateway: GatewayProcess, era: Era) -> None:
    async with sdk_host(gateway, era, elicit=elicit, sample=sample, roots=roots) as host:
        reserved = await host.call("reserve", what="Dune")
    with connect(str(gateway.home)) as control:
        someone = Person(control)
        row = someone.row(Outcome.OK)
        rows = someone.rows()
    assert (reserved.is_error, text_of(reserved)) == (False, "7 of Dune, spice, file:///arrakis")
    assert (row.tool, [row.outcome for row in rows]) == ("reserve", [Outcome.OK] * len(rows))
