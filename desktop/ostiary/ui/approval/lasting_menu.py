"""*Allow for…*: a menu of how far, narrowest first, and in each how long, shortest first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from ostiary.domain.approval import Decision, Duration, Question, Scope
from ostiary.ui.approval import wording
from ostiary.ui.approval.choice import Choice


class LastingMenu(QMenu):
    """Only what the question offers is on it. ``chosen`` is called with the choice and its scope in words.

    ``first`` is the answer that the person wants on top wherever a question offers it.
    """

    def __init__(self, parent: QWidget, chosen: Callable[[Choice, str], None]) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self.first: tuple[Scope, Duration] | None = None
        self.setAccessibleName(wording.ALLOW_FOR)

    def offer(self, question: Question) -> None:
        """Make the menu of this question."""
        self.close()
        self.clear()
        for times in self.findChildren(QMenu):
            times.deleteLater()  # what it offers is cleared, the menus that it opens are not
        self._offer_first(question)
        for offer in question.offers:
            what = wording.scope(offer, question)
            times = self.addMenu(_plain(what))
            for duration in offer.durations:
                choice = Choice(Decision.ALLOW, offer.scope, duration, offer.folder)
                action = times.addAction(_plain(wording.lasts(duration, question)))
                action.triggered.connect(partial(self._tell, choice, what))

    def _offer_first(self, question: Question) -> None:
        offers = [offer for offer in question.offers if self.first and offer.scope is self.first[0]]
        if self.first is None or not offers or self.first[1] not in offers[0].durations:
            return
        offer, duration = offers[0], self.first[1]
        what = wording.scope(offer, question)
        action = self.addAction(_plain(f"{what} · {wording.lasts(duration, question)}"))
        action.triggered.connect(partial(self._tell, Choice(Decision.ALLOW, offer.scope, duration, offer.folder), what))
        self.addSeparator()

    def _tell(self, choice: Choice, what: str, *_: object) -> None:
        self._chosen(choice, what)


def _plain(text: str) -> str:
    """Names come from others; an ampersand in one is no accelerator."""
    return text.replace("&", "&&")
