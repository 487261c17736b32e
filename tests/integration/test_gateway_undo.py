"""What an allowed write changed is taken back on the person's word, whole or not at all, and never over newer work."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import DisableServer, GetCall, ListQuestions, UndoCall
from ostiary.domain.approval import Decision, QuestionKind
from ostiary.domain.call import CallRow, DecidedBy, Outcome
from ostiary.domain.errors import RefusedError, ServerError, UsageError
from ostiary.domain.plan import Operation
from tests.support.commands import DEADLINE_S, started
from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.line_host import LineHost, line_host
from tests.support.person import Person, define, tool
from tests.support.shared_gateway import gateway as gateway
from tests.support.shared_gateway import person as person

BEFORE = b"\xef\xbb\xbffirst\r\nsecond\r\n"


@pytest.fixture
def host(gateway: GatewayProcess, person: Person) -> Iterator[LineHost]:
    person.enable()
    with line_host(gateway) as speaker:
        yield speaker


@pytest.fixture
def file(gateway: GatewayProcess, person: Person) -> Path:
    file = gateway.household.person / "docs" / "notes.txt"
    file.write_bytes(BEFORE)
    return file


def allowed(host: LineHost, person: Person, name: str, /, **arguments: object) -> int:
    """A write that the person allows; gives its number in the log."""
    number = host.call(name, **arguments)
    person.allow(person.question())
    assert "error" not in host.answer(number)
    return person.row(Outcome.OK).id


def edit(host: LineHost, person: Person, file: Path) -> int:
    return allowed(host, person, "edit_file", path=str(file), edits=[{"oldText": "second", "newText": "2nd"}])


def change_of(person: Person, number: int) -> str:
    return person.do(GetCall(id=number)).undo


def newest(person: Person) -> CallRow:
    return person.rows()[-1]


def test_an_undone_write_leaves_the_bytes_as_they_were_before_and_is_a_call_of_its_own(
    host: LineHost, person: Person, file: Path
) -> None:
    number = edit(host, person, file)
    assert file.read_bytes() != BEFORE

    undone = person.do(UndoCall(id=number))

    assert file.read_bytes() == BEFORE
    assert [(item.op, item.path) for item in undone.plan.items] == [(Operation.OVERWRITE, str(file))]
    row = newest(person)
    assert (row.id, row.host, row.server, row.tool) == (undone.id, "Ostiary", "files", "undo_change")
    assert (row.item, row.outcome) == (str(file), Outcome.OK)
    assert (row.decision, row.decided_by) == (Decision.ALLOW, DecidedBy.PERSON)
    assert person.do(ListQuestions()) == ()


def test_a_write_that_was_undone_cannot_be_undone_again_but_its_undo_can(
    host: LineHost, person: Person, file: Path
) -> None:
    number = edit(host, person, file)
    edited = file.read_bytes()
    undone = person.do(UndoCall(id=number))

    with pytest.raises(UsageError, match=r"nothing to undo.*undone already"):
        person.do(UndoCall(id=number))
    assert file.read_bytes() == BEFORE

    person.do(UndoCall(id=undone.id))
    assert file.read_bytes() == edited


def test_a_file_that_changed_since_is_left_as_it_is_and_the_person_is_told(
    host: LineHost, person: Person, file: Path
) -> None:
    number = edit(host, person, file)
    file.write_bytes(b"newer work\n")

    with pytest.raises(RefusedError, match=r"Nothing was undone.*notes\.txt.*changed after that change was made"):
        person.do(UndoCall(id=number))

    assert file.read_bytes() == b"newer work\n"
    assert (newest(person).tool, newest(person).outcome) == ("undo_change", Outcome.FAILED)
    assert change_of(person, number)
    assert change_of(person, newest(person).id) == ""


def test_a_file_from_the_trash_comes_back(host: LineHost, person: Person, file: Path) -> None:
    number = allowed(host, person, "trash_path", path=str(file))
    assert not file.exists()

    person.do(UndoCall(id=number))

    assert file.read_bytes() == BEFORE


def test_a_file_that_a_call_made_goes_to_the_trash(host: LineHost, person: Person, file: Path) -> None:
    made = file.with_name("made.txt")
    number = allowed(host, person, "write_file", path=str(made), content="x")

    undone = person.do(UndoCall(id=number))

    assert not made.exists()
    assert [item.op for item in undone.plan.items] == [Operation.TRASH]


def test_a_call_that_is_not_in_the_log_cannot_be_undone(person: Person) -> None:
    with pytest.raises(UsageError, match="no such call"):
        person.do(UndoCall(id=1_000_000))


def test_a_call_that_only_read_and_one_that_was_denied_have_nothing_to_undo(
    host: LineHost, person: Person, file: Path
) -> None:
    host.ended("read_text_file", path=str(file))
    read = person.row(Outcome.OK)
    number = host.call("write_file", path=str(file), content="x")
    person.deny(person.question())
    host.answer(number)

    for row in (read, person.row(Outcome.DENIED)):
        with pytest.raises(UsageError, match="nothing to undo"):
            person.do(UndoCall(id=row.id))


def test_a_server_that_was_added_is_not_believed_that_its_change_can_be_undone(
    host: LineHost, person: Person, tmp_path: Path
) -> None:
    person.add("notes", define(tmp_path / "tools.json", [tool("claim_change")]))
    person.enable("notes")
    number = allowed(host, person, "claim_change")

    assert change_of(person, number) == ""
    with pytest.raises(UsageError, match="nothing to undo"):
        person.do(UndoCall(id=number))


def test_while_the_server_is_off_nothing_is_undone_and_it_can_be_later(
    host: LineHost, person: Person, file: Path
) -> None:
    number = edit(host, person, file)
    person.do(DisableServer(name="files"))

    with pytest.raises(ServerError, match="files is not running"):
        person.do(UndoCall(id=number))
    assert file.read_bytes() != BEFORE

    person.enable()
    person.do(UndoCall(id=number))
    assert file.read_bytes() == BEFORE


@pytest.mark.parametrize(("decision", "code"), [(Decision.ALLOW, 0), (Decision.DENY, 77)])
def test_a_command_undoes_only_what_the_person_saw_and_allowed(
    gateway: GatewayProcess, host: LineHost, person: Person, file: Path, decision: Decision, code: int
) -> None:
    number = edit(host, person, file)
    edited = file.read_bytes()
    with started(gateway.home, "log", "undo", str(number)) as waiting:
        asked = person.question()
        still = file.read_bytes()
        (person.allow if decision is Decision.ALLOW else person.deny)(asked)
        out, _ = waiting.communicate(timeout=DEADLINE_S)

    assert (asked.kind, still, waiting.returncode) == (QuestionKind.WIDEN, edited, code)
    assert f"undo call {number}" in asked.sentence
    assert asked.plan is not None
    assert "-2nd\n+second\n" in asked.plan.items[0].diff.replace("\r", "")
    assert (str(file) in out.decode()) == (decision is Decision.ALLOW)
    assert file.read_bytes() == (BEFORE if decision is Decision.ALLOW else edited)


def test_the_person_is_not_asked_about_an_undo_that_would_be_refused(
    gateway: GatewayProcess, host: LineHost, person: Person, file: Path
) -> None:
    number = edit(host, person, file)
    file.write_bytes(b"newer work\n")

    changed = gateway.run("log", "undo", str(number))
    unknown = gateway.run("log", "undo", "1000000")

    assert (changed.code, unknown.code) == (77, 64)
    assert "changed after that change was made" in changed.err
    assert person.do(ListQuestions()) == ()


@pytest.mark.parametrize(("options", "code"), [((), 77), (("--trust-cli",), 0)])
def test_without_a_window_a_command_undoes_only_where_commands_are_trusted(options: tuple[str, ...], code: int) -> None:
    with household() as place:
        file = place.person / "docs" / "notes.txt"
        with running_gateway(place, "--writes", "allow", "--trust-cli") as gateway:
            file.parent.mkdir()
            file.write_bytes(BEFORE)
            with connect(str(gateway.home)) as plain:
                someone = Person(plain)
                someone.approve(file.parent)
                someone.enable()
                with line_host(gateway) as host:
                    assert not host.ended("write_file", path=str(file), content="x")[0]
                number = someone.row(Outcome.OK).id
        with running_gateway(place, *options) as gateway:
            ended = gateway.run("log", "undo", str(number))
            rows = gateway.run("log").out

        assert ended.code == code
        assert (file.read_bytes() == BEFORE) == (code == 0)
        assert ("undo_change" in rows) == (code == 0)
