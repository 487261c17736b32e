"""The gateway while the screen is locked: what asks is denied, what may passes, and the person allows a retry later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import (
    AllowNext,
    ChangeHouseRules,
    GetCall,
    ListGrants,
    ListQuestions,
    SetScreenLock,
)
from ostiary.domain.approval import QuestionEnd
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.errors import RefusedError
from ostiary.domain.house_rules import HouseRules, Writes
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import LineHost, ending
from tests.support.person import Person
from tests.support.shared_gateway import docs as docs
from tests.support.shared_gateway import gateway as gateway
from tests.support.shared_gateway import host as host
from tests.support.shared_gateway import person as person


@pytest.fixture(autouse=True)
def unlocked(person: Person) -> Iterator[None]:
    """However a test ends, the screen can be seen after it."""
    yield
    person.do(SetScreenLock(locked=False))


def write(host: LineHost, file: Path) -> int:
    return host.call("write_file", path=str(file), content="x")


def test_what_waits_is_denied_once_when_the_screen_is_locked_and_its_retry_can_be_allowed_from_the_log(
    host: LineHost, person: Person, docs: Path
) -> None:
    file = docs / "waits.txt"
    number = write(host, file)
    asked = person.question()
    person.do(SetScreenLock(locked=True))
    assert person.end_of(asked) is QuestionEnd.LOCKED
    is_error, words = ending(host.answer(number))
    row = person.row(Outcome.UNANSWERED)

    assert (is_error, file.exists(), row.decided_by) == (True, False, DecidedBy.NOBODY)
    assert "screen of this computer is locked" in words
    assert person.do(GetCall(id=row.id)).reason == "The screen was locked, so nobody could be asked."
    assert person.do(ListGrants()) == ()

    person.do(SetScreenLock(locked=False))
    person.do(AllowNext(id=row.id))
    assert not ending(host.answer(write(host, file)))[0]
    assert file.read_text() == "x"


def test_while_the_screen_is_locked_a_write_is_denied_at_once_and_a_read_passes(
    host: LineHost, person: Person, docs: Path
) -> None:
    (docs / "read.txt").write_text("hello")
    person.do(SetScreenLock(locked=True))
    is_error, words = ending(host.answer(write(host, docs / "new.txt")))
    read = ending(host.answer(host.call("read_text_file", path=str(docs / "read.txt"))))

    assert (is_error, read[0]) == (True, False)
    assert "screen of this computer is locked" in words
    assert person.do(ListQuestions()) == ()

    person.do(SetScreenLock(locked=False))
    number = write(host, docs / "new.txt")
    person.allow(person.question())
    assert not ending(host.answer(number))[0]


def test_writes_that_pass_without_a_window_are_denied_while_its_screen_is_locked(
    host: LineHost, person: Person, docs: Path
) -> None:
    person.do(ChangeHouseRules(rules=HouseRules(writes=Writes.ALLOW)))
    person.do(SetScreenLock(locked=True))
    denied = ending(host.answer(write(host, docs / "allowed.txt")))
    person.do(ChangeHouseRules(rules=HouseRules()))

    assert denied[0]
    assert not (docs / "allowed.txt").exists()


def test_only_the_front_may_say_that_the_screen_is_locked(gateway: GatewayProcess, person: Person) -> None:
    with connect(str(gateway.home)) as command:
        for locked in (True, False):
            with pytest.raises(RefusedError):
                command.ask(SetScreenLock(locked=locked))
