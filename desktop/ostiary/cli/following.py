"""Which rows were told while the log is followed, so that each is told once when some must be read from the log. Pure.

Rows are told in the order of their numbers when calls begin, and again when they end. So what was not told yet is what
has a higher number than all that was, and what was running when it was told last.
"""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.call import CallFilter, CallRow, Outcome


class Following:
    """Keeps the running calls, and what was last read from the log: that may come a second time as an event."""

    def __init__(self, chosen: CallFilter, running: Sequence[CallRow], listed: Sequence[CallRow]) -> None:
        """``running`` are the calls that ran before anything was listed, whatever was ``chosen``."""
        self._chosen = chosen
        self._newest = 0
        self._running: set[int] = set()
        self._read: frozenset[CallRow] = frozenset()
        self._note(running)
        self._take_as_told(listed)

    def coming(self, rows: Sequence[CallRow]) -> list[CallRow]:
        """Of rows that come in, those to tell."""
        told = [row for row in rows if row not in self._read and passes(self._chosen, row)]
        self._note(rows)
        return told

    def missed(self, rows: Sequence[CallRow], first: int) -> list[CallRow]:
        """Of rows read from the log, those to tell when some from the number ``first`` on did not come in."""
        told = [row for row in rows if row.id >= first and self._is_new(row)]
        self._take_as_told(rows)
        return told

    def _is_new(self, row: CallRow) -> bool:
        return row.id > self._newest or (row.id in self._running and row.outcome is not Outcome.RUNNING)

    def _take_as_told(self, rows: Sequence[CallRow]) -> None:
        self._read = frozenset(rows)
        self._note(rows)

    def _note(self, rows: Sequence[CallRow]) -> None:
        for row in rows:
            self._newest = max(self._newest, row.id)
            (self._running.add if row.outcome is Outcome.RUNNING else self._running.discard)(row.id)


def passes(chosen: CallFilter, row: CallRow) -> bool:
    """Whether a row belongs to what was asked for. The gateway filters what is kept, this what comes."""
    searched = f"{row.host} {row.server} {row.tool or row.method} {row.item}".casefold()
    return (
        chosen.host in ("", row.host)
        and chosen.server in ("", row.server)
        and chosen.outcome in (None, row.outcome)
        and chosen.text.casefold() in searched
    )
