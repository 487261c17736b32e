"""The call log from the loop's side: numbers at once, batches, commits, and no secret in any file."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallRow, DecidedBy, Outcome
from ostiary.domain.errors import RefusedError, SettingsError, UsageError
from ostiary.gateway.calllog.entries import CallDecision, CallEnd
from ostiary.gateway.calllog.redact import PARSED_BYTES
from ostiary.gateway.calllog.secret_patterns import MASK
from ostiary.gateway.calllog.store import Retention
from tests.support.running_log import ENDED, EVERYTHING, running, scenario, start


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in the folder, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow, as on a full disk: the kernel refuses every write past the first byte."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_call_has_its_number_at_once_and_arrives_in_the_window_in_batches(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, heard):
            numbers = [log.open(start()) for _ in range(100)]
            assert numbers == list(range(1, 101))
            for number in numbers:
                log.close(number, ENDED)
            rows: dict[int, CallRow] = {}
            batches = 0
            while len(rows) < 100 or any(row.outcome is Outcome.RUNNING for row in rows.values()):
                rows |= {row.id: row for row in await heard.batch()}
                batches += 1
            assert batches < 20

    scenario(body)


def test_an_entry_is_kept_with_its_decision_and_its_end(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, _heard):
            number = log.open(start(decision=Decision.ASK, request_bytes=7, caller="/usr/bin/cursor"))
            (row,) = await log.rows(EVERYTHING)
            assert (row.decision, row.outcome) == (Decision.ASK, Outcome.RUNNING)
            log.decide(
                number,
                CallDecision(decision=Decision.ALLOW, decided_by=DecidedBy.PERSON, reason="by hand", waited_ms=3),
            )
            log.close(number, ENDED)
            detail = await log.detail(number)
            assert detail.row.decision is Decision.ALLOW
            assert (detail.row.outcome, detail.row.waited_ms, detail.row.duration_ms) == (Outcome.OK, 3, 5)
            assert (detail.row.request_bytes, detail.row.response_bytes) == (7, 9)
            assert (detail.reason, detail.caller) == ("by hand", "/usr/bin/cursor")
            assert json.loads(detail.arguments) == {"path": "/notes/a.txt"}
            assert json.loads(detail.result) == {"content": []}
            with pytest.raises(UsageError):
                await log.detail(99)

    scenario(body)


def test_a_committed_call_is_in_the_file_for_another_connection_to_see(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, _heard):
            number = log.open(start())
            await log.committed(number)
            with closing(sqlite3.connect(tmp_path / "calls.sqlite")) as other:
                assert other.execute("SELECT id, outcome FROM calls").fetchall() == [(number, "running")]

    scenario(body)


def test_a_call_that_never_was_is_not_committed(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, _heard):
            with pytest.raises(RefusedError):
                await log.committed(5)

    scenario(body)


def test_everything_noted_before_the_stop_is_there_at_the_next_start(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, _heard):
            log.close(log.open(start()), ENDED)
            left = log.open(start())
        async with running(tmp_path) as (log, _heard):
            assert [row.outcome for row in await log.rows(EVERYTHING)] == [Outcome.OK, Outcome.CUT_OFF]
            assert log.open(start()) == left + 1

    scenario(body)


SECRETS = ["hunter2hunter2", "ghp_" + "a1B2" * 9, "under-a-telling-name", "in-a-url-1", "cut-in-half-" * 30]


def test_neither_raw_bodies_nor_secrets_are_in_any_file(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, heard):
            heard.known = frozenset([SECRETS[0], SECRETS[4]])
            arguments = {
                "text": f"known {SECRETS[0]} shaped {SECRETS[1]}",
                "password": SECRETS[2],
                "url": f"https://me:{SECRETS[3]}@example.com",
                "content": "x" * 16_100 + SECRETS[4] + "y" * 16_100 + "past-the-limit",
            }
            raw = json.dumps(arguments, ensure_ascii=True, indent=3).encode()
            number = log.open(
                start(
                    arguments=raw,
                    item=f"https://me:{SECRETS[3]}@example.com",
                    reason=f"r {SECRETS[0]}",
                    caller=f"/bin/{SECRETS[0]}",
                    tool=SECRETS[0],
                )
            )
            log.close(number, CallEnd(outcome=Outcome.FAILED, duration_ms=1, result=raw))
            await log.committed(number)
            while_running = contents(tmp_path)
        after = contents(tmp_path)
        assert "calls.sqlite-wal" in while_running
        for content in (*while_running.values(), *after.values()):
            for secret in [*SECRETS, SECRETS[4][:24], "past-the-limit", '{\n   "text"']:
                assert secret.encode() not in content
        assert any(MASK.encode() in content for content in after.values())

    scenario(body)


def test_rows_that_are_told_are_masked_like_those_that_are_kept(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, heard):
            heard.known = frozenset(["hunter2hunter2"])
            log.open(start(item="/notes/hunter2hunter2.txt"))
            (row,) = await heard.batch()
            assert row.item == f"/notes/{MASK}.txt"

    scenario(body)


def test_no_body_is_kept_when_that_is_switched_off_or_when_it_is_too_long(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path, keep_bodies=False) as (log, _heard):
            number = log.open(start())
            log.close(number, ENDED)
            detail = await log.detail(number)
            assert (detail.arguments, detail.result) == ("", "")
            log.keep_bodies = True
            long = log.open(start(arguments=b'"' + b"x" * PARSED_BYTES + b'"'))
            assert json.loads((await log.detail(long)).arguments) == "(not kept: 1,048,578 bytes)"

    scenario(body)


def test_a_full_disk_is_told_once_fails_the_commit_and_leaves_reading(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, heard):
            before = log.open(start())
            await log.committed(before)
            with full_disk():
                refused = log.open(start())
                for _ in range(2):
                    with pytest.raises(RefusedError):
                        await log.committed(refused)
                assert [row.id for row in await log.rows(EVERYTHING)] == [before]
            assert [notice.title for notice in heard.notices] == ["The call log cannot be written"]
            await log.committed(log.open(start()))
            assert [row.id for row in await log.rows(EVERYTHING)] == [before, refused, refused + 1]

    scenario(body)


def test_a_decision_that_could_not_be_written_fails_the_commit_of_a_call_that_was(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, _heard):
            number = log.open(start(decision=Decision.ASK))
            await log.committed(number)
            with full_disk():
                log.decide(number, CallDecision(decision=Decision.ALLOW, decided_by=DecidedBy.PERSON))
                with pytest.raises(RefusedError):
                    await log.committed(number)

    scenario(body)


CRASHES_DURING_A_CALL = """
import asyncio, os, pathlib, signal, sys, time
from ostiary.domain.approval import Decision
from ostiary.domain.call import DecidedBy
from ostiary.gateway.calllog.entries import CallStart
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.calllog.writer import Outlets

