"""Writes of a server that runs alone: its client puts them to the person before they are done, or they are refused.

A write is planned as its dry run is, the plan is shown, and once it is allowed exactly that plan is applied, by its
hashes. While a question is open nothing is held: no thread, no lock, no other call. Without an answer nothing is
written, whatever the reason. A client of the older generation is asked while its call is open; one of 2026-07-28 gets
``input_required`` and comes back (MCP 2026-07-28, basic/patterns/mrtr).
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, assert_never

import anyio
import mcp_types as types
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import ValidationError

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.plan import ChangePlan, shown_plan
from ostiary_servers.common.question import Verdict, can_be_asked, question, verdict
from ostiary_servers.common.tickets import LIFETIME_S, Subject, Tickets
from ostiary_servers.common.tool_server import (
    Call,
    CallAnswer,
    Context,
    Tool,
    Toolbox,
    client_of,
    contained,
    done,
    failed,
)
from ostiary_servers.common.writes import Writes

QUESTION = "confirm"
"""The key of the one question in an ``input_required`` result."""


def toolbox_alone(tools: tuple[Tool[Any], ...], writes: Writes) -> Toolbox:
    """The tools of a server that runs alone."""
    match writes:
        case Writes.ASK:
            return AskingToolbox(tools)
        case Writes.ALLOW:
            return Toolbox(tools)
        case Writes.REFUSE:
            return RefusingToolbox(tools)
    assert_never(writes)


class RefusingToolbox(Toolbox):
    """Does no write, only what it would do."""

    def call(self, params: types.CallToolRequestParams) -> Call | None:
        """As ``Toolbox.call``."""
        call = super().call(params)
        return Call(_refusal, call.budget_s, writes=False) if call and self.would_write(params) else call


class AskingToolbox(Toolbox):
    """Asks before each write. ``clock``: seconds that only grow; ``patience_s``: how long an open call may wait."""

    def __init__(
        self, tools: tuple[Tool[Any], ...], clock: Callable[[], float] = time.monotonic, patience_s: float = LIFETIME_S
    ) -> None:
        super().__init__(tools)
        self._tickets = Tickets(clock)
        self._patience_s = patience_s

    def call(self, params: types.CallToolRequestParams) -> Call | None:
        """As ``Toolbox.call``; None for a write too, because asking needs a session."""
        return None if self.would_write(params) else super().call(params)

    async def call_tool(self, ctx: Context, params: types.CallToolRequestParams) -> CallAnswer:
        """As ``Toolbox.call_tool``; a write may end with a question."""
        if not self.would_write(params):
            return await super().call_tool(ctx, params)
        try:
            if _is_modern(ctx) and params.request_state is not None:
                return await self._answered(params, params.request_state, _subject(ctx, params))
            return await self._planned(ctx, params)
        except ToolError as error:
            return failed(error)

    async def _planned(self, ctx: Context, params: types.CallToolRequestParams) -> CallAnswer:
        tool = self._tools[params.name]
        work = partial(tool.plan, params.arguments or {}, params.meta)
        planned = await done(Call(work, tool.budget_s, writes=False))
        if planned.is_error:
            return planned
        plan = contained(lambda: _plan_in(planned))
        if not plan.items:
            return await self._applied(params, {})
        if not can_be_asked(ctx.session.client_capabilities):
            raise _approval_required()
        if _is_modern(ctx):
            state = self._tickets.issue(_subject(ctx, params), plan.before)
            asked: types.InputRequests = {QUESTION: types.ElicitRequest(params=question(plan))}
            return types.InputRequiredResult(input_requests=asked, request_state=state)
        _require_allowed(await self._asked(ctx, plan))
        return await self._applied(params, plan.before)

    async def _asked(self, ctx: Context, plan: ChangePlan) -> Verdict:
        form = question(plan)
        with anyio.move_on_after(self._patience_s):
            try:
                return verdict(await ctx.session.elicit_form(form.message, form.requested_schema, ctx.request_id))
            except (MCPError, ValidationError):  # it went away, or gave what is no answer
                return Verdict.UNANSWERED
        return Verdict.UNANSWERED

    async def _answered(
        self, params: types.CallToolRequestParams, state: str, subject: Subject
    ) -> types.CallToolResult:
        before = self._tickets.redeem(state, subject)
        if before is None:
            raise _bad_confirmation()
        _require_allowed(verdict((params.input_responses or {}).get(QUESTION)))
        return await self._applied(params, before)

    async def _applied(
        self, params: types.CallToolRequestParams, before: Mapping[str, str | None]
    ) -> types.CallToolResult:
        """With the hashes that were shown, whatever the client itself says of a plan."""
        tool = self._tools[params.name]
        meta = {**(params.meta or {}), **shown_plan(before)}
        return await done(self.write(tool, partial(tool.call, params.arguments or {}, meta)))


def _is_modern(ctx: Context) -> bool:
    return ctx.protocol_version in MODERN_PROTOCOL_VERSIONS


def _subject(ctx: Context, params: types.CallToolRequestParams) -> Subject:
    arguments = json.dumps(params.arguments or {}, sort_keys=True).encode()
    client = ctx.session.client_params.client_info if ctx.session.client_params else None
    named = (client.name, client.version) if client else ()
    return Subject(params.name, hashlib.sha256(arguments).hexdigest(), (client_of(ctx), *named))


def _plan_in(planned: types.CallToolResult) -> ChangePlan:
    return ChangePlan.model_validate(planned.structured_content["plan"], strict=False)


def _require_allowed(said: Verdict) -> None:
    match said:
        case Verdict.ALLOWED:
            return
        case Verdict.DECLINED:
            raise ToolError(
                ErrorCode.DECLINED,
                "The person declined this change; nothing was written.",
                "Do not repeat it; ask them what they want instead.",
            )
        case Verdict.UNANSWERED:
            raise ToolError(
                ErrorCode.UNANSWERED,
                "The question whether to make this change was not answered; nothing was written.",
                "Ask the person before you try it again.",
            )
    assert_never(said)


def _approval_required() -> ToolError:
    return ToolError(
        ErrorCode.APPROVAL_REQUIRED,
        "A person must allow this change, and this client cannot ask one; nothing was written.",
        "Tell the person to start this server with --writes allow if it may write without being asked.",
    )


def _bad_confirmation() -> ToolError:
    return ToolError(
        ErrorCode.BAD_CONFIRMATION,
        "This requestState is not that of an open question for this very call; nothing was written.",
        "Make the call anew, without it.",
    )


def _refusal() -> types.CallToolResult:
    return failed(
        ToolError(
            ErrorCode.DENIED_BY_POLICY,
            "This server was started to write nothing (--writes refuse).",
            "With dryRun it shows what would change.",
        )
    )
