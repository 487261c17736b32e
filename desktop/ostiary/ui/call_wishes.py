"""What the person wishes about calls of the log: asked of the gateway, and answered where the call is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ostiary.control.messages import AllowNext, GetCall, SetToolState, UndoCall
from ostiary.domain.approval import Question
from ostiary.domain.call import CallFilter
from ostiary.domain.errors import OstiaryError
from ostiary.domain.server import ToolState
from ostiary.ui.asking import Ask
from ostiary.ui.call_export import CallExport
from ostiary.ui.language import told
from ostiary.ui.pages import activity_words as words
from ostiary.ui.pages.activity import ActivityPage
from ostiary.ui.pages.rules import RulesPage
from ostiary.ui.parts.later import Later


class CallWishes(QObject):
    """Joins the page Activity to the gateway and to the page Rules. ``show_page`` brings a page to the front.

    Signals:
        failed: The ``OstiaryError`` of a wish whose call is no longer on show.
    """

    failed = Signal(object)

    def __init__(
        self,
        activity: ActivityPage,
        rules: Later[RulesPage],
        ask: Ask,
        show_page: Callable[[QWidget], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._activity, self._rules, self._ask, self._show_page = activity, rules, ask, show_page
        activity.detail_wanted.connect(self._fetch)
        activity.export_wanted.connect(self._export)
        activity.pane.rule_wanted.connect(self._show_rule)
        activity.pane.allow_next_wanted.connect(self._allow_next)
        activity.pane.always_ask_wanted.connect(self._always_ask)
        activity.pane.undo_wanted.connect(self._undo)

    def show_call(self, number: int) -> None:
        """The log, at this call."""
        self._show_page(self._activity)
        self._activity.open_call(number)

    def show_missed(self, question: Question) -> None:
        """The log, at the call of a question that nobody answered."""
        self._show_page(self._activity)
        self._activity.open_unanswered(question.caller.host, question.tool)

    def _fetch(self, number: int) -> None:
        self._ask(GetCall(id=number), self._activity.show_detail)

    def _export(self, path: Path, wanted: CallFilter) -> None:
        self._activity.export_bar.follow(CallExport(path, wanted, self._ask, self), path)

    def _show_rule(self, number: int) -> None:
        self._show_page(self._rules)
        self._rules.page.point_out(number)

    def _allow_next(self, number: int) -> None:
        self._ask(AllowNext(id=number), lambda _: self._say(number, words.ALLOWED_NEXT), partial(self._refused, number))

    def _always_ask(self, number: int, server: str, tool: str) -> None:
        wish = SetToolState(name=server, own_name=tool, state=ToolState.ASKS)
        self._ask(wish, lambda _: self._say(number, words.ASKS_NOW), partial(self._refused, number))

    def _undo(self, number: int) -> None:
        undone = self._activity.pane.show_undone
        self._ask(UndoCall(id=number), lambda _: undone(number), partial(self._not_undone, number))

    def _say(self, number: int, what: str) -> None:
        self._activity.pane.say(number, what)

    def _refused(self, number: int, error: OstiaryError) -> None:
        if not self._activity.pane.say(number, told(error)):
            self.failed.emit(error)

    def _not_undone(self, number: int, error: OstiaryError) -> None:
        if not self._activity.pane.show_not_undone(number, told(error)):
            self.failed.emit(error)
