"""Calls whose rows are long, so that few thousand of them are more than may wait for a front that does not read."""

from __future__ import annotations

from typing import Final

from tests.support.line_host import LineHost

CALLS: Final = 1_600
IN_FLIGHT: Final = 32
LONG: Final = "€" * 1_990
"""Almost the longest path that a row keeps; 6 KB, so all rows are at least 9 MB."""


def call_often(host: LineHost) -> None:
    """Look for files that are not there, until each call is answered."""
    for _ in range(CALLS // IN_FLIGHT):
        asked = [host.call("get_file_info", path=f"/{LONG}") for _ in range(IN_FLIGHT)]
        for number in asked:
            assert "result" in host.answer(number)
