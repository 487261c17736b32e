"""Activity: every call as it happens, what became of it, and each in full."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ostiary.domain.call import CallDetail, CallFilter, CallRow, Outcome
from ostiary.ui import words as common
from ostiary.ui.asking import Ask
from ostiary.ui.models.call_feed import CallFeed
from ostiary.ui.models.calls import CallsModel
from ostiary.ui.pages import activity_words as words
from ostiary.ui.pages.activity_charts import CallChartsPane
from ostiary.ui.pages.activity_detail import CallDetailPane
from ostiary.ui.pages.activity_export import ExportBar
from ostiary.ui.pages.activity_filters import CallFilters
from ostiary.ui.pages.activity_foot import CallFoot
from ostiary.ui.pages.activity_table import CallTable
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import EmptyState
from ostiary.ui.parts.page import Page
from ostiary.ui.theme import Theme

_TABLE, _NO_CALLS, _NO_MATCH = range(3)

BESIDE_FROM_PX: Final = 760
"""From this width on the detail stands beside the table, below it otherwise."""
SHARES: Final = {Qt.Orientation.Horizontal: [600, 400], Qt.Orientation.Vertical: [350, 650]}
"""What the table and the detail get of the room."""
INSET_PX: Final = 6
"""With its frame and the cells' own space, the table's words stand below the title's."""


