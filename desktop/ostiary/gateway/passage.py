"""One call's way: found its server, passed the gate, written to the log, sent on, answered.

A call that has to wait for nothing but its answer goes at once. Every other is a task. Cancelling either (the host
cancelled, or went away) withdraws its question or tells its server, and closes its row in the log; its host then hears
nothing more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

import msgspec

from ostiary.domain.approval import Caller
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.errors import OstiaryError
from ostiary.domain.server import ServerOrigin
from ostiary.gateway import heap
from ostiary.gateway.admission import Admission, UnplannableError
from ostiary.gateway.answer import Answer, OnAnswer
from ostiary.gateway.asking import Asked, Ended
from ostiary.gateway.exchange import Exchange
from ostiary.gateway.host_end import HostEnd
from ostiary.gateway.house import House
from ostiary.gateway.log_entry import LogEntry
from ostiary.gateway.planning import PLAN_KEY, change_made, proof, says_error
from ostiary.gateway.policy.denial import DenialCause, denial_text
from ostiary.gateway.policy.verdict import Verdict
from ostiary.gateway.standing import Standings
from ostiary.gateway.subject import Subject
from ostiary.gateway.subjects import Subjects
from ostiary.gateway.targets import Target, UnknownTargetError, name_of
from ostiary.gateway.wire import envelope, methods, strict

NOBODY_WAITS: Final = "the host no longer waits"


class Passage:
    """One ``tools/call``, ``resources/read`` or ``prompts/get`` of one session.

    ``hold`` stops reading from the host until servers have taken what waits for them.
    """

    def __init__(
        self,
        house: House,
        standings: Standings,
        session: int,
        servers: tuple[str, ...],
        caller: Caller,
        asked: Asked,
        host: HostEnd,
        hold: Callable[[], None],
    ) -> None:
        self._house = house
        self._asked = asked
        self._host = host
        self._hold = hold
        self._subjects = Subjects(house, standings, session, servers, caller, asked)
        self._admission = Admission(house, session, self._subjects, caller, asked, host)
        self._entry = LogEntry(house.log, caller, asked)

    async def travel(self) -> Ended:
        """Go all the way. Raises ``CancelledError`` when nobody waits for the answer any more."""
        try:
            targets = await self._subjects.targets_soon()
        except UnknownTargetError as unknown:
            return _refused(envelope.INVALID_PARAMS, str(unknown))
        self._open(targets[0])
        try:
            ended, outcome = await self._pass(targets)
        except OstiaryError as error:
            ended, outcome = _refused(envelope.INTERNAL_ERROR, str(error)), Outcome.ERROR
        except asyncio.CancelledError:
            self._entry.close(Outcome.CANCELLED, b"")
            raise
        self._close(ended, outcome)
        return ended

    def at_once(self, end: Callable[[Ended], None]) -> Callable[[], None] | None:
        """Send a call on that waits for nothing: it only reads, the rules allow it, and its one server runs.

        ``end`` is called with the answer, unless what is returned here was called before, which cancels. None for
        every other call, with nothing done yet: ``travel`` is its way (measured: 40 µs longer).
        """
        subject = self._subjects.at_once()
        verdict = None if subject is None else self._admission.at_once(subject)
        if subject is None or verdict is None:
            return None

        exchange = self._exchange(subject, partial(self._answered, subject, verdict, end))
        exchange.start(self._asked.params)
        self._note(subject, verdict)
        return partial(self._cancel, exchange)

    def _answered(self, subject: Subject, verdict: Verdict, end: Callable[[Ended], None], answer: Answer) -> None:
        ended, outcome = _end_of(subject, answer)
        try:
            end(ended)
        finally:
            self._note(subject, verdict)
            self._close(ended, outcome)

    def _cancel(self, exchange: Exchange) -> None:
        if not exchange.is_over:  # it may have ended while its host was away, which then never came back
            exchange.cancel(NOBODY_WAITS)
            self._entry.close(Outcome.CANCELLED, b"")

    def _note(self, subject: Subject, verdict: Verdict) -> None:
        """A call that goes at once is noted when it is under way, or over: its server and its host work meanwhile."""
        if not self._entry.number:
            self._open(subject.target, verdict)

    def _open(self, target: Target, verdict: Verdict | None = None) -> None:
        shown = self._subjects.shown
        encoded = self._subjects.encoded.get("arguments") if shown is self._asked.params.get("arguments") else None
        arguments = bytes(encoded or strict.encode(shown))
        self._entry.open(target.server, target.own_name, self._subjects.item, arguments, verdict)

    def _close(self, ended: Ended, outcome: Outcome) -> None:
        body = ended.result or ended.error or b""
        self._entry.close(outcome, body)
        if self._asked.size_bytes + len(body) >= heap.LONG_BYTES:
            heap.keep()

    async def _pass(self, targets: tuple[Target, ...]) -> tuple[Ended, Outcome]:
        """Ask each server in turn that may have it; all but the last may say that they do not, or be of no help."""
        for target in targets[:-1]:
            with suppress(OstiaryError):
                ended, outcome = await self._pass_to(target)
                if outcome not in (Outcome.ERROR, Outcome.FAILED):
                    return ended, outcome
        return await self._pass_to(targets[-1])

    async def _pass_to(self, target: Target) -> tuple[Ended, Outcome]:
        subject = await self._subjects.of(target)
        with subject.client.traffic.expecting():
            return await self._pass_as(subject)

    async def _pass_as(self, subject: Subject) -> tuple[Ended, Outcome]:
        if shut := subject.client.traffic.shut_words():
            return self._unable(shut), Outcome.FAILED
        try:
            verdict, subject = await self._admission.verdict(subject)
        except UnplannableError as error:
            self._entry.decide(Verdict(DecidedBy.DEFAULT, "Its dry run failed, so nothing was asked."))
            return Ended(error.answer.result, error.answer.error, modern=subject.client.modern), Outcome.FAILED
        self._entry.decide(verdict)
        if verdict.cause is not None:
            self._house.gate.remember_denied(self._entry.number, subject.call)
            return self._denied(verdict.cause)
        if subject.call.is_write and not await self._entry.is_committed():
            return self._denied(DenialCause.NOT_LOGGED)
        return await self._forward(subject)

    # To the server and back

    async def _forward(self, subject: Subject) -> tuple[Ended, Outcome]:
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        exchange = self._exchange(subject, lambda answer: None if future.done() else future.set_result(answer))
        exchange.start(self._asked.params)
        try:
            answer = await future
            if subject.call.is_write and subject.call.origin is ServerOrigin.BUNDLED:
                self._entry.change = change_made(answer.result)
            return _end_of(subject, answer)
        except asyncio.CancelledError:
            exchange.cancel(NOBODY_WAITS)
            raise

    def _exchange(self, subject: Subject, on_end: OnAnswer) -> Exchange:
        return Exchange(subject.client, self._asked.method, self._host, partial(self._send, subject), on_end)

    def _send(self, subject: Subject, more: Mapping[str, Any], on_answer: OnAnswer) -> int:
        number = subject.client.call(
            self._asked.method,
            {**self._subjects.params(subject.target), **more},
            on_answer,
            host=self._host,
            client_info=self._asked.client_info,
            own_meta=None if subject.plan is None else {PLAN_KEY: proof(subject.plan)},
            size_bytes=self._asked.size_bytes,
        )
        if subject.client.is_full:
            self._hold()
        return number

    def _denied(self, cause: DenialCause) -> tuple[Ended, Outcome]:
        """A denial is a result that the model can use (approvals, *what the agent hears*)."""
        unanswered = cause in (DenialCause.UNANSWERED, DenialCause.LOCKED)
        outcome = Outcome.UNANSWERED if unanswered else Outcome.DENIED
        text = denial_text(cause, name_of(self._asked))
        return self._unable(text), outcome

    def _unable(self, text: str) -> Ended:
        if self._asked.method != methods.CALL_TOOL:
            return _refused(envelope.INTERNAL_ERROR, text)
        result = {"content": [{"type": "text", "text": text}], "isError": True}
        return Ended(msgspec.json.encode(result), None)


def _end_of(subject: Subject, answer: Answer) -> tuple[Ended, Outcome]:
    ended = Ended(answer.result, answer.error, modern=subject.client.modern)
    if answer.error is not None:
        return ended, Outcome.ERROR
    return ended, Outcome.FAILED if says_error(answer.result) else Outcome.OK


def _refused(code: int, message: str) -> Ended:
    return Ended(None, msgspec.json.encode({"code": code, "message": message}))
