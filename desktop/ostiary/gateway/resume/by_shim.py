"""A conversation that outlives the gateway because its shim, through which the host's lines go, remembers it.

Nothing is kept here: the shim is told, in a word before the line that makes it true (``ostiary_connect.remembered``),
how many lines were dealt with, which of their requests are open, and the note for the next gateway. What it was not
told of it takes for possibly done. So nothing waits for it, and a kill at any point makes no call a second time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec
from msgspec import Struct

from ostiary.gateway.channel import OnLine
from ostiary.gateway.resume.conversation import Conversation, conversation_note
from ostiary.gateway.resume.layout import CONVERSATION_BYTES, ID_BYTES
from ostiary.gateway.resume.ledger import TOO_LONG
from ostiary.gateway.wire.framing import Line, Oversize
from ostiary.gateway.wire.messages import Key

_LOG = logging.getLogger(__name__)

MOST_UNTOLD_BYTES = 64 * 1024
"""What the shim has to keep of lines that were dealt with, where no answer gives an opportunity to say so."""


class _Word(Struct, omit_defaults=True):
    heard: int
    opened: list[str] = []
    ended: list[str] = []
    note: str | None = None
    alone: bool = False


class ByShim:
    """One session's ``Continuation``, and its ``Record``."""

    is_cut = False
    open_ids: tuple[tuple[Key, bytes], ...] = ()
    """None: the shim has told the host of those that its last gateway left."""

    def __init__(self, conversation: Conversation, answered_from: str | None) -> None:
        self.answered_from = answered_from
        self._conversation = conversation
        self._heard = self._told = 0
        self._untold_bytes = 0
        self._open: dict[Key, str] = {}
        self._opened: dict[Key, str] = {}
        self._ended: list[str] = []
        self._note: str | None = None
        self._is_urgent = False

    @property
    def ledger(self) -> ByShim:
        """It is its own record."""
        return self

    def conversation(self) -> Conversation:
        """What the shim brought along."""
        return self._conversation

    def release(self) -> None:
        """Nothing is held."""

    remove = release

    # Record

    def open(self, key: Key, raw_id: bytes) -> str | None:
        if len(raw_id) > ID_BYTES:
            return TOO_LONG
        self._open[key] = self._opened[key] = raw_id.decode()
        return None

    def answer(self, key: Key) -> None:
        raw_id = self._open.pop(key, None)
        if raw_id is not None and self._opened.pop(key, None) is None:
            self._ended.append(raw_id)

    def close(self, key: Key) -> None:
        self._is_urgent = self._is_urgent or key in self._open  # until it is told, the request would get an error
        self.answer(key)

    def keep(self, conversation: Conversation) -> None:
        note = conversation_note(conversation)
        if len(note) > CONVERSATION_BYTES:
            _LOG.warning("A conversation of %d bytes is not kept for a restart", len(note))
        else:
            self._note = note

    # Words

    def dealing(self, on_line: OnLine, say: Callable[[bytes], None]) -> OnLine:
        """What deals with each line and has it told; ``say`` sends a word that no line for the host follows."""

        def deal(line: Line) -> None:
            self.heard(line)
            on_line(line)
            if self.is_due:
                say(self.word(alone=True))

        return deal

    def heard(self, line: Line) -> None:
        """This line is dealt with next; what opens with it is told before or with whatever is said afterwards."""
        self._heard += 1
        self._untold_bytes += line.size_bytes if isinstance(line, Oversize) else len(line)

    @property
    def is_due(self) -> bool:
        """Whether the shim should be told though there is no line for its host."""
        return self._is_urgent or self._untold_bytes > MOST_UNTOLD_BYTES

    def before_line(self) -> tuple[bytes, ...]:
        """What goes in front of a line for the host: a word with its end, and nothing where nothing is new."""
        is_new = self._heard != self._told or self._opened or self._ended or self._note is not None
        return (self.word(), b"\n") if is_new else ()

    def word(self, *, alone: bool = False) -> bytes:
        """All that was not told, to be sent before the next line; ``alone`` where there is none. Without its end."""
        told = _Word(self._heard, list(self._opened.values()), self._ended, self._note, alone)
        self._told = self._heard
        self._opened.clear()
        self._ended = []
        self._note, self._untold_bytes, self._is_urgent = None, 0, False
        return b"\0" + msgspec.json.encode(told)
