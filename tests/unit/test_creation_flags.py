"""What Windows is told about the processes that we start, by the numbers of winbase.h."""

from __future__ import annotations

import pytest

from ostiary.gateway.supervise.creation import errand_flags, server_flags
from ostiary_connect.launch import detached_flags

NO_WINDOW = 0x0800_0000
SUSPENDED = 0x4
DETACHED = 0x8
BREAKAWAY = 0x0100_0000
NEW_GROUP = 0x200


def test_a_server_has_a_hidden_console_and_waits_for_its_job() -> None:
    assert server_flags("win32") == NO_WINDOW | NEW_GROUP | SUSPENDED


def test_what_is_asked_for_its_version_shows_no_window() -> None:
    assert errand_flags("win32") == NO_WINDOW


def test_the_application_has_no_console_and_outlives_the_host_where_it_may() -> None:
    assert detached_flags("win32") == DETACHED | NEW_GROUP | BREAKAWAY
    assert detached_flags("win32", may_break_away=False) == DETACHED | NEW_GROUP


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_other_systems_are_told_nothing(platform: str) -> None:
    assert [server_flags(platform), errand_flags(platform), detached_flags(platform)] == [0, 0, 0]
