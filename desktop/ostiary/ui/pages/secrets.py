"""The secrets: their names, who uses them, and whether the keyring can be used. Values go in and never come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from ostiary.control.messages import RemoveSecret, RestartServer, SetSecret
from ostiary.domain.errors import OstiaryError
from ostiary.domain.secret import SecretView
from ostiary.domain.server import ServerState, ServerView
from ostiary.ui import words
from ostiary.ui.asking import Ask
from ostiary.ui.language import said
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages.new_secret import NewSecretForm
from ostiary.ui.pages.secret_row import SecretRow
from ostiary.ui.parts.buttons import button
from ostiary.ui.parts.card import Card, EmptyState
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.page import Page
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import Theme

NOT_BEGUN: Final = frozenset({ServerState.STOPPED, ServerState.IDLE})
"""It reads its secrets when it starts, so it will have the newest."""
HAS_THE_NEWEST: Final = NOT_BEGUN | {ServerState.RUNNING}
"""Where it is not stale."""


class SecretsPage(Page):
    """Follows the mirror's secrets."""

    def __init__(self, theme: Theme, mirror: Mirror, ask: Ask) -> None:
        super().__init__(words.SECRETS)
        self._theme, self._mirror, self._ask = theme, mirror, ask
        self.add_button = button(words.ADD_SECRET, self._open_form)
        self.header.addWidget(self.add_button)
        self._keyring, self._problem = Problem(theme), Problem(theme)
        self.form = NewSecretForm(theme)
        self.form.given.connect(self._add)
        self.form.closed.connect(self._show)
        self.form.closed.connect(self.add_button.setFocus)
        self.offer = _Restart(self._restart)
        self.rows: Rows[SecretView] = Rows(lambda secret: secret.name, self._row)
        self._empty = EmptyState(
            theme, "secrets", words.NO_SECRETS, words.NO_SECRETS_TEACH, words.ADD_SECRET, self._open_form
        )
        for widget in (self._keyring, self._problem, self.offer, self.form, self.rows, self._empty):
            self.column.addWidget(widget)
        for changed in (mirror.secrets_changed, mirror.servers_changed):
            changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._keyring.say(said(self._mirror.keyring.problem))
        self.rows.show_values(self._mirror.secrets)
        self._empty.setVisible(self._mirror.loaded and not self._mirror.secrets and not self.form.isVisibleTo(self))
        self.offer.follow(self._mirror.servers)

    def _row(self, secret: SecretView) -> QWidget:
        row = SecretRow(self._theme, secret, self._mirror.titled)
        row.value_given.connect(self._set)
        row.removal_wanted.connect(self._remove)
        return row

    def _open_form(self) -> None:
        self._empty.hide()
        self.form.open_form()

    def _set(self, name: str, value: str) -> None:
        self._problem.clear()
        self._ask(SetSecret(name=name, value=value), self._kept, partial(self._problem.say_error_of, name))

    def _add(self, name: str, value: str) -> None:
        self._ask(SetSecret(name=name, value=value), self._added, partial(self._not_added, name))

    def _added(self, secret: SecretView) -> None:
        """A keyring may ask for its password first: by now the form may be closed, or hold the next one."""
        if self.form.waits:
            self.form.close_form()
        self._kept(secret)

    def _not_added(self, name: str, error: OstiaryError) -> None:
        if self.form.waits:
            self.form.refuse(error)
        else:
            self._problem.say_error_of(name, error)

    def _kept(self, secret: SecretView) -> None:
        begun = {server.name for server in self._mirror.servers if server.state not in NOT_BEGUN}
        users = tuple(name for name in secret.used_by if name in begun)
        self.offer.show_for(secret.name, users, self._mirror.titled(users))

    def _restart(self, names: tuple[str, ...]) -> None:
        self._problem.clear()
        for name, title in zip(names, self._mirror.titled(names), strict=True):
            self._ask(RestartServer(name=name), on_error=partial(self._problem.say_error_of, title))

    def _remove(self, name: str) -> None:
        self._problem.clear()
        self._ask(RemoveSecret(name=name), on_error=partial(self._problem.say_error_of, name))


class _Restart(Card):
    """Offers to restart those that still use the old value."""

    def __init__(self, restart: Callable[[tuple[str, ...]], None]) -> None:
        super().__init__()
        self._restart = restart
        self._names: tuple[str, ...] = ()
        self._words = Text()
        self.button = button(words.RESTART, self._wanted)
        self.column.addLayout(Ends(self._words, self.button))
        self.hide()

    def show_for(self, secret: str, names: tuple[str, ...], titles: tuple[str, ...]) -> None:
        self._names = names
        self._words.setText(words.secret_changed(secret, titles))
        self.setVisible(bool(names))

    def follow(self, servers: Iterable[ServerView]) -> None:
        """Gone as soon as each of them has been started anew, or is off."""
        left = {server.name for server in servers if server.stale or server.state not in HAS_THE_NEWEST}
        if left.isdisjoint(self._names):
            self.hide()

    def _wanted(self) -> None:
        self.hide()
        self._restart(self._names)
