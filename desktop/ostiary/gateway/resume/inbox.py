"""What the host said and nobody has dealt with yet, kept where it outlives the gateway. Works on memory; no files.

The system reads the host's bytes directly into the area, which is zero behind what is noted. JSON text holds no zero
byte, so a gateway that is killed between the read and its note loses nothing: what was read ends at the first zero.
Lines are consumed in order; what is left of an unfinished one stays, at its place or moved to the front.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ostiary.gateway.resume.layout import AREA_BYTES, Mark
from ostiary.gateway.wire.framing import KEPT_BYTES

READ_BYTES: Final = 64 * 1024
LEAST_ROOM_BYTES: Final = 16 * 1024
"""With less than this behind an unfinished line its middle is given up."""

PAGE_BYTES: Final = 4096

_ZEROS: Final = memoryview(bytes(AREA_BYTES))


@dataclass(frozen=True, slots=True)
class Unread:
    """What an earlier gateway left. With a ``head``, the rest of that line is lost, up to the end that comes first."""

    said: bytes
    head: bytes = b""


class Inbox:
    """``marks`` and ``area`` are the journal's own memory. Ask ``unread`` before anything else."""

    def __init__(self, marks: memoryview, area: memoryview) -> None:
        self._marks = marks
        self._area = area
        self._shift = marks[Mark.SHIFT]
        self._consumed = marks[Mark.CONSUMED]
        self._window = 0  # where what follows a given-up middle begins; 0 when nothing was given up
        self._end = self._found_end()

    def unread(self) -> Unread:
        """What is there and was never handed on; it counts as read by this gateway from here on."""
        self._marks[Mark.NOTED] = self._shift + self._end
        head_at = self._marks[Mark.SPILLED] - 1
        start = self._consumed - self._shift
        if head_at < 0 or start > head_at:
            return Unread(bytes(self._area[start : self._end]))
        self._window = head_at + KEPT_BYTES
        return Unread(bytes(self._area[self._window : self._end]), bytes(self._area[head_at : self._window]))

    @property
    def room(self) -> memoryview:
        """Where the next bytes of the host belong."""
        return self._area[self._end : self._end + READ_BYTES]

    def read(self, size_bytes: int) -> bytes:
        """So many bytes were put into ``room``: note and give them."""
        start = self._end
        self._end = start + size_bytes
        self._marks[Mark.NOTED] = self._shift + self._end
        return bytes(self._area[start : self._end])

    @property
    def noted(self) -> int:
        """The input position behind all that was read."""
        return self._shift + self._end

    def consume(self, position: int) -> None:
        """Input up to here is dealt with, as far as the next gateway is concerned."""
        self._consumed = self._marks[Mark.CONSUMED] = position

    def settle(self) -> None:
        """After the lines of a read: make room, so that the next read finds zeros behind what is left.

        What is left is copied to the front before it counts there, and only where the copy ends before the original
        begins: a kill at any point leaves one of the two whole, with a zero behind it.
        """
        start = self._consumed - self._shift
        rest = self._end - start
        if self._window and start >= self._window:
            self._window = self._marks[Mark.SPILLED] = 0
        if self._window:
            if len(self._area) - self._end < LEAST_ROOM_BYTES:
                self._give_up_middle()
        elif not rest or rest < start:
            self._to_front(start, rest)
        elif len(self._area) - self._end < LEAST_ROOM_BYTES:
            self._marks[Mark.SPILLED] = start + 1
            self._window = start + KEPT_BYTES
            self._give_up_middle()

    def _to_front(self, start: int, rest: int) -> None:
        area, end = self._area, self._end
        area[:start] = _ZEROS[:start]
        if rest:
            area[:rest] = area[start:end]
        self._shift = self._marks[Mark.SHIFT] = self._consumed
        if rest:
            area[start:end] = _ZEROS[:rest]
        self._end = rest

    def _give_up_middle(self) -> None:
        gone = self._end - self._window
        self._shift = self._marks[Mark.SHIFT] = self._shift + gone
        self._area[self._window : self._end] = _ZEROS[:gone]
        self._end = self._window

    def _found_end(self) -> int:
        """Looks a page at a time: reading a page that was never written would make it take memory."""
        place = self._marks[Mark.NOTED] - self._shift
        while page := bytes(self._area[place : place + PAGE_BYTES]):
            size = page.find(b"\0")
            if size >= 0:
                return place + size
            place += len(page)
        return place
