"""Where things are in a session's journal. All numbers are 64 bits in the machine's own order.

Each number is stored by one aligned store, so a gateway that is killed leaves either the old or the new one.
"""

from __future__ import annotations

from typing import Final

MAGIC: Final = 0x314C4E524A54534F
"""``OSTJRNL1``. Another layout gets another number: an older or newer gateway then resumes nothing."""

HEAD_BYTES: Final = 128
"""With the first slots in one page: a host that asks little makes the gateway map two pages of its journal."""

SLOT_BYTES: Final = 128
SLOTS: Final = 255
"""Requests of one host that may be open at once. Our policy: hosts were seen with a few tens."""

ID_BYTES: Final = SLOT_BYTES - 24
"""The longest id, as it is written, that a slot holds."""

CONVERSATION_BYTES: Final = 64 * 1024
AREA_BYTES: Final = 256 * 1024
"""Longer lines survive the gateway by their first bytes only."""

SLOTS_AT: Final = HEAD_BYTES
CONVERSATIONS_AT: Final = SLOTS_AT + SLOTS * SLOT_BYTES
AREA_AT: Final = CONVERSATIONS_AT + 2 * CONVERSATION_BYTES
SIZE_BYTES: Final = AREA_AT + AREA_BYTES


class Mark:
    """The numbers at the head, by their place.

    Positions count the bytes of one direction since the session began. ``position - SHIFT`` is a place in the area.
    """

    MAGIC: Final = 0
    CONSUMED: Final = 1
    """Input up to here has been handed on: the commit of each line, and of the id that came with it."""
    NOTED: Final = 2
    """Input up to here is known to be in the area; what a read put behind it ends at the first zero byte."""
    SHIFT: Final = 3
    SPILLED: Final = 4
    """0, or the place + 1 where an unfinished line begins of which only the first bytes are still there."""
    OUTPUT: Final = 5
    """Four times the bytes written, and an ``Output``."""
    CONVERSATION: Final = 6
    """0, or twice the length of what is known of the conversation, and which of its two places holds it."""


class Output:
    """What the host may have seen beyond the bytes written."""

    NOTHING: Final = 0
    WHOLE_LINES: Final = 1
    """A write is under way that the system does wholly or not at all."""
    PART_OF_A_LINE: Final = 2


class Slot:
    """The numbers at the beginning of each slot; the id follows."""

    OPENED: Final = 0
    """Input position behind the request's line. 0, or one that is not consumed yet: the slot is free."""
    ANSWERED: Final = 1
    """Output position behind the answer's line; 0 before there is one."""
    LENGTH: Final = 2


SLOT_NUMBERS: Final = SLOT_BYTES // 8
SLOT_ID_AT: Final = 24
