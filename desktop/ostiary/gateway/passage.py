"""One call's way: found its server, passed the gate, written to the log, sent on, answered.

A call that has to wait for nothing but its answer goes at once. Every other is a task. Cancelling either (the host
cancelled, or went away) withdraws its question or tells its server, and closes its row in the log; its host then hears
nothing more.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec
from msgspec import Raw

from ostiary.domain.approval import Caller, Decision
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.errors import OstiaryError, ServerError
from ostiary.domain.plan import ChangePlan
from ostiary.domain.server import ServerOrigin, ToolHints, ToolState
from ostiary.gateway.asking import Asked, Ended
from ostiary.gateway.client import Client
from ostiary.gateway.eliciting import elicit
from ostiary.gateway.exchange import Exchange
from ostiary.gateway.gate import Asking, Verdict
from ostiary.gateway.host_end import HostEnd
from ostiary.gateway.house import House
from ostiary.gateway.lists import Tool
from ostiary.gateway.log_entry import LogEntry
from ostiary.gateway.open_requests import Answer, OnAnswer
from ostiary.gateway.planning import PLAN_KEY, can_plan, change_made, fingerprint, proof, read_plan, says_error
from ostiary.gateway.policy import preview
from ostiary.gateway.policy.argument_paths import Places, named_paths, places
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.denial import DenialCause, denial_text
from ostiary.gateway.policy.identity import program_behind
from ostiary.gateway.policy.pins import Definition, PinState
from ostiary.gateway.targets import Target, UnknownTargetError, find_targets, name_of
from ostiary.gateway.wire import envelope, methods, strict

PROGRESS_EVERY_S = 5.0
"""Hosts that reset their timeout at progress hear this often that somebody is being asked."""

PLAN_DEADLINE_S = 30.0
NOBODY_WAITS = "the host no longer waits"
_numbers = itertools.count(1)
_NO_HINTS = ToolHints()


@dataclass(frozen=True, slots=True)
class _Subject:
    """A call as the rules and the prompt see it, and the process it would go to."""

    call: Call
    target: Target
    client: Client
    definition: Definition | None
    plan: ChangePlan | None = None


class _UnplannableError(Exception):
    """The write's dry run failed: the write would too, so nobody needs to be asked."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("the dry run failed")
        self.answer = answer


