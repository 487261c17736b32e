"""What a person is told of a server that takes long to start."""

import pytest

from ostiary.domain.server import ServerState
from ostiary.gateway.progress import LONG_START_S, progress

NPX = ("npx", "-y", "server")


@pytest.mark.parametrize("state", ServerState)
def test_only_a_server_that_is_starting_makes_progress(state: ServerState) -> None:
    assert bool(progress(state, NPX, 0.0, 60.0)) is (state is ServerState.STARTING)


@pytest.mark.parametrize(("started_at", "now"), [(None, 60.0), (60.0, 60.0), (60.0, 60.0 + LONG_START_S - 0.01)])
def test_an_ordinary_start_is_not_talked_about(started_at: float | None, now: float) -> None:
    assert progress(ServerState.STARTING, NPX, started_at, now) == ""


@pytest.mark.parametrize("program", ["npx", "/opt/homebrew/bin/npx", r"C:\Program Files\nodejs\npx.cmd", "NPX.CMD"])
def test_a_program_that_downloads_is_named(program: str) -> None:
    told = progress(ServerState.STARTING, (program, "server"), 0.0, LONG_START_S)
    assert told == "Still starting: the first start of npx may download for a minute."


def test_another_program_is_not_said_to_download() -> None:
    assert "download" not in progress(ServerState.STARTING, ("/usr/bin/server",), 0.0, LONG_START_S)
