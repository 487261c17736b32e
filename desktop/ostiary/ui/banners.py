"""What stands above every page: how the gateway is, which mode holds, and what the person should know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ostiary.domain.approval import GateMode, Question
from ostiary.domain.events import Notice, Severity
from ostiary.ui import looks, words
from ostiary.ui.gateway_link import LinkState
from ostiary.ui.language import said
from ostiary.ui.looks import Look
from ostiary.ui.message_fold import MessageFold
from ostiary.ui.parts.mark import Shape
from ostiary.ui.parts.rows import Rows
from ostiary.ui.strip import Strip
from ostiary.ui.theme import Theme

MISSED_AT_MOST: Final = 3
"""After so many in a row a host is silenced anyway."""

LINK: Final = {
    LinkState.STARTING: (Look(Shape.HALF, "busy"), words.STARTING),
    LinkState.RESTARTING: (Look(Shape.TRIANGLE, "busy"), words.RESTARTING),
    LinkState.LOST: (Look(Shape.TRIANGLE, "problem"), words.GATEWAY_LOST),
    LinkState.ENDING: (Look(Shape.HALF, "busy"), words.ENDING),
}
SEVERITIES: Final = {
    Severity.NOTE: Look(Shape.FULL, "accent"),
    Severity.WARNING: Look(Shape.TRIANGLE, "busy"),
    Severity.PROBLEM: Look(Shape.TRIANGLE, "problem"),
}
MISSED: Final = Look(Shape.EMPTY, "ask")
TRAY: Final = Look(Shape.EMPTY, "text_dim")


class Banners(QWidget):
    """Strips, most important first; how the gateway is and which mode holds are never folded away.

    Signals:
        resume_wanted: Back to the normal mode.
        retry_wanted: Start the gateway again.
        notice_read: The ``Notice`` that may go.
        missed_wanted: The ``Question`` that ran out of time and that the person wants to look at.
        host_resume_wanted: The ``Notice`` of a silenced host, about whose calls the person wants to be asked again.
    """

    resume_wanted = Signal()
    retry_wanted = Signal()
    notice_read = Signal(object)
    missed_wanted = Signal(object)
    host_resume_wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._link = Strip(theme, words.TRY_AGAIN, self.retry_wanted.emit)
        self._mode = Strip(theme, words.RESUME, self.resume_wanted.emit)
        self._tray = Strip(theme, words.DISMISS, lambda: self.show_tray(True), about=words.NO_TRAY_TITLE)
        self._missed: dict[str, Question] = {}
        self._told: tuple[Notice, ...] = ()
        self._missed_strips: Rows[Question] = Rows(_key, self._missed_strip, 1)
        self._notices: Rows[Notice] = Rows(repr, self._notice_strip, 1)
        self._fold = MessageFold(theme, self._missed_strips, self._notices, self._tray)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for strip in (self._link, self._mode, self._fold):
            column.addWidget(strip)

    def show_link(self, state: LinkState, tail: str = "") -> None:
        """``tail`` is what the gateway wrote last; shown when it is lost."""
        look, sentence = LINK.get(state, (None, ""))
        lost = state is LinkState.LOST
        self._link.say(look, f"{sentence}\n{tail}" if lost and tail else sentence, with_button=lost)

    def show_mode(self, mode: GateMode, until: float | None) -> None:
        sentence = words.MODE_BANNERS.get(mode, "")
        if sentence and until is not None:
            sentence = words.banner_until(sentence, until)
        self._mode.say(looks.MODES[mode], sentence)

    def show_tray(self, present: bool) -> None:
        """Without a tray nothing could bring a hidden window back."""
        self._tray.say(TRAY, "" if present else words.NO_TRAY)
        self._count()

    def show_notices(self, notices: tuple[Notice, ...]) -> None:
        self._notices.show_values(notices)
        self._told = notices
        self._count()

    def show_missed(self, question: Question) -> None:
        """A question ran out of time; the newest few are told until the person looks at them or lets them go."""
        self._missed[_key(question)] = question
        while len(self._missed) > MISSED_AT_MOST:
            del self._missed[next(iter(self._missed))]
        self._show_missed()

    def _missed_strip(self, question: Question) -> QWidget:
        strip = MissedStrip(self._theme, question, lambda: self._drop_missed(question))
        strip.offer(words.LOOK_AT_IT, lambda: self._look_at(question))
        return strip

    def _look_at(self, question: Question) -> None:
        self._drop_missed(question)
        self.missed_wanted.emit(question)

    def _drop_missed(self, question: Question) -> None:
        self._missed.pop(_key(question), None)
        self._show_missed()

    def _show_missed(self) -> None:
        self._missed_strips.show_values(self._missed.values())
        self._count()

    def _count(self) -> None:
        """Tell the fold what it holds."""
        told = [*(SEVERITIES[notice.severity] for notice in self._told), *(MISSED for _ in self._missed)]
        self._fold.show_looks(told if self._tray.isHidden() else [*told, TRAY])

    def _notice_strip(self, notice: Notice) -> QWidget:
        strip = NoticeStrip(self._theme, notice, lambda: self.notice_read.emit(notice))
        if notice.silenced:
            strip.offer(words.RESUME, lambda: self.host_resume_wanted.emit(notice))
        return strip


class NoticeStrip(Strip):
    """A notice until it is dismissed."""

    def __init__(self, theme: Theme, notice: Notice, dismiss: Callable[[], None]) -> None:
        super().__init__(theme, words.DISMISS, dismiss, about=said(notice.title))

    def show_value(self, notice: Notice) -> None:
        self.say(SEVERITIES[notice.severity], words.notice(notice))


class MissedStrip(Strip):
    """A question that nobody answered in time."""

    def __init__(self, theme: Theme, question: Question, dismiss: Callable[[], None]) -> None:
        super().__init__(theme, words.DISMISS, dismiss, about=words.question_line(question))

    def show_value(self, question: Question) -> None:
        self.say(MISSED, words.unanswered(question))


def _key(question: Question) -> str:
    """Its number alone is used again by the next gateway."""
    return f"{question.id} {question.asked_at}"
