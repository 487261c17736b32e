"""One rule: what it lets through or not, how long still, how often used, and the way to take it back."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from ostiary.domain.approval import Decision, Grant
from ostiary.ui.pages import rule_words as words
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.mark import Mark, Shape
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_XS, Theme

_MARKS = {
    Decision.ALLOW: (Shape.FULL, "ok"),
    Decision.ASK: (Shape.TRIANGLE, "ask"),
    Decision.DENY: (Shape.BARS, "problem"),
}


class RuleRow(Card):
    """``titles`` gives what hosts and servers are called at the moment."""

    def __init__(
        self,
        theme: Theme,
        rule: Grant,
        titles: Callable[[], tuple[words.Titles, words.Titles]],
        revoke: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._rule, self._titles = rule, titles
        self._mark, self._title, self._facts = Mark(theme), Text(role="name"), Text(role="dim")
        self._suspended = Problem(theme)
        self.revoke = button(words.REVOKE, partial(revoke, rule.id))
        about = QVBoxLayout()
        about.setSpacing(SPACE_XS)
        about.addLayout(row_of(self._mark, self._title, stretch=1))
        about.addWidget(self._facts)
        self.column.addLayout(Ends(about, self.revoke))
        self.column.addWidget(self._suspended)
        self.show_value(rule)

    def show_value(self, rule: Grant) -> None:
        self._rule = rule
        shape, tone = _MARKS[rule.decision]
        self._mark.set_shape(Shape.EMPTY if rule.suspended else shape, "text_dim" if rule.suspended else tone)
        title = words.title(rule, *self._titles())
        self._title.setText(title)
        self.revoke.setAccessibleName(words.revoke(title))
        self._suspended.say(words.suspended(rule))
        self.tick()

    def tick(self) -> None:
        """Show the time that is left now."""
        self._facts.setText(words.facts(self._rule, time.time()))

    def point_out(self) -> None:
        """The person came for this one."""
        self.revoke.setFocus()
