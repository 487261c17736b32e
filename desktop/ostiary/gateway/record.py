"""What a session writes down as it goes, so that it can go on after the gateway's death; and writing nothing.

Two keep it: ``resume.journal`` in a file, where the gateway has the host's descriptors, and ``resume.by_shim`` in the
shim's memory.
"""

from __future__ import annotations

from typing import Protocol

from ostiary.gateway.resume.conversation import Conversation
from ostiary.gateway.wire.messages import Key


class Record(Protocol):
    """Of one session. Everything is on record when the call returns."""

    def open(self, key: Key, raw_id: bytes) -> str | None:
        """The request of the current line goes on from here. Why not, when it cannot be put on record."""

    def answer(self, key: Key) -> None:
        """The next line that is sent ends this request."""

    def close(self, key: Key) -> None:
        """The host wants no answer any more."""

    def keep(self, conversation: Conversation) -> None:
        """This is how far the conversation came."""


class Continued(Record, Protocol):
    """A record, and what the last gateway left open in it."""

    @property
    def open_ids(self) -> tuple[tuple[Key, bytes], ...]:
        """The requests that are still to be told that they were interrupted: ids as values and as they were written."""

    @property
    def is_cut(self) -> bool:
        """Whether the host may have seen a line without its end."""


class Continuation(Protocol):
    """From which a session goes on; empty at a first arrival."""

    answered_from: str | None
    """From which catalogue the shim answered the host's first requests, if it did."""

    @property
    def ledger(self) -> Continued: ...

    def conversation(self) -> Conversation:
        """As far as it came."""

    def release(self) -> None:
        """Leave it to the next gateway."""

    def remove(self) -> None:
        """The session is over."""


class NoRecord:
    """For sessions that end with the gateway."""

    def open(self, key: Key, raw_id: bytes) -> str | None:
        return None

    def answer(self, key: Key) -> None: ...

    def close(self, key: Key) -> None: ...

    def keep(self, conversation: Conversation) -> None: ...
