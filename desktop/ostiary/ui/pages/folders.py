"""The approved folders: added by choosing or dropping, taken away again, and how each may be used."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from ostiary.control.messages import AddRoot, RemoveRoot
from ostiary.domain.errors import OstiaryError
from ostiary.domain.root import RootMode, RootView
from ostiary.ui import words
from ostiary.ui.asking import Ask
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages import folder_drop
from ostiary.ui.pages.folder_row import FolderRow
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import EmptyState
from ostiary.ui.parts.drop_mark import DropMark
from ostiary.ui.parts.page import Page
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.text import Text
from ostiary.ui.parts.undo import Undo
from ostiary.ui.theme import Theme


class FoldersPage(Page):
    """Follows the mirror's roots."""

    def __init__(self, theme: Theme, mirror: Mirror, ask: Ask) -> None:
        super().__init__(words.FOLDERS)
        self._theme, self._mirror, self._ask = theme, mirror, ask
        self.setAcceptDrops(True)
        self.header.addWidget(button(words.ADD_FOLDER, self.choose))
        self._problem = Problem(theme)
        self.undo: Undo[RootView] = Undo(self._put_back)
        self.rows: Rows[RootView] = Rows(lambda root: root.path, self._row)
        self._hint = Text(words.DROP_HINT, "dim")
        self._empty = EmptyState(
            theme, "folders", words.NO_FOLDERS, words.NO_FOLDERS_TEACH, words.ADD_FOLDER, self.choose
        )
        for widget in (self._problem, self.undo, self.rows, self._hint, self._empty):
            self.column.addWidget(widget)
        self.drop_mark = DropMark(theme, self)
        mirror.roots_changed.connect(self._show)
        self._show()

    def choose(self) -> None:
        """Open the system's dialog; what is chosen there is added."""
        choose_folder(self, self.add)

    def add(self, path: str, mode: RootMode = RootMode.READ_WRITE) -> None:
        self._problem.clear()
        self._ask(AddRoot(path=path, mode=mode), on_error=partial(self._problem.say_error_of, path))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        dragged = folder_drop.read(event.mimeData())
        self.drop_mark.say(dragged.told, wanted=bool(dragged.folders))
        folder_drop.accept(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        folder_drop.accept(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_mark.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the folders; of the rest, say why not."""
        self.drop_mark.hide()
        dropped = folder_drop.read(event.mimeData())
        self._problem.clear()
        for path in dropped.folders:
            self._ask(AddRoot(path=path), on_error=partial(self._problem.say_error_of, path))
        self._problem.say(dropped.refusal)
        if dropped.folders:
            folder_drop.accept(event)
        else:
            event.ignore()

    def _show(self) -> None:
        paths = {root.path for root in self._mirror.roots}
        self.rows.show_values(self._mirror.roots)
        self.undo.settle(lambda root: root.path in paths)
        self._hint.setVisible(bool(self._mirror.roots))
        self._empty.setVisible(self._mirror.loaded and not self._mirror.roots)

    def _row(self, root: RootView) -> QWidget:
        row = FolderRow(self._theme, root)
        row.mode_wanted.connect(self.add)
        row.removal_wanted.connect(self._remove)
        return row

    def _remove(self, root: RootView) -> None:
        self._problem.clear()
        refused = partial(self._problem.say_error_of, root.label)
        self._ask(RemoveRoot(path=root.path), lambda _: self._offer(root), refused)

    def _offer(self, root: RootView) -> None:
        self.undo.offer(words.folder_removed(root.label), root)
        self.undo.button.setFocus()  # its row had the keyboard: the next one's is not what the person pressed

    def _put_back(self, root: RootView) -> None:
        self._problem.clear()
        self._ask(AddRoot(path=root.path, mode=root.mode), on_error=partial(self._not_put_back, root))

    def _not_put_back(self, root: RootView, error: OstiaryError) -> None:
        self._problem.say_error_of(root.label, error)
        self.undo.offer_again()


def choose_folder(parent: QWidget, then: Callable[[str], None]) -> QFileDialog:
    """The system's dialog, opened without waiting for it; ``then`` gets the chosen path."""
    dialog = QFileDialog(parent, words.CHOOSE_FOLDER, str(Path.home()))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog
