"""How the log's thread keeps up with the loop: what waits, in what portions rows are told, and when it is quiet."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from ostiary.domain.call import Outcome
from ostiary.gateway.calllog.log import MOST_ROWS
from tests.support.running_log import ENDED, EVERYTHING, running, scenario, start


def test_rows_are_told_a_hundred_at_a_time_however_many_came_together(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, heard):
            for number in [log.open(start()) for _ in range(350)]:
                log.close(number, ENDED)
            told: list[int] = []
            while len(set(told)) < 350:
                rows = await heard.batch()
                assert len(rows) <= 100
                told += [row.id for row in rows]
            assert told == list(range(1, 351))

    scenario(body)


def test_calls_that_come_faster_than_they_are_written_do_not_pile_up_and_none_is_lost(tmp_path: Path) -> None:
    long = json.dumps({"text": "word " * 20_000}).encode()
    calls = 200

    async def body() -> None:
        async with running(tmp_path) as (log, heard):
            most_waiting = 0
            for noted in range(1, calls + 1):
                log.close(log.open(start(arguments=long)), ENDED)
                most_waiting = max(most_waiting, noted - heard.asked)
            assert most_waiting < calls / 2
            await log.committed(calls)
            rows = await log.rows(EVERYTHING, limit=MOST_ROWS)
            assert [row.id for row in rows] == list(range(1, calls + 1))
            assert {row.outcome for row in rows} == {Outcome.OK}

    scenario(body)


def test_that_calls_have_ceased_is_told_once_some_have_come(tmp_path: Path) -> None:
    async def body() -> None:
        async with running(tmp_path) as (log, heard):
            log.close(log.open(start()), ENDED)
            await heard.batch()
            assert not heard.quiet.is_set()
            assert await asyncio.to_thread(heard.quiet.wait, 10)

    scenario(body)
