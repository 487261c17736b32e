"""The call log of a real gateway, read over the control protocol: its index, its blocks, what can be drawn of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from ostiary.control.client import ControlClient, connect
from ostiary.control.messages import ChartCalls, IndexCalls, PageCalls
from ostiary.domain.call import CallDetail, CallFilter
from ostiary.domain.call_index import BLOCK_IDS
from ostiary.domain.errors import UsageError
from ostiary.gateway.calllog.store import CallStore
from ostiary.gateway.paths import find
from tests.support.call_rows import call_row
from tests.support.gateway_process import household, running_gateway

CALLS = 20_000


def noted(number: int) -> CallDetail:
    row = call_row(number, started_at=time.time() - CALLS + number, duration_ms=5.0)
    return CallDetail(row=row, arguments='{"q":"needle"}' if number == 77 else "")


@pytest.fixture(scope="module")
def control() -> Iterator[ControlClient]:
    with household() as place:
        folder = find(str(place.ostiary)).data_folder
        folder.mkdir(mode=0o700)
        with closing(CallStore(find(str(place.ostiary)).call_log_file)) as store:
            store.save(noted(number) for number in range(1, CALLS + 1))
        with running_gateway(place), connect(str(place.ostiary)) as client:
            yield client


def test_the_whole_log_can_be_walked_step_by_step(control: ControlClient) -> None:
    first = control.ask(IndexCalls())
    second = control.ask(IndexCalls(before=first.reached))
    assert second.reached <= second.oldest == 1
    assert sum(block.calls for step in (first, second) for block in step.blocks) == CALLS


def test_blocks_and_what_a_text_finds_come_as_rows(control: ControlClient) -> None:
    rows = control.ask(PageCalls(blocks=(3, 5)))
    assert [row.id for row in rows] == [number for number in range(1, CALLS) if number // BLOCK_IDS in (3, 5)]
    sought = CallFilter(anywhere="NEEDLE")
    blocks = [block.number for block in control.ask(IndexCalls(filter=sought, before=BLOCK_IDS)).blocks]
    assert [row.id for row in control.ask(PageCalls(filter=sought, blocks=tuple(blocks)))] == [77]


def test_charts_are_counted_over_the_whole_log(control: ControlClient) -> None:
    charts = control.ask(ChartCalls(slots=10))
    assert sum(slot.calls for slot in charts.over_time) == CALLS
    assert [(tool.tool, tool.calls, tool.p50_ms) for tool in charts.latency] == [("read_text_file", CALLS, 5.0)]


def test_what_is_too_much_at_once_is_refused_in_words(control: ControlClient) -> None:
    with pytest.raises(UsageError):
        control.ask(PageCalls(blocks=tuple(range(100))))
    with pytest.raises(UsageError):
        control.ask(ChartCalls(slots=100_000))