async def main():
    outlets = Outlets(on_rows=print, on_notice=print, known_secrets=frozenset, on_quiet=print)
    log = CallLog(pathlib.Path(sys.argv[1]), time.time, outlets)
    await log.start()
    await log.committed(log.open(CallStart(started_at=time.time(), host="cursor", server="files", method="tools/call",
                                           decision=Decision.ALLOW, decided_by=DecidedBy.RULE)))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def test_a_call_that_was_committed_survives_a_kill_and_is_shown_as_cut_off(tmp_path: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", CRASHES_DURING_A_CALL, tmp_path / "calls.sqlite"], capture_output=True, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL

    async def body() -> None:
        async with running(tmp_path) as (log, heard):
            assert [row.outcome for row in await log.rows(EVERYTHING)] == [Outcome.CUT_OFF]
            assert heard.notices == []

    scenario(body)


def test_retention_holds_while_calls_come_in(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path, retention=Retention(rows=10)) as (log, _heard):
            for _ in range(1_500):
                last = log.open(start())
            await log.committed(last)
            assert len(await log.rows(EVERYTHING, limit=1_000)) == 10

    scenario(body)


def test_a_damaged_file_is_kept_aside_and_told(tmp_path: Path) -> None:
    (tmp_path / "calls.sqlite").write_bytes(b"no database " * 1000)

    async def body() -> None:
        async with running(tmp_path) as (log, heard):
            assert await log.rows(EVERYTHING) == ()
            (notice,) = heard.notices
            assert str(tmp_path / "calls.sqlite.corrupt-") in notice.detail

    scenario(body)


def test_a_log_that_cannot_be_opened_says_so_and_ends_its_thread(tmp_path: Path) -> None:
    async def body() -> None:
        with pytest.raises(SettingsError):
            async with running(tmp_path / "gone"):
                pass

    scenario(body)
    assert "call log" not in {thread.name for thread in threading.enumerate() if thread.is_alive()}


def test_a_step_of_a_call_that_never_began_is_told_and_the_log_goes_on(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, heard):
            log.close(77, ENDED)
            await log.committed(log.open(start()))
            assert ["77" in notice.detail for notice in heard.notices] == [True]

    scenario(body)


def test_a_number_that_no_call_can_have_fails_who_asked_and_the_log_goes_on(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, _heard):
            for asked in (log.detail(2**63), log.rows(EVERYTHING, before=2**63)):
                with pytest.raises(OverflowError):
                    await asked
            await log.committed(log.open(start()))

    scenario(body)


def test_lone_surrogates_and_odd_bodies_do_not_keep_a_call_out_of_the_log(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, _heard):
            for raw in (b'"\\ud800"', b"{", os.urandom(64)):
                await log.committed(log.open(start(item="\ud800", arguments=raw)))
            assert len(await log.rows(EVERYTHING)) == 3

    scenario(body)
