"""Feeds the call table from the log: first where everything is, step by step; then what is in view, and what happens.

Calls that come in wait in a queue that a timer drains, one insertion a drain, however many there were. *Measured: a
signal and a scroll an event stall the window for 20 s at 10,000 events; batches of 33 ms for some tens of ms.*
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from ostiary.control.messages import IndexCalls, PageCalls
from ostiary.domain.call import CallFilter, CallRow
from ostiary.domain.call_index import CallIndex
from ostiary.domain.errors import OstiaryError
from ostiary.ui.asking import Ask
from ostiary.ui.language import told
from ostiary.ui.models.call_shelf import block_of
from ostiary.ui.models.calls import CallsModel

DRAIN_EVERY_MS: Final = 33
MOST_A_DRAIN: Final = 2_000
MOST_WAITING: Final = 20_000
"""Calls that may wait; past it the oldest are forgotten and their blocks asked for instead."""
BLOCKS_AT_ONCE: Final = 4


class CallFeed(QObject):
    """One table's way to the log.

    Signals:
        progressed: ``share`` and ``is_searching`` may be others now.
        failed(str): The log could not be looked through, and why.
    """

    progressed = Signal()
    failed = Signal(str)

    def __init__(self, model: CallsModel, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._ask = ask
        self._round = 0
        self._reached: int | None = None
        self._oldest = self._newest = 0
        self._searching = False
        self._stepping = False
        self._fetching: tuple[int, ...] = ()
        self._stale: set[int] = set()
        self._waiting: dict[int, CallRow] = {}
        self._drains = QTimer(self, interval=DRAIN_EVERY_MS)
        self._drains.timeout.connect(self._drain)
        self._fetches = QTimer(self, singleShot=True, interval=0)
        self._fetches.timeout.connect(self._fetch)
        model.page_missed.connect(self._fetches.start)

    @property
    def is_searching(self) -> bool:
        """True while the log is looked through."""
        return self._searching

    @property
    def is_whole(self) -> bool:
        """True when all of the log was looked through."""
        return self._reached is not None and self._reached <= self._oldest

    @property
    def newest(self) -> int:
        """The highest number in the log when it was last looked at."""
        return self._newest

    @property
    def is_drained(self) -> bool:
        """True while no call waits to be shown."""
        return not self._waiting

    @property
    def is_quiet(self) -> bool:
        """True while nothing waits to be shown and no answer is under way."""
        return not (self._searching or self._stepping or self._waiting or self._fetching or self._stale)

    @property
    def share(self) -> float:
        """How much of the log was looked through, 0 to 1."""
        if self._reached is None or self.is_whole:
            return 0.0 if self._reached is None else 1.0
        return (self._newest - self._reached + 1) / (self._newest - self._oldest + 1)

    def restart(self, wanted: CallFilter, *, grouped: bool) -> None:
        """Show what matches, from the newest back. What was asked before no longer counts."""
        self._round += 1
        self._reached, self._fetching, self._stepping = None, (), False
        self._stale.clear()
        self._model.restart(wanted, grouped=grouped)
        self.go_on()

    def go_on(self) -> None:
        """Look through the rest of the log."""
        self._searching = True
        if not self._stepping:
            self._step()

    def stop(self) -> None:
        """Look no further; what was found stays, and what comes in is shown."""
        self._searching = False
        self.progressed.emit()

    def take(self, rows: Iterable[CallRow]) -> None:
        """Calls that begin or go on; they show with the next drain. Of one call the last stands."""
        for row in rows:
            self._waiting[row.id] = row
        while len(self._waiting) > MOST_WAITING:
            self._stale.add(block_of(next(iter(self._waiting))))
            del self._waiting[next(iter(self._waiting))]
        if self._waiting and not self._drains.isActive():
            self._drains.start()

    def forget(self) -> None:
        """What waits to be shown is older than what the log will tell."""
        self._waiting.clear()

    # Where everything is

    def _step(self) -> None:
        self._stepping = True
        self.progressed.emit()
        command = IndexCalls(filter=self._model.filter, before=self._reached or 0)
        self._ask(command, partial(self._indexed, self._round), partial(self._refused, self._round))

    def _indexed(self, asked_in: int, index: CallIndex) -> None:
        if asked_in != self._round:
            return
        self._stepping = False
        if self._reached is None:
            self._newest = index.newest
        self._reached, self._oldest = index.reached, index.oldest
        self._model.add_index(index)
        self._fetches.start()
        if self._searching and not self.is_whole:
            self._step()
        else:
            self._searching = False
            self.progressed.emit()

    def _refused(self, asked_in: int, error: OstiaryError) -> None:
        if asked_in == self._round:
            self._searching = self._stepping = False
            self.failed.emit(told(error))
            self.progressed.emit()

    # What is in view, and what only the log can tell

    def _fetch(self) -> None:
        if self._fetching:
            return
        known = sorted(number for number in self._stale if number >= block_of(self._reached or 0))
        wanted = (*self._model.take_missing(BLOCKS_AT_ONCE), *known[-BLOCKS_AT_ONCE:])
        if not wanted or self._reached is None:
            return
        self._fetching = tuple(dict.fromkeys(wanted))
        self._stale.difference_update(self._fetching)
        command = PageCalls(filter=self._model.filter, blocks=self._fetching)
        self._ask(command, partial(self._fetched, self._round), partial(self._not_fetched, self._round))

    def _fetched(self, asked_in: int, rows: tuple[CallRow, ...]) -> None:
        if asked_in != self._round:
            return
        blocks: dict[int, list[CallRow]] = {number: [] for number in sorted(self._fetching)}
        for row in rows:
            blocks[block_of(row.id)].append(row)
        for number, found in blocks.items():
            self._model.put(number, found)
        self._fetching = ()
        self.progressed.emit()
        if self._stale:
            self._fetches.start()

    def _not_fetched(self, asked_in: int, _: OstiaryError) -> None:
        """A gateway that ends: the next one is asked from the beginning."""
        if asked_in == self._round:
            self._fetching = ()

    # What happens

    def _drain(self) -> None:
        if not self._model.is_fed:
            return
        batch = dict(islice(self._waiting.items(), MOST_A_DRAIN))
        for call_id in batch:
            del self._waiting[call_id]
        if not self._waiting:
            self._drains.stop()
        self._stale |= self._model.take(batch.values())
        # An answer that is under way may be older than what has just happened.
        self._stale |= {block_of(call_id) for call_id in batch}.intersection(self._fetching)
        if self._stale:
            self._fetches.start()
        self.progressed.emit()
