"""Taking back what one call changed: a call of its server's ``undo_change``, made for the person and for no host.

Who may ask for it is decided before (``control_server``), so no rule and no mode is asked here: it puts back what was
there, and not even that where anything changed since. The server holds its files against what the call left.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from msgspec import Struct

from ostiary.control.messages import Undone
from ostiary.domain.approval import Decision
from ostiary.domain.call import CallDetail, DecidedBy, Outcome
from ostiary.domain.errors import RefusedError, ServerError, UsageError
from ostiary.domain.plan import ChangePlan
from ostiary.gateway.answer import Answer
from ostiary.gateway.calllog.entries import CallEnd, CallStart
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.connections import Connections
from ostiary.gateway.planning import change_made, read_plan, says_error
from ostiary.gateway.wire import methods

TOOL = "undo_change"
OWN_HOST = "Ostiary"
"""Who made the call, in the log."""

DEADLINE_S = 35.0
"""Longer than a bundled server takes before it says itself that it took too long."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """``has_front`` tells whether a person is there who said so, or a command was trusted."""

    log: CallLog
    connections: Connections
    has_front: Callable[[], bool]

    async def plan(self, number: int) -> ChangePlan:
        """What undoing the call of that number would change; nothing is changed. Raises as ``undo`` does."""
        call = await self._undoable(number)
        return _plan_of(await self._ask(call, dry_run=True))

    async def undo(self, number: int) -> Undone:
        """Undo the call of that number.

        Raises ``UsageError`` for one that is not in the log or has nothing to undo, ``RefusedError`` where the server
        refuses (what the call left was changed since), ``ServerError`` when it cannot be spoken to.
        """
        call = await self._undoable(number)
        own = self._open(call)
        began_s = time.perf_counter()
        answer, outcome = Answer(None, None), Outcome.ERROR
        try:
            await self.log.committed(own)  # it may write, so it is noted first
            answer = await self._ask(call, dry_run=False)
            outcome = _outcome(answer)
        except asyncio.CancelledError:
            outcome = Outcome.CANCELLED
            raise
        finally:
            self.log.close(own, _end(answer, outcome, time.perf_counter() - began_s))
        plan = _plan_of(answer)
        await self.log.mark_undone(number)
        return Undone(id=own, plan=plan)

    async def _undoable(self, number: int) -> CallDetail:
        call = await self.log.detail(number)
        if not call.undo:
            raise UsageError(
                "This call has nothing to undo", "It changed nothing that can be put back, or it was undone already."
            )
        return call

    def _open(self, call: CallDetail) -> int:
        arguments = msgspec.json.encode({"changeId": call.undo})
        return self.log.open(
            CallStart(
                started_at=time.time(),
                host=OWN_HOST,
                server=call.row.server,
                method=methods.CALL_TOOL,
                tool=TOOL,
                item=call.row.item,
                decision=Decision.ALLOW,
                decided_by=DecidedBy.PERSON if self.has_front() else DecidedBy.HEADLESS,
                reason=f"Call {call.row.id} was to be undone.",
                request_bytes=len(arguments),
                arguments=arguments,
            )
        )

    async def _ask(self, call: CallDetail, *, dry_run: bool) -> Answer:
        client = await self.connections.ready(call.row.server)
        params = {"name": TOOL, "arguments": {"changeId": call.undo, "dryRun": dry_run}}
        try:
            return await client.ask(methods.CALL_TOOL, params, deadline_s=DEADLINE_S)
        except TimeoutError as error:
            raise ServerError(
                f"The server {call.row.server} did not answer in time", "Look whether it was undone before you go on."
            ) from error


class _Refusal(Struct, frozen=True):
    message: str = "The server did not say why."


class _FailedResult(Struct, rename="camel"):
    structured_content: _Refusal = _Refusal()


def _plan_of(answer: Answer) -> ChangePlan:
    """What was or would be changed. Raises ``RefusedError`` with the server's own words when it refused."""
    plan = read_plan(answer.result)
    if plan is None:
        raise RefusedError("Nothing was undone", _refusal(answer).message)
    return plan


def _refusal(answer: Answer) -> _Refusal:
    try:
        if answer.error is not None:
            return msgspec.json.decode(answer.error, type=_Refusal)
        return msgspec.json.decode(answer.result or b"{}", type=_FailedResult).structured_content
    except msgspec.MsgspecError:
        return _Refusal()


def _outcome(answer: Answer) -> Outcome:
    if answer.error is not None:
        return Outcome.ERROR
    return Outcome.FAILED if says_error(answer.result) else Outcome.OK


def _end(answer: Answer, outcome: Outcome, took_s: float) -> CallEnd:
    body = answer.result or answer.error or b""
    return CallEnd(
        outcome=outcome,
        duration_ms=took_s * 1000,
        response_bytes=len(body),
        result=body,
        undo=change_made(answer.result),
    )