class ActivityPage(Page):
    """The live call log.

    Signals:
        detail_wanted(int): The person opened the call of that id.
        export_wanted(Path, CallFilter): Calls that match shall be written to that file.
    """

    detail_wanted = Signal(int)
    export_wanted = Signal(object, CallFilter)

    def __init__(self, theme: Theme, ask: Ask) -> None:
        """``ask`` carries what the page wants to know of the log."""
        super().__init__(common.ACTIVITY)
        self._titles: dict[str, str] = {}
        self.model = CallsModel(
            words.HEADINGS, lambda line, column: words.line_cell(line, column, self._titles), words.spoken, self
        )
        self.feed = CallFeed(self.model, ask, self)
        self.table = CallTable(theme, self.model)
        self.filters = CallFilters(self.add_search(words.SEARCH))
        self.pane = CallDetailPane(theme)
        self.export_bar = ExportBar()
        self.charts = CallChartsPane(theme, ask)
        self.charts_button = button(words.CHARTS, self._turn, role="pick")
        self.charts_button.setCheckable(True)
        self.filters.add_actions(self.charts_button, button(words.EXPORT, self._choose_file, role="flat"))
        self.foot = CallFoot(self.model, self.feed)
        self._unseen = 0
        self._unanswered: dict[tuple[str, str], int] = {}
        self._open: int | None = None
        self._shared: Qt.Orientation | None = None
        self._no_calls = EmptyState(theme, "activity", words.NO_CALLS, words.NO_CALLS_TEACH)
        self._no_match = EmptyState(
            theme, "activity", words.NO_MATCH, words.NO_MATCH_TEACH, words.CLEAR_FILTERS, self.filters.clear
        )
        self._lay_out()
        self._connect()
        self._show_state()

    def restart(self, newest: tuple[CallRow, ...] = ()) -> None:
        """Look at the log anew: it may be another gateway's. ``newest`` tells what there is to choose from."""
        self._note(newest)
        self.feed.forget()
        self._look()
        if self._open is not None:
            self.detail_wanted.emit(self._open)

    def open_unanswered(self, host: str, tool: str) -> None:
        """Show the newest call of this tool that nobody answered, whatever the filters say."""
        self._leave_charts()
        if (missed := self._unanswered.get((host, tool))) is not None:
            self.open_call(missed)

    def open_call(self, number: int) -> None:
        """Show this call, whatever the filters say: the person came for it from elsewhere."""
        self._leave_charts()
        self.table.select_call(number)
        self.table.setFocus()
        self._open_call(number)

    @property
    def newest(self) -> int:
        """The number of the newest call that was told or found; 0 for none."""
        return self.feed.newest

    def set_titles(self, titles: dict[str, str]) -> None:
        """What hosts and servers are called, by their names."""
        if titles != self._titles:
            self._titles = titles
            self.filters.set_titles(titles)
            self.charts.set_titles(titles)
            self.table.viewport().update()

    def add_rows(self, rows: tuple[CallRow, ...]) -> None:
        """New or changed calls, by id. They show within a few tens of milliseconds."""
        self.feed.take(rows)
        self._note(rows)
        if self._open is not None and any(row.id == self._open for row in rows):
            self.detail_wanted.emit(self._open)

    def show_detail(self, detail: CallDetail) -> None:
        """The call that was asked for; an answer that comes after the person closed the pane is dropped."""
        if detail.row.id == self._open:
            self.pane.show_detail(detail, self._titles)
            self.pane.show()
            self._share_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.pane.isHidden():
            self._close_pane()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = event.size().width() >= BESIDE_FROM_PX
        self._split.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Once for each way they can stand, as soon as there is a detail: afterwards it is the person's matter."""
        orientation = self._split.orientation()
        if not self.pane.isHidden() and self._shared is not orientation:
            self._shared = orientation
            self._split.setSizes(SHARES[orientation])

    def _choose_file(self) -> None:
        """``open`` returns at once: the window goes on meanwhile."""
        chooser = QFileDialog(self, words.EXPORT_TITLE, "calls", words.EXPORT_FORMS)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("jsonl")
        chooser.filterSelected.connect(lambda form: chooser.setDefaultSuffix("csv" if "csv" in form else "jsonl"))
        chooser.fileSelected.connect(lambda path: self.export_wanted.emit(Path(path), self.model.filter))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _filter(self, wanted: CallFilter) -> None:
        if wanted == self.model.filter:
            return
        self._look()

    def _note(self, rows: tuple[CallRow, ...]) -> None:
        """What there is to choose from, and what nobody answered."""
        self.filters.offer(rows)
        self._unanswered |= {(row.host, row.tool): row.id for row in rows if row.outcome is Outcome.UNANSWERED}

    def _look(self) -> None:
        """Show what the filters say, from the newest back."""
        self._unseen = 0
        self.charts.set_filter(self.filters.value())
        self.feed.restart(self.filters.value(), grouped=self.filters.groups.isChecked())

    def _turn(self) -> None:
        """Show charts in place of the table, or the table again."""
        shows_charts = self.charts_button.isChecked()
        self.charts.setVisible(shows_charts)
        self._split.setVisible(not shows_charts)
        self.foot.setVisible(not shows_charts)

    def _leave_charts(self) -> None:
        if self.charts_button.isChecked():
            self.charts_button.click()

    def _open_call(self, call_id: int) -> None:
        self._open = call_id
        self.detail_wanted.emit(call_id)

    def _close_pane(self) -> None:
        self._open = None
        self.pane.hide()
        self.table.setFocus()

    def _count_unseen(self, added: int) -> None:
        self._unseen = 0 if self.table.follows else self._unseen + added
        self._show_state()

    def _show_state(self) -> None:
        """The table, or why there is none; and how much came in below what the person reads."""
        if self.model.rowCount() or self.feed.is_searching or not self.feed.is_whole:
            self._stack.setCurrentIndex(_TABLE)
        else:
            restricted = self.model.filter != CallFilter()
            self._stack.setCurrentIndex(_NO_MATCH if restricted else _NO_CALLS)
        if self.table.follows:
            self._unseen = 0
        self.foot.show_newest(offered=not self.table.follows, unseen=self._unseen)

    def _connect(self) -> None:
        self.filters.changed.connect(self._filter)
        self.table.opened.connect(self._open_call)
        self.filters.regrouped.connect(lambda _: self._look())
        self.feed.progressed.connect(self._show_state)
        self.foot.newest_wanted.connect(self.table.follow)
        self.table.followed.connect(lambda _: self._show_state())
        self.model.came.connect(self._count_unseen)
        self.pane.closed.connect(self._close_pane)

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.setContentsMargins(INSET_PX, 0, INSET_PX, 0)
        self._stack.addWidget(self.table)
        for empty in (self._no_calls, self._no_match):
            self._stack.addWidget(_at_top(empty))
        self._split = QSplitter()
        self._split.addWidget(self._stack)
        self._split.addWidget(self.pane)
        self._split.setChildrenCollapsible(False)
        # Where the height is short, the table gives way before a line of the filters is cut.
        self._split.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.pane.hide()
        self.area.hide()  # the table scrolls itself
        self.outer.addWidget(self.filters)
        self.outer.addWidget(self.export_bar)
        self.outer.addWidget(self._split, 1)
        self.outer.addWidget(self.charts, 1)
        self.charts.hide()
        self.outer.addWidget(self.foot)


def _at_top(widget: QWidget) -> QWidget:
    box = QWidget()
    box.setMinimumHeight(1)  # what is not shown takes no room from the detail
    column = QVBoxLayout(box)
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
    return box
