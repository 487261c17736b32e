"""Reading the log beside its writer: index, pages, what a search finds, what can be drawn. Real SQLite files."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallDetail, CallFilter, Outcome
from ostiary.domain.call_index import BLOCK_IDS, Block, CallIndex, alike
from ostiary.domain.errors import SettingsError, UsageError
from ostiary.gateway.calllog.charting import percentile
from ostiary.gateway.calllog.reader import STEP_BLOCKS, CallReader
from ostiary.gateway.calllog.reading import MOST_BLOCKS, CallReading
from ostiary.gateway.calllog.store import CallStore
from tests.support.call_rows import call_row

NOW = 1_800_000_000.0
EVERYTHING = CallFilter()


def entry(number: int, *, arguments: str = "", result: str = "", **changes: Any) -> CallDetail:
    row = call_row(number, **{"started_at": NOW + number} | changes)
    return CallDetail(row=row, arguments=arguments, result=result)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CallStore]:
    with closing(CallStore(tmp_path / "calls.sqlite")) as opened:
        yield opened


@pytest.fixture
def reader(tmp_path: Path, store: CallStore) -> Iterator[CallReader]:
    with closing(CallReader(tmp_path / "calls.sqlite")) as opened:
        yield opened


def whole_index(reader: CallReader, wanted: CallFilter = EVERYTHING) -> list[CallIndex]:
    steps = [reader.index(wanted, 0)]
    while steps[-1].reached > steps[-1].oldest:
        steps.append(reader.index(wanted, steps[-1].reached))
    return steps


def ids(reader: CallReader, wanted: CallFilter) -> list[int]:
    blocks = [block.number for step in whole_index(reader, wanted) for block in step.blocks]
    return [row.id for row in reader.page(wanted, blocks)]


def test_the_index_counts_every_call_once_in_steps_back_to_the_oldest(store: CallStore, reader: CallReader) -> None:
    count = (STEP_BLOCKS + 2) * BLOCK_IDS
    store.save(entry(number) for number in range(1, count + 1))
    steps = whole_index(reader)
    blocks = [block for step in steps for block in step.blocks]
    assert len(steps) == 2
    assert sum(block.calls for block in blocks) == count
    assert [block.number for block in blocks] == list(range(STEP_BLOCKS + 2, -1, -1))


def test_groups_are_calls_alike_that_follow_each_other_within_a_block(store: CallStore, reader: CallReader) -> None:
    random.seed(4)
    tools = ("a", "b")
    rows = [entry(number, tool=random.choice(tools), item=random.choice("xyz")) for number in range(1, 2_000)]
    store.save(rows)
    for wanted in (EVERYTHING, CallFilter(anywhere="x"), CallFilter(tool="a")):
        for block in whole_index(reader, wanted)[0].blocks:
            page = reader.page(wanted, (block.number,))
            begun = sum(
                not (before and alike(before, row) and before.id == row.id - 1)
                for before, row in zip((None, *page), page, strict=False)
            )
            assert block == Block(block.number, len(page), begun)


def test_an_empty_log_and_one_without_a_match_have_no_blocks(store: CallStore, reader: CallReader) -> None:
    assert reader.index(EVERYTHING, 0) == CallIndex(blocks=(), reached=0, oldest=0, newest=0)
    store.save([entry(5)])
    found = reader.index(CallFilter(host="nobody"), 0)
    assert (found.blocks, found.oldest, found.newest) == ((), 5, 5)


def test_a_page_holds_the_rows_of_its_blocks_that_match_oldest_first(store: CallStore, reader: CallReader) -> None:
    store.save(entry(number, host=("cursor", "claude")[number % 2]) for number in range(1, 600))
    found = [row.id for row in reader.page(CallFilter(host="claude"), (2, 0))]
    assert found == [n for n in range(1, 600) if n % 2 and n // BLOCK_IDS in (0, 2)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("READ_text", [1, 2, 3, 4]),
        ("needle", [1, 2]),
        ("50%_off", [3]),
        ('say "hi"', [4]),
        ("two\nlines", [4]),
        ("' OR 1=1 --", []),
        ("needle2", []),
    ],
)
def test_a_text_is_found_in_names_arguments_and_results_to_the_letter(
    store: CallStore, reader: CallReader, text: str, found: list[int]
) -> None:
    store.save(
        [
            entry(1, arguments='{"q":"a Needle here"}'),
            entry(2, result='{"content":"needle"}'),
            entry(3, item="/50%_off"),
            entry(4, result=r'{"a":"say \"hi\"","b":"two\nlines"}'),
        ]
    )
    assert ids(reader, CallFilter(anywhere=text)) == found


def test_calls_are_found_by_tool_method_and_decision(store: CallStore, reader: CallReader) -> None:
    store.save([entry(1), entry(2, tool="", method="resources/read"), entry(3, decision=Decision.DENY)])
    assert ids(reader, CallFilter(tool="read_text_file")) == [1, 3]
    assert ids(reader, CallFilter(tool="resources/read")) == [2]
    assert ids(reader, CallFilter(text="resources/read")) == ids(reader, CallFilter(anywhere="resources/")) == [2]
    assert ids(reader, CallFilter(text="tools/call")) == []
    assert ids(reader, CallFilter(decision=Decision.DENY)) == [3]


def test_a_reader_sees_what_was_written_since_and_cannot_write(store: CallStore, reader: CallReader) -> None:
    store.save([entry(1, outcome=Outcome.RUNNING)])
    assert ids(reader, CallFilter(outcome=Outcome.RUNNING)) == [1]
    store.save([entry(1), entry(2)])
    assert ids(reader, CallFilter(outcome=Outcome.OK)) == [1, 2]


def test_charts_count_each_call_in_its_part_of_the_time(store: CallStore, reader: CallReader) -> None:
    outcomes = (Outcome.OK, Outcome.DENIED)
    store.save(entry(number, outcome=outcomes[number % 2], started_at=NOW + number) for number in range(100))
    charts = reader.charts(CallFilter(since=NOW), 10, NOW + 100)
    assert [(slot.place, slot.outcome, slot.calls) for slot in charts.over_time] == [
        (place, outcome, 5) for place in range(10) for outcome in sorted(outcomes)
    ]
    assert charts.slot_s == 10


@pytest.mark.parametrize("since", [0.0, NOW])
def test_charts_count_calls_from_before_the_clock_was_put_back(
    store: CallStore, reader: CallReader, since: float
) -> None:
    store.save(entry(number, started_at=NOW + 3_600 + number) for number in range(1, 101))
    store.save(entry(number, started_at=NOW + number) for number in range(101, 111))
    charts = reader.charts(CallFilter(since=since), 10, NOW + 7_200)
    assert sum(slot.calls for slot in charts.over_time) == charts.latency[0].calls == 110


def test_latency_is_the_servers_share_of_calls_that_it_answered(store: CallStore, reader: CallReader) -> None:
    slow = [entry(number, duration_ms=5_000.0 + number, waited_ms=5_000.0) for number in range(1, 101)]
    denied = [entry(number, outcome=Outcome.DENIED, duration_ms=90_000.0) for number in range(101, 200)]
    other = [entry(200, tool="outline", server="code", duration_ms=3.0)]
    store.save([*slow, *denied, *other])
    busiest, least = reader.charts(EVERYTHING, 10, NOW + 300).latency
    assert (busiest.tool, busiest.calls, busiest.p50_ms, busiest.p95_ms) == ("read_text_file", 100, 50.0, 95.0)
    assert (least.server, least.tool, least.calls) == ("code", "outline", 1)


def test_an_empty_log_can_be_drawn(store: CallStore, reader: CallReader) -> None:
    charts = reader.charts(EVERYTHING, 10, NOW)
    assert (charts.over_time, charts.latency, charts.until - charts.since) == ((), (), 60)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.95, 1.0])
def test_a_percentile_is_the_one_of_the_single_values(share: float) -> None:
    random.seed(1)
    values = sorted(random.choice((1.0, 2.0, 8.0, 30.0)) for _ in range(97))
    counted = {value: len(tuple(times)) for value, times in groupby(values)}
    assert percentile(counted, share) == values[max(0, -int(-share * len(values) // 1) - 1)]


def test_a_page_comes_while_a_scan_goes_through_the_log(tmp_path: Path, store: CallStore) -> None:
    """Both lanes answer, and a log that is not there is told in words."""
    store.save(entry(number, arguments="x" * 200) for number in range(1, 20_000))

    async def body() -> None:
        reading = CallReading(tmp_path / "calls.sqlite")
        scan = asyncio.create_task(reading.charts(EVERYTHING, 48))
        page = await reading.page(EVERYTHING, (3,))
        assert [row.id for row in page] == list(range(3 * BLOCK_IDS, 4 * BLOCK_IDS))
        assert (await reading.index(EVERYTHING, 0)).newest == 19_999
        assert (await scan).latency[0].calls == 19_999
        await reading.stop()

    asyncio.run(asyncio.wait_for(body(), 60))


def test_what_cannot_be_read_or_is_too_much_is_told_in_words(tmp_path: Path) -> None:
    async def body() -> None:
        reading = CallReading(tmp_path / "nowhere.sqlite")
        with pytest.raises(SettingsError, match="cannot be read"):
            await reading.index(EVERYTHING, 0)
        for blocks in ((), tuple(range(MOST_BLOCKS + 1)), (-1,)):
            with pytest.raises(UsageError):
                await reading.page(EVERYTHING, blocks)
        with pytest.raises(UsageError):
            await reading.charts(EVERYTHING, 0)
        await reading.stop()

    asyncio.run(asyncio.wait_for(body(), 60))
