"""One host: how it stands, and the change to its file, shown before it is written."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ostiary.control.messages import (
    ApplyHostChange,
    PlanConnect,
    PlanDisconnect,
    PlanRepair,
    PlanUndo,
    SearchToolsForHost,
)
from ostiary.domain.errors import OstiaryError
from ostiary.domain.host import HostChange, HostState, HostView
from ostiary.domain.host_choice import EntryMode
from ostiary.ui import looks, words
from ostiary.ui.asking import Ask
from ostiary.ui.language import said
from ostiary.ui.pages import host_words
from ostiary.ui.pages.folders import choose_folder
from ostiary.ui.pages.host_help import HostHelp
from ostiary.ui.parts.buttons import Button, ButtonRow, button
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.diff_view import DiffView
from ostiary.ui.parts.escape import close_on_escape
from ostiary.ui.parts.mark import Mark
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_S, Theme

CONNECTS = frozenset({HostState.AVAILABLE, HostState.CHANGED})
DISCONNECTS = frozenset({HostState.CONNECTED, HostState.CHANGED})
CAN_CHANGE = CONNECTS | DISCONNECTS


class HostRow(Card):
    """Asks for a plan, shows its diff, and writes exactly what was shown. ``sees``: there is a detail to be opened.

    Signals:
        opened: Its name; the person wants to see, and choose, what the host sees.
        tools_wanted: Its name; the same, at the servers and tools.
    """

    opened = Signal(str)
    tools_wanted = Signal(str)

    def __init__(self, theme: Theme, ask: Ask, host: HostView, *, sees: bool = False) -> None:
        super().__init__()
        self._ask, self._host, self._sees = ask, host, sees
        self._change: HostChange | None = None
        self._wished = 0
        self._mark = Mark(theme)
        self._title, self._state = Text(role="name"), Text(role="dim")
        self._path, self._note = Text(role="mono"), Text(role="dim")
        self._offer, self._too_much = Text(role="dim"), Problem(theme)
        self._wrong, self._waits, self._problem = Problem(theme), Problem(theme, "busy"), Problem(theme)
        self.sees_button = button(host_words.SEES, lambda: self.opened.emit(self._chosen_for))
        self.choose_button = button(host_words.CHOOSE_TOOLS, lambda: self.tools_wanted.emit(self._chosen_for))
        self.search_button = button(host_words.SEARCH_ON, self._search_tools)
        self._ways = ButtonRow(self.choose_button, self.search_button)
        self.connect_button = button(host_words.CONNECT, self._plan_connect)
        self.repair_button = button(host_words.REPAIR, self._plan_repair)
        self.disconnect_button = button(host_words.DISCONNECT, self._plan_disconnect)
        self.project_button = button(host_words.IN_A_PROJECT, self._choose_project)
        self.project_button.setToolTip(host_words.IN_A_PROJECT_MEANS)
        self.undo_button = button(host_words.UNDO, self._plan_undo)
        self.undo_button.setToolTip(host_words.UNDO_MEANS)
        self._of_project = Text(host_words.OF_A_PROJECT, "dim")
        self.plan = _Plan(theme)
        close_on_escape(self.plan, self._forget)
        self.plan.write.clicked.connect(self._write)
        self.plan.cancel.clicked.connect(self._forget)
        self.column.addLayout(row_of(self._mark, self._title, self._state, stretch=1))
        ways = (self.connect_button, self.repair_button, self.disconnect_button, self.undo_button)
        self._buttons = ButtonRow(*ways, self.sees_button, self.project_button)
        states: tuple[QWidget, ...] = (self._path, self._of_project, self._wrong, self._waits, self._note)
        about: tuple[QWidget, ...] = (*states, self._offer, self._too_much, self._ways)
        self.help = HostHelp(theme, ask, host)
        for widget in (*about, self._problem, self._buttons, self.help, self.plan):
            self.column.addWidget(widget)
        self.show_value(host)

    def show_value(self, host: HostView) -> None:
        self._host = host
        self.help.show_value(host)
        look, word = looks.HOSTS[host.state], host_words.state(host)
        self._mark.set_shape(look.shape, look.tone)
        self._title.setText(host.title)
        self._state.setText(word)
        self._path.setText(host.config_path or "")
        self._path.setVisible(host.config_path is not None)
        self._wrong.say(host_words.wrong(host))
        self._waits.say(said(host.restart_needed))
        self._say(self._note, host_words.note(host))
        self._of_project.setVisible(bool(host.project_of))
        self._show_offer(host)
        self._show_buttons()
        self.setAccessibleName(f"{host.title}, {word}")

    def _show_offer(self, host: HostView) -> None:
        here = self._sees and host.state is not HostState.NOT_FOUND
        too_much = host_words.too_much(host.offer) if here else ""
        self._say(self._offer, host_words.offer(host.offer) if here and host.offer.all_tools else "")
        self._too_much.say(too_much)
        self._ways.setVisible(bool(too_much))
        self.search_button.setVisible(not host.choice.tool_search)
        for one in (self.sees_button, self.choose_button, self.search_button):
            one.setAccessibleName(words.named(host.title, one.text()))

    def _show_buttons(self) -> None:
        state, planning, harmed = self._host.state, self._change is not None, bool(self._host.harm)
        self.connect_button.setVisible(state in CONNECTS and not planning)
        self.connect_button.setText(host_words.RECONNECT if state is HostState.CHANGED else host_words.CONNECT)
        self.connect_button.setAccessibleName(words.named(self._host.title, self.connect_button.text()))
        self.repair_button.setVisible(harmed and not planning)
        self.repair_button.setAccessibleName(words.named(self._host.title, host_words.REPAIR))
        gone = harmed and state is HostState.AVAILABLE
        self.disconnect_button.setVisible((state in DISCONNECTS or gone) and not planning)
        self.disconnect_button.setText(host_words.LEAVE_IT if gone else host_words.DISCONNECT)
        self.disconnect_button.setAccessibleName(words.named(self._host.title, self.disconnect_button.text()))
        sees = self._sees and state is not HostState.NOT_FOUND
        self.sees_button.setVisible(sees and not planning)
        in_project = sees and self._host.takes_projects
        self.project_button.setVisible(in_project and not planning)
        self.project_button.setAccessibleName(words.named(self._host.title, host_words.IN_A_PROJECT))
        self.undo_button.setVisible(self._host.can_undo and not planning)
        self.undo_button.setAccessibleName(words.named(self._host.title, host_words.UNDO))
        self._buttons.setVisible((sees or state in CAN_CHANGE or harmed or self._host.can_undo) and not planning)
        self.plan.setVisible(planning)

    def plan_entries(self, mode: EntryMode) -> None:
        """Show what it takes to stand in the host's file with one entry, or with one for each server."""
        self._wish_plan(PlanConnect(host=self._host.name, entries=mode))

    def _choose_project(self) -> None:
        choose_folder(self, self.plan_in)

    def plan_in(self, folder: str) -> None:
        """Show what it takes to connect the host in a project's folder."""
        self._wish_plan(PlanConnect(host=self._host.name, project=folder))

    @property
    def _chosen_for(self) -> str:
        """The host whose view this one has."""
        return self._host.project_of or self._host.name

    def _search_tools(self) -> None:
        self._problem.clear()
        self._ask(SearchToolsForHost(host=self._chosen_for, on=True), self._searching, self._refused)

    def _searching(self, host: HostView) -> None:
        if host.name == self._host.name:
            self.show_value(host)

    def _plan_connect(self) -> None:
        self._wish_plan(PlanConnect(host=self._host.name))

    def _plan_disconnect(self) -> None:
        self._wish_plan(PlanDisconnect(host=self._host.name))

    def _plan_repair(self) -> None:
        self._wish_plan(PlanRepair(host=self._host.name))

    def _plan_undo(self) -> None:
        self._wish_plan(PlanUndo(host=self._host.name))

    def _wish_plan(self, wish: PlanConnect | PlanDisconnect | PlanRepair | PlanUndo) -> None:
        """The last plan that is wished for is shown, unless the person has gone back before it comes."""
        self._problem.clear()
        self._wished += 1
        number = self._wished

        def show(change: HostChange) -> None:
            if number == self._wished:
                self._show_plan(change)

        self._ask(wish, show, self._refused)

    def _show_plan(self, change: HostChange) -> None:
        if not change.diff:
            self._say(self._note, host_words.NOTHING_TO_CHANGE)
            if self._host.harm:
                self._ask(ApplyHostChange(change=change), self.show_value, self._refused)
            return
        self._change = change
        self.plan.show_change(change)
        for one in (self.plan.write, self.plan.cancel, self.plan.copy):
            one.setAccessibleName(words.named(self._host.title, one.text()))
        self.plan.diff.setAccessibleName(words.named(self._host.title, host_words.DIFF))
        self._show_buttons()
        self.plan.cancel.setFocus()

    def _write(self) -> None:
        if self._change is not None:
            self.plan.let_write(allowed=False)  # a second click is not a second wish
            change = self._change
            refused = partial(self._not_written, change)
            self._ask(ApplyHostChange(change=change), partial(self._written, change), refused)

    def _written(self, change: HostChange, host: HostView) -> None:
        self._host = host if host.name == self._host.name else self._host  # one in a project has a row of its own
        if self._change is change:  # else the person has gone on
            self._forget()
        self.show_value(self._host)
        self._say(self._note, host_words.restart(host))

    def _not_written(self, change: HostChange, error: OstiaryError) -> None:
        """Keep the plan's entry at hand: what we may not write, the person may."""
        self._refused(error)
        if self._change is change:
            self.plan.let_write(allowed=True)
            self.plan.offer_snippet()

    def _refused(self, error: OstiaryError) -> None:
        self._problem.say_error(error)

    def _forget(self) -> None:
        self._change = None
        self._wished += 1
        self._problem.clear()
        self._show_buttons()
        for one in (self.connect_button, self.disconnect_button):
            if not one.isHidden():
                one.setFocus()

    def _say(self, label: Text, sentence: str) -> None:
        label.setText(sentence)
        label.setVisible(bool(sentence))


