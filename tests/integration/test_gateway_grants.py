"""Rules of the person, from the answer or by hand: what passes through a real gateway because of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import (
    AddRule,
    AllowNext,
    AnswerQuestion,
    Command,
    GetCall,
    ListGrants,
    RevokeGrant,
    Subscribe,
)
from ostiary.domain.approval import Decision, Duration, Scope
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.errors import RefusedError, UsageError
from ostiary.gateway.policy.approvals import PENDING_PER_HOST
from tests.support.gateway_process import GatewayProcess, Household, running_gateway
from tests.support.line_host import LineHost, ending, line_host
from tests.support.person import Person
from tests.support.shared_gateway import docs as docs
from tests.support.shared_gateway import gateway as gateway
from tests.support.shared_gateway import person as person
from tests.support.shared_gateway import place as place

EVERYTHING = 0


@pytest.fixture
def host(gateway: GatewayProcess, person: Person) -> Iterator[LineHost]:
    with line_host(gateway) as speaker:
        yield speaker
    person.do(RevokeGrant(id=EVERYTHING))


def write(host: LineHost, file: Path, content: str = "x") -> int:
    return host.call("write_file", path=str(file), content=content)


def deny_writes(**changes: Any) -> AddRule:
    """A rule about every host, with what is given in place of what stands here."""
    wanted: dict[str, Any] = {"decision": Decision.DENY, "host": "", "server": "files"}
    wanted |= {"scope": Scope.TOOL, "duration": Duration.ALWAYS, "tool": "write_file"}
    return AddRule(**(wanted | changes))


def test_a_folder_that_was_allowed_is_written_without_asking_and_one_beside_it_is_not(
    host: LineHost, person: Person, docs: Path
) -> None:
    for folder in ("inside", "beside"):
        (docs / folder).mkdir(exist_ok=True)
    number = write(host, docs / "inside" / "a.txt")
    asked = person.question()
    person.allow(asked, Scope.FOLDER, Duration.FIVE_MINUTES, folder=str(docs / "inside"))
    assert not ending(host.answer(number))[0]

    passed = ending(host.answer(write(host, docs / "inside" / "b.txt")))
    row = person.row(Outcome.OK)
    (grant,) = person.do(ListGrants())
    number = write(host, docs / "beside" / "c.txt")
    person.deny(person.question())

    assert not passed[0]
    assert [offer.folder for offer in asked.offers if offer.folder] == [str(docs / "inside"), str(docs)]
    assert (row.decided_by, person.do(GetCall(id=row.id)).rule) == (DecidedBy.RULE, grant.id)
    assert (grant.scope, grant.folder, grant.uses) == (Scope.FOLDER, str(docs / "inside"), 1)
    assert ending(host.answer(number))[0]


def test_a_link_out_of_the_allowed_folder_is_asked_about(host: LineHost, person: Person, docs: Path) -> None:
    (docs / "linked").mkdir(exist_ok=True)
    number = write(host, docs / "linked" / "a.txt")
    person.allow(person.question(), Scope.FOLDER, Duration.HOUR, folder=str(docs / "linked"))
    host.answer(number)
    (docs / "outside.txt").write_text("mine")
    (docs / "linked" / "way.txt").symlink_to(docs / "outside.txt")
    host.call("write_file", path=str(docs / "linked" / "way.txt"), content="x", overwrite=True)
    row = person.row(Outcome.FAILED)

    assert row.decided_by is not DecidedBy.RULE
    assert (docs / "outside.txt").read_text() == "mine"


def test_an_unverified_host_gets_nothing_that_outlives_its_connection(
    gateway: GatewayProcess, person: Person, docs: Path
) -> None:
    with line_host(gateway) as first:
        number = write(first, docs / "once.txt")
        asked = person.question()
        assert not asked.caller.verified
        for duration in (Duration.UNTIL_QUIT, Duration.ALWAYS):
            answer = AnswerQuestion(id=asked.id, decision=Decision.ALLOW, scope=Scope.TOOL, duration=duration)
            with pytest.raises(UsageError):
                person.do(answer)
        person.allow(asked, Scope.TOOL, Duration.UNTIL_DISCONNECT)
        assert not ending(first.answer(number))[0]
    with line_host(gateway) as second:
        write(second, docs / "twice.txt")
        person.deny(person.question())
    assert person.do(ListGrants()) == ()
    assert person.do(Subscribe()).ended_grants[-1].reason == "The host disconnected."


def test_a_rule_that_denies_is_obeyed_told_and_revoked(host: LineHost, person: Person, docs: Path) -> None:
    rule = person.do(deny_writes())
    is_error, words = ending(host.answer(write(host, docs / "denied.txt")))
    row = person.row(Outcome.DENIED)
    detail = person.do(GetCall(id=row.id))
    person.do(RevokeGrant(id=rule.id))
    write(host, docs / "denied.txt")
    person.deny(person.question())

    assert is_error
    assert "a rule" in words
    assert (detail.rule, detail.row.decided_by) == (rule.id, DecidedBy.RULE)
    assert f"Rule {rule.id} denies write_file" in detail.reason


def test_what_was_denied_passes_once_when_it_is_allowed_from_the_log(
    host: LineHost, person: Person, docs: Path
) -> None:
    file = docs / "next.txt"
    number = write(host, file)
    person.deny(person.question())
    assert ending(host.answer(number))[0]
    row = person.row(Outcome.DENIED)
    person.do(AllowNext(id=row.id))
    passed = ending(host.answer(write(host, file)))
    file.unlink()
    write(host, file)
    person.deny(person.question())

    assert not passed[0]
    assert not file.exists()
    with pytest.raises(UsageError):
        person.do(AllowNext(id=row.id + 1_000))


def test_what_is_allowed_from_the_log_is_asked_about_where_two_plans_of_it_were_shown(
    host: LineHost, person: Person, docs: Path
) -> None:
    """The row of the first stands for a plan that makes the file, the last that was shown would overwrite it."""
    file = docs / "twice.txt"
    first = write(host, file)
    making = person.question()
    file.write_text("precious")
    second = write(host, file)
    overwriting = person.question()
    person.deny(making)
    person.deny(overwriting)
    assert ending(host.answer(first))[0]
    assert ending(host.answer(second))[0]
    denied = [row.id for row in person.rows() if row.outcome is Outcome.DENIED][-2]
    person.do(AllowNext(id=denied))

    third = write(host, file)
    person.deny(person.question())

    assert ending(host.answer(third))[0]
    assert file.read_text() == "precious"
    file.unlink()


def test_a_change_that_nobody_was_shown_is_asked_about_though_its_call_was_allowed_from_the_log(
    host: LineHost, person: Person, docs: Path
) -> None:
    waiting = [write(host, docs / f"waits-{number}.txt") for number in range(PENDING_PER_HOST)]
    questions = [person.question() for _ in waiting]
    file = docs / "unseen.txt"
    one_too_many = ending(host.answer(write(host, file)))
    unseen = person.row(Outcome.DENIED)
    for asked in questions:
        person.deny(asked)
    for number in waiting:
        host.answer(number)
    person.do(AllowNext(id=unseen.id))
    number = write(host, file)
    person.deny(person.question())

    assert (one_too_many[0], unseen.item) == (True, str(file))
    assert ending(host.answer(number))[0]
    assert not file.exists()


@pytest.mark.parametrize(
    "command",
    [deny_writes(decision=Decision.ALLOW), AllowNext(id=1)],
    ids=["add a rule", "allow the next"],
)
def test_no_command_line_may_write_rules(gateway: GatewayProcess, person: Person, command: Command[Any]) -> None:
    with connect(str(gateway.home)) as plain, pytest.raises(RefusedError, match="Only the person"):
        plain.ask(command)


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": Scope.ARGUMENTS},
        {"duration": Duration.ONCE},
        {"scope": Scope.SERVER},
        {"tool": ""},
        {"scope": Scope.FOLDER, "folder": "docs"},
        {"decision": Decision.ALLOW},
        {"server": "nowhere"},
    ],
    ids=str,
)
def test_a_rule_that_says_nothing_or_too_much_is_refused(person: Person, changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        person.do(deny_writes(**changes))
    assert person.do(ListGrants()) == ()


def test_a_lasting_rule_is_met_again_after_a_restart_and_one_until_quit_is_not(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        kept = gateway.front.ask(deny_writes())
        gateway.front.ask(deny_writes(tool="edit_file", duration=Duration.UNTIL_QUIT))
    with running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        assert gateway.front.ask(ListGrants()) == (kept,)
