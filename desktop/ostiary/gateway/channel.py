"""A pair of descriptors as lines both ways, with flow control. Knows nothing of JSON.

Two implementations: ``PipeChannel`` (``pipe_channel``) reads and writes POSIX descriptors straight from the event
loop; ``StreamChannel`` (``stream_channel``) stands on an asyncio transport, for TCP and for systems whose loop cannot
watch descriptors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from ostiary.gateway.wire.framing import Line

HIGH_WATER_BYTES: Final = 1024 * 1024
"""With more than this waiting to be written, ``is_full`` is true and whoever feeds the channel should pause."""

LowWater = Callable[[], None]
OnBurst = Callable[[bool], None]
OnLine = Callable[[Line], None]
OnClosed = Callable[[], None]


class Channel(Protocol):
    """Lines in, lines out. All calls belong to the loop's thread.

    ``on_line`` is called once a line, in order, and never from within ``send``. ``on_closed`` is called once, soon
    after the channel ended, whichever side ended it. ``on_drained`` is called when a full channel has been written
    out. ``on_burst`` is told true before several lines that came together, and false behind them.
    """

    on_drained: LowWater | None
    on_burst: OnBurst | None

    def start(self, on_line: OnLine, on_closed: OnClosed) -> None:
        """Begin to read."""

    def send(self, *parts: bytes) -> None:
        """Queue one whole line, given in parts and without its end. Never blocks; dropped once closed."""

    def hold(self, is_held: bool) -> None:
        """From here on lines are written several at a time; with false again, what is left of them at once."""

    def pause_reading(self) -> None:
        """Stop reading until ``resume_reading``; the other side feels it through its full pipe."""

    def resume_reading(self) -> None:
        """Read on."""

    @property
    def queued_bytes(self) -> int:
        """Bytes that wait to be written."""

    @property
    def is_full(self) -> bool:
        """True from ``HIGH_WATER_BYTES`` on until all is written."""

    def close(self) -> None:
        """Let go of both descriptors; what is queued may be lost."""

    def close_writing(self) -> None:
        """Write what is queued, then close the writing side only (the end of input for a child)."""
