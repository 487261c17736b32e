"""Tells of open questions outside the window: by a notification with buttons, or by the tray's own where none has them.

Owns which questions are open and told of. How a notification gets to the screen is the matter of ``notifications``
and ``tray``, whether the person wants one now is asked of who made this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject

from ostiary.domain.approval import Question
from ostiary.ui import words
from ostiary.ui.language import said
from ostiary.ui.notifications import Notifications
from ostiary.ui.tray import Tray
from ostiary.ui.tray_menu import Verb, Wish
from ostiary.ui.visible import reveal_line


class Telling(QObject):
    """Every open question once, and once more by a service that comes later: only there it has its buttons."""

    def __init__(self, notifications: Notifications, tray: Tray, is_wanted: Callable[[], bool]) -> None:
        super().__init__(notifications)
        self._notifications, self._tray, self._is_wanted = notifications, tray, is_wanted
        self._open: dict[int, Question] = {}
        self._told: set[int] = set()
        notifications.settled.connect(self._tell_all)

    def open_question(self, question: Question) -> None:
        """A new one, or a changed one of the same id. Nothing is told before it is known who can show it."""
        is_new = question.id not in self._open
        self._open[question.id] = question
        if is_new and not self._notifications.is_looking:
            self._tell(question)

    def close_question(self, number: int) -> Question | None:
        """It has ended, and so has its notification. Gives what it was; None where it was not open."""
        closed = self._open.pop(number, None)
        self._told.discard(number)
        self._notifications.withdraw(number)
        return closed

    def set_questions(self, questions: Iterable[Question]) -> None:
        """Exactly these are open: what a gateway says when it is met anew."""
        now = {question.id: question for question in questions}
        for number in self._open.keys() - now.keys():
            self.close_question(number)
        for question in now.values():
            self.open_question(question)

    def _tell_all(self) -> None:
        """It is known now who shows notifications; a service that has just come shows none of ours yet."""
        for question in self._open.values():
            if self._notifications.can_ask or question.id not in self._told:
                self._tell(question)

    def _tell(self, question: Question) -> None:
        if not self._is_wanted():
            return
        self._told.add(question.id)
        title, facts = said(reveal_line(question.sentence)), words.question_facts(question)
        if self._notifications.can_ask:
            self._notifications.show(question.id, title, facts)
        else:
            self._tray.notify(title, facts, Wish(Verb.REVIEW, question.id))
