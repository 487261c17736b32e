"""Which requests of a host are open, and how far answers have been written, kept where it outlives the gateway.

Works on memory; no files. A request opens when its line is consumed: one store does both. It ends when the last byte
of its answer has been written, however long that waits in a queue. Of a write that a kill interrupts nobody knows how
much the host has seen: its answers count as unwritten then. Writes of at most ``PIPE_BUF`` bytes are done wholly or not
at all (POSIX write(2)); after a longer one the next line is preceded by an end of line.
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Callable
from typing import Final

from ostiary.gateway.resume.conversation import Conversation
from ostiary.gateway.resume.layout import ID_BYTES, SLOT_BYTES, SLOT_ID_AT, SLOT_NUMBERS, SLOTS, Mark, Output, Slot
from ostiary.gateway.wire.envelope import read_key
from ostiary.gateway.wire.messages import Key

PIPE_BUF: Final = getattr(select, "PIPE_BUF", 512)
"""512 is the least that POSIX allows; Windows has no descriptors to hand over."""

TOO_LONG: Final = f"An id has at most {ID_BYTES} bytes"
TOO_MANY: Final = f"At most {SLOTS} requests of one host can be open at once"


class Ledger:
    """A ``Record``. ``marks`` and ``slots`` (as numbers) are the journal's own memory; ``keep`` is called as it is."""

    def __init__(self, marks: memoryview, slots: memoryview, keep: Callable[[Conversation], None]) -> None:
        self._marks = marks
        self._numbers = slots
        self._bytes = slots.cast("B")
        self.keep = keep
        self._written = marks[Mark.OUTPUT] >> 2
        self._sent = self._written
        self._slots: dict[Key, int] = {}
        self._ending: int | None = None
        self._ended: deque[tuple[int, int]] = deque()
        self._free: list[int] = []
        self.line_end = 0
        """The input position behind the line that is being dealt with."""
        self._cut = bool(marks[Mark.OUTPUT] & Output.PART_OF_A_LINE)
        for slot in reversed(range(SLOTS)):
            self._take_over(slot)

    @property
    def is_cut(self) -> bool:
        """Whether the host may have seen a line without its end."""
        return self._cut

    @property
    def open_ids(self) -> tuple[tuple[Key, bytes], ...]:
        """The requests without an answer: their ids as values and as they were written."""
        return tuple((key, self._id(slot)) for key, slot in self._slots.items())

    def open(self, key: Key, raw_id: bytes) -> str | None:
        """The request of the current line goes on from here. Why not, when it cannot be kept."""
        if len(raw_id) > ID_BYTES:
            return TOO_LONG
        if not self._free and not self._reclaim():
            return TOO_MANY
        slot = self._free.pop()
        numbers, at = self._numbers, slot * SLOT_NUMBERS
        place = slot * SLOT_BYTES + SLOT_ID_AT
        numbers[at] = 0
        self._bytes[place : place + len(raw_id)] = raw_id
        numbers[at + Slot.LENGTH] = len(raw_id)
        numbers[at + Slot.ANSWERED] = 0
        numbers[at] = self.line_end
        self._slots[key] = slot
        self._marks[Mark.CONSUMED] = self.line_end
        return None

    def answer(self, key: Key) -> None:
        """The next line that is sent ends this request."""
        self._ending = self._slots.pop(key, None)

    def close(self, key: Key) -> None:
        """The host wants no answer any more."""
        slot = self._slots.pop(key, None)
        if slot is not None:
            self._numbers[slot * SLOT_NUMBERS] = 0
            self._free.append(slot)

    def sending(self, size_bytes: int) -> None:
        """A whole line is about to be sent, or to be queued behind others."""
        self._sent += size_bytes
        if self._ending is not None:
            self._numbers[self._ending * SLOT_NUMBERS + Slot.ANSWERED] = self._sent
            self._ended.append((self._sent, self._ending))
            self._ending = None

    def writing(self) -> None:
        """A write begins, of what was sent and not written yet or of the first part of it."""
        whole = self._sent - self._written <= PIPE_BUF and not self._cut
        self._marks[Mark.OUTPUT] = self._written << 2 | (Output.WHOLE_LINES if whole else Output.PART_OF_A_LINE)

    def wrote(self, size_bytes: int) -> None:
        """It took so many bytes; what was sent and not written yet may begin in the middle of a line."""
        if size_bytes:
            self._written += size_bytes
            self._cut = self._written != self._sent
        self._marks[Mark.OUTPUT] = self._written << 2 | (Output.PART_OF_A_LINE if self._cut else Output.NOTHING)

    def let_go(self) -> None:
        """Give back what is held of the memory."""
        self._bytes.release()

    def _reclaim(self) -> bool:
        while self._ended and self._ended[0][0] <= self._written:
            self._free.append(self._ended.popleft()[1])
        return bool(self._free)

    def _take_over(self, slot: int) -> None:
        opened, answered = self._numbers[slot * SLOT_NUMBERS], self._numbers[slot * SLOT_NUMBERS + Slot.ANSWERED]
        key = read_key(self._id(slot)) if 0 < opened <= self._marks[Mark.CONSUMED] else None
        if key is None or 0 < answered <= self._written:
            self._numbers[slot * SLOT_NUMBERS] = 0
            self._free.append(slot)
        else:
            self._numbers[slot * SLOT_NUMBERS + Slot.ANSWERED] = 0
            self._slots[key] = slot

    def _id(self, slot: int) -> bytes:
        place = slot * SLOT_BYTES + SLOT_ID_AT
        length = min(self._numbers[slot * SLOT_NUMBERS + Slot.LENGTH], ID_BYTES)
        return bytes(self._bytes[place : place + length])