class Passage:
    """One ``tools/call``, ``resources/read`` or ``prompts/get`` of one session.

    ``hold`` stops reading from the host until servers have taken what waits for them.
    """

    def __init__(
        self,
        house: House,
        session: int,
        servers: tuple[str, ...],
        caller: Caller,
        asked: Asked,
        host: HostEnd,
        hold: Callable[[], None],
    ) -> None:
        self._number = next(_numbers)
        self._house = house
        self._session = session
        self._servers = servers
        self._caller = caller
        self._asked = asked
        self._host = host
        self._hold = hold
        self._encoded = _encoded(asked.params)
        self._entry = LogEntry(house.log, caller, asked)

    async def travel(self) -> Ended:
        """Go all the way. Raises ``CancelledError`` when nobody waits for the answer any more."""
        try:
            targets = await self._targets_known_soon()
        except UnknownTargetError as error:
            return _refused(envelope.INVALID_PARAMS, str(error))
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
        subject = self._subject_at_once()
        if subject is None or subject.call.is_write:
            return None
        ruling = self._house.gate.ruling(subject.call)
        if ruling.decision is not Decision.ALLOW or ruling.by is DecidedBy.PERSON:
            return None
        verdict = self._house.gate.settle(subject.call, ruling)
        assert verdict is not None
        self._open(subject.target)
        self._entry.decide(verdict)

        def answered(answer: Answer) -> None:
            ended, outcome = _end_of(subject, answer)
            self._close(ended, outcome)
            end(ended)

        exchange = self._exchange(subject, answered)
        exchange.start(self._asked.params)

        def cancel() -> None:
            exchange.cancel(NOBODY_WAITS)
            self._entry.close(Outcome.CANCELLED, b"")

        return cancel

    async def _targets_known_soon(self) -> tuple[Target, ...]:
        """Where the call goes; what nobody offers may be offered by a server that is being asked for the first time."""
        try:
            return self._targets()
        except UnknownTargetError:
            await self._house.connections.first_lists(self._servers)
            return self._targets()

    def _open(self, target: Target) -> None:
        shown = self._shown()
        encoded = self._encoded.get("arguments") if shown is self._asked.params.get("arguments") else None
        self._entry.open(target.server, target.own_name, shown, bytes(encoded or strict.encode(shown)))

    def _close(self, ended: Ended, outcome: Outcome) -> None:
        self._entry.close(outcome, ended.result or ended.error or b"")

    def _targets(self) -> tuple[Target, ...]:
        return find_targets(self._asked, self._house.catalogue, self._servers)

    async def _pass(self, targets: tuple[Target, ...]) -> tuple[Ended, Outcome]:
        """Ask each server in turn that may have it; all but the last may say that they do not."""
        for target in targets[:-1]:
            ended, outcome = await self._pass_to(target)
            if outcome is not Outcome.ERROR:
                return ended, outcome
        return await self._pass_to(targets[-1])

    async def _pass_to(self, target: Target) -> tuple[Ended, Outcome]:
        subject = await self._subject(target)
        try:
            verdict, subject = await self._verdict(subject)
        except _UnplannableError as error:
            self._entry.decide(Verdict(DecidedBy.DEFAULT, "Its dry run failed, so nothing was asked."))
            return Ended(error.answer.result, error.answer.error, modern=subject.client.modern), Outcome.FAILED
        self._entry.decide(verdict)
        if verdict.cause is not None:
            self._house.gate.remember_denied(self._entry.number, subject.call)
            return self._denied(verdict.cause)
        if subject.call.is_write and not await self._entry.is_committed():
            return self._denied(DenialCause.NOT_LOGGED)
        return await self._forward(subject)

    # Through the gate

    def _subject_at_once(self) -> _Subject | None:
        """The call, unless it takes waiting to see what it is. What is wrong with it is told on the long way."""
        if named_paths(self._shown()):
            return None
        try:
            target, *others = self._targets()
            client = self._house.connections.now(target.server, self._session)
            return None if others or client is None else self._subject_of(target, client, Places())
        except (UnknownTargetError, OstiaryError):
            return None

    async def _subject(self, target: Target) -> _Subject:
        client = await self._house.connections.ready(target.server, self._session)
        return self._subject_of(target, client, await self._places())

    def _subject_of(self, target: Target, client: Client, where: Places) -> _Subject:
        """The call as it stands against what the running server offers now; a cached list may be old."""
        if target.tool is not None:
            lists = self._house.catalogue.lists(target.server)
            tool = None if lists is None else lists.tool(target.own_name)
            if tool is None:
                raise ServerError(f"The server {target.server} no longer has the tool {target.own_name}")
            if tool is not target.tool:
                target = replace(target, tool=tool)
        definition = self._house.connections.definition(target.server, target.own_name)
        return _Subject(self._call(target, definition, where), target, client, definition)

    async def _places(self) -> Places:
        """Where the paths among the arguments lead. Following links may block, so a thread does it."""
        shown = self._shown()
        if not named_paths(shown):
            return Places()
        return await asyncio.to_thread(places, shown, self._house.real_path)

    def _call(self, target: Target, definition: Definition | None, where: Places) -> Call:
        servers, tool = self._house.servers, target.tool
        spec = servers.known(target.server)
        params = {name: value for name, value in self._encoded.items() if name != "_meta"}
        return Call(
            host=self._caller.host,
            host_verified=self._caller.verified,
            session=self._session,
            host_identity=program_behind(self._caller),
            server=target.server,
            server_identity=servers.identity(target.server),
            origin=spec.origin,
            trusted=spec.trusted,
            method=self._asked.method,
            arguments=strict.encode(params),
            sensitive=where.sensitive,
            paths=where.paths,
            tool="" if tool is None else tool.own_name,
            hints=_NO_HINTS if tool is None else self._hints(tool, spec.origin),
            tool_state=ToolState.ENABLED if tool is None else servers.tool_state(target.server, tool.own_name),
            pin=PinState.SAME if tool is None else self._house.connections.pin_state(target.server, tool.own_name),
            definition="" if tool is None or definition is None else definition.fingerprint,
        )

    def _hints(self, tool: Tool, origin: ServerOrigin) -> ToolHints:
        """A dry run of a bundled server only reads, where the tool knows what that is."""
        dry = origin is ServerOrigin.BUNDLED and self._shown().get("dryRun") is True and can_plan(tool)
        return msgspec.structs.replace(tool.hints, read_only=True) if dry else tool.hints

    async def _verdict(self, subject: _Subject) -> tuple[Verdict, _Subject]:
        gate = self._house.gate
        ruling = gate.ruling(subject.call)
        verdict = gate.settle(subject.call, ruling)
        late = verdict is not None and verdict.allowed and ruling.by is DecidedBy.PERSON
        if verdict is not None and not late:
            return verdict, subject
        subject = await self._with_plan(subject)
        if verdict is not None and (subject.plan is None or gate.was_shown(subject.call, fingerprint(subject.plan))):
            return verdict, subject
        verdict = await self._ask(subject)
        if verdict.allowed:
            state = self._house.servers.tool_state(subject.target.server, subject.target.own_name)
            verdict = gate.may_still(replace(subject.call, tool_state=state)) or verdict
            self._check_unchanged(subject)
        return verdict, subject

    def _check_unchanged(self, subject: _Subject) -> None:
        now = self._house.connections.definition(subject.target.server, subject.target.own_name)
        if now != subject.definition:
            raise ServerError("The tool changed while the person was asked", "The call was not made. Try again.")

    async def _with_plan(self, subject: _Subject) -> _Subject:
        tool, call = subject.target.tool, subject.call
        if tool is None or not call.is_write or call.origin is not ServerOrigin.BUNDLED or not can_plan(tool):
            return subject
        params = self._params(subject.target) | {"arguments": self._shown() | {"dryRun": True}}
        try:
            answer = await subject.client.ask(methods.CALL_TOOL, params, deadline_s=PLAN_DEADLINE_S)
        except TimeoutError as error:
            raise ServerError(f"The server {call.server} did not say in time what it would change") from error
        if answer.error is not None or says_error(answer.result):
            raise _UnplannableError(answer)
        plan = read_plan(answer.result)
        if plan is None:
            raise ServerError(
                f"The server {call.server} did not say what it would change", "Nothing was asked or done."
            )
        return replace(subject, plan=plan)

    async def _ask(self, subject: _Subject) -> Verdict:
        server, tool = subject.target.server, subject.target.tool
        topic = preview.Subject(
            call=subject.call,
            caller=self._caller,
            server_title=self._house.servers.known(server).title or server,
            tool_title="" if tool is None else tool.title,
            arguments=self._shown(),
            plan=subject.plan,
            accepted=self._house.pins.accepted(server, subject.target.own_name),
            found=subject.definition,
        )
        question = await asyncio.to_thread(preview.draft, topic, self._house.sight())
        if self._house.gate.elicits(subject.call):
            return await elicit(self._host, question)
        beating = asyncio.ensure_future(self._tell_waiting())
        try:
            return await self._house.gate.ask(
                Asking(
                    call=subject.call,
                    question=question,
                    definition=subject.definition,
                    plan=fingerprint(subject.plan),
                    session=self._session,
                    number=self._number,
                    deadline=self._house.deadline(self._caller.host, self._asked.progress is not None),
                )
            )
        finally:
            beating.cancel()

    async def _tell_waiting(self) -> None:
        if self._asked.progress is None:
            return
        message = Raw(msgspec.json.encode("Waiting for approval in Ostiary"))
        for beat in itertools.count(1):
            self._asked.progress({"progress": Raw(b"%.3f" % (beat / 1000)), "message": message})
            await asyncio.sleep(PROGRESS_EVERY_S)

    # To the server and back

    async def _forward(self, subject: _Subject) -> tuple[Ended, Outcome]:
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

    def _exchange(self, subject: _Subject, on_end: OnAnswer) -> Exchange:
        return Exchange(subject.client, self._asked.method, self._host, partial(self._send, subject), on_end)

    def _send(self, subject: _Subject, more: Mapping[str, Any], on_answer: OnAnswer) -> int:
        number = subject.client.call(
            self._asked.method,
            self._params(subject.target) | dict(more),
            on_answer,
            host=self._host,
            client_info=self._asked.client_info,
            own_meta=None if subject.plan is None else {PLAN_KEY: proof(subject.plan)},
        )
        if subject.client.is_full:
            self._hold()
        return number

    def _params(self, target: Target) -> dict[str, Any]:
        if self._asked.method == methods.READ_RESOURCE:
            return self._encoded
        return self._encoded | {"name": target.own_name}

    def _shown(self) -> dict[str, Any]:
        """What the prompt and the log show: a tool's or prompt's arguments, or the URI."""
        if self._asked.method == methods.READ_RESOURCE:
            return {"uri": name_of(self._asked)}
        arguments = self._asked.params.get("arguments")
        return arguments if isinstance(arguments, dict) else {}

    def _denied(self, cause: DenialCause) -> tuple[Ended, Outcome]:
        """A denial is a result that the model can use (approvals, *what the agent hears*)."""
        outcome = Outcome.UNANSWERED if cause is DenialCause.UNANSWERED else Outcome.DENIED
        text = denial_text(cause, name_of(self._asked))
        if self._asked.method != methods.CALL_TOOL:
            return _refused(envelope.INTERNAL_ERROR, text), outcome
        result = {"content": [{"type": "text", "text": text}], "isError": True}
        return Ended(msgspec.json.encode(result), None), outcome


def _encoded(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters with their arguments as JSON again, once for all who need them (measured: 0.3 ms for 1 MB)."""
    return params | {"arguments": Raw(strict.encode(params["arguments"]))} if "arguments" in params else params


def _end_of(subject: _Subject, answer: Answer) -> tuple[Ended, Outcome]:
    ended = Ended(answer.result, answer.error, modern=subject.client.modern)
    if answer.error is not None:
        return ended, Outcome.ERROR
    return ended, Outcome.FAILED if says_error(answer.result) else Outcome.OK


def _refused(code: int, message: str) -> Ended:
    return Ended(None, msgspec.json.encode({"code": code, "message": message}))
