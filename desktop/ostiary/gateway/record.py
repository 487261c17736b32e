"""What a session writes down as it goes, so that it can go on after the gateway's death; and writing nothing."""

from __future__ import annotations

from typing import Protocol

from ostiary.gateway.resume.conversation import Conversation
from ostiary.gateway.wire.envelope import Key


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


class NoRecord:
    """For sessions that end with the gateway."""

    def open(self, key: Key, raw_id: bytes) -> str | None:
        return None

    def answer(self, key: Key) -> None: ...

    def close(self, key: Key) -> None: ...

    def keep(self, conversation: Conversation) -> None: ...
