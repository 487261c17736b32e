"""What gives more access than before is decided by the person, by --trust-cli, or refused; never by a command alone."""

import signal

import pytest

from ostiary.control.messages import AnswerQuestion, Subscribe
from ostiary.domain.approval import Decision, Question, QuestionEnd, QuestionKind
from ostiary.domain.events import QuestionClosed, QuestionOpened
from tests.support.commands import DEADLINE_S, started
from tests.support.gateway_process import GatewayProcess, Household, running_gateway
from tests.support.shared_gateway import place as place

WIDENING = [("servers", "enable", "files"), ("servers", "add", "n", "--", "prog"), ("roots", "add", "/usr")]


def test_without_window_and_without_trust_nothing_is_widened(place: Household) -> None:
    with running_gateway(place) as gateway:
        refused = [gateway.run(*arguments) for arguments in WIDENING]

        assert [ended.code for ended in refused] == [77, 77, 77]
        assert "--trust-cli" in refused[0].err
        assert {(server["origin"], server["enabled"]) for server in gateway.listed("servers")} == {("bundled", False)}
        assert gateway.listed("roots") == []


def question(gateway: GatewayProcess) -> Question:
    """What the gateway asks the person next."""
    assert gateway.front is not None
    events = gateway.front.events(DEADLINE_S)
    return next(event.question for event in events if isinstance(event, QuestionOpened))


@pytest.mark.parametrize(("decision", "code"), [(Decision.ALLOW, 0), (Decision.DENY, 77)])
def test_with_a_window_the_person_decides_what_is_widened(place: Household, decision: Decision, code: int) -> None:
    with running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        gateway.front.ask(Subscribe())
        with started(gateway.home, "roots", "add", "/usr") as waiting:
            asked = question(gateway)
            gateway.front.ask(AnswerQuestion(id=asked.id, decision=decision))
            _, err = waiting.communicate(timeout=DEADLINE_S)
        roots = [root["path"] for root in gateway.listed("roots")]

    assert (waiting.returncode, asked.kind) == (code, QuestionKind.WIDEN)
    assert err.decode().startswith("Waiting for your answer in Ostiary…\n")
    assert roots == (["/usr"] if decision is Decision.ALLOW else [])


def test_a_command_that_is_interrupted_takes_its_question_back(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        assert gateway.front is not None
        gateway.front.ask(Subscribe())
        with started(gateway.home, "roots", "add", "/usr") as waiting:
            asked = question(gateway)
            waiting.send_signal(signal.SIGINT)
            closed = next(event for event in gateway.front.events(DEADLINE_S) if isinstance(event, QuestionClosed))
            code = waiting.wait(DEADLINE_S)

        assert closed == QuestionClosed(id=asked.id, end=QuestionEnd.WITHDRAWN)
        assert code == 130
        assert gateway.listed("roots") == []
