"""What waits between the loop and the log's thread, counted in bytes, and kept from growing without end.

While little waits, the thread works in the relay's pauses only. Beyond ``MOST_BYTES`` the loop stands still until some
of it is taken: calls may come faster than they can be written, and nothing of them may be left out.
*Measured, 1,500 calls of 10 KB one after the other beside a busy disk: where the thread only stopped pausing, and the
loop went on, 14 to 19 MB waited, and the two held each other up for 5 ms at a time.*
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

from ostiary.gateway.calllog.entries import CallEnd, CallStart, Step

MOST_BYTES: Final = 3 << 20
"""150 calls of 10 KB, or 1,500 small ones: so many in a burst are never held up (with 1 MiB p50 of such 10 KB was 60 µs
more, and no memory was saved)."""
_RELIEF_BYTES: Final = 64 << 10
"""So much less is enough for the loop to go on: a millisecond or two of the thread's work."""
LONGEST_WAIT_S: Final = 0.005
"""For one step. On a disk that hangs calls go on slowly; those that must be noted first are refused (``Writer.do``)."""
_STEP_BYTES: Final = 900
"""A step without its body. It takes 260 (measured), and counts for more because what many small objects took stays with
the interpreter; what bodies took is given back (``heap``)."""


class Backlog:
    """The loop notes steps, the thread takes them."""

    def __init__(self) -> None:
        self._noted_bytes = 0
        """The loop's to change, as the next one is the thread's."""
        self._taken_bytes = 0
        self._goes_on = threading.Event()
        self._goes_on.set()

    @property
    def is_awaited(self) -> bool:
        """True while the loop stands still. Asked on the thread."""
        return not self._goes_on.is_set()

    @property
    def is_long(self) -> bool:
        """True when the loop is to wait."""
        return self._waiting_bytes > MOST_BYTES

    def note(self, step: Step) -> None:
        self._noted_bytes += _size_bytes(step)

    def take(self, steps: Iterable[Step]) -> None:
        self._taken_bytes += sum(map(_size_bytes, steps))
        if self.is_awaited and self._waiting_bytes < MOST_BYTES - _RELIEF_BYTES:
            self._goes_on.set()

    def wait(self) -> None:
        """Stands still, on the loop, until the thread has caught up a little; it has been given all of it before."""
        self._goes_on.clear()
        self._goes_on.wait(LONGEST_WAIT_S)
        self._goes_on.set()

    @property
    def _waiting_bytes(self) -> int:
        return self._noted_bytes - self._taken_bytes


def _size_bytes(step: Step) -> int:
    match step:
        case CallStart():
            return _STEP_BYTES + len(step.arguments)
        case CallEnd():
            return _STEP_BYTES + len(step.result)
    return _STEP_BYTES
