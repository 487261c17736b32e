"""What else can be done for a host: restart it, where it ends by itself, or make a bundle that it installs."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from ostiary.control.messages import HostBundle, MakeHostBundle, RestartHost
from ostiary.domain.errors import OstiaryError
from ostiary.domain.host import HostState, HostView
from ostiary.ui import words as common
from ostiary.ui.asking import Ask
from ostiary.ui.pages import host_help_words as words
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Confirm
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.saving import ask_where_to_save, save_whole
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_XS, Theme


class HostHelp(QWidget):
    """Not there while nothing can be done. A restart is asked about first: the host is the person's own program."""

    def __init__(self, theme: Theme, ask: Ask, host: HostView) -> None:
        super().__init__()
        self._ask, self._host = ask, host
        self.restart = button("", self._ask_restart)
        self.bundle = button(words.MAKE_BUNDLE, self._choose)
        self.bundle.setToolTip(words.BUNDLE_MEANS)
        self.confirm = Confirm(common.CANCEL)
        self._told, self._problem = Text(role="dim"), Problem(theme)
        verbs = ButtonRow(self.restart, self.bundle)
        column_in(self, verbs, self.confirm, self._told, self._problem, spacing=SPACE_XS)
        self._told.hide()
        self.show_value(host)

    def show_value(self, host: HostView) -> None:
        self._host = host
        restarts = bool(host.restart_needed) and host.can_restart
        self.restart.setText(words.restart(host.title))
        self.restart.setAccessibleName(self.restart.text())
        self.restart.setVisible(restarts)
        bundles = host.takes_bundles and host.state is not HostState.NOT_FOUND
        self.bundle.setVisible(bundles)
        if not restarts:
            self.confirm.hide()
        self.setVisible(restarts or bundles)

    def _ask_restart(self) -> None:
        self._problem.clear()
        title = self._host.title
        self.confirm.ask(words.restart_means(title), words.restart_now(title), self._restart)

    def _restart(self) -> None:
        self._ask(RestartHost(host=self._host.name), self.show_value, self._refused)

    def _choose(self) -> None:
        ask_where_to_save(self, words.MAKE_BUNDLE, words.BUNDLE_NAME, self.save_bundle)

    def save_bundle(self, path: str) -> None:
        """Make the bundle and write it there, whole or not at all."""
        self._problem.clear()
        self._ask(MakeHostBundle(host=self._host.name), partial(self._write, path), self._refused)

    def _write(self, path: str, made: HostBundle) -> None:
        problem = save_whole(path, made.content)
        self._told.setVisible(not problem)
        self._told.setText(words.bundle_made(path, self._host.title))
        if problem:
            self._problem.say(words.not_written(path, problem))

    def _refused(self, error: OstiaryError) -> None:
        self._problem.say_error(error)
