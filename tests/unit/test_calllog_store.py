"""The log's database: what is kept, found, trimmed, refused and set aside. Real SQLite files."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from ostiary.domain.approval import Decision
from ostiary.domain.call import FAILURES, CallDetail, CallFilter, CallRow, DecidedBy, Outcome
from ostiary.domain.errors import SettingsError
from ostiary.gateway.calllog.store import SCHEMA_VERSION, CallStore, Retention, open_store

NOW = 1_800_000_000.0
EVERYTHING = CallFilter()


def entry(number: int, *, outcome: Outcome = Outcome.OK, started_at: float = NOW, item: str = "/a") -> CallDetail:
    row = CallRow(
        id=number,
        started_at=started_at,
        host="cursor" if number % 2 else "claude",
        server="files",
        method="tools/call",
        tool="write_file",
        item=item,
        decision=Decision.ALLOW,
        decided_by=DecidedBy.PERSON,
        outcome=outcome,
        waited_ms=1.5,
        duration_ms=2.5,
        request_bytes=3,
        response_bytes=4,
    )
    return CallDetail(row=row, arguments='{"a":1}', result='{"b":2}', reason="because", caller="/usr/bin/x")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CallStore]:
    with closing(CallStore(tmp_path / "calls.sqlite")) as opened:
        yield opened


def ids(store: CallStore, wanted: CallFilter = EVERYTHING, before: int = 0, limit: int = 100) -> list[int]:
    return [row.id for row in store.rows(wanted, before, limit)]


def test_what_was_saved_comes_back_the_same(store: CallStore) -> None:
    store.save([entry(1)])
    assert store.detail(1) == entry(1)
    assert store.rows(EVERYTHING, 0, 10) == (entry(1).row,)
    assert store.detail(2) is None


def test_saving_an_entry_again_replaces_it(store: CallStore) -> None:
    store.save([entry(1, outcome=Outcome.RUNNING)])
    store.save([entry(1)])
    assert ids(store) == [1]
    assert store.rows(EVERYTHING, 0, 10)[0].outcome is Outcome.OK


def test_pages_run_from_the_newest_back_and_are_oldest_first(store: CallStore) -> None:
    store.save(entry(number) for number in range(1, 11))
    assert ids(store, limit=3) == [8, 9, 10]
    assert ids(store, before=8, limit=3) == [5, 6, 7]
    assert ids(store, before=2, limit=3) == [1]


def test_rows_are_found_by_host_outcome_and_literal_text(store: CallStore) -> None:
    store.save([entry(1), entry(2, outcome=Outcome.DENIED), entry(3, item="/50%_off"), entry(4, item="/50xxoff")])
    assert ids(store, CallFilter(host="cursor")) == [1, 3]
    assert ids(store, CallFilter(outcome=Outcome.DENIED)) == [2]
    assert ids(store, CallFilter(text="50%_OFF")) == [3]
    assert ids(store, CallFilter(server="other")) == []
    assert ids(store, CallFilter(text="' OR 1=1 --")) == []


def test_the_file_and_those_beside_it_are_private(tmp_path: Path, store: CallStore) -> None:
    store.save([entry(1)])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"calls.sqlite": 0o600, "calls.sqlite-wal": 0o600, "calls.sqlite-shm": 0o600}


def test_old_calls_are_deleted_by_age(store: CallStore) -> None:
    store.save([entry(1, started_at=NOW - 100), entry(2, started_at=NOW - 99), entry(3)])
    store.trim(Retention(age_s=99), NOW)
    assert ids(store) == [2, 3]


def test_old_calls_are_deleted_by_number_of_rows(store: CallStore) -> None:
    store.save(entry(number) for number in range(1, 21))
    store.trim(Retention(rows=5), NOW)
    assert ids(store) == [16, 17, 18, 19, 20]


def test_old_calls_are_deleted_by_size(store: CallStore) -> None:
    long = "x" * 16_000
    store.save(replace(entry(number), arguments=long) for number in range(1, 101))
    store.trim(Retention(size_bytes=500_000), NOW)
    kept = ids(store)
    assert kept[-1] == 100
    assert 10 < len(kept) < 40


def test_numbers_are_not_given_again_after_all_rows_were_deleted(tmp_path: Path, store: CallStore) -> None:
    store.save([entry(7)])
    store.trim(Retention(rows=0), NOW)
    assert ids(store) == []
    assert store.last_id() == 7


def test_calls_that_a_crash_left_running_are_marked(store: CallStore) -> None:
    store.save([entry(1, outcome=Outcome.RUNNING), entry(2)])
    assert store.mark_cut_off() == 1
    assert [row.outcome for row in store.rows(EVERYTHING, 0, 9)] == [Outcome.CUT_OFF, Outcome.OK]


@pytest.mark.parametrize(("version", "missing"), [(1, ["rule", "undo"]), (2, ["undo"])])
def test_a_log_of_an_older_version_is_kept_and_learns_what_was_not_known_then(
    tmp_path: Path, version: int, missing: list[str]
) -> None:
    path = tmp_path / "calls.sqlite"
    with closing(CallStore(path)) as before:
        before.save([entry(1)])
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("".join(f"ALTER TABLE calls DROP COLUMN {column};" for column in missing))
        connection.execute(f"PRAGMA user_version = {version}")
    for _ in range(2):  # the second time it is of this version
        with closing(CallStore(path)) as opened:
            opened.save([replace(entry(2), rule=12, undo="c0ffee")])
            found = [opened.detail(number) for number in (1, 2)]
    assert found == [entry(1), replace(entry(2), rule=12, undo="c0ffee")]


def test_what_was_undone_can_not_be_undone_again(store: CallStore) -> None:
    store.save([replace(entry(1), undo="c0ffee"), replace(entry(2), undo="d00d")])
    store.mark_undone(1)
    assert [detail and detail.undo for detail in map(store.detail, (1, 2))] == ["", "d00d"]


def test_a_file_of_a_newer_version_is_refused_and_left_untouched(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        connection.execute("CREATE TABLE calls_of_tomorrow (x)")
    before = path.read_bytes()
    with pytest.raises(SettingsError):
        open_store(path, NOW)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["calls.sqlite"]


def test_a_file_that_is_no_database_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    path.write_bytes(b"no database " * 1000)
    opened, aside = open_store(path, NOW)
    with closing(opened):
        assert aside == tmp_path / "calls.sqlite.corrupt-1800000000"
        assert aside.read_bytes() == b"no database " * 1000
        assert ids(opened) == []


def test_a_damaged_database_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    with closing(CallStore(path)) as store:
        store.save(entry(number) for number in range(1, 500))
    content = bytearray(path.read_bytes())
    content[8192:40_960] = bytes(40_960 - 8192)
    path.write_bytes(content)
    opened, aside = open_store(path, NOW)
    with closing(opened):
        assert aside is not None
        assert ids(opened) == []


def test_each_of_several_damaged_databases_within_a_second_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    kept: dict[Path, bytes] = {}
    for number in range(3):
        content = f"no database {number} ".encode() * 1000
        path.write_bytes(content)
        opened, aside = open_store(path, NOW)
        opened.close()
        assert aside is not None
        kept[aside] = content
    assert {aside: aside.read_bytes() for aside in kept} == kept
    assert len(kept) == 3


def test_a_sound_file_is_opened_again_and_nothing_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    with closing(CallStore(path)) as store:
        store.save([entry(1)])
    opened, aside = open_store(path, NOW)
    with closing(opened):
        assert (ids(opened), aside) == ([1], None)


def test_failures_only_leaves_out_what_went_well_and_what_was_decided(store: CallStore) -> None:
    store.save([entry(number, outcome=outcome) for number, outcome in enumerate(Outcome, start=1)])
    found = store.rows(CallFilter(failures=True), 0, 100)
    assert {row.outcome for row in found} == set(FAILURES)
    assert ids(store, CallFilter(failures=True, outcome=Outcome.OK)) == []


def test_only_calls_since_a_moment_are_found(store: CallStore) -> None:
    store.save([entry(number, started_at=NOW + number) for number in range(1, 6)])
    assert ids(store, CallFilter(since=NOW + 3)) == [3, 4, 5]
    assert ids(store, CallFilter(since=NOW + 3), before=5) == [3, 4]
