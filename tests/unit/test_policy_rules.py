"""What the gate makes of a call, rule by rule."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from msgspec.structs import replace

from ostiary.domain.approval import Decision, Duration, GateMode, Scope
from ostiary.domain.call import DecidedBy
from ostiary.domain.server import ServerOrigin, ToolHints, ToolState
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.denial import DenialCause
from ostiary.gateway.policy.pins import PinState
from ostiary.gateway.policy.rule import Rule, gap, is_about, rule_for
from ostiary.gateway.policy.rules import Recent, decide
from tests.support import policy_calls

READ_ONLY = ToolHints(read_only=True)
ALLOW, ASK, DENY = Decision.ALLOW, Decision.ASK, Decision.DENY

WRITE = replace(policy_calls.WRITE, host="claude-desktop", arguments=(b"a1",))


def given(call: Call, number: int = 1) -> Rule:
    return rule_for(call, number, Scope.TOOL, Duration.UNTIL_QUIT, 0.0)


READ = replace(WRITE, tool="read_text_file", hints=READ_ONLY)
ADDED = replace(READ, server="weather", origin=ServerOrigin.ADDED)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (WRITE, ASK),
        (READ, ALLOW),
        (replace(WRITE, hints=ToolHints(destructive=False, idempotent=True, open_world=False)), ASK),
        (ADDED, ASK),
        (replace(ADDED, trusted=True), ALLOW),
        (replace(ADDED, trusted=True, hints=ToolHints()), ASK),
        (replace(READ, pin=PinState.COSMETIC), ALLOW),
        (replace(READ, pin=PinState.BEHAVIOURAL), ASK),
        (replace(READ, pin=PinState.NEW), ASK),
        (replace(READ, tool_state=ToolState.ASKS), ASK),
        (replace(READ, tool_state=ToolState.DISABLED), DENY),
        (replace(READ, sensitive=True), ASK),
        (replace(ADDED, method="resources/read", tool="", hints=ToolHints()), ALLOW),
        (replace(ADDED, method="resources/read", tool="", sensitive=True), ASK),
        (replace(ADDED, method="prompts/get", tool=""), ALLOW),
    ],
)
def test_only_a_read_of_a_believed_server_passes_without_being_asked_for(call: Call, expected: Decision) -> None:
    assert decide(call, GateMode.NORMAL, (), Recent.NOTHING).decision is expected


@pytest.mark.parametrize(
    ("mode", "read", "write", "granted"),
    [
        (GateMode.NORMAL, ALLOW, ASK, ALLOW),
        (GateMode.ASK_ALL, ASK, ASK, ASK),
        (GateMode.BLOCK_ALL, DENY, DENY, DENY),
        (GateMode.PAUSED, ALLOW, DENY, ALLOW),
    ],
)
def test_the_mode_decides_over_reads_writes_and_grants(
    mode: GateMode, read: Decision, write: Decision, granted: Decision
) -> None:
    assert decide(READ, mode, (), Recent.NOTHING).decision is read
    assert decide(WRITE, mode, (), Recent.NOTHING).decision is write
    assert decide(WRITE, mode, (given(WRITE),), Recent.NOTHING).decision is granted


def test_a_grant_lets_its_tool_pass_and_is_named_in_the_ruling() -> None:
    ruling = decide(WRITE, GateMode.NORMAL, (given(WRITE, 7),), Recent.NOTHING)
    assert (ruling.decision, ruling.by, ruling.rule) == (ALLOW, DecidedBy.RULE, 7)


@pytest.mark.parametrize(
    "change",
    [
        {"host": "cursor"},
        {"host_verified": False},
        {"server": "code"},
        {"server_identity": "s2"},
        {"tool": "edit_file"},
        {"definition": "d2"},
        {"pin": PinState.BEHAVIOURAL},
        {"sensitive": True},
        {"tool_state": ToolState.DISABLED},
    ],
    ids=str,
)
def test_a_grant_does_not_let_pass_what_differs_from_what_was_granted(change: dict[str, Any]) -> None:
    other = replace(WRITE, **change)
    assert decide(other, GateMode.NORMAL, (given(WRITE),), Recent.NOTHING).decision is not ALLOW


@pytest.mark.parametrize("change", [{"arguments": (b"a2",)}, {"session": 2}, {"tool_state": ToolState.ASKS}], ids=str)
def test_a_grant_holds_for_other_arguments_other_sessions_and_a_tool_that_asks(change: dict[str, Any]) -> None:
    other = replace(WRITE, **change)
    assert decide(other, GateMode.NORMAL, (given(WRITE),), Recent.NOTHING).decision is ALLOW


def test_a_grant_to_an_unverified_host_holds_on_that_connection_only() -> None:
    claimed = replace(WRITE, host_verified=False)
    rule = given(claimed)
    assert is_about(rule, claimed)
    assert not gap(rule, claimed)
    assert not is_about(rule, replace(claimed, session=2))
    assert not is_about(rule, replace(WRITE, session=2))


def test_what_the_person_said_about_the_identical_call_beats_every_rule_but_a_block() -> None:
    grants = (given(WRITE),)
    denied = decide(WRITE, GateMode.NORMAL, grants, Recent.DENIED)
    assert (denied.decision, denied.cause) == (DENY, DenialCause.REPEATED)
    assert decide(WRITE, GateMode.ASK_ALL, (), Recent.ALLOWED_LATE).decision is ALLOW
    assert decide(WRITE, GateMode.PAUSED, (), Recent.ALLOWED_LATE).decision is ALLOW
    assert decide(WRITE, GateMode.BLOCK_ALL, (), Recent.ALLOWED_LATE).decision is DENY
    disabled = replace(WRITE, tool_state=ToolState.DISABLED)
    assert decide(disabled, GateMode.NORMAL, (), Recent.ALLOWED_LATE).decision is DENY


def test_every_denial_and_nothing_else_has_a_cause() -> None:
    calls = [
        replace(WRITE, hints=hints, tool_state=state, pin=pin, sensitive=sensitive)
        for hints, state, pin, sensitive in itertools.product(
            (ToolHints(), READ_ONLY), ToolState, PinState, (False, True)
        )
    ]
    for call, mode, recent in itertools.product(calls, GateMode, Recent):
        ruling = decide(call, mode, (given(WRITE),), recent)
        assert (ruling.cause is not None) == (ruling.decision is DENY)
        assert ruling.reason


@pytest.mark.parametrize(
    "change",
    [
        {"host": "cursor"},
        {"host_verified": False},
        {"server_identity": "s2"},
        {"tool": "edit_file"},
        {"definition": "d2"},
        {"arguments": (b"a2",)},
        {"method": "prompts/get"},
    ],
    ids=str,
)
def test_calls_that_differ_have_different_keys(change: dict[str, Any]) -> None:
    assert replace(WRITE, **change).key != WRITE.key


def test_arguments_are_the_same_in_however_many_pieces_they_come() -> None:
    assert replace(WRITE, arguments=(b"a", b"1")).key == WRITE.key


def test_the_key_ties_an_unverified_caller_to_its_connection_and_a_verified_one_to_its_name() -> None:
    assert replace(WRITE, session=2).key == WRITE.key
    claimed = replace(WRITE, host_verified=False)
    assert replace(claimed, session=2).key != claimed.key
