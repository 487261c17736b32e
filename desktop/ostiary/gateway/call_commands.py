"""What fronts ask about the whole of the call log, taken to the threads that read it."""

from __future__ import annotations

from typing import assert_never

from ostiary.control import messages as m
from ostiary.gateway.calllog.reading import CallReading

ReadCommand = m.IndexCalls | m.PageCalls | m.ChartCalls


async def read_calls(reading: CallReading, command: ReadCommand) -> object:
    """The command's result. Raises ``OstiaryError``."""
    match command:
        case m.IndexCalls(filter=chosen, before=before):
            return await reading.index(chosen, before)
        case m.PageCalls(filter=chosen, blocks=blocks):
            return await reading.page(chosen, blocks)
        case m.ChartCalls(filter=chosen, slots=slots):
            return await reading.charts(chosen, slots)
        case _:
            assert_never(command)
