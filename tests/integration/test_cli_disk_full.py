"""A disk with no room left while a host's file is changed: the person is told, and the file is what it was."""

import sys
from collections.abc import Iterator

import pytest

from tests.support.gateway_process import GatewayProcess, household, running_gateway

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the files of a running process")

CONTENT = b'{\n  "mcpServers": {},\n  "padding": "' + b"x" * 4_000_000 + b'"\n}\n'


@pytest.fixture
def gateway() -> Iterator[GatewayProcess]:
    with household() as place, running_gateway(place, "--trust-cli") as running:
        yield running


@pytest.mark.parametrize("room_bytes", [len(CONTENT), len(CONTENT) // 2], ids=["for-the-backup-only", "for-neither"])
def test_a_host_file_stays_whole_where_there_is_no_room_for_the_new_one(
    gateway: GatewayProcess, room_bytes: int
) -> None:
    file = gateway.household.person / ".cursor" / "mcp.json"
    file.parent.mkdir()
    file.write_bytes(CONTENT)
    allow_files_of(gateway, room_bytes)

    ended = gateway.run("hosts", "connect", "cursor", "--yes")

    assert ended.code == 1
    assert "File too large" in ended.err
    assert file.read_bytes() == CONTENT
    assert list(file.parent.iterdir()) == [file], "nothing half-written is left beside it"
    assert gateway.listed("hosts")[0] is not None, "the gateway goes on"


def test_a_host_file_is_changed_once_there_is_room_again(gateway: GatewayProcess) -> None:
    file = gateway.household.person / ".cursor" / "mcp.json"
    file.parent.mkdir()
    file.write_bytes(CONTENT)
    allow_files_of(gateway, len(CONTENT))
    refused = gateway.run("hosts", "connect", "cursor", "--yes")
    allow_files_of(gateway, 2 * len(CONTENT))

    connected = gateway.run("hosts", "connect", "cursor", "--yes")
    added = file.read_bytes()
    disconnected = gateway.run("hosts", "disconnect", "cursor", "--yes")

    assert (refused.code, connected.code, disconnected.code) == (1, 0, 0)
    assert b'"ostiary"' in added
    assert file.read_bytes() == CONTENT


def allow_files_of(gateway: GatewayProcess, size_bytes: int) -> None:
    """To the gateway, a disk that has so much room for each file."""
    if sys.platform == "linux":
        import resource

        resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (size_bytes, 2 * len(CONTENT)))
