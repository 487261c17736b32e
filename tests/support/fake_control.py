"""A gateway for the commands: a real listener, behind it an in-memory world that obeys as the real gateway would.

For what a real gateway cannot be brought to at will: names full of control characters, a person who says no, calls at
a chosen moment, silence. What the window's commands do to the world is ``fake_gateway``.
"""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import Future
from pathlib import Path
from queue import Queue
from types import TracebackType

import msgspec

from ostiary.control import codec, messages
from ostiary.control.messages import AnyCommand, Finding, Status
from ostiary.domain.call import CallRow
from ostiary.domain.errors import OstiaryError
from ostiary.domain.events import Calls
from ostiary.domain.server import ServerState
from ostiary.gateway.arrival import ControlArrival, HostArrival
from ostiary.gateway.channel import Channel
from ostiary.gateway.listener import Listener
from ostiary.gateway.wire.framing import Line
from ostiary_connect.endpoint import locate
from tests.support import fake_world
from tests.support.fake_gateway import FakeGateway
from tests.support.fake_world import World

DEADLINE_S = 20.0


class FakeControl:
    """Listens for the commands at ``home`` while it is entered, in a thread of its own.

    ``refusal`` is what the person, or the policy, says to everything that widens access. A mute one takes commands and
    says nothing; one that lingers goes on after it was told to quit. ``start_as`` is what becomes of a server that is
    switched on.
    """

    def __init__(
        self,
        home: Path,
        world: World | None = None,
        *,
        front: bool = False,
        refusal: OstiaryError | None = None,
        mute: bool = False,
        lingers: bool = False,
    ) -> None:
        self.world = world or fake_world.lived_in()
        self.start_as = ServerState.STARTING
        self.asked: list[AnyCommand] = []
        """Every command that came, in order."""
        self.heard: Queue[AnyCommand] = Queue()
        """The same, to wait for."""
        self.findings = (Finding(code="keyring", ok=True, sentence="The keyring is unlocked."),)
        self.follows: Future[None] = Future()
        """Done as soon as somebody follows the calls."""
        self._front, self._refusal, self._mute, self._lingers = front, refusal, mute, lingers
        self._followers: list[Channel] = []
        self._open: list[Channel] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._listener = Listener(locate(str(home)), "0.1.0", HostArrival.end, self._receive)

    def __enter__(self) -> FakeControl:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listener.start(), self._loop).result(DEADLINE_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(DEADLINE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def hang_up(self) -> None:
        """Close every connection at once, as a dying gateway does."""
        self._loop.call_soon_threadsafe(self._close_all)

    def tell(self, *rows: CallRow) -> None:
        """Tell the followers of calls."""
        line = codec.encode_event(Calls(rows=rows))
        for follower in self._followers:
            self._loop.call_soon_threadsafe(follower.send, line)

    async def _stop(self) -> None:
        await self._listener.stop()
        self._close_all()
        await asyncio.sleep(0)  # transports close in the loop's next round

    def _close_all(self) -> None:
        for channel in self._open:
            channel.close()

    def _receive(self, arrival: ControlArrival) -> None:
        channel = arrival.channel
        self._open.append(channel)
        channel.start(lambda line: self._take(channel, line), channel.close)

    def _take(self, channel: Channel, line: Line) -> None:
        assert isinstance(line, bytes)
        asked = codec.decode_command(line)
        self.asked.append(asked.command)
        self.heard.put(asked.command)
        if self._mute:
            return
        if type(asked.command).widens and self._refusal is not None:
            channel.send(codec.encode_failure(asked.id, self._refusal))
        elif (answer := self._look(asked.command)) is not None:
            channel.send(codec.encode_result(asked.id, answer))
        else:
            FakeGateway(self.world, channel.send).take(line)
        self._afterwards(channel, asked.command)

    def _look(self, command: AnyCommand) -> object | None:
        """The answer to what only looks; None for what the window's fake knows."""
        world = self.world
        match command:
            case messages.GetStatus():
                return self._status()
            case messages.Diagnose():
                return self.findings
            case messages.ListServers():
                return world.servers
            case messages.ListHosts():
                return world.hosts
            case messages.ListRoots():
                return world.roots
            case messages.ListSecrets():
                return world.secrets
            case messages.FollowCalls():
                return messages.Done()
            case messages.EnableServer(name=name) if self.start_as is not ServerState.STARTING:
                view = next(server for server in world.servers if server.name == name)
                return msgspec.structs.replace(view, enabled=True, state=self.start_as)
        return None

    def _afterwards(self, channel: Channel, command: AnyCommand) -> None:
        match command:
            case messages.FollowCalls():
                self._followers.append(channel)
            case messages.ListCalls() if self._followers and not self.follows.done():
                self.follows.set_result(None)
            case messages.Quit() if not self._lingers:
                self._close_all()

    def _status(self) -> Status:
        return Status(
            version="0.1.0",
            pid=os.getpid(),
            started_at=fake_world.NOW - 7200,
            mode=self.world.mode,
            front=self._front,
            writes="deny",
            servers=tuple(self.world.servers),
            sessions=tuple(self.world.sessions),
            open_questions=len(self.world.questions),
        )
