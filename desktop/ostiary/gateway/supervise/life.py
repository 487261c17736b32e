"""One server's life: its task that starts it, watches it, starts it again, and its states on the way.

The decisions stand in ``states`` and ``restart``, the process in ``child``; which servers there are in ``supervisor``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from ostiary.domain.errors import OstiaryError, SecretError, ServerError
from ostiary.domain.server import ServerState
from ostiary.gateway.channel import Channel
from ostiary.gateway.supervise.child import Child
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.output import Output
from ostiary.gateway.supervise.process import StartProcess
from ostiary.gateway.supervise.records import Identity, Records
from ostiary.gateway.supervise.restart import Failures, RestartPolicy, after_failure
from ostiary.gateway.supervise.states import AT_REST, WITH_PROCESS, may

_LOG = logging.getLogger(__name__)

SETTLE_S = 0.3
"""A process that closed its pipes is about to end; waiting this long for it gives better words for why."""


_ALL_IS_WELL = (ServerState.RUNNING, ServerState.STOPPED)


class Converse(Enum):
    """What came of the first words with a server."""

    READY = "ready"
    AGAIN = "again"
    """It ended because it was asked in a protocol it does not know: to be started once more, at once."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """A server at one moment. ``started_at`` is Unix seconds.

    ``error`` says what went wrong, without a full stop, and ``advice`` what to do; both stay until it runs again. They
    quote what the server said, without secrets: hosts are told them too.

    ``restarts`` counts starts that nobody asked for, since somebody last asked for one.
    """

    state: ServerState = ServerState.STOPPED
    pid: int | None = None
    started_at: float | None = None
    restarts: int = 0
    error: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Powers:
    """What a life is given by others.

    ``launch`` resolves what it takes to start; ``converse`` speaks the first words and tells what came of them;
    both may raise ``OstiaryError``. ``started_at`` gives a process's start in Unix seconds, ``clock`` a time in
    seconds that never jumps; ``mask`` takes secrets out of a text.
    """

    start_process: StartProcess
    launch: Callable[[str], Awaitable[Launch]]
    converse: Callable[[str, Channel], Awaitable[Converse]]
    on_state: Callable[[str, ServerStatus], None]
    started_at: Callable[[int], float | None]
    clock: Callable[[], float]
    policy: RestartPolicy
    mask: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a run is over, and how long it was running. ``is_final``: trying again will not help."""

    why: OstiaryError
    ran_s: float = 0.0
    is_final: bool = False


