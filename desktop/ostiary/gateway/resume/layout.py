"""Where things are in a session's journal. All numbers are 64 bits in the machine's own order.

Each number is stored by one aligned store, so a gateway that is killed leaves either the old or the new one.
"""

from __future__ import annotations

MAGIC = 0x314C4E524A54534F
"""``OSTJRNL1``. Another layout gets another number: an older or newer gateway then resumes nothing."""

HEAD_BYTES = 128
"""With the first slots in one page: a host that asks little makes the gateway map two pages of its journal."""

SLOT_BYTES = 128
SLOTS = 255
"""Requests of one host that may be open at once. Our policy: hosts were seen with a few tens."""

ID_BYTES = SLOT_BYTES - 24
"""The longest id, as it is written, that a slot holds."""

CONVERSATION_BYTES = 64 * 1024
AREA_BYTES = 256 * 1024
"""Longer lines survive the gateway by their first bytes only."""

SLOTS_AT = HEAD_BYTES
CONVERSATIONS_AT = SLOTS_AT + SLOTS * SLOT_BYTES
AREA_AT = CONVERSATIONS_AT + 2 * CONVERSATION_BYTES
SIZE_BYTES = AREA_AT + AREA_BYTES


class Mark:
    """The numbers at the head, by their place.

    Positions count the bytes of one direction since the session began. ``position - SHIFT`` is a place in the area.
    """

    MAGIC = 0
    CONSUMED = 1
    """Input up to here has been handed on: the commit of each line, and of the id that came with it."""
    NOTED = 2
    """Input up to here is known to be in the area; what a read put behind it ends at the first zero byte."""
    SHIFT = 3
    SPILLED = 4
    """0, or the place + 1 where an unfinished line begins of which only the first bytes are still there."""
    OUTPUT = 5
    """Four times the bytes written, and an ``Output``."""
    CONVERSATION = 6
    """0, or twice the length of what is known of the conversation, and which of its two places holds it."""


class Output:
    """What the host may have seen beyond the bytes written."""

    NOTHING = 0
    WHOLE_LINES = 1
    """A write is under way that the system does wholly or not at all."""
    PART_OF_A_LINE = 2


class Slot:
    """The numbers at the beginning of each slot; the id follows."""

    OPENED = 0
    """Input position behind the request's line. 0, or one that is not consumed yet: the slot is free."""
    ANSWERED = 1
    """Output position behind the answer's line; 0 before there is one."""
    LENGTH = 2


SLOT_NUMBERS = SLOT_BYTES // 8
SLOT_ID_AT = 24
