"""What must be known of a conversation to go on with it in another process, and how it is written down. Pure."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import UNREADABLE, read_key

_JOURNAL_NAME = re.compile(r"[0-9a-z]+-[0-9a-f]{32}\.journal")


class KeptListen(Struct, frozen=True):
    """An open ``subscriptions/listen``; ``raw_id`` is its id as the host wrote it."""

    raw_id: str
    flags: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()


class Conversation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """As far as it came: a legacy host's version once it shook hands, and what the host wants to be told of."""

    legacy_version: str | None = None
    initialized: bool = False
    modern_seen: bool = False
    is_open: bool = False
    client_info: dict[str, Any] | None = None
    capabilities: dict[str, Any] = {}
    log_level: str | None = None
    legacy_uris: tuple[str, ...] = ()
    listens: tuple[KeptListen, ...] = ()

    @property
    def uris(self) -> tuple[str, ...]:
        """Every URI once."""
        listened = (uri for listen in self.listens for uri in listen.uris)
        return tuple(dict.fromkeys((*self.legacy_uris, *listened)))


@dataclass(frozen=True, slots=True)
class InJournal:
    """The session goes on from this journal."""

    name: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The shim answered the first requests itself; ``unread`` is what it read and did not answer."""

    conversation: Conversation
    unread: bytes
    catalogue: str
    """Which catalogue it answered from."""


class UnreadableNoteError(Exception):
    """The note of a shim says nothing that a session could go on from."""


class _Note(Struct):
    journal: str | None = None
    conversation: Conversation = Conversation()
    unread: str = ""
    catalogue: str = ""


def read_note(note: str) -> InJournal | Answered:
    """What a shim brings along: a claim that selects and permits nothing. Raises ``UnreadableNoteError``."""
    try:
        told = msgspec.json.decode(note, type=_Note)
        unread = binascii.a2b_base64(told.unread, strict_mode=True)
    except (*UNREADABLE, ValueError) as error:
        raise UnreadableNoteError(str(error)) from error
    if told.journal is None and told.conversation.legacy_version in (None, *methods.LEGACY):
        return Answered(told.conversation, unread, told.catalogue)
    if told.journal is None or not _JOURNAL_NAME.fullmatch(told.journal):
        raise UnreadableNoteError("No journal has such a name")
    return InJournal(told.journal)


def journal_note(name: str) -> str:
    """What a shim is to say when it comes back."""
    return msgspec.json.encode({"journal": name}).decode()


def conversation_note(conversation: Conversation) -> str:
    """The same for a shim that keeps the conversation itself."""
    return msgspec.json.encode({"conversation": conversation}).decode()


def read_conversation(kept: bytes) -> Conversation:
    """What was kept; a conversation that had not begun when nothing can be read."""
    try:
        conversation = msgspec.json.decode(kept, type=Conversation)
    except UNREADABLE:
        return Conversation()
    listens = tuple(listen for listen in conversation.listens if read_key(listen.raw_id.encode()) is not None)
    return msgspec.structs.replace(conversation, listens=listens)
