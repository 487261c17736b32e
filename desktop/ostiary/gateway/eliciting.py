"""``--writes elicit``: without a front, a write is put to the person by the host that asks for it.

The host's window is not ours, and it may answer by itself; that is why this is a choice, and why it covers plain writes
only. A host that did not say that it can ask is not asked: the write is denied.
"""

from __future__ import annotations

import asyncio

import msgspec

from ostiary.domain.approval import Question
from ostiary.domain.call import DecidedBy
from ostiary.domain.plan import ChangePlan
from ostiary.gateway.gate import HOST_PATIENCE_S
from ostiary.gateway.host_end import HostEnd
from ostiary.gateway.inquiry import ELICIT, Inquiry, Reply, can_be_asked, is_accepted
from ostiary.gateway.policy.denial import DenialCause, decided_by
from ostiary.gateway.policy.verdict import Verdict
from ostiary.gateway.wire.envelope import UNREADABLE

DIFF_LINES = 20
ARGUMENT_CHARACTERS = 500
_SCHEMA = {
    "type": "object",
    "properties": {"allow": {"type": "boolean", "title": "Allow this change", "default": False}},
    "required": ["allow"],
}


class _Content(msgspec.Struct):
    allow: bool = False


class _Result(msgspec.Struct):
    content: _Content = msgspec.field(default_factory=_Content)


async def elicit(host: HostEnd, question: Question) -> Verdict:
    """The verdict of who sits in front of the host. Cancelling takes the question back.

    A legacy host is waited for as long as it waits for its call; a 2026-07-28 host until its ticket is too old.
    """
    form = {"mode": "form", "message": message(question), "requestedSchema": _SCHEMA}
    inquiry = Inquiry(ELICIT, msgspec.json.encode(form))
    if not can_be_asked(inquiry, host.capabilities):
        return Verdict(DecidedBy.HEADLESS, "This host cannot ask anybody.", DenialCause.HEADLESS)
    answered: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    withdraw = host.inquire(inquiry, lambda reply: None if answered.done() else answered.set_result(reply))
    began_s = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(None if host.modern else HOST_PATIENCE_S):
            cause = denial(await answered)
    except TimeoutError:
        cause = DenialCause.UNANSWERED
    finally:
        withdraw()
    waited_s = asyncio.get_running_loop().time() - began_s
    if cause is None:
        return Verdict(DecidedBy.HEADLESS, "The host asked, and it was allowed there.", waited_s=waited_s)
    return Verdict(decided_by(cause), "The host asked, and it was not allowed there.", cause, waited_s=waited_s)


def denial(reply: Reply) -> DenialCause | None:
    """Why the write is denied; None for a form that was accepted with its one box ticked."""
    try:
        is_allowed = is_accepted(reply) and msgspec.json.decode(reply.result or b"", type=_Result).content.allow
    except UNREADABLE:
        is_allowed = False
    if is_allowed:
        return None
    said_so = reply.result is not None and b'"cancel"' not in reply.result
    return DenialCause.PERSON if said_so else DenialCause.UNANSWERED


def message(question: Question) -> str:
    """What the host shows: who wants what, and the change as its server planned it."""
    if question.plan is not None:
        return "\n".join((question.sentence, *_change(question.plan)))
    arguments = (f"{argument.name}: {argument.text[:ARGUMENT_CHARACTERS]}" for argument in question.arguments)
    return "\n".join((question.sentence, *arguments))


def _change(plan: ChangePlan) -> list[str]:
    added, removed = sum(item.added for item in plan.items), sum(item.removed for item in plan.items)
    diff = [line for item in plan.items for line in item.diff.splitlines()]
    files = "1 file" if len(plan.items) == 1 else f"{len(plan.items)} files"
    more = [f"… {len(diff) - DIFF_LINES} more lines"] if len(diff) > DIFF_LINES else []
    return [plan.title, f"{files}, +{added} −{removed}", *diff[:DIFF_LINES], *more]
