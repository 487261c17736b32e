"""What the prompt says, for every kind of question."""

from __future__ import annotations

import pytest

from ostiary.domain.approval import Argument, Question, QuestionEnd
from ostiary.domain.plan import ChangePlan, Operation, PlannedChange, Risk
from ostiary.ui.approval import plan_words, wording
from ostiary.ui.approval.arguments_view import by_weight
from tests.ui import approval_cases as cases


def with_plan(*operations: Operation, risk: Risk = Risk.LOW) -> Question:
    items = tuple(PlannedChange(op=op, path="/a", real_path="/a", root="A", inside=True) for op in operations)
    return cases.changed(cases.edit(), plan=ChangePlan(id="p", tool="t", title="t", risk=risk, items=items))


@pytest.mark.parametrize(
    ("question", "title"),
    [
        (with_plan(Operation.EDIT), "Cursor wants to change 1 file"),
        (with_plan(Operation.CREATE, Operation.CREATE), "Cursor wants to create 2 files"),
        (with_plan(Operation.OVERWRITE), "Cursor wants to overwrite 1 file"),
        (with_plan(Operation.MAKE_FOLDER), "Cursor wants to create 1 folder"),
        (with_plan(Operation.EDIT, Operation.CREATE), "Cursor wants to change 2 paths"),
        (cases.third_party(), "Cursor wants to use create_issue"),
        (cases.changed_tool(), "send_mail is not the tool you accepted"),
        (cases.widen(), "ostiary roots add wants more access"),
        (
            cases.changed(cases.widen(), plan=with_plan(Operation.OVERWRITE).plan),
            "ostiary roots add wants to overwrite 1 file",
        ),
        (cases.hidden(), "Cursor wants to use send⟨U+202E⟩_file"),
    ],
)
def test_the_title_says_who_and_what(question: Question, title: str) -> None:
    assert wording.title(question) == title


def test_a_very_long_name_cannot_push_the_verb_out_of_the_title() -> None:
    caller = cases.changed_caller(title="Cursor" * 50)
    assert wording.title(cases.changed(cases.edit(), caller=caller)).endswith("… wants to change 1 file")


@pytest.mark.parametrize(
    ("question", "word"),
    [
        (cases.changed_tool(), "Definition changed"),
        (cases.unverified(), "Unverified"),
        (cases.create(), "Outside your folders"),
        (cases.third_party(), "Outside your folders"),
        (cases.hidden(), "Hidden characters"),
        (with_plan(Operation.EDIT, risk=Risk.HIGH), "High risk"),
        (cases.changed(cases.edit(), caller=cases.changed_caller(warning="Its parent ended.")), "Check who asks"),
    ],
)
def test_what_is_unusual_is_a_warning_with_a_word(question: Question, word: str) -> None:
    assert word in [warning.word for warning in wording.warnings(question)]


def test_an_ordinary_edit_has_no_warning() -> None:
    assert wording.warnings(cases.edit()) == ()


def test_a_folder_that_is_to_be_approved_is_not_warned_about_as_outside() -> None:
    assert wording.warnings(cases.widen()) == ()


def test_warnings_of_the_gate_are_shown_as_they_are() -> None:
    question = cases.changed(cases.edit(), warnings=("The file is \u202egone.",))
    assert wording.warnings(question) == (wording.Warn("", "The file is ⟨U+202E⟩gone."),)


def test_the_countdown_stands_on_deny() -> None:
    assert wording.deny(38) == "Deny · 38 s"
    assert wording.deny(600) == "Deny · 10 min"


def test_an_answer_that_lasts_is_told_in_plain_words() -> None:
    question = cases.edit()
    assert [wording.scope(offer, question) for offer in question.offers] == [
        "edit_file with these same arguments",
        "edit_file in /home/ada/Projects/site",
        "edit_file, whatever it is given",
        "Every tool of Files",
    ]
    assert [wording.lasts(duration, question) for duration in question.offers[1].durations] == [
        "For 5 minutes",
        "For 1 hour",
        "Until Cursor disconnects",
        "Until Ostiary quits",
        "Always…",
    ]


def test_a_sentence_stands_only_where_it_says_more_than_the_title() -> None:
    assert wording.sentence(cases.edit()) == ""
    assert wording.sentence(cases.widen()) == cases.widen().sentence
    assert wording.sentence(cases.changed_tool()) == cases.changed_tool().sentence
    reading = cases.changed(cases.edit(), tool="", plan=None)
    assert wording.sentence(reading) == reading.sentence


def test_nobody_waits_behind_an_empty_queue() -> None:
    assert [wording.waiting(others) for others in (-1, 0, 2)] == ["", "", "2 more waiting"]


def test_hints_are_what_the_server_says() -> None:
    assert wording.hints(cases.edit().hints) == "The server claims: may destroy · stays on this computer"


def test_a_server_says_where_its_program_comes_from() -> None:
    assert wording.server(cases.edit()).endswith(" · comes with Ostiary")
    assert wording.server(cases.third_party()).endswith(" · added by you")


def test_a_path_says_where_it_really_leads() -> None:
    plan = cases.create().plan
    assert plan is not None
    path = cases.resolved(plan.items[0])
    assert wording.resolved(path) == "leads to /etc/profile.d/deploy.sh"


def test_what_is_kept_and_what_changes_stands_under_the_path() -> None:
    plan = cases.edit().plan
    assert plan is not None
    assert plan_words.change(plan.items[0]) == "edit · +2 −1 · UTF-8, LF kept"


def test_paths_come_before_addresses_and_addresses_before_the_rest() -> None:
    arguments = (
        Argument(name="note", text="hello"),
        Argument(name="to", text="ada@example.org"),
        Argument(name="path", text="/a", is_path=True),
    )
    assert [argument.name for argument in by_weight(arguments)] == ["path", "to", "note"]


def test_only_an_end_that_nobody_chose_is_told() -> None:
    nobodys = {QuestionEnd.TIMED_OUT, QuestionEnd.LOCKED, QuestionEnd.WITHDRAWN}
    assert {end for end in QuestionEnd if wording.ended(end)} == nobodys
