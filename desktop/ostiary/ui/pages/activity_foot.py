"""The line below the call table: how many calls there are, how a search goes, and the way to the newest."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ostiary.domain.call import CallFilter
from ostiary.ui.models.call_feed import CallFeed
from ostiary.ui.models.calls import CallsModel
from ostiary.ui.pages import activity_words as words
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import ROW_HEIGHT, SPACE_L, SPACE_S


class CallFoot(QWidget):
    """Signals:
    newest_wanted: The person wants to see the newest call.
    """

    newest_wanted = Signal()

    def __init__(self, model: CallsModel, feed: CallFeed) -> None:
        super().__init__()
        self._model, self._feed = model, feed
        self._failed = ""
        self._told = Text("", "dim")
        self.stop = button(words.STOP_SEARCH, feed.stop, role="flat")
        self.go_on = button(words.GO_ON, feed.go_on, role="flat")
        self.newest = button("", self.newest_wanted.emit, role="flat", name=words.TO_NEWEST)
        self.newest.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, 0, SPACE_L, 0)
        row.setSpacing(SPACE_S)
        self.setMinimumHeight(ROW_HEIGHT)
        row.addWidget(self._told, 1)
        for widget in (self.stop, self.go_on, self.newest):
            row.addWidget(widget)
        feed.progressed.connect(self.show_state)
        feed.failed.connect(self._tell_failure)
        self.show_state()

    def show_newest(self, *, offered: bool, unseen: int) -> None:
        """Offer the way to the newest call, and say how many came in meanwhile."""
        self.newest.setText(words.unseen(unseen))
        self.newest.setVisible(offered)

    def show_state(self) -> None:
        """Say how many calls there are, as far as it is known."""
        feed, calls = self._feed, self._model.calls
        restricted = self._model.filter != CallFilter()
        if feed.is_searching:
            self._failed = ""
            self._told.setText(words.searching(calls, feed.share))
        elif self._failed:
            self._told.setText(words.not_searched(self._failed))
        elif feed.is_whole:
            self._told.setText(words.found(calls, restricted=restricted))
        else:
            self._told.setText(words.stopped(calls, feed.share))
        self.stop.setVisible(feed.is_searching)
        self.go_on.setVisible(not feed.is_searching and not feed.is_whole)

    def _tell_failure(self, reason: str) -> None:
        self._failed = reason
