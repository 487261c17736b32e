"""The newest of every list, kept from the snapshot and the events that follow it. One signal a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from ostiary.domain import events
from ostiary.domain.approval import EndedGrant, GateMode, Grant, Question
from ostiary.domain.call import CallRow, Outcome
from ostiary.domain.host import HostView
from ostiary.domain.root import RootView
from ostiary.domain.secret import KeyringState, SecretView
from ostiary.domain.server import ServerState, ServerView

WITHOUT_PROCESS: Final = frozenset({ServerState.STOPPED, ServerState.IDLE, ServerState.FATAL})


class Mirror(QObject):
    """What the gateway last said. Read the attributes; only its methods write them.

    Signals:
        servers_changed … notices_changed: That list is another now.
        busy_changed: ``busy`` is another now.
        question_opened: A ``Question`` that is new or changed.
        question_closed: Its id, and the ``QuestionEnd``.
        calls_reset: The newest rows after a (new) start, in place of all earlier ones.
        calls_arrived: Rows that are new or changed.
        raise_wanted: A second start asks to show the window.
        was_reset: A snapshot has been taken; every list may be another.
    """

    servers_changed = Signal()
    hosts_changed = Signal()
    sessions_changed = Signal()
    roots_changed = Signal()
    secrets_changed = Signal()
    grants_changed = Signal()
    mode_changed = Signal()
    questions_changed = Signal()
    notices_changed = Signal()
    busy_changed = Signal()
    question_opened = Signal(object)
    question_closed = Signal(int, object)
    calls_reset = Signal(object)
    calls_arrived = Signal(object)
    raise_wanted = Signal()
    was_reset = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.loaded = False
        self.first_start = False
        self.servers: tuple[ServerView, ...] = ()
        self.hosts: tuple[HostView, ...] = ()
        self.sessions: tuple[events.SessionView, ...] = ()
        self.roots: tuple[RootView, ...] = ()
        self.secrets: tuple[SecretView, ...] = ()
        self.keyring = KeyringState()
        self.grants: tuple[Grant, ...] = ()
        self.ended_grants: tuple[EndedGrant, ...] = ()
        self.mode = GateMode.NORMAL
        self.mode_until: float | None = None
        self.questions: tuple[Question, ...] = ()
        self.notices: tuple[events.Notice, ...] = ()
        self._running: frozenset[int] = frozenset()

    @property
    def busy(self) -> bool:
        """True while a call runs."""
        return bool(self._running)

    @property
    def host_titles(self) -> dict[str, str]:
        """What each host is called, by its name."""
        return {host.name: host.title for host in self.hosts}

    @property
    def server_titles(self) -> dict[str, str]:
        """What each server is called, by its name."""
        return {server.name: server.title for server in self.servers}

    def titled(self, servers: Iterable[str]) -> tuple[str, ...]:
        """What these servers are called; one that is not there keeps its name."""
        titles = self.server_titles
        return tuple(titles.get(name, name) for name in servers)

    def take_snapshot(self, snapshot: events.Snapshot) -> None:
        self.loaded = True
        self.first_start = snapshot.first_start
        self.servers, self.hosts, self.sessions = snapshot.servers, snapshot.hosts, snapshot.sessions
        self.roots, self.secrets, self.keyring = snapshot.roots, snapshot.secrets, snapshot.keyring
        self.grants, self.questions, self.notices = snapshot.grants, snapshot.questions, snapshot.notices
        self.ended_grants = snapshot.ended_grants
        self.mode, self.mode_until = snapshot.mode, snapshot.mode_until
        self._running = frozenset()
        self._note_running(snapshot.calls)
        for changed in (self.servers_changed, self.hosts_changed, self.sessions_changed, self.roots_changed):
            changed.emit()
        for changed in (self.secrets_changed, self.grants_changed, self.mode_changed, self.questions_changed):
            changed.emit()
        for changed in (self.notices_changed, self.busy_changed):
            changed.emit()
        self.calls_reset.emit(snapshot.calls)
        self.was_reset.emit()

    def take_end(self) -> None:
        """The gateway has gone, and with it its questions, calls, sessions and servers' processes.

        The rest may be so again in the next one.
        """
        self.questions, self._running, self.sessions = (), frozenset(), ()
        self.servers = tuple(map(_ended, self.servers))
        self.hosts = tuple(replace(host, sessions=0) for host in self.hosts)
        for changed in (self.questions_changed, self.busy_changed, self.sessions_changed):
            changed.emit()
        for changed in (self.servers_changed, self.hosts_changed):
            changed.emit()

    def take_event(self, event: events.AnyEvent) -> None:
        match event:
            case events.Servers():
                self.servers = event.servers
                self.servers_changed.emit()
            case events.Hosts():
                self.hosts = event.hosts
                self.hosts_changed.emit()
            case events.Sessions():
                self.sessions = event.sessions
                self.sessions_changed.emit()
            case events.Roots():
                self.roots = event.roots
                self.roots_changed.emit()
            case events.Secrets():
                self.secrets, self.keyring = event.secrets, event.keyring
                self.secrets_changed.emit()
            case events.Grants():
                self.grants, self.ended_grants = event.grants, event.ended
                self.grants_changed.emit()
            case events.Mode():
                self.mode, self.mode_until = event.mode, event.until
                self.mode_changed.emit()
            case events.Calls():
                self._note_running(event.rows)
                self.calls_arrived.emit(event.rows)
            case events.QuestionOpened():
                self._open(event.question)
            case events.QuestionClosed():
                self._close(event.id)
                self.question_closed.emit(event.id, event.end)
            case events.Noticed():
                self.add_notice(event.notice)
            case events.RaiseWindow():
                self.raise_wanted.emit()
            case events.Ending() | events.Missed():
                pass  # the link's own: it ends by itself, or asks for a new snapshot
            case _:
                assert_never(event)

    def add_notice(self, notice: events.Notice) -> None:
        """One of the tray's own, or one that just came; the same twice is shown once."""
        if notice not in self.notices:
            self.notices = (*self.notices, notice)
            self.notices_changed.emit()

    def drop_notice(self, notice: events.Notice) -> None:
        """The person has read it."""
        self.notices = tuple(other for other in self.notices if other != notice)
        self.notices_changed.emit()

    def _open(self, question: Question) -> None:
        known = [other.id for other in self.questions]
        if question.id in known:
            self.questions = tuple(question if other.id == question.id else other for other in self.questions)
        else:
            self.questions = (*self.questions, question)
        self.questions_changed.emit()
        self.question_opened.emit(question)

    def _close(self, number: int) -> None:
        self.questions = tuple(question for question in self.questions if question.id != number)
        self.questions_changed.emit()

    def _note_running(self, rows: tuple[CallRow, ...]) -> None:
        was_busy = self.busy
        newest = {row.id: row.outcome for row in rows}  # a batch may hold a call's beginning and its end
        begun = {number for number, outcome in newest.items() if outcome is Outcome.RUNNING}
        self._running = (self._running - newest.keys()) | begun
        if self.busy != was_busy:
            self.busy_changed.emit()


def _ended(server: ServerView) -> ServerView:
    """The same without a process."""
    if server.state in WITHOUT_PROCESS:
        return server
    gone = replace(server, state=ServerState.EXITED, pid=None, running_calls=0, waiting_calls=0)
    return replace(gone, progress="", trouble="")
