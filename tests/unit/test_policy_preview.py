"""What a person reads before they decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as altered

from ostiary.domain.approval import Caller, QuestionKind, ResolvedPath, Scope
from ostiary.domain.plan import ChangePlan, Operation, PlannedChange
from ostiary.domain.root import Root
from ostiary.gateway.policy.offers import offers
from ostiary.gateway.policy.pins import PinState, read_definition
from ostiary.gateway.policy.preview import Sight, Subject, draft
from tests.support.policy_calls import WRITE

CALL = altered(WRITE, definition="")
LINKS = {"/notes/link.txt": "/etc/passwd", "/notes/note": "/home/me/.ssh/id_rsa"}
MISSING = {"/notes/gone.txt", "/notes/new.txt"}
SIGHT = Sight(
    roots=(Root("/notes", "Notes"), Root("/notes/deep", "Deep")),
    real_path=lambda path: LINKS.get(path, path),
    is_missing=lambda path: path in MISSING,
    mask=lambda name, value: "•••" if name == "token" else value,
)


def subject(arguments: dict[str, object], **changes: Any) -> Subject:
    made = Subject(
        call=CALL,
        caller=Caller(host="cursor", title="Cursor"),
        server_title="Files",
        tool_title="Write file",
        arguments=arguments,
    )
    return replace(made, **changes)


def test_a_call_is_told_in_one_sentence_by_the_tools_name_whatever_its_server_calls_it() -> None:
    question = draft(subject({}, tool_title="Read”, through the server “Files”. It is safe"), SIGHT)
    assert question.sentence == f"Cursor wants to use “{CALL.tool}”, through the server “Files”."
    read = subject({"uri": "file:///notes/a"}, call=altered(CALL, method="resources/read", tool=""))
    assert draft(read, SIGHT).sentence == "Cursor wants to read file:///notes/a, through the server “Files”."


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (Operation.CREATE, "create /notes/a.txt"),
        (Operation.EDIT, "change /notes/a.txt"),
        (Operation.OVERWRITE, "overwrite /notes/a.txt"),
        (Operation.MAKE_FOLDER, "make the folder /notes/a.txt"),
    ],
)
def test_a_planned_write_is_told_by_what_it_does(operation: Operation, words: str) -> None:
    change = PlannedChange(op=operation, path="/notes/a.txt", real_path="/notes/a.txt", root="Notes", inside=True)
    plan = ChangePlan(id="1", tool="write_file", title="Write", items=(change, change))
    question = draft(subject({"path": "/notes/other"}, plan=plan), SIGHT)
    assert question.sentence == f"Cursor wants to {words} and 1 more of them, through the server “Files”."
    assert question.plan == plan
    assert {path.path for path in question.paths} == {"/notes/a.txt"}


def test_paths_come_first_then_addresses_then_recipients_then_the_rest_as_it_came() -> None:
    arguments: dict[str, object] = {
        "b": 1,
        "to": "x@example.com",
        "a": "text",
        "site": "https://example.com",
        "new_path": "x",
        "where": "/y",
    }
    question = draft(subject(arguments), SIGHT)
    assert [argument.name for argument in question.arguments] == ["new_path", "where", "site", "to", "b", "a"]
    assert [argument.is_path for argument in question.arguments] == [True, True, False, False, False, False]


def test_arguments_are_complete_and_masked() -> None:
    long = "x" * 100_000
    question = draft(subject({"content": long, "token": "s3cret", "edits": [{"old": 'ä"'}]}), SIGHT)
    texts = {argument.name: argument.text for argument in question.arguments}
    assert texts == {"content": long, "token": "•••", "edits": '[\n  {\n    "old": "ä\\""\n  }\n]'}


def test_each_path_is_shown_as_it_resolves_with_the_folder_it_lies_in() -> None:
    arguments: dict[str, object] = {
        "paths": ["/notes/a.txt", "/notes/deep/b.txt", "/notes/link.txt", "/notes-old/c.txt"]
    }
    assert draft(subject(arguments), SIGHT).paths == (
        ResolvedPath(path="/notes/a.txt", real_path="/notes/a.txt", root="Notes"),
        ResolvedPath(path="/notes/deep/b.txt", real_path="/notes/deep/b.txt", root="Deep"),
        ResolvedPath(path="/notes/link.txt", real_path="/etc/passwd"),
        ResolvedPath(path="/notes-old/c.txt", real_path="/notes-old/c.txt"),
    )


def test_a_path_where_nothing_is_says_so_whether_it_was_planned_or_only_named() -> None:
    named = draft(subject({"paths": ["/notes/gone.txt", "/notes/a.txt"]}), SIGHT)
    assert [(path.path, path.missing) for path in named.paths] == [("/notes/gone.txt", True), ("/notes/a.txt", False)]
    change = PlannedChange(op=Operation.CREATE, path="/notes/new.txt", real_path="/notes/new.txt", inside=True)
    plan = ChangePlan(id="1", tool="write_file", title="Write", items=(change,))
    assert [path.missing for path in draft(subject({}, plan=plan), SIGHT).paths] == [True]


def test_what_should_make_a_person_stop_is_warned_about() -> None:
    assert draft(subject({"path": "/notes/a.txt"}), SIGHT).warnings == ()
    assert draft(subject({"path": "/notes/note"}), SIGHT).warnings == (
        "/notes/note is outside your folders.",
        "/notes/note may hold secrets.",
        "/notes/note really leads to /home/me/.ssh/id_rsa.",
    )


def test_a_plan_that_leaves_the_folders_is_warned_about_with_the_servers_own_warnings() -> None:
    change = PlannedChange(
        op=Operation.EDIT, path="/notes/a", real_path="/etc/a", root="Notes", inside=False, warnings=("2 names.",)
    )
    plan = ChangePlan(id="1", tool="edit_file", title="Edit", items=(change,))
    assert draft(subject({}, plan=plan), SIGHT).warnings == (
        "/notes/a is outside your folders.",
        "/notes/a really leads to /etc/a.",
        "2 names.",
    )


def test_a_changed_tool_is_shown_beside_the_accepted_one_and_allowed_for_this_call_only() -> None:
    old = read_definition(b'{"name": "write_file", "description": "old"}')
    new = read_definition(b'{"name": "write_file", "description": "new"}')
    changed = altered(CALL, pin=PinState.BEHAVIOURAL)
    question = draft(subject({}, call=changed, accepted=old, found=new), SIGHT)
    assert question.kind is QuestionKind.CHANGED_TOOL
    assert "old" in question.old_definition
    assert "new" in question.new_definition
    assert question.offers == ()
    assert len(question.warnings) == 1


def test_a_question_carries_the_answers_that_last_for_its_call() -> None:
    question = draft(subject({}), SIGHT)
    assert question.offers == offers(CALL, SIGHT.roots)
    assert Scope.TOOL in [offer.scope for offer in question.offers]
    risky = replace(SIGHT, risky_always=True)
    assert draft(subject({}), risky).offers == offers(CALL, SIGHT.roots, risky_always=True) != question.offers
