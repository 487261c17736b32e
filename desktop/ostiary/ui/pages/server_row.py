"""One server in the list: state, switch, what it is and how it fares, and what is wrong with it."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from ostiary.domain.server import ServerState, ServerView
from ostiary.ui import looks, words
from ostiary.ui.figures import size
from ostiary.ui.language import said
from ostiary.ui.pages.server_words import COST_MEANS, failure, memory_of, state_word, traffic
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.mark import Mark
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.sparkline import Sparkline
from ostiary.ui.parts.spoken import Spoken
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import Theme

NEEDS_HELP = frozenset({ServerState.BACKOFF, ServerState.FATAL})


class ServerRow(Card, Spoken):
    """A card that is also a button: click or Enter opens, Space switches, arrows move on.

    Signals:
        opened: Its name; the person wants the detail.
        entered: The same by the keyboard, which goes on there.
        output_wanted: Its name; the detail with the output.
        switched: Its name and whether it shall be on.
        restart_wanted: Its name.
    """

    spoken_role = QAccessible.Role.ListItem

    opened = Signal(str)
    entered = Signal()
    output_wanted = Signal(str)
    switched = Signal(str, bool)
    restart_wanted = Signal(str)

    def __init__(self, theme: Theme, server: ServerView) -> None:
        super().__init__()
        self.name = server.name
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._mark = Mark(theme)
        self._title = Text(role="name")
        self._state = Text(role="dim")
        self._sentence = Text()
        self._facts = Text(role="dim")
        self._facts.setToolTip(COST_MEANS)
        self.memory = Sparkline(theme)
        self._seen: ServerView | None = None
        self._problem, self._trouble = Problem(theme), Problem(theme, "busy")
        self.switch = Switch(theme, words.turn(server.title))
        self.switch.clicked.connect(self._switch)
        self.restart = button(words.RESTART, lambda: self.restart_wanted.emit(self.name))
        self._output = button(words.SHOW_OUTPUT, lambda: self.output_wanted.emit(self.name))
        self._stale = button(words.RESTART_FOR_SECRET, lambda: self.restart_wanted.emit(self.name))
        self._repairs: QWidget = ButtonRow(self.restart, self._output)
        self.column.addLayout(row_of(self._mark, self._title, self._state, self.switch, stretch=1))
        self._refresh: QWidget = ButtonRow(self._stale)
        self.column.addWidget(self._sentence)
        self.column.addLayout(row_of(self._facts, self.memory, stretch=0))
        for widget in (self._problem, self._trouble, self._repairs, self._refresh):
            self.column.addWidget(widget)
        self.show_value(server)

    def show_value(self, server: ServerView) -> None:
        look, word = looks.server(server), state_word(server)
        self._mark.set_shape(look.shape, look.tone)
        self._title.setText(server.title)
        self._state.setText(word)
        self._sentence.setText(words.server_sentence(server))
        facts = words.server_facts(server, time.time()), traffic(server)
        self._show_facts(" · ".join(filter(None, facts)))
        self._draw_memory(server)
        self._problem.say_failure(server.error, server.advice)
        self._trouble.say(said(server.trouble))
        self._repairs.setVisible(bool(server.error or server.trouble) or server.state in NEEDS_HELP)
        self._refresh.setVisible(server.stale and self._repairs.isHidden())
        self.switch.setChecked(server.enabled)
        self.setAccessibleName(f"{server.title}, {word}")
        for one in (self.restart, self._output, self._stale):
            one.setAccessibleName(words.named(server.title, one.text()))
        self.setAccessibleDescription(failure(server) or said(server.trouble) or words.server_sentence(server))

    def show_selected(self, selected: bool) -> None:
        self.setProperty("selected", selected)
        self.style().unpolish(self)
        self.style().polish(self)

    def press(self) -> None:
        self.opened.emit(self.name)

    def _draw_memory(self, server: ServerView) -> None:
        """One point for each measuring; a server that does not run has no curve."""
        if server.state is not ServerState.RUNNING:
            self.memory.clear()
        elif server is not self._seen and server.memory_bytes:
            self.memory.add(server.memory_bytes)
            self.memory.setAccessibleName(memory_of(server.title, size(server.memory_bytes)))
        self._seen = server

    def _show_facts(self, facts: str) -> None:
        self._facts.setText(facts)
        self._facts.setVisible(bool(facts))

    def _switch(self) -> None:
        self.switched.emit(self.name, not self.switch.isChecked())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.press()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.press()
                self.entered.emit()
            case Qt.Key.Key_Space:
                self._switch()
            case Qt.Key.Key_Down:
                self._move_focus(1)
            case Qt.Key.Key_Up:
                self._move_focus(-1)
            case _:
                super().keyPressEvent(event)

    def _move_focus(self, step: int) -> None:
        list_ = self.parentWidget()
        rows = sorted(list_.findChildren(ServerRow) if list_ else [self], key=lambda row: row.y())
        place = rows.index(self) + step
        if 0 <= place < len(rows):
            rows[place].setFocus()
