"""A write waits for the person: what they are shown is what happens, and nothing else they said or left unsaid is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import (
    AnswerQuestion,
    Attach,
    HoldQuestion,
    ListGrants,
    ListQuestions,
    RestartServer,
    RevokeGrant,
)
from ostiary.domain.approval import Decision, QuestionEnd, QuestionKind, Scope
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.errors import RefusedError, UsageError
from ostiary.domain.plan import Operation
from ostiary.domain.server import ServerState
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.line_host import LineHost, ending, line_host
from tests.support.person import Person
from tests.support.shared_gateway import gateway as gateway
from tests.support.shared_gateway import person as person

BEFORE = "first\nsecond\n"
AFTER = "first\n2nd\n"
LINE = "x" * 79 + "\n"
MB = 1024 * 1024


@pytest.fixture(params=["legacy", "modern"])
def host(gateway: GatewayProcess, person: Person, request: pytest.FixtureRequest) -> Iterator[LineHost]:
    with line_host(gateway, modern=request.param == "modern") as speaker:
        yield speaker


@pytest.fixture
def file(gateway: GatewayProcess) -> Path:
    file = gateway.household.person / "docs" / "notes.txt"
    file.write_text(BEFORE)
    return file


def edit(host: LineHost, file: Path) -> int:
    return host.call("edit_file", path=str(file), edits=[{"oldText": "second", "newText": "2nd"}])


def test_the_question_shows_what_would_be_done_and_allowing_does_exactly_that(
    host: LineHost, person: Person, file: Path
) -> None:
    link = file.with_name("link.txt")
    link.unlink(missing_ok=True)
    link.symlink_to(file)
    number = edit(host, link)
    asked = person.question()

    assert (asked.kind, asked.tool, asked.caller.host) == (QuestionKind.CALL, "edit_file", "cursor")
    assert host.shim.pid not in [process.pid for process in asked.caller.processes]
    assert asked.plan is not None
    (change,) = asked.plan.items
    assert (change.op, change.path, change.real_path, change.inside) == (Operation.EDIT, str(link), str(file), True)
    assert "-second\n+2nd\n" in change.diff
    assert [(path.real_path, path.root) for path in asked.paths] == [(str(file), "docs")]
    assert file.read_text() == BEFORE

    person.allow(asked)
    is_error, _ = ending(host.answer(number))
    row = person.row(Outcome.OK)

    assert (is_error, file.read_text(), link.is_symlink()) == (False, AFTER, True)
    assert (row.decision, row.decided_by, row.tool, row.host) == (
        Decision.ALLOW,
        DecidedBy.PERSON,
        "edit_file",
        "cursor",
    )


def test_what_was_allowed_is_done_by_the_server_that_runs_then(host: LineHost, person: Person, file: Path) -> None:
    number = edit(host, file)
    asked = person.question()
    before = person.server("files").pid
    person.do(RestartServer(name="files"))
    person.server_as("files", lambda view: view.state is ServerState.RUNNING and view.pid != before)

    person.allow(asked)

    assert (ending(host.answer(number))[0], file.read_text()) == (False, AFTER)


def test_the_question_tells_a_new_file_from_one_that_is_there(host: LineHost, person: Person, file: Path) -> None:
    missing = []
    for path in (file.with_name("not there yet.txt"), file):
        number = host.call("write_file", path=str(path), content="x")
        asked = person.question()
        missing += [(shown.path, shown.missing) for shown in asked.paths]
        person.deny(asked)
        host.answer(number)

    assert missing == [(str(file.with_name("not there yet.txt")), True), (str(file), False)]


def test_a_change_in_a_file_of_15_mb_is_shown_and_one_in_20_mb_is_refused_with_nobody_asked(
    gateway: GatewayProcess, person: Person, file: Path
) -> None:
    ends, last = [], [{"oldText": "last", "newText": "the end"}]
    with line_host(gateway) as host:
        for size_bytes in (20 * MB, 15 * MB):
            file.write_text(LINE * (size_bytes // len(LINE)) + "last\n")
            number = host.call("edit_file", path=str(file), edits=last)
            if size_bytes == 15 * MB:
                asked = person.question()
                person.allow(asked)
            ends.append(ending(host.answer(number)))

    assert [is_error for is_error, _ in ends] == [True, False]
    assert "are not changed" in ends[0][1]
    assert asked.plan is not None
    assert "-last\n+the end\n" in asked.plan.items[0].diff
    assert file.read_text().endswith("x\nthe end\n")


def test_a_write_over_what_is_no_text_is_shown_with_a_warning_and_done(
    host: LineHost, person: Person, file: Path
) -> None:
    file.write_bytes(b"\0\1\2" * 100)
    number = host.call("write_file", path=str(file), content="text")
    asked = person.question()
    person.allow(asked)

    assert ending(host.answer(number))[0] is False
    assert asked.plan is not None
    assert "This replaces a file that is not text." in asked.plan.items[0].warnings
    assert file.read_text() == "text"


def test_a_denied_write_is_not_done_and_not_asked_about_again_within_the_minute(
    host: LineHost, person: Person, file: Path
) -> None:
    number = edit(host, file)
    person.deny(person.question())
    first = ending(host.answer(number))
    second = ending(host.answer(edit(host, file)))

    assert first[0]
    assert "the person at this computer denied it" in first[1]
    assert second[0]
    assert "less than a minute ago" in second[1]
    assert (person.do(ListQuestions()), person.do(ListGrants())) == ((), ())
    assert file.read_text() == BEFORE
    assert [row.outcome for row in person.rows()[-2:]] == [Outcome.DENIED, Outcome.DENIED]


def test_a_file_that_changed_after_it_was_shown_is_not_written(host: LineHost, person: Person, file: Path) -> None:
    number = edit(host, file)
    asked = person.question()
    file.write_text("second, but someone else's\n")
    person.allow(asked)

    result = host.answer(number)["result"]

    assert result["isError"] is True
    assert result["structuredContent"]["code"] == "stale_plan"
    assert file.read_text() == "second, but someone else's\n"


def test_a_grant_lets_the_tool_pass_until_it_is_revoked(host: LineHost, person: Person, file: Path) -> None:
    number = edit(host, file)
    person.allow(person.question(), Scope.TOOL)
    assert not ending(host.answer(number))[0]

    passed = host.ended("edit_file", path=str(file), edits=[{"oldText": "2nd", "newText": "3rd"}])
    (grant,) = person.do(ListGrants())
    person.do(RevokeGrant(id=grant.id))
    host.call("edit_file", path=str(file), edits=[{"oldText": "3rd", "newText": "4th"}])
    asked = person.question()
    person.deny(asked)

    assert (passed[0], grant.tool, grant.server, grant.uses) == (False, "edit_file", "files", 1)
    assert file.read_text() == "first\n3rd\n"
    assert person.do(ListGrants()) == ()


def test_a_grant_covers_no_other_tool(host: LineHost, person: Person, file: Path) -> None:
    number = edit(host, file)
    person.allow(person.question(), Scope.TOOL)
    host.answer(number)

    host.call("write_file", path=str(file), content="x")
    asked = person.question()
    person.deny(asked)
    person.do(RevokeGrant(id=0))

    assert asked.tool == "write_file"


def test_a_host_that_cancels_takes_its_question_back_and_hears_nothing(
    host: LineHost, person: Person, file: Path
) -> None:
    number = edit(host, file)
    asked = person.question()
    host.cancel(number)

    assert person.end_of(asked) is QuestionEnd.WITHDRAWN
    assert number not in [message.get("id") for message in host.meanwhile()]
    assert file.read_text() == BEFORE
    assert person.row(Outcome.CANCELLED).tool == "edit_file"
    with pytest.raises(UsageError):
        person.allow(asked)


def test_a_host_that_leaves_takes_its_question_back(gateway: GatewayProcess, person: Person, file: Path) -> None:
    with line_host(gateway) as leaving:
        edit(leaving, file)
        asked = person.question()

    assert person.end_of(asked) is QuestionEnd.WITHDRAWN
    assert file.read_text() == BEFORE


def test_a_host_hears_progress_while_the_person_thinks(host: LineHost, person: Person, file: Path) -> None:
    arguments = {"path": str(file), "content": "x"}
    number = host.start("tools/call", {"name": "write_file", "arguments": arguments, "_meta": {"progressToken": "p-1"}})
    asked = person.question()
    progress = host.told("notifications/progress")
    person.do(HoldQuestion(id=asked.id))
    person.deny(asked)

    assert (progress["progressToken"], "approval" in progress["message"]) == ("p-1", True)
    assert host.answer(number)["result"]["isError"] is True


def test_identical_calls_share_one_question_and_both_are_answered(host: LineHost, person: Person, file: Path) -> None:
    first, second = edit(host, file), edit(host, file)
    asked = person.question()
    while asked.repeats < 2:
        asked = person.question()
    person.deny(asked)

    assert ending(host.answer(first))[0]
    assert ending(host.answer(second))[0]


@contextmanager
def full_disk(process: int) -> Iterator[None]:
    """Files of that process grow no more."""
    assert sys.platform == "linux"
    import resource

    soft, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform != "linux", reason="another process is given a limit as Linux does")
def test_a_write_that_cannot_be_noted_before_is_not_made_though_it_was_allowed(
    gateway: GatewayProcess, host: LineHost, person: Person, file: Path
) -> None:
    number = edit(host, file)
    asked = person.question()
    with full_disk(gateway.process.pid):
        person.allow(asked)
        is_error, _ = ending(host.answer(number))

    assert is_error
    assert file.read_text() == BEFORE


def test_what_may_hold_secrets_is_asked_about_before_it_is_read_in_whatever_way(
    host: LineHost, person: Person, file: Path
) -> None:
    secret = file.with_name(".env")
    secret.write_text("TOKEN=s3cret")
    link = file.with_name("harmless.txt")
    link.unlink(missing_ok=True)
    link.symlink_to(secret)
    reads: list[tuple[str, dict[str, Any]]] = [
        ("tools/call", {"name": "read_text_file", "arguments": {"path": str(link)}}),
        ("resources/read", {"uri": secret.as_uri()}),
    ]
    for method, parameters in reads:
        number = host.start(method, parameters)
        person.deny(person.question())
        assert "s3cret" not in str(host.answer(number))
        row = person.row(Outcome.DENIED)
        assert (row.method, row.decided_by) == (method, DecidedBy.PERSON)


def test_a_call_that_would_fail_anyway_is_not_asked_about(host: LineHost, person: Person, file: Path) -> None:
    is_error, words = host.ended("edit_file", path=str(file), edits=[{"oldText": "not there", "newText": "x"}])

    assert is_error
    assert "person" not in words
    assert person.do(ListQuestions()) == ()


def test_a_read_passes_while_a_write_is_asked_about(host: LineHost, person: Person, file: Path) -> None:
    number = edit(host, file)
    asked = person.question()
    read = host.ended("read_text_file", path=str(file))
    person.deny(asked)

    assert read == (False, BEFORE)
    assert ending(host.answer(number))[0]


def test_what_waits_passes_when_another_answer_covers_it(host: LineHost, person: Person, file: Path) -> None:
    other = file.with_name("other.txt")
    other.write_text(BEFORE)
    numbers = [edit(host, file), edit(host, other)]
    first, second = person.question(), person.question()
    person.allow(first, Scope.TOOL)
    ends = [ending(host.answer(number))[0] for number in numbers]
    person.do(RevokeGrant(id=0))

    assert first.id != second.id
    assert ends == [False, False]
    assert (file.read_text(), other.read_text()) == (AFTER, AFTER)


def test_only_the_front_may_answer(gateway: GatewayProcess, host: LineHost, person: Person, file: Path) -> None:
    number = edit(host, file)
    asked = person.question()
    with connect(str(gateway.home)) as plain:
        for command in (AnswerQuestion(id=asked.id, decision=Decision.ALLOW), HoldQuestion(id=asked.id)):
            with pytest.raises(RefusedError):
                plain.ask(command)
        with pytest.raises(RefusedError):
            plain.ask(Attach())
    assert file.read_text() == BEFORE
    person.deny(asked)

    assert ending(host.answer(number))[0]


def test_what_waits_is_denied_when_the_front_dies_and_no_other_program_takes_its_place() -> None:
    with household() as place, running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        someone = Person(gateway.front)
        docs = place.person / "docs"
        someone.approve(docs)
        someone.enable()
        with line_host(gateway) as host:
            number = host.call("write_file", path=str(docs / "new.txt"), content="x")
            someone.question()
            gateway.front.close()
            waiting = ending(host.answer(number))
            later = host.ended("write_file", path=str(docs / "new.txt"), content="x")
            with connect(str(gateway.home)) as plain:
                grants = plain.ask(ListGrants())
                with pytest.raises(RefusedError):
                    plain.ask(Attach())
            read = host.ended("list_directory", path=str(docs))

        assert (waiting[0], later[0], read[0]) == (True, True, False)
        assert "withdrawn" in waiting[1]
        assert "nobody can be asked" in later[1]
        assert grants == ()
        assert not (docs / "new.txt").exists()
