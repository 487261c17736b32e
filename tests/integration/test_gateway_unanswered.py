"""Nobody answers: the call is denied once, a late answer counts for its retry, and who asks on is denied for a while.

A question lasts ten seconds at least, so these take as long.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.control.messages import ChangeHouseRules, ListGrants, ListQuestions, ResumeHost, Subscribe
from ostiary.domain.approval import QuestionEnd
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.errors import UsageError
from ostiary.domain.house_rules import HouseRules
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import LineHost, ending, line_host
from tests.support.person import Person
from tests.support.shared_gateway import docs as docs
from tests.support.shared_gateway import gateway as gateway
from tests.support.shared_gateway import person as person

pytestmark = pytest.mark.soak


@pytest.fixture
def host(gateway: GatewayProcess, person: Person) -> Iterator[LineHost]:
    person.do(ChangeHouseRules(rules=HouseRules(answer_within_s=10)))
    with line_host(gateway) as speaker:
        yield speaker
    person.do(ResumeHost(host="cursor"))


def write(host: LineHost, file: Path) -> int:
    return host.call("write_file", path=str(file), content="x")


def test_an_answer_after_the_time_ran_out_lets_the_identical_retry_pass_once(
    host: LineHost, person: Person, docs: Path
) -> None:
    file = docs / "late.txt"
    number = write(host, file)
    asked = person.question()
    assert person.end_of(asked) is QuestionEnd.TIMED_OUT
    is_error, words = ending(host.answer(number))
    row = person.row(Outcome.UNANSWERED)
    was_there = file.exists()

    person.allow(asked)
    grants = person.do(ListGrants())
    passed = ending(host.answer(write(host, file)))
    let_pass = person.row(Outcome.OK)
    file.unlink()
    number = write(host, file)
    person.deny(person.question())

    assert (is_error, was_there, row.decided_by) == (True, False, DecidedBy.NOBODY)
    assert "nobody answered in time" in words
    assert grants == ()
    assert (passed[0], let_pass.decided_by) == (False, DecidedBy.PERSON)
    assert ending(host.answer(number))[0]
    assert not file.exists()
    with pytest.raises(UsageError):
        person.allow(asked)


def test_a_host_whose_three_calls_nobody_answered_is_denied_at_once_until_the_person_is_back(
    host: LineHost, person: Person, docs: Path
) -> None:
    numbers = [write(host, docs / f"{name}.txt") for name in "abc"]
    for asked in [person.question() for _ in numbers]:
        assert asked.caller.host == "cursor"
    assert all(ending(host.answer(number))[0] for number in numbers)
    at_once = ending(host.answer(write(host, docs / "d.txt")))
    waiting = person.do(ListQuestions())
    silenced = [notice.silenced for notice in person.do(Subscribe()).notices]

    person.do(ResumeHost(host="cursor"))
    number = write(host, docs / "d.txt")
    person.allow(person.question())

    assert at_once[0]
    assert waiting == ()
    assert silenced == ["cursor"]
    assert not ending(host.answer(number))[0]
    assert (docs / "d.txt").read_text() == "x"
