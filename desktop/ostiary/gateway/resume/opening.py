"""A host has arrived: from what its session goes on, and the note with which its shim can come back.

Beside descriptors that are handed over, the note goes out before anything is read from the host. So a shim that loses
its gateway and has no note knows that nothing was lost with it, and arrives once more as if for the first time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket

from ostiary.gateway.channel import Channel
from ostiary.gateway.greeting import Hello
from ostiary.gateway.pipe_channel import PipeChannel
from ostiary.gateway.resume.by_shim import ByShim
from ostiary.gateway.resume.conversation import Answered, Conversation, UnreadableNoteError, journal_note, read_note
from ostiary.gateway.resume.inbox import READ_BYTES
from ostiary.gateway.resume.journal import Journal, JournalError, Journals
from ostiary.gateway.resume.journaled_channel import JournaledChannel
from ostiary.gateway.resume.told_channels import ToldPipeChannel, ToldStreamChannel
from ostiary_connect.greeting import FAREWELL, RESUMING_PROTOCOL, encode_note

_LOG = logging.getLogger(__name__)


def open_host(
    journals: Journals, hello: Hello, protocol: int, shim: socket.socket, descriptors: tuple[int, int]
) -> tuple[PipeChannel, Journal | None]:
    """The host's channel, and the journal behind it where the shim can come back.

    ConnectionError, with the descriptors closed and the shim told to exit, when it comes back to nothing.
    """
    loop = asyncio.get_running_loop()
    if protocol < RESUMING_PROTOCOL:
        return PipeChannel(loop, *descriptors), None
    try:
        journal = _journal_for(journals, hello.resume)
    except (JournalError, UnreadableNoteError, OSError) as error:
        for descriptor in set(descriptors):
            os.close(descriptor)
        shim.send(FAREWELL)
        raise ConnectionError(f"A session cannot go on: {error}") from error
    with contextlib.suppress(OSError):  # it has gone already, and the session will hear of it
        shim.send(encode_note("" if journal is None else journal_note(journal.path.name)))
    if journal is None:
        return PipeChannel(loop, *descriptors), None
    return JournaledChannel(loop, *descriptors, journal), journal


async def open_pumped(hello: Hello, connection: socket.socket) -> tuple[Channel, ByShim]:
    """The channel through a shim that remembers, and what it remembers.

    ConnectionError, with the shim told to exit, when it comes back with what cannot be understood.
    """
    loop = asyncio.get_running_loop()
    try:
        by_shim = _told_by(hello.resume)
    except UnreadableNoteError as error:
        await loop.sock_sendall(connection, FAREWELL)
        raise ConnectionError(f"A session cannot go on: {error}") from error
    if connection.family == socket.AF_INET:
        _, channel = await loop.connect_accepted_socket(lambda: ToldStreamChannel(by_shim), connection)
        return channel, by_shim
    return ToldPipeChannel(loop, connection, by_shim), by_shim


def _told_by(note: str | None) -> ByShim:
    if note is None:
        return ByShim(Conversation(), None)
    match read_note(note):
        case Answered(conversation, b"", tag):
            return ByShim(conversation, tag or None)
        case _:
            raise UnreadableNoteError("It is no note of a shim that pumps")


def _journal_for(journals: Journals, note: str | None) -> Journal | None:
    """None for a first arrival where none can be made: the session then ends with the gateway."""
    if note is None:
        try:
            return journals.create()
        except OSError as error:
            _LOG.warning("A session will not survive the gateway: %s", error)
            return None
    match read_note(note):
        case Answered(conversation, unread, tag):
            if len(unread) > READ_BYTES:
                raise UnreadableNoteError("It brings more along than a shim reads")
            journal = journals.create()
            journal.answered_from = tag
            journal.ledger.keep(conversation)
            journal.inbox.room[: len(unread)] = unread
            journal.inbox.read(len(unread))
            return journal
        case known:
            return journals.adopt(known.name)
