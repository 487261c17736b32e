"""Notifications as a service on the bus gets them: their buttons deny or lead to the prompt, and none can allow."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

from ostiary.control.messages import AnswerQuestion
from ostiary.domain.approval import Decision, QuestionEnd
from ostiary.domain.events import QuestionClosed, QuestionOpened
from ostiary.ui.gateway_link import LinkState
from tests.support.front import Front
from tests.ui import approval_cases as cases

pytestmark = pytest.mark.desktop

DEADLINE_S = 20
WAITS = "Cursor wants to change 1 file"
"""The question of the world that is open when the window starts."""
NUMBER = 2
"""The service's, of the notification of the question that comes then."""


class Service:
    """The service, what it was asked, and a finger for its buttons."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.support.notification_service"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._told: Queue[list[Any]] = Queue()
        self._reader = Thread(target=self._read)
        self._reader.start()
        assert self.next() == ["ready"]

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._told.put(json.loads(line))

    def next(self) -> list[Any]:
        return self._told.get(timeout=DEADLINE_S)

    def heard(self, member: str) -> list[Any] | None:
        """The arguments of the next such call, if it has come."""
        try:
            while True:
                told = self._told.get_nowait()
                if told[0] == member:
                    return told[1:]
        except Empty:
            return None

    def press(self, number: int, action: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([number, action]) + "\n")
        self.process.stdin.flush()

    def freeze(self) -> None:
        """It is there, and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        self.thaw()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(DEADLINE_S)
        self._reader.join(DEADLINE_S)
        self.process.stdout.close()


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.end()


@pytest.fixture
def told_front(service: Service, make_front: Callable[..., Front]) -> Front:
    """The window, once it knows the service."""
    front = make_front()
    front.wait(lambda: front.application.notifications.can_ask)
    assert heard(front, service, "Notify")[4] == WAITS
    return front


@pytest.fixture
def early_front(service: Service, make_front: Callable[..., Front]) -> Front:
    """The window with its question, while the service has not answered."""
    service.freeze()
    front = make_front()
    front.wait(lambda: bool(front.application.mirror.questions))
    assert not front.application.notifications.can_ask
    return front


def heard(front: Front, service: Service, member: str) -> list[Any]:
    """The arguments of the next such call, with their signature before them."""
    found: list[list[Any]] = []

    def came() -> bool:
        told = service.heard(member)
        found.extend([] if told is None else [told])
        return bool(found)

    front.wait(came)
    return found[0]


def opened(front: Front, service: Service) -> list[Any]:
    """A question comes; gives what the service hears of it."""
    question = cases.changed(cases.edit(40), sentence="A <b> & c")
    front.application.mirror.take_event(QuestionOpened(question=question))
    return heard(front, service, "Notify")


def test_a_question_is_told_with_two_buttons_and_none_allows(told_front: Front, service: Service) -> None:
    signature, name, replaces, _, title, body, actions, hints, _ = opened(told_front, service)
    assert signature == "susssasa{sv}i"
    assert (name, replaces, title) == ("Ostiary", 0, "A <b> & c")
    assert actions == ["default", "Review…", "deny", "Deny", "review", "Review…"]
    assert hints == {"urgency": ["y", 2]}
    assert "allow" not in body.casefold()


def test_deny_denies_this_call(told_front: Front, service: Service) -> None:
    opened(told_front, service)
    service.press(NUMBER, "deny")
    told_front.wait_asked(AnswerQuestion(id=40, decision=Decision.DENY))


def test_a_question_is_denied_once_however_often_and_wherever_it_is_said(told_front: Front, service: Service) -> None:
    opened(told_front, service)
    denied: list[int] = []
    told_front.application.notifications.denied.connect(denied.append)
    service.press(NUMBER, "deny")
    service.press(NUMBER, "deny")
    told_front.wait(lambda: denied == [40, 40])
    told_front.wait_asked(AnswerQuestion(id=40, decision=Decision.DENY))
    told_front.wait(lambda: 40 not in [question.id for question in told_front.application.mirror.questions])
    assert told_front.asked == [AnswerQuestion(id=40, decision=Decision.DENY)]


@pytest.mark.parametrize("action", ["review", "default"])
def test_review_shows_the_prompt(told_front: Front, service: Service, action: str) -> None:
    opened(told_front, service)
    told_front.application.prompt.hide()
    service.press(NUMBER, action)
    told_front.wait(told_front.application.prompt.isVisible)
    assert told_front.asked == []


@pytest.mark.parametrize(("number", "action"), [(NUMBER, "allow"), (NUMBER, ""), (7, "deny")])
def test_what_another_program_claims_to_have_pressed_allows_nothing(
    told_front: Front, service: Service, number: int, action: str
) -> None:
    opened(told_front, service)
    service.press(number, action)
    service.press(NUMBER, "deny")
    told_front.wait_asked(AnswerQuestion(id=40, decision=Decision.DENY))
    assert len(told_front.asked) == 1


def test_the_notification_goes_with_its_question(told_front: Front, service: Service) -> None:
    opened(told_front, service)
    told_front.application.mirror.take_event(QuestionClosed(id=40, end=QuestionEnd.TIMED_OUT))
    assert heard(told_front, service, "CloseNotification") == ["u", NUMBER]


def test_what_is_open_when_the_service_answers_at_last_gets_its_buttons_and_what_has_ended_none(
    early_front: Front, service: Service
) -> None:
    mirror = early_front.application.mirror
    for number in (40, 41):
        mirror.take_event(QuestionOpened(question=cases.create(number)))
    mirror.take_event(QuestionClosed(id=40, end=QuestionEnd.ALLOWED))
    service.thaw()
    assert heard(early_front, service, "Notify")[4] == WAITS
    assert "deny" in heard(early_front, service, "Notify")[6]
    service.press(NUMBER, "deny")
    early_front.wait_asked(AnswerQuestion(id=41, decision=Decision.DENY))


def test_a_gateway_that_is_gone_takes_the_notifications_of_its_questions_along(
    told_front: Front, service: Service
) -> None:
    told_front.application.link.state_changed.emit(LinkState.RESTARTING)
    assert heard(told_front, service, "CloseNotification") == ["u", 1]


def test_the_next_gateways_question_of_the_same_number_keeps_its_notification(
    told_front: Front, service: Service
) -> None:
    service.freeze()
    told_front.application.mirror.take_event(QuestionOpened(question=cases.edit(40)))
    told_front.application.link.state_changed.emit(LinkState.RESTARTING)
    told_front.application.mirror.take_event(QuestionOpened(question=cases.create(40)))
    service.thaw()

    closed = [heard(told_front, service, "CloseNotification") for _ in range(2)]
    assert closed == [["u", 1], ["u", NUMBER]]
    service.press(NUMBER + 1, "deny")
    told_front.wait_asked(AnswerQuestion(id=40, decision=Decision.DENY))
