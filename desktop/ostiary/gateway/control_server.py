"""Fronts and commands arrive here: who may ask for what, replies in their order, events to who subscribed.

Privilege comes from the connection, never from what is said on it: *the front* started this gateway and speaks over
its stdin, or attached later and was verified; everything else is *plain*. What widens access, or writes into the
person's files, is obeyed from the front; for a plain connection the person is asked, and with no tray it is refused
unless the gateway was started to trust commands. What was done that way is kept for the person to review.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from ostiary.control import codec
from ostiary.control import messages as m
from ostiary.domain.errors import OstiaryError, RefusedError, UsageError
from ostiary.domain.events import AnyEvent, Calls, Event
from ostiary.gateway.background import Background
from ostiary.gateway.channel import Channel
from ostiary.gateway.outbox import Outbox
from ostiary.gateway.wire.framing import Line, Oversize

FRONT_ONLY = (
    m.AnswerQuestion,
    m.HoldQuestion,
    m.ResumeHost,
    m.SetScreenLock,
    m.DismissNotice,
    m.AddRule,
    m.AllowNext,
    m.AcceptDefinition,
)

_LOG = logging.getLogger(__name__)

Run = Callable[[m.Command[Any]], Awaitable[object]]
Widens = Callable[[m.Command[Any]], bool]
Settle = Callable[[m.Command[Any]], m.Command[Any]]
AskPerson = Callable[[m.Command[Any], int | None, int], Awaitable[None]]


class ControlServer:
    """All control connections. Everything belongs to the loop's thread.

    ``run`` carries a command out; ``widens`` tells whether it gives more access than there is; ``settle`` gives it with
    what it means now in place of names that could mean something else later; ``ask_person`` returns when the person
    allowed it and raises ``RefusedError`` otherwise; ``is_ours`` verifies a process that wants to be the front.
    """

    def __init__(
        self,
        *,
        run: Run,
        widens: Widens,
        settle: Settle,
        ask_person: AskPerson,
        is_ours: Callable[[int | None], bool],
        trust_commands: bool,
        on_trusted: Callable[[m.Command[Any]], None],
        on_front: Callable[[bool], None],
    ) -> None:
        self._run = run
        self._widens = widens
        self._settle = settle
        self._ask_person = ask_person
        self._is_ours = is_ours
        self._trust_commands = trust_commands
        self._on_trusted = on_trusted
        self._on_front = on_front
        self._connections: set[_Connection] = set()
        self._front: _Connection | None = None
        self._next_number = -1

    @property
    def has_front(self) -> bool:
        """True while a verified front is there."""
        return self._front is not None

    @property
    def is_watched(self) -> bool:
        """True while somebody subscribed to everything."""
        return any(connection.subscribed for connection in self._connections)

    def add(self, channel: Channel, *, pid: int | None, front: bool) -> None:
        """Take over a connection. ``front`` is true only for the stdin and stdout of who started us."""
        connection = _Connection(self, channel, pid, self._next_number)
        self._next_number -= 1
        self._connections.add(connection)
        if front:
            self._set_front(connection)
        connection.start()

    def publish(self, event: AnyEvent) -> None:
        """Send an event to every front that subscribed, and rows to who follows calls."""
        is_calls = isinstance(event, Calls)
        hearing = [each for each in self._connections if each.subscribed or (each.follows and is_calls)]
        line = codec.encode_event(event) if hearing else b""
        for connection in hearing:
            connection.outbox.tell(event, line)

    def raise_front(self, event: Event) -> bool:
        """Send an event to the front alone. False when there is none."""
        if self._front is None:
            return False
        self._front.channel.send(codec.encode_event(event))
        return True

    def close(self) -> None:
        """Let go of every connection."""
        for connection in tuple(self._connections):
            connection.close()

    async def obey(self, connection: _Connection, command: m.Command[Any]) -> object:
        """Carry a command out, as far as this connection may ask for it. Raises ``OstiaryError``."""
        match command:
            case m.Attach():
                return self._attach(connection)
            case m.Detach():
                return self._detach(connection)
            case m.FollowCalls():
                connection.follows = True
                return m.Done()
            case m.Subscribe():
                connection.subscribe()
        if connection is not self._front:
            if isinstance(command, FRONT_ONLY):
                raise RefusedError("Only the person can do that", "Answer in Ostiary's own window.")
            command = await self._permit(connection, command)
        return await self._run(command)

    def lost(self, connection: _Connection) -> None:
        """A connection ended."""
        self._connections.discard(connection)
        if connection is self._front:
            self._set_front(None)

    def _attach(self, connection: _Connection) -> m.Done:
        if self._front is not None:
            raise RefusedError("Ostiary's window is open already", "Only one can be attached at a time.")
        if not self._is_ours(connection.pid):
            raise RefusedError("This program is not Ostiary's window", "It could not be verified.")
        self._set_front(connection)
        return m.Done()

    def _detach(self, connection: _Connection) -> m.Done:
        if connection is self._front:
            self._set_front(None)
        return m.Done()

    def _set_front(self, connection: _Connection | None) -> None:
        self._front = connection
        self._on_front(connection is not None)

    async def _permit(self, connection: _Connection, command: m.Command[Any]) -> m.Command[Any]:
        """Gives what may be carried out: what the person saw, as long as that still means the same."""
        if not self._widens(command):
            return command
        command = self._settle(command)
        if self._front is not None:
            await self._ask_person(command, connection.pid, connection.number)
            if self._settle(command) != command:
                raise RefusedError(
                    "What was allowed has changed since it was shown", "Nothing was done. Look once more."
                )
        elif self._trust_commands:
            self._on_trusted(command)
        else:
            raise RefusedError(
                "This needs the person's word, and nobody can be asked",
                "Open Ostiary's window and confirm it there, or start the gateway with --trust-cli.",
            )
        return command


class _Connection:
    """One control connection: commands run side by side, each gets one reply. ``number`` is negative: no session's.

    Who does not read the replies is not read either.
    """

    def __init__(self, server: ControlServer, channel: Channel, pid: int | None, number: int) -> None:
        self.channel = channel
        self.pid = pid
        self.number = number
        self.subscribed = False
        self.follows = False
        self.outbox = Outbox(channel)
        self._server = server
        self._background = Background()

    def start(self) -> None:
        self.channel.on_drained = self._drained
        self.channel.start(self._on_line, self.close)

    def subscribe(self) -> None:
        """Hear of everything from here on, once the reply to what is asked now is said."""
        self.subscribed = True
        self.outbox.hold()

    def close(self) -> None:
        self._background.cancel()
        self._server.lost(self)
        self.channel.close()

    def _on_line(self, line: Line) -> None:
        if isinstance(line, Oversize):
            _LOG.warning("A control message of %d bytes was dropped", line.size_bytes)
            return
        try:
            asked = codec.decode_command(line)
        except UsageError as error:
            self.channel.send(codec.encode_failure(codec.number_of(line), error))
            return
        self._background.start(self._reply(asked))

    async def _reply(self, asked: codec.Asked) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            try:
                line = codec.encode_result(asked.id, await self._server.obey(self, asked.command))
            except OstiaryError as error:
                line = codec.encode_failure(asked.id, error)
            except Exception:  # the border of a connection: one bad command must not end it silently
                _LOG.exception("The command %s failed", type(asked.command).__name__)
                failure = OstiaryError("Ostiary met an error of its own", "Its log has the details.")
                line = codec.encode_failure(asked.id, failure)
            self.channel.send(line)
            if self.channel.is_full:
                self.channel.pause_reading()
            if isinstance(asked.command, m.Subscribe):
                self.outbox.let_go()

    def _drained(self) -> None:
        self.channel.resume_reading()
        self.outbox.read_on()
