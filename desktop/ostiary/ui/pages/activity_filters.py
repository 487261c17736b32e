"""The filters above the call table: host, server, tool, decision, outcome, time, failures, repeats and a search.

Where the width is short they stand behind one button, so that calls can be seen below them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallFilter, CallRow, Outcome
from ostiary.ui.language import tr
from ostiary.ui.pages import activity_words as words
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.drop_down import name_list
from ostiary.ui.parts.flow import Flow
from ostiary.ui.parts.text import plain_tip
from ostiary.ui.theme import SPACE_L, SPACE_S
from ostiary.ui.visible import reveal_line

TYPING_MS: Final = 250
"""So long after the last key the search begins."""
FOLDED_BELOW_PX: Final = 480
WIDEST_PX: Final = 200
"""Of one filter, whatever a server calls its tools."""


class CallFilters(QWidget):
    """Signals:
    changed(CallFilter): The person wants to see these calls.
    regrouped(bool): Calls that are alike shall stand in one line, or each in its own.
    """

    changed = Signal(CallFilter)
    regrouped = Signal(bool)

    def __init__(self, search: QLineEdit) -> None:
        super().__init__()
        self._host = _chooser(tr("Host"), words.ALL_HOSTS)
        self._server = _chooser(tr("Server"), words.ALL_SERVERS)
        self._tool = _chooser(tr("Tool"), words.ALL_TOOLS)
        self._decision = _chooser(tr("Decision"), words.ALL_DECISIONS)
        for decision, word in words.DECISIONS.items():
            self._decision.addItem(word, decision)
        self._outcome = _chooser(tr("Outcome"), words.ALL_OUTCOMES)
        for outcome, look in words.OUTCOMES.items():
            self._outcome.addItem(look.text, outcome)
        self._span = _chooser(tr("Time"), words.ANY_TIME)
        for word, seconds in words.SPANS.items():
            self._span.addItem(word, seconds)
        self.failures = QCheckBox(words.FAILURES_ONLY)
        self.failures.setAccessibleName(words.FAILURES_ONLY)
        self.groups = QCheckBox(words.GROUP_REPEATS)
        self.groups.setChecked(True)
        self.groups.setAccessibleName(words.GROUP_REPEATS)
        self._search = search
        self._search.setToolTip(words.SEARCH_MEANS)
        self._titles: words.Titles = {}
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._tell)
        self._search.textChanged.connect(lambda _: self._typing.start())
        row = self._row = Flow(self)
        self.setContentsMargins(SPACE_L, 0, SPACE_L, SPACE_S)
        self.fold = button(words.FILTERS, self._arrange, role="pick")
        self.fold.setCheckable(True)
        row.addWidget(self.fold)
        self._choosers = (self._host, self._server, self._tool, self._decision, self._outcome, self._span)
        for chooser in self._choosers:
            chooser.currentIndexChanged.connect(self._tell)
            row.addWidget(chooser)
        self.failures.toggled.connect(lambda _: self._tell())
        self.groups.toggled.connect(self.regrouped)
        for box in (self.failures, self.groups):
            box.setMinimumHeight(self._host.sizeHint().height())  # in line with the choosers
        row.addWidget(self.failures)
        row.addWidget(self.groups)
        self._arrange()

    def value(self) -> CallFilter:
        """What the fields say now."""
        return CallFilter(
            host=self._host.currentData() or "",
            server=self._server.currentData() or "",
            tool=self._tool.currentData() or "",
            decision=None if self._decision.currentData() is None else Decision(self._decision.currentData()),
            outcome=None if self._outcome.currentData() is None else Outcome(self._outcome.currentData()),
            anywhere=self._search.text().strip(),
            failures=self.failures.isChecked(),
            since=self._since(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def add_actions(self, *buttons: QWidget) -> None:
        """What can be done with what is shown: after the filters, and on a line of its own where the width is short."""
        for one in buttons:
            self._row.addWidget(one)

    def search_for(self, text: str) -> None:
        """As if the person had typed it."""
        self._search.setText(text)

    def offer(self, rows: Iterable[CallRow]) -> None:
        """Add names to choose from; those that are there stay, so that a choice never goes by itself."""
        named = {(row.host, row.server, row.tool or row.method) for row in rows}
        _add(self._host, {host for host, _, _ in named}, self._titles)
        _add(self._server, {server for _, server, _ in named}, self._titles)
        _add(self._tool, {tool for _, _, tool in named}, self._titles)

    def set_titles(self, titles: words.Titles) -> None:
        """What hosts and servers are called, by their names."""
        self._titles = titles
        for chooser in (self._host, self._server):
            for row in range(1, chooser.count()):
                name = chooser.itemData(row)
                chooser.setItemText(row, reveal_line(titles.get(name, name)))

    def clear(self) -> None:
        """Restrict nothing."""
        for chooser in self._choosers:
            chooser.blockSignals(True)
            chooser.setCurrentIndex(0)
            chooser.blockSignals(False)
        self.failures.blockSignals(True)
        self.failures.setChecked(False)
        self.failures.blockSignals(False)
        self._search.clear()
        self._tell()

    def _arrange(self) -> None:
        """All of them, or the button that shows them and says how many restrict what is shown."""
        narrow = self.width() < FOLDED_BELOW_PX
        self.fold.setVisible(narrow)
        for widget in (*self._choosers, self.failures, self.groups):
            widget.setVisible(not narrow or self.fold.isChecked())
        set_ones = sum(chooser.currentIndex() > 0 for chooser in self._choosers) + self.failures.isChecked()
        self.fold.setText(words.filters(set_ones))
        self.fold.setAccessibleName(self.fold.text())

    def _since(self) -> float:
        """Where the chosen span begins, to the minute: the filter stays the same while the person types."""
        seconds = self._span.currentData()
        return 0.0 if seconds is None else (time.time() - float(seconds)) // 60 * 60

    def _tell(self, _: int = 0) -> None:
        self._typing.stop()
        self._arrange()
        self.changed.emit(self.value())


def _chooser(name: str, everything: str) -> QComboBox:
    chooser = QComboBox()
    name_list(chooser, name)
    chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    chooser.setMaximumWidth(WIDEST_PX)
    chooser.addItem(everything, None)
    return chooser


def _add(chooser: QComboBox, names: set[str], titles: words.Titles) -> None:
    known = {chooser.itemData(row) for row in range(1, chooser.count())}
    if not names - known:
        return
    chooser.blockSignals(True)
    for name in words.distinct(names - known):
        chooser.addItem(reveal_line(titles.get(name, name)), name)
        chooser.setItemData(chooser.count() - 1, plain_tip(name), Qt.ItemDataRole.ToolTipRole)
    chooser.blockSignals(False)
