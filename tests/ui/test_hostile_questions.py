"""What others can put into a question does no harm to the prompt, and neither do many of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ostiary.control.messages import AnswerQuestion, HoldQuestion, Quit
from ostiary.domain.approval import Decision, Question, ResolvedPath
from ostiary.domain.events import QuestionOpened
from ostiary.domain.plan import FileState, Operation
from ostiary.ui.approval.lines_view import LinesView
from ostiary.ui.approval.wording import MISSING
from ostiary.ui.language import tr_n
from ostiary.ui.theme import DARK, Scheme
from tests.support.desktop import Screenshot
from tests.support.front import Front
from tests.ui import approval_cases as cases
from tests.ui.approval_prompt import Prompt

MANY = 500
LINES_OF_20_MB = 260_000
NO_TEXT = "The file is not text, so no diff can be shown."
LINE = "+" + "x" * 79 + "\n"


@pytest.fixture
def prompt(qtbot: QtBot, qapp: QApplication) -> Iterator[Prompt]:
    prompt = Prompt(qtbot)
    prompt.theme.apply(qapp, Scheme.LIGHT)
    yield prompt
    qapp.setStyleSheet("")


def planned(**fields: object) -> Question:
    """An edit whose only change has these fields."""
    question = cases.edit()
    assert question.plan is not None
    (item,) = question.plan.items
    plan = msgspec.structs.replace(question.plan, items=(msgspec.structs.replace(item, **fields),))
    return cases.changed(question, plan=plan)


def twenty_megabytes(_: int = 1) -> Question:
    """A diff of a file of 20 MB, whole."""
    return planned(diff="--- a/x\n+++ b/x\n@@ -0,0 +1,260000 @@\n" + LINE * LINES_OF_20_MB, added=LINES_OF_20_MB)


def binary(_: int = 1) -> Question:
    """A file that is no text: there is no diff to show."""
    after = FileState(sha256="2" * 64, size_bytes=5_000_000)
    return planned(op=Operation.OVERWRITE, diff="", after=after, added=0, removed=0, warnings=(NO_TEXT,))


def nowhere(_: int = 1) -> Question:
    """A tool that nobody can preview is to use a path that leads nowhere."""
    path = ResolvedPath(path="/no/such/folder/file", real_path="/no/such/folder/file", missing=True)
    return cases.changed(cases.third_party(), paths=(path,))


HOSTILE = (cases.hidden, cases.huge, twenty_megabytes, binary, nowhere)


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_buttons_stay_on_the_screen_and_can_be_pressed(
    prompt: Prompt, screenshot: Screenshot, make: Callable[[int], Question]
) -> None:
    prompt.open_armed(make(1))
    assert screenshot(f"prompt-hostile-{make.__name__}", prompt.window).exists()
    free = prompt.window.screen().availableGeometry()
    assert prompt.window.height() <= free.height()
    for button in (prompt.window.bar.deny, prompt.window.bar.allow_once):
        assert prompt.window.rect().contains(button.rect().translated(button.mapTo(prompt.window, QPoint(0, 0))))
    prompt.click(prompt.window.bar.deny)
    assert [choice.decision for _, choice in prompt.answers] == [Decision.DENY]


def test_a_diff_of_20_mb_is_there_to_its_last_line(prompt: Prompt) -> None:
    prompt.open(twenty_megabytes())
    (view,) = prompt.window.findChildren(LinesView)
    assert view.model().rowCount() >= LINES_OF_20_MB


def test_a_write_of_no_text_says_that_it_cannot_be_shown(prompt: Prompt) -> None:
    prompt.open(binary())
    assert any(NO_TEXT in text for text in prompt.texts())
    assert not prompt.window.findChildren(LinesView)


def test_a_path_is_marked_where_nothing_is_and_only_there(prompt: Prompt) -> None:
    (missing,), (present,) = nowhere().paths, cases.third_party().paths
    prompt.open(cases.changed(cases.third_party(), paths=(missing, present)))
    assert prompt.texts().count(MISSING) == 1


def test_five_hundred_questions_wait_behind_one_and_a_theme_change_finds_all_of_them(front: Front) -> None:
    window, mirror = front.application.prompt, front.application.mirror
    for number in range(100, 100 + MANY):
        mirror.take_event(QuestionOpened(question=cases.changed(cases.edit(number), arguments=(), tool=f"t{number}")))
    front.wait(window.isVisible)
    told = tr_n("{n} more waiting", "{n} more waiting", MANY).format(n=MANY)  # the one of this world is shown
    front.wait(lambda: told in front.words(window))
    front.application.own.change(scheme=Scheme.DARK)
    front.wait(lambda: window.palette().window().color() == DARK.window)
    assert told in front.words(window)


def test_quitting_with_questions_open_answers_none_of_them(front: Front) -> None:
    front.application.mirror.take_event(QuestionOpened(question=cases.edit(77)))
    front.wait(front.application.prompt.isVisible)
    front.application.quit()
    front.wait(lambda: Quit() in front.asked)
    assert not [asked for asked in front.asked if isinstance(asked, AnswerQuestion)]


def test_the_gateway_is_told_that_a_person_is_at_the_question(front: Front) -> None:
    front.application.mirror.take_event(QuestionOpened(question=cases.edit(77)))
    front.wait(front.application.prompt.isVisible)
    front.wait(front.application.prompt.bar.deny.isEnabled)
    QTest.mouseMove(front.application.prompt.windowHandle(), QPoint(20, 30))
    QTest.mouseMove(front.application.prompt.windowHandle(), QPoint(40, 30))
    front.wait_asked(HoldQuestion(id=77))
