"""A ``files`` server that runs alone tells its client what changed; one under the gateway leaves that to it."""

import json
from pathlib import Path

import anyio
import pytest
from mcp.client.subscriptions import ResourceUpdated
from mcp.shared.exceptions import MCPError

from tests.support.server_client import ANSWER_DEADLINE_S, WAYS, Carrier, Way, connected, server_transport
from tests.support.subscriber import subscriber

pytestmark = pytest.mark.anyio

CARRIERS = pytest.mark.parametrize("carrier", ["stdio", "http"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "with space.txt"
    file.write_text("before")
    return file


def replaced(file: Path) -> None:
    """As editors save: beside it, then renamed over it."""
    file.with_suffix(".new").write_text("a new text")
    file.with_suffix(".new").replace(file)


@CARRIERS
async def test_a_listening_client_hears_of_a_changed_file_and_of_a_folder_that_gained_one(
    tmp_path: Path, file: Path, carrier: Carrier
) -> None:
    uris = [file.as_uri(), tmp_path.as_uri()]
    async with connected("files", "--root", tmp_path, carrier=carrier) as files:
        with anyio.fail_after(ANSWER_DEADLINE_S):
            async with files.client.listen(resource_subscriptions=uris) as heard:
                replaced(file)
                changed = {await anext(heard), await anext(heard)}
    assert changed == {ResourceUpdated(uri) for uri in uris}


async def test_a_subscribed_client_hears_until_it_unsubscribes(tmp_path: Path, file: Path) -> None:
    async with subscriber(server_transport("files", "--root", tmp_path)) as (client, heard):
        await client.subscribe_resource(tmp_path.as_uri())  # first, so that it would be heard of first
        await client.subscribe_resource(file.as_uri())
        await client.unsubscribe_resource(tmp_path.as_uri())
        replaced(file)
        with anyio.fail_after(ANSWER_DEADLINE_S):
            assert await heard.receive() == file.as_uri()
        with pytest.raises(MCPError):
            await client.subscribe_resource("file:///etc/passwd")


async def test_a_subscribed_folder_tells_what_changed_deep_below_it(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    file = tmp_path / "deep" / "er" / "a.txt"
    file.write_text("before")
    async with subscriber(server_transport("files", "--root", tmp_path)) as (client, heard):
        await client.subscribe_resource(tmp_path.as_uri())
        file.write_text("a new text")
        with anyio.fail_after(ANSWER_DEADLINE_S):
            assert await heard.receive() == file.as_uri()


@CARRIERS
async def test_a_listening_client_hears_of_its_folder_when_something_changed_deep_below(
    tmp_path: Path, carrier: Carrier
) -> None:
    (tmp_path / "deep").mkdir()
    async with connected("files", "--root", tmp_path, carrier=carrier) as files:
        with anyio.fail_after(ANSWER_DEADLINE_S):
            async with files.client.listen(resource_subscriptions=[tmp_path.as_uri()]) as heard:
                (tmp_path / "deep" / "a.txt").touch()
                assert await anext(heard) == ResourceUpdated(tmp_path.as_uri())


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_subscriptions_are_advertised_only_when_it_runs_alone(tmp_path: Path, way: Way) -> None:
    (tmp_path / "roots.json").write_text(json.dumps({"version": 1, "roots": [], "denied": []}))
    for arguments, offered in ((("--root", tmp_path), True), (("--roots-file", tmp_path / "roots.json"), False)):
        async with connected("files", *arguments, **way._asdict()) as files:
            resources = files.client.server_capabilities.resources
            assert resources is not None
            assert bool(resources.subscribe) is offered