class _Plan(QWidget):
    """The diff, the button that writes it, and what to paste by hand instead."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._snippet = ""
        self._where = Text()
        self.diff = DiffView(theme, host_words.DIFF)
        self.write = Button(host_words.WRITE_CHANGE)
        self.write.setProperty("role", "primary")
        self.cancel = Button(words.CANCEL)
        self.copy = button(host_words.COPY_SNIPPET, self._copy, role="flat")
        self._by_hand = Text(host_words.SNIPPET, "dim")
        self._paste = Text(role="mono")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_S, 0, 0)
        column.setSpacing(SPACE_S)
        for widget in (self._where, self.diff, ButtonRow(self.write, self.cancel, self.copy), self._by_hand):
            column.addWidget(widget)
        column.addWidget(self._paste)

    def show_change(self, change: HostChange) -> None:
        self._snippet = change.snippet
        where = host_words.change_of(change.path, exists=change.before_exists)
        self._where.setText("\n".join(filter(None, [where, said(change.note)])))
        self.diff.show_diff(change.diff)
        self.copy.setVisible(bool(change.snippet))
        self.copy.setText(host_words.COPY_SNIPPET)
        self.let_write(allowed=True)
        self._by_hand.hide()
        self._paste.hide()

    def let_write(self, *, allowed: bool) -> None:
        if not allowed and self.write.hasFocus():  # else Cancel would get the keyboard, and the second press of a hand
            self.diff.setFocus()
        self.write.setEnabled(allowed)

    def offer_snippet(self) -> None:
        self._paste.setText(self._snippet)
        self._paste.setVisible(bool(self._snippet))
        self._by_hand.setVisible(bool(self._snippet))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._snippet)
        self.copy.setText(words.COPIED)