class Life:
    """One server. ``start`` and ``stop`` must not overlap; ``supervisor`` sees to it."""

    def __init__(self, name: str, powers: Powers, output: Output, records: Records) -> None:
        self.status = ServerStatus()
        self._name = name
        self._powers = powers
        self._output = output
        self._records = records
        self._task: asyncio.Task[None] | None = None
        self._child: Child | None = None
        self._hurry = asyncio.Event()

    def start(self) -> None:
        """Have it run. One that waits for its next try tries at once; one that runs is left alone."""
        if self.status.state in AT_REST:
            self.status = replace(self.status, restarts=0)
            self._enter(ServerState.STARTING)
            self._task = asyncio.create_task(self._live(), name=f"server {self._name}")
        elif self.status.state in (ServerState.EXITED, ServerState.BACKOFF):
            self._hurry.set()

    async def stop(self) -> None:
        """End it. It is stopped when this returns, at the latest within three seconds.

        A process that was only about to be started is killed by its keeper a moment later.
        """
        if self.status.state in WITH_PROCESS:
            self._enter(ServerState.STOPPING)
        if self._task is not None:
            await _cancel(self._task)
            self._task = None
        await self._end_child()
        if self.status.state is not ServerState.STOPPED:
            self.status = replace(self.status, restarts=0)
            self._enter(ServerState.STOPPED)

    def _enter(self, state: ServerState, why: OstiaryError | None = None) -> None:
        """``why`` it came to this; without it what was told last stays, until all is well again."""
        old = self.status
        assert may(old.state, state), f"{self._name}: {old.state} → {state}"
        if why is not None:
            old = replace(old, error=self._powers.mask(why.title), advice=self._powers.mask(why.detail))
        elif state in _ALL_IS_WELL:
            old = replace(old, error="", advice="")
        self.status = replace(old, state=state)
        self._powers.on_state(self._name, self.status)

    async def _live(self) -> None:
        try:
            why = await self._run_until_fatal()
        except Exception:  # The border of the task: a fault of ours must not leave a state that is not true.
            _LOG.exception("Supervising %s failed", self._name)
            await self._end_child()
            why = ServerError(
                "Ostiary met an error of its own while supervising this server", "Its log has the details."
            )
            if self.status.state is ServerState.RUNNING:
                self._enter(ServerState.EXITED)
        self._enter(ServerState.FATAL, why)

    async def _run_until_fatal(self) -> OstiaryError:
        failures = Failures()
        while True:
            failure = await self._run_once()
            failures, delay_s = after_failure(failures, failure.ran_s, self._powers.policy)
            if failure.is_final or delay_s is None:
                return failure.why
            self._enter(ServerState.BACKOFF, failure.why)
            await self._pause(delay_s)
            self.status = replace(self.status, restarts=self.status.restarts + 1)
            self._enter(ServerState.STARTING)

    async def _run_once(self) -> _Failure:
        try:
            child = await self._bring_up()
        except OstiaryError as error:
            await self._end_child()
            return _Failure(error, is_final=not isinstance(error, ServerError | SecretError))
        self._enter(ServerState.RUNNING)
        since = self._powers.clock()
        await _first_of(child.exit_code, child.silent)
        ran_s = self._powers.clock() - since
        why = await self._why(child, _silence())
        self._enter(ServerState.EXITED)
        await self._end_child()
        return _Failure(why, ran_s)

    async def _bring_up(self) -> Child:
        """Starts a process and speaks the first words; twice when the first process took offence at them."""
        for _ in range(2):
            launch = await self._powers.launch(self._name)
            child = self._child = await Child.start(launch, self._output, self._powers.start_process)
            self._note(child)
            if await self._first_words(child) is Converse.READY:
                return child
            await self._end_child()
        raise ServerError("The server ended twice when it was asked which protocol it speaks")

    async def _first_words(self, child: Child) -> Converse:
        talk = asyncio.ensure_future(self._powers.converse(self._name, child.channel))
        try:
            await _first_of(talk, child.exit_code)
            await asyncio.wait({talk}, timeout=SETTLE_S)
            if talk.done():
                return talk.result()
        except ServerError as error:
            why = await self._why(child, error)
            raise ServerError(why.title, why.detail) from error
        finally:
            await _cancel(talk)
        raise await self._why(child, ServerError("The server ended"))

    async def _why(self, child: Child, otherwise: ServerError) -> ServerError:
        if await child.ends_within(SETTLE_S):
            return child.end_as_error()
        return otherwise

    async def _end_child(self) -> None:
        if self._child is not None:
            await self._child.stop()
            self._child = None
            self._records.remove(self._name)
            self.status = replace(self.status, pid=None, started_at=None)

    def _note(self, child: Child) -> None:
        started_at = self._powers.started_at(child.pid)
        self.status = replace(self.status, pid=child.pid, started_at=started_at)
        if started_at is not None:
            try:
                self._records.write(self._name, Identity(child.pid, started_at))
            except OSError as error:
                _LOG.warning("No record of %s: a killed Ostiary would leave it running (%s)", self._name, error)

    async def _pause(self, delay_s: float) -> None:
        """Waits for the next try, or until somebody asks for it, or has asked since the last one ended."""
        hurry = asyncio.ensure_future(self._hurry.wait())
        try:
            await asyncio.wait({hurry}, timeout=delay_s)
        finally:
            self._hurry.clear()
            await _cancel(hurry)


def _silence() -> ServerError:
    return ServerError(
        "The server closed its output but went on running", "Look at its command: it may not be an MCP server."
    )


async def _first_of(*waited: asyncio.Future[Any]) -> None:
    await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)


async def _cancel(task: asyncio.Future[Any]) -> None:
    """Cancels a task and waits until it is over; how it ended is of no interest any more."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()
