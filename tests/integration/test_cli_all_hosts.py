"""`ostiary hosts disconnect --all` over the real gateway: shown as one plan, done with one yes, undone host by host."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gateway_process import GatewayProcess, household, running_gateway

BEFORE = {
    "cursor": b'{"mcpServers": {"git": {"command": "git-mcp"}}, "n": 1E+5}\r\n',
    "zed": b'// mine\n{"context_servers": {"z": {"command": "z-mcp"}},}\n',
}
PLACES = {"cursor": ".cursor/mcp.json", "zed": ".config/zed/settings.json"}


@pytest.fixture
def gateway() -> Iterator[GatewayProcess]:
    with household() as place, running_gateway(place, "--trust-cli") as gateway:
        yield gateway


@pytest.fixture
def files(gateway: GatewayProcess) -> dict[str, Path]:
    """Two connected hosts."""
    files = {host: gateway.household.person / place for host, place in PLACES.items()}
    for host, file in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(BEFORE[host])
        assert gateway.run("hosts", "connect", host, "--yes").code == 0
    return files


def test_all_hosts_are_shown_and_disconnected_only_with_yes_and_come_back_one_by_one(
    gateway: GatewayProcess, files: dict[str, Path]
) -> None:
    connected = {host: file.read_bytes() for host, file in files.items()}
    shown = gateway.run("hosts", "disconnect", "--all", "--dry-run")
    unasked = gateway.run("hosts", "disconnect", "--all", stdin=b"y\n")
    assert (shown.code, unasked.code) == (0, 77)
    assert all(str(file) in shown.out for file in files.values())
    assert {host: file.read_bytes() for host, file in files.items()} == connected

    done = gateway.run("hosts", "disconnect", "--all", "--yes", "--json")
    assert done.code == 0, done
    assert {view["name"]: view["state"] for view in json.loads(done.out)} == {"cursor": "available", "zed": "available"}
    assert {host: file.read_bytes() for host, file in files.items()} == BEFORE

    assert gateway.run("hosts", "undo", "zed", "--yes").code == 0
    assert (files["cursor"].read_bytes(), files["zed"].read_bytes()) == (BEFORE["cursor"], connected["zed"])


def test_a_file_that_cannot_be_edited_is_named_and_keeps_no_other_from_it(
    gateway: GatewayProcess, files: dict[str, Path]
) -> None:
    files["zed"].write_bytes(b"{broken")

    done = gateway.run("hosts", "disconnect", "--all", "--yes")

    assert done.code == 1
    assert f"({files['zed']}) cannot be read." in done.out
    assert (files["cursor"].read_bytes(), files["zed"].read_bytes()) == (BEFORE["cursor"], b"{broken")


def test_a_file_that_cannot_be_written_is_named_and_keeps_no_other_from_it(
    gateway: GatewayProcess, files: dict[str, Path]
) -> None:
    connected = files["cursor"].read_bytes()
    files["cursor"].chmod(0o400)  # its owner may not write it, so nobody does

    done = gateway.run("hosts", "disconnect", "--all", "--yes")

    assert done.code == 1
    assert f"Left as it is: {files['cursor']}: " in done.err
    assert (files["cursor"].read_bytes(), files["zed"].read_bytes()) == (connected, BEFORE["zed"])


def test_one_host_or_all_are_to_be_named(gateway: GatewayProcess) -> None:
    assert gateway.run("hosts", "disconnect").code == 64
    assert gateway.run("hosts", "disconnect", "cursor", "--all").code == 64
    nothing = gateway.run("hosts", "disconnect", "--all")
    assert (nothing.code, nothing.out.strip()) == (0, "No host is connected.")
