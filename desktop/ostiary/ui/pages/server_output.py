"""What a server wrote to stderr: followed while it shows, searched, copied, and cleared from view."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ostiary.control.messages import ServerOutput
from ostiary.ui.asking import Ask
from ostiary.ui.pages import server_words as words
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.code import as_code
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_XS
from ostiary.ui.visible import reveal_rows

LINES: Final = 14
FOLLOW_MS: Final = 1_000
"""The newest 64 KB at most, once a second, only while it shows; measured
with 64 KB: 0.2 ms of the window's time where nothing is new, 3.3 ms where something is."""
OVERLAP_CHARACTERS: Final = 400
"""By so much of its end, what was cleared is found again in newer output, whose beginning has moved on."""


class ServerOutputView(QWidget):
    """Hidden until it is opened. It stays at the end unless the person has scrolled up or searches."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        self._name, self._told, self._cleared, self._shown = "", "", "", ""
        self.text = as_code(QPlainTextEdit(readOnly=True, tabChangesFocus=True))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setUndoRedoEnabled(False)  # it would keep every line that has gone
        self.text.setFixedHeight(LINES * self.text.fontMetrics().lineSpacing())
        self.search = QLineEdit(placeholderText=words.SEARCH_OUTPUT, clearButtonEnabled=True)
        self.search.setAccessibleName(words.SEARCH_OUTPUT)
        self.search.textChanged.connect(lambda: self.seek(again=True))
        self.search.returnPressed.connect(self._entered)  # with Shift to the one before
        self._found = Text(role="dim")
        self.next = button(words.NEXT, self.seek)
        self.previous = button(words.PREVIOUS, lambda: self.seek(backward=True))
        self.copy = button(words.COPY, self._copy)
        self.clear = button(words.CLEAR_VIEW, self._clear)
        verbs = ButtonRow(self.next, self.previous, self.copy, self.clear)
        column_in(self, self.search, verbs, self._found, self.text, spacing=SPACE_XS)
        self._clock = QTimer(self, interval=FOLLOW_MS)
        self._clock.timeout.connect(self._look)
        self._found.hide()
        self.hide()

    def open_for(self, name: str, title: str) -> None:
        """Show the output of this server, from its newest on."""
        if name != self._name:
            self._name, self._told, self._cleared, self._shown = name, "", "", ""
            self.text.clear()
            self.search.clear()
        self.text.setAccessibleName(words.output_of(title))
        self.show()
        self._look()

    def seek(self, *, backward: bool = False, again: bool = False) -> None:
        """The next or the one before, around the end; with ``again`` from the beginning of the newest text."""
        wanted = self.search.text()
        self._found.setVisible(bool(wanted))
        if not wanted:
            return
        total = self.text.toPlainText().casefold().count(wanted.casefold())
        self._found.setText(words.found(total))
        flags = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        if again:
            self.text.moveCursor(self.text.textCursor().MoveOperation.Start)
        if not self.text.find(wanted, flags):
            ends = self.text.textCursor().MoveOperation
            self.text.moveCursor(ends.End if backward else ends.Start)
            self.text.find(wanted, flags)

    def _entered(self) -> None:
        held = QGuiApplication.keyboardModifiers()
        self.seek(backward=bool(held & Qt.KeyboardModifier.ShiftModifier))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _look(self) -> None:
        """Without a gateway nothing comes back, and the banner says why."""
        name = self._name
        self._ask(ServerOutput(name=name), lambda told: self._take(name, told), lambda _: None)

    def _take(self, name: str, told: str) -> None:
        if name != self._name:
            return
        self._told = told
        new = since(self._cleared, told)
        shown = "\n".join(reveal_rows(new)) if new else words.NO_OUTPUT
        if shown == self._shown:
            return
        bar = self.text.verticalScrollBar()
        place, follows = bar.value(), bar.value() == bar.maximum() and not self.search.text()
        self._turn_into(shown)
        bar.setValue(bar.maximum() if follows else place)

    def _turn_into(self, shown: str) -> None:
        """Change what is another at both ends only: what the person found or marked stays found and marked."""
        gone = moved_on(self._shown, shown)
        if gone is None:
            self.text.setPlainText(shown)
        else:
            edit = QTextCursor(self.text.document())
            edit.setPosition(_places(self._shown[:gone]), QTextCursor.MoveMode.KeepAnchor)
            edit.removeSelectedText()
            edit.movePosition(QTextCursor.MoveOperation.End)
            edit.insertText(shown[len(self._shown) - gone :])
        self._shown = shown

    def _copy(self) -> None:
        chosen = self.text.textCursor().selectedText().replace("\u2029", "\n")
        QGuiApplication.clipboard().setText(chosen or self.text.toPlainText())

    def _clear(self) -> None:
        self._cleared = self._told
        self._take(self._name, self._told)


def since(cleared: str, told: str) -> str:
    """What ``told`` has beyond what was cleared; all of it where nothing of that is left. Pure."""
    if told.startswith(cleared):
        return told[len(cleared) :]
    end = cleared[-OVERLAP_CHARACTERS:]
    place = told.rfind(end) if end else -1
    return told if place < 0 else told[place + len(end) :]


def moved_on(old: str, new: str) -> int | None:
    """How many characters of its beginning ``old`` lacks in ``new``; None where that does not go on from it. Pure."""
    if new.startswith(old):
        return 0
    place = old.find(new[:OVERLAP_CHARACTERS])
    return place if place > 0 and new.startswith(old[place:]) else None


def _places(text: str) -> int:
    """How many places a text takes in a document of Qt, which counts in UTF-16."""
    return len(text.encode("utf-16-le")) // 2
