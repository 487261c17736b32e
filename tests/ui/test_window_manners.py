"""Manners of the window: the tray's click, what is told without a tray, narrow strips, and the focus in view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from ostiary.control.messages import ApplyHostChange, GetCall
from ostiary.domain.approval import QuestionEnd
from ostiary.domain.call import Outcome
from ostiary.domain.events import Calls, QuestionClosed, QuestionOpened
from ostiary.ui import words
from ostiary.ui.banners import NoticeStrip
from ostiary.ui.models.calls import Column
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.parts.text import Text
from ostiary.ui.tray_menu import Verb, Wish
from tests.support import fake_world
from tests.support.front import Front

ACTIVITY = 3
NARROWEST, HEIGHT = 360, 640


def test_a_click_on_the_icon_hides_the_window_in_front_and_brings_it_back(front: Front) -> None:
    front.window.activateWindow()
    front.wait(front.window.isActiveWindow)
    front.application.tray.wished.emit(Wish(Verb.TOGGLE))
    front.wait(lambda: not front.window.isVisible())
    front.application.tray.wished.emit(Wish(Verb.TOGGLE))
    front.wait(front.window.isVisible)


def test_without_a_tray_the_window_says_that_closing_quits(front: Front) -> None:
    front.application.tray.presence_changed.emit(False)
    front.wait(lambda: words.NO_TRAY in front.words(front.window.banners))
    front.application.tray.presence_changed.emit(True)
    front.wait(lambda: words.NO_TRAY not in front.words(front.window.banners))


@pytest.mark.parametrize("width", [NARROWEST, 960])
def test_a_notices_button_leaves_the_words_their_width(front: Front, width: int) -> None:
    front.window.resize(width, HEIGHT)
    front.wait(lambda: front.window.width() == width)
    (strip,) = front.window.banners.findChildren(NoticeStrip)
    sentence = next(text for text in strip.findChildren(Text) if text.text())

    def below() -> bool:
        return strip.button.mapTo(strip, strip.button.rect().topLeft()).y() >= sentence.geometry().bottom()

    front.wait(lambda: below() is (width == NARROWEST))
    front.wait(lambda: strip.button.width() < strip.width() / 2)
    assert sentence.width() > strip.width() * 0.7


def test_activity_names_hosts_and_servers_as_the_person_knows_them(front: Front) -> None:
    front.show_place(ACTIVITY)
    page = front.application.activity
    front.wait(lambda: next(page.model.held(), None) is not None)
    shown = {str(page.model.index(0, column).data()) for column in (Column.HOST, Column.SERVER)}
    assert shown == {"Cursor", "Files"}
    page.table.opened.emit(1)
    front.wait(lambda: "Cursor called" in front.words(page.pane))


def in_view(front: Front, widget: QWidget) -> bool:
    """Whether the whole widget can be seen in the scrolling part of the page."""
    area = front.application.first_start.page.area.viewport()
    top_left = widget.mapTo(area, widget.rect().topLeft())
    return area.rect().contains(widget.rect().translated(top_left))


def test_the_first_minute_brings_the_change_and_its_button_into_view(make_front: Callable[..., Front]) -> None:
    front = make_front("--fresh")
    front.window.resize(960, HEIGHT)
    row = front.application.first_start.page.hosts.row("cursor")
    assert isinstance(row, HostRow)
    row.connect_button.setFocus()
    front.wait(lambda: in_view(front, row.connect_button))
    front.click(row.connect_button)
    front.wait(lambda: row.plan.isVisible() and in_view(front, row.plan.write))
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert front.application.first_start.page.isAncestorOf(focused)
    front.click(row.plan.write)
    front.wait(lambda: any(isinstance(command, ApplyHostChange) for command in front.asked))
    front.wait(lambda: not row.plan.isVisible())
    assert front.application.first_start.page.isAncestorOf(QApplication.focusWidget() or front.window)


def test_a_question_that_nobody_answered_leads_to_its_call_where_the_retry_can_be_allowed(front: Front) -> None:
    asked = fake_world.question(31)
    missed = replace(fake_world.call(9, Outcome.UNANSWERED), host=asked.caller.host, tool=asked.tool)
    mirror, banners = front.application.mirror, front.window.banners
    mirror.take_event(QuestionOpened(question=asked))
    mirror.take_event(Calls(rows=(missed,)))
    mirror.take_event(QuestionClosed(id=31, end=QuestionEnd.TIMED_OUT))
    front.wait(lambda: words.unanswered(asked) in front.words(banners))
    front.click(front.button(banners, words.LOOK_AT_IT))
    front.wait_asked(GetCall(id=9))
    assert front.application.activity.isVisible()
    assert words.unanswered(asked) not in front.words(banners)


def test_a_question_that_was_answered_or_withdrawn_is_not_told_as_missed(front: Front) -> None:
    mirror = front.application.mirror
    for number, end in ((32, QuestionEnd.DENIED), (33, QuestionEnd.WITHDRAWN)):
        mirror.take_event(QuestionOpened(question=fake_world.question(number)))
        mirror.take_event(QuestionClosed(id=number, end=end))
    assert "Nobody answered" not in front.words(front.window.banners)
