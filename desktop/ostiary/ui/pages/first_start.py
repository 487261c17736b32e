"""The first minute: folder, server, host, on one page. Each step can be skipped and done later on its own page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from ostiary.control.messages import AddRoot, DisableServer, EnableServer
from ostiary.domain.host import HostState, HostView
from ostiary.domain.root import RootView
from ostiary.domain.server import ServerView
from ostiary.ui import looks, words
from ostiary.ui.asking import Ask
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages import first_words, host_words, import_words
from ostiary.ui.pages.folders import choose_folder
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.pages.import_form import ImportForm
from ostiary.ui.pages.proposals import proposed
from ostiary.ui.pages.try_card import TryCard
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card, row_of
from ostiary.ui.parts.ends import Ends
from ostiary.ui.parts.mark import Mark, Shape
from ostiary.ui.parts.page import Page
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.rows import Rows
from ostiary.ui.parts.switch import Switch
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_S, Theme
from ostiary.ui.try_it import TryIt


class FirstStartPage(Page):
    """Follows the mirror; decides nothing that the other pages could not.

    Signals:
        done: The person is through, or wants to do it later.
    """

    done = Signal()

    def __init__(self, theme: Theme, mirror: Mirror, ask: Ask, try_it: TryIt) -> None:
        super().__init__(first_words.WELCOME)
        self._theme, self._mirror, self._ask = theme, mirror, ask
        self._problem = Problem(theme)
        self._roots: Rows[RootView] = Rows(lambda root: root.path, lambda root: _Folder(theme, root))
        self.proposals: Rows[Path] = Rows(str, lambda path: _Proposal(path, self.add))
        self._found = Text(first_words.PROPOSED, "dim")
        self.trying = TryCard(theme, mirror, try_it)
        self.servers: Rows[ServerView] = Rows(lambda server: server.name, self._server)
        self.hosts: Rows[HostView] = Rows(lambda host: host.name, lambda host: HostRow(theme, ask, host))
        self.choose = button(first_words.CHOOSE_FOLDER, self._choose)
        self.finish = button(first_words.START_LATER, self.done.emit)
        self.bring_in = button(import_words.BRING_IN, self._open_import)
        self.import_form = ImportForm(theme, ask)
        self.import_form.closed.connect(self.bring_in.show)
        self._no_hosts = Text(host_words.NO_HOSTS_HERE)
        self._try = Text(role="name")
        self.setFocusProxy(self.choose)
        self._lay_out()
        for changed in (mirror.roots_changed, mirror.servers_changed, mirror.hosts_changed):
            changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        steps = (
            (
                first_words.STEP_FOLDERS,
                first_words.STEP_FOLDERS_TEACH,
                (self._roots, self._found, self.proposals, ButtonRow(self.choose)),
            ),
            (
                first_words.STEP_SERVERS,
                first_words.STEP_SERVERS_TEACH,
                (self.servers, ButtonRow(self.bring_in), self.import_form),
            ),
            (first_words.STEP_HOSTS, first_words.STEP_HOSTS_TEACH, (self.hosts, self._no_hosts)),
        )
        self.column.addWidget(Text(first_words.WELCOME_TEACH))
        self.column.addWidget(self._problem)
        for title, teaching, widgets in steps:
            card = Card()
            card.column.setSpacing(SPACE_S)
            for widget in (Text(title, "title"), Text(teaching, "dim"), *widgets):
                card.column.addWidget(widget)
            self.column.addWidget(card)
        self.column.addWidget(self.trying)
        self.column.addWidget(self._try)
        self.column.addWidget(ButtonRow(self.finish))

    def _show(self) -> None:
        mirror = self._mirror
        self._roots.show_values(mirror.roots)
        self._propose()
        self.servers.show_values(mirror.servers)
        here = [host for host in mirror.hosts if host.state is not HostState.NOT_FOUND]
        self.hosts.show_values(here)
        self._no_hosts.setVisible(not here)
        self.bring_in.setVisible(bool(here) and self.import_form.isHidden())
        connected = any(host.state is HostState.CONNECTED for host in here)
        through = connected and bool(mirror.roots) and any(server.enabled for server in mirror.servers)
        self._try.setText(first_words.try_it(mirror.roots[0].label) if through else "")
        self._try.setVisible(through)
        self.finish.setText(first_words.START_DONE if through else first_words.START_LATER)
        self.finish.setAccessibleName(self.finish.text())

    def _open_import(self) -> None:
        self.bring_in.hide()
        self.import_form.open_form()

    def _propose(self) -> None:
        documents = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.DocumentsLocation)
        found = proposed(Path.home(), documents, (root.path for root in self._mirror.roots))
        self.proposals.show_values(found)
        self._found.setVisible(bool(found))

    def _choose(self) -> None:
        choose_folder(self, self.add)

    def add(self, path: str) -> None:
        self._problem.clear()
        self._ask(AddRoot(path=path), on_error=self._problem.say_error)

    def _server(self, server: ServerView) -> QWidget:
        row = _Server(self._theme, server)
        row.switched.connect(self._switch)
        return row

    def _switch(self, name: str, on: bool) -> None:
        self._problem.clear()
        self._ask(EnableServer(name=name) if on else DisableServer(name=name), on_error=self._problem.say_error)


class _Proposal(QWidget):
    """A folder that could be added, and the button that does it."""

    def __init__(self, path: Path, add: Callable[[str], None]) -> None:
        super().__init__()
        self.button = button(first_words.ADD, lambda: add(str(path)), name=first_words.add(path))
        self.setLayout(Ends(Text(str(path), "mono"), self.button))

    def show_value(self, path: Path) -> None:
        """A path stays what it is."""


class _Folder(QWidget):
    """A folder that was added."""

    def __init__(self, theme: Theme, root: RootView) -> None:
        super().__init__()
        self._path = Text(role="mono")
        row = row_of(Mark(theme, Shape.FULL, "ok"), self._path, stretch=1)
        row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)
        self.show_value(root)

    def show_value(self, root: RootView) -> None:
        self._path.setText(root.path)


class _Server(QWidget):
    """A server with one line and its switch.

    Signals:
        switched: Its name and whether it shall be on.
    """

    switched = Signal(str, bool)

    def __init__(self, theme: Theme, server: ServerView) -> None:
        super().__init__()
        self._name = server.name
        self._mark, self._words = Mark(theme), Text()
        self.switch = Switch(theme, words.turn(server.title))
        self.switch.clicked.connect(lambda: self.switched.emit(self._name, not self.switch.isChecked()))
        row = row_of(self._mark, self._words, self.switch, stretch=1)
        row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)
        self.show_value(server)

    def show_value(self, server: ServerView) -> None:
        look = looks.SERVERS[server.state]
        self._mark.set_shape(look.shape, look.tone)
        self._words.setText(f"{server.title}: {words.server_sentence(server)}")
        self.switch.setChecked(server.enabled)
