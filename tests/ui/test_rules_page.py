"""The page Rules and the ways to it: live rules with their time, changed tools side by side, and what has ended."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ostiary.control.messages import AcceptDefinition, AllowNext, CompareDefinition, RevokeGrant, SetToolState
from ostiary.domain.approval import Decision, Duration, EndedGrant, Grant, Scope
from ostiary.domain.call import Outcome
from ostiary.domain.events import Grants
from ostiary.domain.server import ToolState
from ostiary.ui.pages import activity_words, rule_words
from ostiary.ui.pages.changed_tool import ChangedToolRow
from ostiary.ui.pages.rule_row import RuleRow
from tests.support import fake_world
from tests.support.front import Front

RULES, ACTIVITY = 6, 3
NOW = 10_000.0
RULE = Grant(
    id=3,
    host="cursor",
    server="files",
    tool="edit_file",
    scope=Scope.TOOL,
    duration=Duration.HOUR,
    granted_at=NOW,
    ends_at=NOW + 3_600,
)
TITLES = {"cursor": "Cursor"}, {"files": "Files"}


def rule_row(front: Front, number: int) -> RuleRow:
    front.show_place(RULES)
    row = front.application.rules.page.rules.row(str(number))
    assert isinstance(row, RuleRow)
    return row


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Cursor may use edit_file of Files"),
        ({"host": ""}, "Every host may use edit_file of Files"),
        ({"host": "", "decision": Decision.DENY}, "No host may use edit_file of Files"),
        ({"decision": Decision.DENY}, "Cursor may not use edit_file of Files"),
        ({"scope": Scope.ARGUMENTS}, "Cursor may use edit_file with the same arguments"),
        ({"scope": Scope.FOLDER, "folder": "/srv/\u202esite"}, "Cursor may use edit_file in /srv/⟨U+202E⟩site"),
        ({"scope": Scope.SERVER_READS}, "Cursor may use what Files says only reads"),
        ({"scope": Scope.SERVER}, "Cursor may use every tool of Files"),
    ],
)
def test_a_rule_is_told_in_one_plain_line(changes: dict[str, object], words: str) -> None:
    assert rule_words.title(replace(RULE, **changes), *TITLES) == words


def test_the_time_left_counts_down_and_never_below_nothing() -> None:
    assert [rule_words.time_left(RULE, NOW + after) for after in (0, 3_540.5, 4_000)] == [
        "1 h left",
        "1 min left",
        "0 s left",
    ]
    assert rule_words.time_left(replace(RULE, ends_at=None, duration=Duration.ALWAYS), NOW) == "always"


def test_the_time_left_ticks_while_the_page_is_seen(front: Front) -> None:
    rule = replace(RULE, granted_at=time.time(), ends_at=time.time() + 30)
    front.application.mirror.take_event(Grants(grants=(rule,)))
    row = rule_row(front, rule.id)
    before = front.words(row)
    front.wait(lambda: front.words(row) != before)
    assert "s left" in front.words(row)


def test_a_rule_is_revoked_by_a_click_and_stands_among_the_ended(front: Front) -> None:
    front.click(rule_row(front, 7).revoke)
    front.wait_asked(RevokeGrant(id=7))
    front.wait(lambda: front.application.rules.page.rules.row("7") is None)
    front.wait(lambda: "You revoked it · 0 s ago · used 4 times" in front.words(front.application.rules.page))


def test_revoking_all_leaves_the_page_that_teaches(front: Front) -> None:
    front.show_place(RULES)
    front.click(front.application.rules.page.revoke_all)
    front.wait_asked(RevokeGrant(id=0))
    front.wait(lambda: rule_words.NO_RULES in front.words(front.application.rules.page))
    assert not front.application.rules.page.revoke_all.isVisible()


def test_a_suspended_rule_says_why(front: Front) -> None:
    assert "Suspended. The tool's definition changed." in front.words(rule_row(front, 12))


def changed_row(front: Front) -> ChangedToolRow:
    front.show_place(RULES)
    row = front.application.rules.page.tools.row("weather\nforecast")
    assert isinstance(row, ChangedToolRow)
    return row


def test_a_changed_tool_is_accepted_only_after_both_definitions_were_shown(front: Front) -> None:
    row = changed_row(front)
    assert not row.accept.isVisible()
    front.click(row.compare)
    front.wait_asked(CompareDefinition(name="weather", own_name="forecast"))
    front.wait(row.accept.isVisible)
    assert front.window.focusWidget() is row.keep_asking
    front.click(row.accept)
    front.wait_asked(AcceptDefinition(name="weather", own_name="forecast", token="t1"))
    front.wait(lambda: front.application.rules.page.tools.row("weather\nforecast") is None)


@pytest.mark.parametrize(("button", "state"), [("keep_asking", ToolState.ASKS), ("disable", ToolState.DISABLED)])
def test_a_changed_tool_can_go_on_asking_or_be_disabled(front: Front, button: str, state: ToolState) -> None:
    row = changed_row(front)
    front.click(row.compare)
    front.wait(row.accept.isVisible)
    front.click(getattr(row, button))
    front.wait_asked(SetToolState(name="weather", own_name="forecast", state=state))


def open_call(front: Front, number: int) -> None:
    front.show_place(ACTIVITY)
    front.application.activity.table.opened.emit(number)
    front.wait(front.application.activity.pane.isVisible)


def test_a_call_leads_to_the_rule_that_decided_it(front: Front) -> None:
    open_call(front, 2)
    link = front.application.activity.pane.rule
    assert link.text() == "Rule 7 →"
    front.click(link)
    assert front.application.rules.page.isVisible()
    assert front.window.focusWidget() is rule_row(front, 7).revoke


def test_a_denied_call_can_be_allowed_next_time_and_one_that_passed_cannot(front: Front) -> None:
    pane = front.application.activity.pane
    open_call(front, 2)
    assert not pane.allow_next.isVisible()
    open_call(front, 3)
    front.wait(pane.allow_next.isVisible)
    front.click(pane.allow_next)
    front.wait_asked(AllowNext(id=3))
    front.wait(lambda: activity_words.ALLOWED_NEXT in front.words(pane))


def test_a_refusal_is_told_where_the_wish_was(front: Front) -> None:
    pane = front.application.activity.pane
    open_call(front, 1)
    pane.allow_next_wanted.emit(1)
    front.wait(lambda: "This call is too long ago" in front.words(pane))


def test_a_tool_is_set_to_ask_from_its_call(front: Front) -> None:
    open_call(front, 2)
    front.click(front.application.activity.pane.always_ask)
    row = fake_world.call(2, Outcome.FAILED)
    front.wait_asked(SetToolState(name=row.server, own_name=row.tool, state=ToolState.ASKS))


def test_ctrl_7_shows_the_rules(front: Front) -> None:
    QTest.keyClick(front.window, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    front.wait(front.application.rules.page.isVisible)


def test_an_ended_rule_is_told_in_one_line() -> None:
    end = EndedGrant(grant=replace(RULE, uses=2), ended_at=NOW, reason="Its time ran out.")
    told = rule_words.ended(end, *TITLES, NOW + 120)
    assert told == "Cursor may use edit_file of Files · Its time ran out · 2 min ago · used 2 times"
