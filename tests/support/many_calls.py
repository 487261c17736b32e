"""Calls whose rows are long, so that few thousand of them are more than may wait for a front that does not read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ostiary.control.client import connect
from ostiary.control.messages import ListCalls
from tests.support.line_host import LineHost

CALLS: Final = 1_600
IN_FLIGHT: Final = 32
LONG: Final = "€" * 1_990
"""Almost the longest path that a row keeps; 6 KB, so all rows are at least 9 MB."""


def call_often(host: LineHost, home: Path) -> None:
    """Look for files that are not there, until each call is answered, written down and told to who hears of calls."""
    for _ in range(CALLS // IN_FLIGHT):
        asked = [host.call("get_file_info", path=f"/{LONG}") for _ in range(IN_FLIGHT)]
        for number in asked:
            assert "result" in host.answer(number)
    with connect(str(home)) as control:
        assert control.ask(ListCalls(limit=1))  # the log answers behind what came before
