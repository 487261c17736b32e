"""Which bytes come back when our entry leaves, with what the backups hold."""

import pytest

from ostiary.gateway.hosts.edit import JsonEditor
from ostiary.gateway.hosts.restore import repaired, without_us
from ostiary.gateway.hosts.tolerance import STRICT

EDITOR = JsonEditor(("mcpServers",), "ostiary", STRICT)
ENTRY = {"command": "/opt/ostiary-connect"}
THEIRS = b'{"mcpServers": { }}'
OURS = EDITOR.set(THEIRS, ENTRY)


def leave(content: bytes, *backups: bytes) -> bytes | None:
    return without_us(content, backups, EDITOR)


@pytest.mark.parametrize("others", [(), (b"{broken",), (b"[]",), (OURS,), (b'{"a": 1}',)])
def test_the_backup_from_before_we_came_is_found_among_others(others: tuple[bytes, ...]) -> None:
    assert leave(OURS, *others, THEIRS, *others) == THEIRS


def test_without_a_backup_only_the_entry_goes() -> None:
    assert leave(OURS) == b'{"mcpServers": {}}'
    assert leave(OURS, b"{broken") == b'{"mcpServers": {}}'


def test_an_empty_file_is_told_from_no_file() -> None:
    made = EDITOR.set(b"", ENTRY)
    assert leave(made) is None
    assert leave(made, b"") == b""
    assert leave(made, b"\n") == b"\n"


def test_an_entry_that_is_no_object_goes_too() -> None:
    assert leave(b'{"mcpServers": {"ostiary": 1, "b": 2}}', b"{}") == b'{"mcpServers": {"b": 2}}'


def test_a_file_without_our_entry_stays_whatever_the_backups_hold() -> None:
    assert leave(THEIRS, b"{}", OURS) == THEIRS


def repair(*backups: bytes, servers: frozenset[str] = frozenset()) -> bytes | None:
    return repaired(backups, servers, ENTRY, EDITOR)


def test_a_repair_takes_the_newest_copy_that_parses_and_adds_our_entry() -> None:
    assert repair(b"{broken", THEIRS, b'{"a": 1}') == OURS
    assert repair(OURS, THEIRS) == OURS


def test_a_repair_prefers_a_copy_that_has_all_the_servers_that_were_lost() -> None:
    full = b'{"mcpServers": {"git": {}}}'
    assert repair(THEIRS, full, servers=frozenset({"git"})) == EDITOR.set(full, ENTRY)
    assert repair(THEIRS, servers=frozenset({"git"})) == OURS


def test_without_a_copy_that_parses_there_is_no_repair() -> None:
    assert repair() is None
    assert repair(b"{broken", b"[]") is None
