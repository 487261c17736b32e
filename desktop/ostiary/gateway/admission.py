"""A call's way through the gate: judged, planned where it writes, put to the person where the rules leave it open.

A write through a bundled server is planned first, with a dry run of the same call, so that the person sees exactly
what will change. What the answer means for the call is ``passage``'s.
"""

from __future__ import annotations

import asyncio
import itertools
from typing import Final

import msgspec
from msgspec import Raw

from ostiary.domain.approval import Caller, Decision
from ostiary.domain.call import DecidedBy
from ostiary.domain.errors import ServerError
from ostiary.domain.server import ServerOrigin
from ostiary.gateway.answer import Answer
from ostiary.gateway.asking import Asked
from ostiary.gateway.eliciting import elicit
from ostiary.gateway.gate import Asking
from ostiary.gateway.host_end import HostEnd
from ostiary.gateway.house import House
from ostiary.gateway.planning import can_plan, fingerprint, read_plan, says_error
from ostiary.gateway.policy import preview
from ostiary.gateway.policy.verdict import Verdict
from ostiary.gateway.subject import Subject
from ostiary.gateway.subjects import Subjects
from ostiary.gateway.wire import methods

PROGRESS_EVERY_S: Final = 5.0
"""Hosts that reset their timeout at progress hear this often that somebody is being asked."""

PLAN_DEADLINE_S: Final = 30.0
_numbers = itertools.count(1)


class UnplannableError(Exception):
    """The write's dry run failed: the write would too, so nobody needs to be asked."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("the dry run failed")
        self.answer = answer


class Admission:
    """Whether one call of one session may pass."""

    def __init__(
        self, house: House, session: int, subjects: Subjects, caller: Caller, asked: Asked, host: HostEnd
    ) -> None:
        self._number = next(_numbers)
        self._house = house
        self._session = session
        self._subjects = subjects
        self._caller = caller
        self._asked = asked
        self._host = host

    def at_once(self, subject: Subject) -> Verdict | None:
        """The verdict on a call that only reads and that the rules allow; None for every other."""
        if subject.call.is_write:
            return None
        ruling = self._house.gate.ruling(subject.call)
        if ruling.decision is not Decision.ALLOW or ruling.by is DecidedBy.PERSON:
            return None
        return self._house.gate.settle(subject.call, ruling)

    async def verdict(self, subject: Subject) -> tuple[Verdict, Subject]:
        """The verdict, and the call with what was planned for it. Raises ``UnplannableError`` and ``OstiaryError``."""
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
            subject = await self._as_it_runs(subject)
            state = self._house.tool_state(self._caller.seen_as, subject.target.server, subject.target.own_name)
            verdict = gate.may_still(msgspec.structs.replace(subject.call, tool_state=state)) or verdict
            self._check_unchanged(subject)
        return verdict, subject

    async def _as_it_runs(self, subject: Subject) -> Subject:
        """The call, for the process of now: the server may have been started anew while the person was asked."""
        if not subject.client.closed:
            return subject
        client = await self._house.connections.ready(subject.target.server, self._session)
        if self._house.servers.identity(subject.target.server) != subject.call.server_identity:
            raise ServerError("The server changed while the person was asked", "The call was not made. Try again.")
        return msgspec.structs.replace(subject, client=client)

    def _check_unchanged(self, subject: Subject) -> None:
        now = self._house.connections.definition(subject.target.server, subject.target.own_name)
        if now != subject.definition:
            raise ServerError("The tool changed while the person was asked", "The call was not made. Try again.")

    async def _with_plan(self, subject: Subject) -> Subject:
        tool, call = subject.target.tool, subject.call
        if tool is None or not call.is_write or call.origin is not ServerOrigin.BUNDLED or not can_plan(tool):
            return subject
        params = self._subjects.params(subject.target) | {"arguments": self._subjects.shown | {"dryRun": True}}
        try:
            answer = await subject.client.ask(methods.CALL_TOOL, params, deadline_s=PLAN_DEADLINE_S)
        except TimeoutError as error:
            raise ServerError(f"The server {call.server} did not say in time what it would change") from error
        if answer.error is not None or says_error(answer.result):
            raise UnplannableError(answer)
        plan = read_plan(answer.result)
        if plan is None:
            raise ServerError(
                f"The server {call.server} did not say what it would change", "Nothing was asked or done."
            )
        return msgspec.structs.replace(subject, plan=plan)

    async def _ask(self, subject: Subject) -> Verdict:
        server, tool = subject.target.server, subject.target.tool
        topic = preview.Subject(
            call=subject.call,
            caller=self._caller,
            server_title=self._house.servers.known(server).title or server,
            tool_title="" if tool is None else tool.title,
            arguments=self._subjects.shown,
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
