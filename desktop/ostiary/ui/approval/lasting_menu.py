"""*Allow for…*: a menu of how far, narrowest first, and in each how long, shortest first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from ostiary.domain.approval import Decision, Question
from ostiary.ui.approval import wording
from ostiary.ui.approval.choice import Choice


class LastingMenu(QMenu):
    """Only what the question offers is on it. ``chosen`` is called with the choice and its scope in words."""

    def __init__(self, parent: QWidget, chosen: Callable[[Choice, str], None]) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self.setAccessibleName(wording.ALLOW_FOR)

    def offer(self, question: Question) -> None:
        """Make the menu of this question."""
        self.close()
        self.clear()
        for offer in question.offers:
            what = wording.scope(offer, question)
            times = self.addMenu(_plain(what))
            for duration in offer.durations:
                choice = Choice(Decision.ALLOW, offer.scope, duration, offer.folder)
                action = times.addAction(_plain(wording.lasts(duration, question)))
                action.triggered.connect(partial(self._tell, choice, what))

    def _tell(self, choice: Choice, what: str, *_: object) -> None:
        self._chosen(choice, what)


def _plain(text: str) -> str:
    """Names come from others; an ampersand in one is no accelerator."""
    return text.replace("&", "&&")
