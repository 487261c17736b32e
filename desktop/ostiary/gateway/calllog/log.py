"""The call log as the loop sees it: numbers at once, everything else on the log's own thread (``writer``)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from ostiary.domain.call import CallDetail, CallFilter, CallRow
from ostiary.domain.errors import UsageError
from ostiary.gateway.calllog.entries import CallDecision, CallEnd, CallStart
from ostiary.gateway.calllog.redact import PARSED_BYTES, not_kept
from ostiary.gateway.calllog.store import Retention
from ostiary.gateway.calllog.writer import Outlets, Writer

MOST_ROWS: Final = 1_000


class CallLog:
    """Every call, from its start to its end. Made on the loop; ``clock`` gives Unix seconds."""

    def __init__(
        self,
        path: Path,
        clock: Callable[[], float],
        outlets: Outlets,
        *,
        retention: Retention | None = None,
        keep_bodies: bool = True,
    ) -> None:
        self.keep_bodies = keep_bodies
        """False: arguments and results of calls from here on are not kept."""
        self._writer = Writer(path, clock, retention or Retention(), outlets)
        self._last_id = 0

    def retain(self, retention: Retention) -> None:
        """Keep this much from here on; what is more goes when the log is next trimmed."""
        self._writer.retention = retention

    async def start(self) -> None:
        """Opens the file. Calls that a crash left running are cut off from here on.

        Raises ``SettingsError`` when it cannot be opened or a newer version wrote it; it is left untouched then.
        """
        self._last_id = await self._writer.start()

    def open(self, start: CallStart) -> int:
        """Notes a call and gives its number at once. It is in the file within 50 ms (see ``committed``)."""
        self._last_id += 1
        kept = self._kept(start.arguments)
        self._writer.put(self._last_id, start if kept is start.arguments else replace(start, arguments=kept))
        return self._last_id

    def decide(self, number: int, decision: CallDecision) -> None:
        """Notes what became of a call that was asked about."""
        self._writer.put(number, decision)

    def close(self, number: int, end: CallEnd) -> None:
        """Notes how a call ended. Nothing more may be noted about it."""
        kept = self._kept(end.result)
        self._writer.put(number, end if kept is end.result else replace(end, result=kept))

    async def committed(self, number: int) -> None:
        """Returns once all that was noted about the call is committed. A call that may write goes out only then.

        Raises ``RefusedError`` when the log cannot be written, or not within 5 s.
        """
        await self._writer.commit(number)

    async def rows(self, wanted: CallFilter, before: int = 0, limit: int = 200) -> tuple[CallRow, ...]:
        """At most ``limit`` (1 to 1,000) rows before the row ``before`` (0: the newest), oldest first."""
        most = min(max(limit, 1), MOST_ROWS)
        return await self._writer.do(lambda store: store.rows(wanted, before, most))

    async def detail(self, number: int) -> CallDetail:
        """One call in full. Raises ``UsageError`` for one that is not, or no longer, in the log."""
        if (found := await self._writer.do(lambda store: store.detail(number))) is None:
            raise UsageError("There is no such call", f"Number {number} is not in the log, or was deleted with age.")
        return found

    async def mark_undone(self, number: int) -> None:
        """What the call changed was taken back; its row says so from now on."""
        await self._writer.do(lambda store: store.mark_undone(number))

    async def stop(self) -> None:
        """Writes what is left and closes the file."""
        await self._writer.stop()

    def _kept(self, raw: bytes) -> bytes:
        """The body as it goes to the log's thread: one that it would not read anyway is not held in memory for it."""
        if not self.keep_bodies:
            return b""
        return raw if len(raw) <= PARSED_BYTES else f'"{not_kept(len(raw))}"'.encode()
