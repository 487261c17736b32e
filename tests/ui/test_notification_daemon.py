"""Notifications in a service that people use: its buttons, pressed with the mouse, deny or lead to the prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import pytest
from pytestqt.qtbot import QtBot

from ostiary.control.messages import AnswerQuestion
from ostiary.domain.approval import Decision, QuestionEnd
from ostiary.domain.call import Outcome
from ostiary.domain.events import QuestionClosed, QuestionOpened
from ostiary.domain.server import ServerState
from tests.support.desk import Desk
from tests.support.desktop import Screenshot, Xdotool
from tests.support.front import Front
from tests.support.notification_daemon import NotificationDaemon
from tests.ui import approval_cases as cases

pytestmark = pytest.mark.desktop

WAIT_MS: Final = 20_000
SENTENCE: Final = "Cursor wants <b>5 & more</b>"
WAITED: Final = "Cursor wants to change 1 file"
"""The question that is open when the window starts."""
CLOSES: Final = ""
"""The name of the button that closes a notification."""

MakeDaemon = Callable[[], NotificationDaemon]


@pytest.fixture
def make_daemon(qtbot: QtBot, xdotool: Xdotool) -> Iterator[MakeDaemon]:
    """Start the service; all that were started are ended."""
    daemons: list[NotificationDaemon] = []

    def make() -> NotificationDaemon:
        daemons.append(NotificationDaemon(xdotool, partial(qtbot.waitUntil, timeout=WAIT_MS)))
        return daemons[-1]

    yield make
    for daemon in daemons:
        daemon.close()


@pytest.fixture
def daemon(make_daemon: MakeDaemon) -> NotificationDaemon:
    return make_daemon()


@pytest.fixture
def told_front(daemon: NotificationDaemon, qtbot: QtBot, make_front: Callable[..., Front]) -> Front:
    """The window, with the question that was open when it started; its prompt was put off."""
    front = make_front()
    qtbot.waitUntil(lambda: daemon.shows(WAITED), timeout=WAIT_MS)
    return front


def ask(front: Front, number: int) -> None:
    question = cases.changed(cases.create(number), sentence=SENTENCE)
    front.application.mirror.take_event(QuestionOpened(question=question))
    front.application.prompt.hide()


def has_gone(daemon: NotificationDaemon) -> Callable[[], bool]:
    return lambda: not daemon.shows(WAITED)


def test_deny_on_the_notification_denies_the_call_that_waits(
    daemon: NotificationDaemon, desk: Desk, screenshot: Screenshot
) -> None:
    folder = desk.folder("Projects", **{"config.toml": "port = 8080\n"})
    desk.application.folders.page.add(str(folder))
    desk.wait(lambda: bool(desk.application.mirror.roots) and desk.application.notifications.can_ask)
    desk.connect_cursor()
    desk.switch_files(ServerState.RUNNING)
    cursor = desk.start_cursor()
    desk.wait(lambda: bool(cursor.tools))

    cursor.call("write_file", path=str(folder / "config.toml"), content="port = 9090\n")
    desk.wait(lambda: daemon.shows("Deny"))
    screenshot("notification-asked")
    daemon.press("Deny")
    desk.wait(lambda: bool(cursor.answers))

    assert cursor.answers[0]["is_error"]
    assert (folder / "config.toml").read_text() == "port = 8080\n"
    desk.wait(lambda: [row.outcome for row in desk.application.activity.model.held()] == [Outcome.DENIED])
    desk.wait(lambda: not daemon.shows("Deny"))


def test_review_brings_the_prompt_of_that_question_up(told_front: Front, daemon: NotificationDaemon) -> None:
    daemon.press("Review…")
    prompt = told_front.application.prompt
    told_front.wait(lambda: prompt.isVisible() and prompt.isActiveWindow())
    assert WAITED in told_front.words(prompt)
    assert told_front.asked == []


def test_a_click_on_the_notification_itself_brings_the_prompt_up(told_front: Front, daemon: NotificationDaemon) -> None:
    daemon.press_text(WAITED)
    told_front.wait(told_front.application.prompt.isVisible)
    assert told_front.asked == []


def test_closing_the_notification_neither_denies_nor_shows_the_prompt(
    told_front: Front, daemon: NotificationDaemon, qtbot: QtBot
) -> None:
    daemon.press(CLOSES)
    qtbot.waitUntil(has_gone(daemon), timeout=WAIT_MS)
    ask(told_front, 41)
    qtbot.waitUntil(lambda: daemon.shows(SENTENCE), timeout=WAIT_MS)
    daemon.press("Deny")  # whatever the first one said has been heard by now
    told_front.wait_asked(AnswerQuestion(id=41, decision=Decision.DENY))
    assert len(told_front.asked) == 1
    assert told_front.application.prompt.isHidden()
    assert 1 in [question.id for question in told_front.application.mirror.questions]


def test_the_notification_goes_when_its_question_does(
    told_front: Front, daemon: NotificationDaemon, qtbot: QtBot
) -> None:
    told_front.application.mirror.take_event(QuestionClosed(id=1, end=QuestionEnd.WITHDRAWN))
    qtbot.waitUntil(has_gone(daemon), timeout=WAIT_MS)


def test_a_service_that_comes_late_or_comes_back_is_used(front: Front, qtbot: QtBot, make_daemon: MakeDaemon) -> None:
    can_ask = partial(getattr, front.application.notifications, "can_ask")
    assert not can_ask()
    first = make_daemon()
    qtbot.waitUntil(can_ask, timeout=WAIT_MS)
    first.close()
    qtbot.waitUntil(lambda: not can_ask(), timeout=WAIT_MS)
    second = make_daemon()
    qtbot.waitUntil(can_ask, timeout=WAIT_MS)
    second.press("Deny")  # of the question that was there before it
    front.wait_asked(AnswerQuestion(id=1, decision=Decision.DENY))
