"""The whole matrix: what each scope covers, what is bound to what, which rule wins, and what a prompt may offer."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from msgspec.structs import replace

from ostiary.domain.approval import Decision, Duration, GateMode, Scope
from ostiary.domain.call import DecidedBy
from ostiary.domain.root import Root
from ostiary.domain.server import ServerOrigin, ToolHints, ToolState
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.denial import DenialCause
from ostiary.gateway.policy.offers import offers
from ostiary.gateway.policy.pins import PinState
from ostiary.gateway.policy.rule import Rule, in_words, rule_for
from ostiary.gateway.policy.rules import Recent, Ruling, decide
from tests.support.policy_calls import WRITE

ALLOW, ASK, DENY = Decision.ALLOW, Decision.ASK, Decision.DENY
NOW = 1_000.0
READS = ToolHints(read_only=True, destructive=False, open_world=False)
HOME = Root("/home/me", "Home")
SITE = Root("/home/me/site", "Site")

EDIT = replace(
    WRITE,
    host_identity="/opt/cursor/cursor",
    tool="edit_file",
    arguments=(b'{"path":"/home/me/site/a.txt"}',),
    paths=("/home/me/site/a.txt",),
)
OTHER_TOOL = replace(EDIT, tool="write_file", definition="d2")
A_READ = replace(EDIT, tool="fetch", definition="d3", hints=READS, trusted=False, origin=ServerOrigin.ADDED)
SAME_FOLDER = replace(EDIT, arguments=(b"b",), paths=("/home/me/site/deep/b.txt",))
ELSEWHERE = replace(EDIT, arguments=(b"c",), paths=("/home/me/site/a.txt", "/home/me/other.txt"))
NOWHERE = replace(EDIT, arguments=(b"d",), paths=())
UNKNOWN = replace(EDIT, arguments=(b"e",), paths=None)


def rule(scope: Scope, duration: Duration = Duration.HOUR, of: Call = EDIT, number: int = 1) -> Rule:
    return rule_for(of, number, scope, duration, NOW, "/home/me/site")


def ruling(call: Call, *live: Rule) -> Ruling:
    return decide(call, GateMode.NORMAL, live, Recent.NOTHING)


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (Scope.ARGUMENTS, [EDIT]),
        (Scope.FOLDER, [EDIT, SAME_FOLDER]),
        (Scope.TOOL, [EDIT, SAME_FOLDER, ELSEWHERE, NOWHERE, UNKNOWN]),
        (Scope.SERVER_READS, [A_READ]),
        (Scope.SERVER, [EDIT, SAME_FOLDER, ELSEWHERE, NOWHERE, UNKNOWN, OTHER_TOOL, A_READ]),
    ],
)
def test_each_scope_covers_what_it_says_and_nothing_else(scope: Scope, covered: list[Call]) -> None:
    for call in (EDIT, SAME_FOLDER, ELSEWHERE, NOWHERE, UNKNOWN, OTHER_TOOL, A_READ):
        assert (ruling(call, rule(scope)).decision is ALLOW) is (call in covered), call


def test_a_folder_beside_one_of_a_like_name_is_not_in_it() -> None:
    near = replace(EDIT, arguments=(b"x",), paths=("/home/me/site-2/a.txt",))
    assert ruling(near, rule(Scope.FOLDER)).decision is ASK


@pytest.mark.parametrize("scope", [Scope.ARGUMENTS, Scope.FOLDER, Scope.TOOL, Scope.SERVER])
@pytest.mark.parametrize(
    "change",
    [
        {"host": "zed"},
        {"host_identity": "/opt/other/cursor"},
        {"host_verified": False},
        {"server": "code"},
        {"server_identity": "s2"},
    ],
    ids=str,
)
def test_no_rule_outlives_a_change_of_who_asks_or_who_serves(scope: Scope, change: dict[str, Any]) -> None:
    assert ruling(replace(EDIT, **change), rule(scope, Duration.ALWAYS)).decision is ASK


@pytest.mark.parametrize("scope", [Scope.ARGUMENTS, Scope.FOLDER, Scope.TOOL])
def test_a_rule_about_one_tool_is_bound_to_its_definition(scope: Scope) -> None:
    assert ruling(replace(EDIT, definition="d9"), rule(scope)).decision is ASK


@pytest.mark.parametrize(
    ("scope", "change", "expected"),
    [
        (Scope.SERVER, {"pin": PinState.BEHAVIOURAL}, ASK),
        (Scope.TOOL, {"pin": PinState.NEW}, ASK),
        (Scope.FOLDER, {"sensitive": True}, ASK),
        (Scope.TOOL, {"sensitive": True}, ASK),
        (Scope.ARGUMENTS, {"sensitive": True}, ALLOW),
        (Scope.SERVER, {"tool_state": ToolState.ASKS}, ASK),
        (Scope.TOOL, {"tool_state": ToolState.ASKS}, ALLOW),
        (Scope.ARGUMENTS, {"tool_state": ToolState.DISABLED}, DENY),
    ],
)
def test_what_is_narrower_than_a_rule_wins_over_it(scope: Scope, change: dict[str, Any], expected: Decision) -> None:
    assert ruling(replace(EDIT, **change), rule(scope)).decision is expected


NARROWEST_FIRST = [Scope.ARGUMENTS, Scope.FOLDER, Scope.TOOL, Scope.SERVER]


@pytest.mark.parametrize(("narrow", "wide"), list(itertools.combinations(NARROWEST_FIRST, 2)))
@pytest.mark.parametrize(("one", "other"), list(itertools.permutations((ALLOW, ASK, DENY), 2)))
def test_the_most_specific_rule_wins(narrow: Scope, wide: Scope, one: Decision, other: Decision) -> None:
    rules = (replace(rule(wide, number=1), decision=other), replace(rule(narrow, number=2), decision=one))
    for live in (rules, rules[::-1]):
        found = ruling(EDIT, *live)
        assert (found.decision, found.rule) == (one, 2)


@pytest.mark.parametrize("scope", NARROWEST_FIRST)
def test_among_equals_deny_beats_ask_beats_allow(scope: Scope) -> None:
    allows, asks, denies = (replace(rule(scope), decision=decision) for decision in (ALLOW, ASK, DENY))
    for live in itertools.permutations((allows, asks, denies)):
        assert ruling(EDIT, *live).decision is DENY
    assert ruling(EDIT, allows, asks).decision is ASK


def test_a_rule_that_denies_holds_for_every_host_of_that_name_and_says_so() -> None:
    denies = replace(rule(Scope.SERVER), decision=DENY)
    for call in (replace(EDIT, host_verified=False, session=9), replace(EDIT, server_identity="s2")):
        found = ruling(call, denies)
        assert (found.decision, found.by, found.cause) == (DENY, DecidedBy.RULE, DenialCause.RULE)
    assert "Rule 1 denies every tool of files" in found.reason


def test_a_rule_for_every_host_is_for_the_verified_ones() -> None:
    everybody = replace(rule(Scope.TOOL), host="", host_identity="")
    assert ruling(replace(EDIT, host="zed"), everybody).decision is ALLOW
    assert ruling(replace(EDIT, host="zed", host_verified=False), everybody).decision is ASK


def test_until_the_host_disconnects_means_this_connection() -> None:
    live = rule(Scope.TOOL, Duration.UNTIL_DISCONNECT)
    assert ruling(EDIT, live).decision is ALLOW
    assert ruling(replace(EDIT, session=2), live).decision is ASK


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope.ARGUMENTS, "Rule 4 allows edit_file with the same arguments, for one hour."),
        (Scope.FOLDER, "Rule 4 allows edit_file in the folder /home/me/site, for one hour."),
        (Scope.TOOL, "Rule 4 allows edit_file, for one hour."),
        (Scope.SERVER_READS, "Rule 4 allows what files only reads, for one hour."),
        (Scope.SERVER, "Rule 4 allows every tool of files, for one hour."),
    ],
)
def test_a_rule_has_words_for_the_log(scope: Scope, words: str) -> None:
    assert in_words(rule(scope, number=4)) == words


# What is offered


def scopes(call: Call) -> list[Scope]:
    return [offer.scope for offer in offers(call, (HOME, SITE))]


def lasting(call: Call, scope: Scope, *, risky_always: bool = False) -> tuple[Duration, ...]:
    found = offers(call, (HOME, SITE), risky_always=risky_always)
    return next(offer.durations for offer in found if offer.scope is scope)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (NOWHERE, [Scope.ARGUMENTS, Scope.TOOL, Scope.SERVER]),
        (EDIT, [Scope.ARGUMENTS, Scope.FOLDER, Scope.TOOL, Scope.SERVER]),
        (A_READ, [Scope.ARGUMENTS, Scope.TOOL, Scope.SERVER_READS, Scope.SERVER]),
        (replace(EDIT, sensitive=True), [Scope.ARGUMENTS]),
        (replace(NOWHERE, tool_state=ToolState.ASKS), [Scope.ARGUMENTS, Scope.TOOL]),
        (replace(EDIT, pin=PinState.BEHAVIOURAL), []),
        (replace(EDIT, method="resources/read", tool=""), []),
    ],
)
def test_only_what_would_count_next_time_is_offered(call: Call, expected: list[Scope]) -> None:
    assert scopes(call) == expected


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        (("/home/me/site/deep/a.txt",), ["/home/me/site/deep", "/home/me/site"]),
        (("/home/me/site/deep/a.txt", "/home/me/site/b.txt"), ["/home/me/site"]),
        (("/home/me/site",), ["/home/me/site"]),
        (("/home/me/site/a.txt", "/home/me/b.txt"), ["/home/me"]),
        (("/etc/passwd",), []),
    ],
)
def test_the_folders_on_offer_hold_every_path_and_are_approved(paths: tuple[str, ...], folders: list[str]) -> None:
    call = replace(EDIT, paths=paths)
    found = [offer.folder for offer in offers(call, (HOME, SITE)) if offer.scope is Scope.FOLDER]
    assert found == folders
    for folder in found:
        assert ruling(call, rule_for(call, 1, Scope.FOLDER, Duration.HOUR, NOW, folder)).decision is ALLOW


def test_everything_on_offer_lets_the_same_call_pass_next_time() -> None:
    unverified = replace(EDIT, host_verified=False)
    for call in (EDIT, A_READ, unverified, replace(EDIT, sensitive=True), replace(NOWHERE, tool_state=ToolState.ASKS)):
        for offer in offers(call, (HOME, SITE), risky_always=True):
            for duration in offer.durations:
                live = rule_for(call, 1, offer.scope, duration, NOW, offer.folder)
                assert ruling(call, live).decision is ALLOW, (call, offer.scope, duration)


TAME = replace(EDIT, hints=ToolHints(destructive=False, open_world=False))


@pytest.mark.parametrize(
    ("call", "risky_always", "expected"),
    [
        (TAME, False, True),
        (replace(TAME, hints=READS), False, True),
        (EDIT, False, False),
        (replace(TAME, hints=ToolHints(destructive=False, open_world=True)), False, False),
        (replace(TAME, origin=ServerOrigin.ADDED), False, False),
        (replace(TAME, origin=ServerOrigin.ADDED, trusted=True), False, True),
        (EDIT, True, True),
        (replace(TAME, host_verified=False), True, False),
    ],
)
def test_always_is_offered_for_the_verified_and_the_tame_unless_settings_say_otherwise(
    call: Call, risky_always: bool, expected: bool
) -> None:
    assert (Duration.ALWAYS in lasting(call, Scope.TOOL, risky_always=risky_always)) is expected


def test_a_whole_server_is_never_for_always_by_itself() -> None:
    assert Duration.ALWAYS not in lasting(TAME, Scope.SERVER)
    assert Duration.ALWAYS in lasting(TAME, Scope.SERVER, risky_always=True)


def test_an_unverified_host_is_offered_nothing_that_outlives_its_connection() -> None:
    found = lasting(replace(TAME, host_verified=False), Scope.TOOL)
    assert found == (Duration.FIVE_MINUTES, Duration.HOUR, Duration.UNTIL_DISCONNECT)
