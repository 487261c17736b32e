"""``--writes elicit``: without a front, hosts built with the SDK ask in their own window before a write."""

from collections.abc import Iterator
from pathlib import Path

import mcp_types as types
import pytest
from mcp.client import ClientRequestContext

from ostiary.control.client import connect
from ostiary.domain.approval import Decision
from ostiary.domain.call import DecidedBy, Outcome
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.person import Person
from tests.support.sdk_host import sdk_host
from tests.support.server_client import ERAS, Era, text_of

pytestmark = pytest.mark.anyio

TICKED = types.ElicitResult(action="accept", content={"allow": True})
REFUSALS = [
    pytest.param(types.ElicitResult(action="decline"), "the person at this computer denied it", id="declined"),
    pytest.param(types.ElicitResult(action="accept", content={"allow": False}), "denied it", id="not-ticked"),
    pytest.param(types.ElicitResult(action="cancel"), "nobody answered", id="dismissed"),
]


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    with household() as place, running_gateway(place, "--writes", "elicit", "--trust-cli") as running:
        with connect(str(place.ostiary)) as control:
            someone = Person(control)
            someone.approve(place.person / "docs")
            someone.enable()
        yield running


@pytest.fixture
def file(gateway: GatewayProcess) -> Iterator[Path]:
    place = gateway.household.person / "docs" / "notes.txt"
    place.write_text("old\n")
    yield place
    place.unlink()


def content_of(file: Path) -> str:
    return file.read_text() if file.exists() else ""


class Window:
    """The host's own window: keeps what it shows and gives one answer."""

    def __init__(self, answer: types.ElicitResult) -> None:
        self.shown: list[str] = []
        self._answer = answer

    async def ask(self, context: ClientRequestContext, params: types.ElicitRequestParams) -> types.ElicitResult:
        self.shown.append(params.message)
        return self._answer


@pytest.mark.parametrize("era", ERAS)
async def test_an_allowed_write_is_shown_once_with_its_plan_and_has_one_row(
    gateway: GatewayProcess, file: Path, era: Era
) -> None:
    window = Window(TICKED)
    content = "".join(f"line {number}\n" for number in range(30))
    with connect(str(gateway.home)) as control:
        someone = Person(control)
        before = len(someone.rows())
        async with sdk_host(gateway, era, elicit=window.ask) as host:
            written = await host.call("write_file", path=str(file), content=content)
        row = someone.row(Outcome.OK)
        rows = len(someone.rows())
    (shown,) = window.shown
    lines = shown.splitlines()
    assert (written.is_error, content_of(file)) == (False, content)
    assert "wants to overwrite" in lines[0]
    assert lines[2] == "1 file, +30 −1"
    assert lines[-1] == "… 14 more lines"
    assert len(lines) == 3 + 20 + 1
    assert (row.tool, row.decision, row.decided_by, rows) == (
        "write_file",
        Decision.ALLOW,
        DecidedBy.HEADLESS,
        before + 1,
    )


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(("answer", "words"), REFUSALS)
async def test_what_is_not_agreed_to_is_not_written(
    gateway: GatewayProcess, file: Path, era: Era, answer: types.ElicitResult, words: str
) -> None:
    async with sdk_host(gateway, era, elicit=Window(answer).ask) as host:
        denied = await host.call("write_file", path=str(file), content="new\n")
    assert denied.is_error
    assert words in text_of(denied)
    assert content_of(file) == "old\n"


@pytest.mark.parametrize("era", ERAS)
async def test_a_write_of_a_host_that_cannot_ask_is_denied(gateway: GatewayProcess, file: Path, era: Era) -> None:
    async with sdk_host(gateway, era) as host:
        denied = await host.call("write_file", path=str(file), content="new\n")
    assert denied.is_error
    assert "a rule denies calls that may write" in text_of(denied)
    assert content_of(file) == "old\n"


@pytest.mark.parametrize("era", ERAS)
async def test_a_sensitive_file_is_not_put_to_the_host(gateway: GatewayProcess, era: Era) -> None:
    window = Window(TICKED)
    secret = gateway.household.person / "docs" / ".env"
    async with sdk_host(gateway, era, elicit=window.ask) as host:
        denied = await host.call("write_file", path=str(secret), content="TOKEN=1\n")
    assert denied.is_error
    assert (window.shown, content_of(secret)) == ([], "")
