"""What one front is told of what happens, in its order; and that it missed something when it did not read for too long.

Owns what waits for one connection besides replies. A front that hangs costs at most ``MOST_WAITING_BYTES``: beyond that
nothing more is kept for it, and when it has read what waited it is told by one ``Missed``. What it shows is then asked
for again, open questions first among it, so nothing that still holds is lost.
"""

from __future__ import annotations

from ostiary.control import codec
from ostiary.domain.events import AnyEvent, Calls, Ending, Missed, QuestionClosed, RaiseWindow
from ostiary.gateway.channel import Channel

MOST_WAITING_BYTES = 4 * 1024 * 1024
"""About 14,000 rows of calls: a window that stands still for a second under the heaviest load misses nothing."""


class Outbox:
    """Of one connection. Everything belongs to the loop's thread."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._holds = 0
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._missed: Missed | None = None

    @property
    def waiting_bytes(self) -> int:
        """What waits to be read, or for a snapshot that goes first."""
        return self._channel.queued_bytes + self._held_bytes

    def tell(self, event: AnyEvent, line: bytes) -> None:
        """Say an event, given as its line too; keep it while a snapshot is made; or note that it was missed."""
        is_behind = self._missed is not None or self.waiting_bytes >= MOST_WAITING_BYTES
        if is_behind and not _is_always_told(event):
            self._missed = _and(self._missed, event)
        elif self._holds:
            self._held.append(line)
            self._held_bytes += len(line)
        else:
            self._channel.send(line)

    def hold(self) -> None:
        """A snapshot is being made: what happens from here on follows it."""
        self._holds += 1

    def let_go(self) -> None:
        """The snapshot is said."""
        self._holds -= 1
        if self._holds:
            return
        held, self._held, self._held_bytes = self._held, [], 0
        for line in held:
            self._channel.send(line)
        if not self._channel.is_full:
            self.read_on()

    def read_on(self) -> None:
        """The front has read all that waited."""
        missed = self._missed
        if missed is not None and not self._holds:
            self._missed = None
            self._channel.send(codec.encode_event(missed))


def _is_always_told(event: AnyEvent) -> bool:
    """What no snapshot tells, and is small: how a question ended, and what concerns the front itself."""
    return isinstance(event, QuestionClosed | Ending | RaiseWindow)


def _and(missed: Missed | None, event: AnyEvent) -> Missed:
    """Pure. What was missed, with this event too."""
    numbers = [row.id for row in event.rows] if isinstance(event, Calls) else []
    before = missed or Missed()
    known = [before.first] if before.first else []
    return Missed(rows=before.rows + len(numbers), first=min(known + numbers, default=0))
