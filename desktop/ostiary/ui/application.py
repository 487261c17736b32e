"""Joins the parts of the tray: what the gateway tells goes to the window, what the person wishes to the gateway."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from ostiary.control.messages import (
    AnswerQuestion,
    DismissNotice,
    HoldQuestion,
    ResumeHost,
    SetMode,
    SetScreenLock,
)
from ostiary.domain.approval import GateMode, Question, QuestionEnd
from ostiary.domain.errors import OstiaryError
from ostiary.domain.events import Notice, Severity
from ostiary.domain.finding import Finding
from ostiary.domain.host import HostState
from ostiary.ui import looks, words
from ostiary.ui.approval.choice import Choice
from ostiary.ui.approval.window import ApprovalWindow
from ostiary.ui.banners import LINK
from ostiary.ui.call_wishes import CallWishes
from ostiary.ui.faults import Faults
from ostiary.ui.gateway_link import GatewayLink, LinkState
from ostiary.ui.main_window import MainWindow, Room
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.notifications import Notifications
from ostiary.ui.own_settings import OwnSettings
from ostiary.ui.pages import doctor_words
from ostiary.ui.pages.activity import ActivityPage
from ostiary.ui.pages.approvals import ApprovalsPage
from ostiary.ui.pages.doctor import DoctorPage, tray_finding
from ostiary.ui.pages.first_start import FirstStartPage
from ostiary.ui.pages.folders import FoldersPage
from ostiary.ui.pages.hosts import HostsPage
from ostiary.ui.pages.rules import RulesPage
from ostiary.ui.pages.secrets import SecretsPage
from ostiary.ui.pages.servers import ServersPage
from ostiary.ui.pages.settings import SettingsPage
from ostiary.ui.parts.later import Later
from ostiary.ui.preferences import Notify
from ostiary.ui.screen_lock import ScreenLock
from ostiary.ui.telling import Telling
from ostiary.ui.theme import Scheme, Theme
from ostiary.ui.tray import Tray
from ostiary.ui.tray_menu import Verb, Wish, menu
from ostiary.ui.try_it import TryIt

APPROVALS_PLACE = 4


class Application(QObject):
    """The window, the prompt and the tray over one link.

    Signals:
        ended: The gateway has ended as we asked; nothing is left to do.
    """

    ended = Signal()

    def __init__(self, theme: Theme, link: GatewayLink, own: OwnSettings, try_it: TryIt) -> None:
        super().__init__()
        self.link, self.own, self._theme = link, own, theme
        self.mirror = Mirror(self)
        self.servers = Later(lambda: ServersPage(theme, self.mirror, link.ask))
        self.hosts = Later(lambda: HostsPage(theme, self.mirror, link.ask))
        self.folders = Later(lambda: FoldersPage(theme, self.mirror, link.ask))
        self.activity = ActivityPage(theme, link.ask)
        self.approvals = Later(self._build_approvals)
        self.secrets = Later(lambda: SecretsPage(theme, self.mirror, link.ask))
        self.rules = Later(lambda: RulesPage(theme, self.mirror, link.ask))
        self.settings = Later(self._build_settings)
        self.doctor = Later(lambda: DoctorPage(theme, link.ask, self._own_findings))
        self.first_start = Later(lambda: self._build_first_start(try_it))
        self.window = MainWindow(theme, self._rooms(), self.first_start)
        self._calls = CallWishes(self.activity, self.rules, link.ask, self.window.show_page, self)
        self.prompt = ApprovalWindow(theme)
        self.tray = Tray(self)
        self.notifications = Notifications(self)
        self.screen = ScreenLock(self)
        self._telling = Telling(self.notifications, self.tray, self._wants_notification)
        self._first_snapshot = True
        self.starts_again = False
        self._refresh = QTimer(self, singleShot=True, interval=0)
        self._connect_link()
        self._connect_person()
        self._connect_tray()
        self._show_link(link.state)

    def open(self) -> None:
        """Start: the tray at once, the rest as soon as the gateway answers."""
        self.tray.look_for_tray()
        self.notifications.open()
        self.screen.open()
        self.window.banners.show_tray(self.tray.is_present)
        self.link.open()

    def quit(self) -> None:
        """Quit from the menu, a signal, or a window that nothing could bring back: all go this way."""
        self.prompt.hide()
        self.link.quit()

    def start_again(self) -> None:
        """End this tray for a new one. The gateway goes on, and so do its hosts."""
        self.starts_again = True
        self.prompt.hide()
        self.link.leave()

    def close(self) -> None:
        """Take everything off the screen, at the very end."""
        self.tray.remove()
        self.notifications.close()
        self.screen.close()
        for window in (self.prompt, self.window):
            window.hide()
            window.deleteLater()

    def watch(self, faults: Faults) -> None:
        """Show that a fault happened, and where it is written."""
        detail = words.fault(str(faults.file))
        faults.happened.connect(partial(self.tell, Notice(severity=Severity.PROBLEM, title=words.FAULT, detail=detail)))

    def tell(self, notice: Notice) -> None:
        """Show something of our own among the notices."""
        self.mirror.add_notice(notice)

    def _rooms(self) -> tuple[Room, ...]:
        return (
            Room(words.SERVERS, "servers", self.servers),
            Room(words.HOSTS, "hosts", self.hosts),
            Room(words.FOLDERS, "folders", self.folders),
            Room(words.ACTIVITY, "activity", self.activity),
            Room(words.APPROVALS, "approvals", self.approvals),
            Room(words.SECRETS, "secrets", self.secrets),
            Room(words.RULES, "rules", self.rules),
            Room(doctor_words.DOCTOR, "doctor", self.doctor),
            Room(words.SETTINGS, "settings", self.settings),
        )

    def _build_approvals(self) -> ApprovalsPage:
        page = ApprovalsPage(self._theme, self.mirror, self.link.ask)
        page.review_wanted.connect(self.prompt.review)
        return page

    def _build_settings(self) -> SettingsPage:
        page = SettingsPage(self._theme, self.mirror, self.link.ask, self.own)
        page.help.start_wanted.connect(self.window.show_start)
        return page

    def _build_first_start(self, try_it: TryIt) -> FirstStartPage:
        page = FirstStartPage(self._theme, self.mirror, self.link.ask, try_it)
        page.done.connect(lambda: self.window.show_page(self.servers))
        page.trying.call_wanted.connect(self._calls.show_call)
        return page

    def _own_findings(self) -> tuple[Finding, ...]:
        return (tray_finding(is_present=self.tray.is_present),)

    # What the gateway tells

    def _connect_link(self) -> None:
        link, mirror = self.link, self.mirror
        link.snapshot.connect(mirror.take_snapshot)
        link.happened.connect(mirror.take_event)
        link.state_changed.connect(self._show_link)
        link.failed.connect(self._tell_error)
        self._calls.failed.connect(self._tell_error)
        for named in (mirror.hosts_changed, mirror.servers_changed):
            named.connect(lambda: self.activity.set_titles(mirror.server_titles | mirror.host_titles))
        mirror.calls_reset.connect(self.activity.restart)
        mirror.calls_arrived.connect(self.activity.add_rows)
        mirror.servers_changed.connect(lambda: self.activity.charts.note_servers(mirror.servers))
        mirror.question_opened.connect(self._open_question)
        mirror.question_closed.connect(self._close_question)
        mirror.was_reset.connect(self._begin)
        mirror.mode_changed.connect(self._show_mode)
        mirror.notices_changed.connect(lambda: self.window.banners.show_notices(mirror.notices))
        mirror.raise_wanted.connect(self.window.bring_up)
        self._refresh.timeout.connect(self._show_state)
        for changed in (mirror.servers_changed, mirror.hosts_changed, mirror.roots_changed, mirror.secrets_changed):
            changed.connect(self._refresh.start)
        for changed in (mirror.questions_changed, mirror.mode_changed, mirror.busy_changed, mirror.grants_changed):
            changed.connect(self._refresh.start)

    def _begin(self) -> None:
        self._set_questions(self.mirror.questions)
        if self.screen.is_locked:
            self._tell_screen()
        if not self._first_snapshot:
            return
        self._first_snapshot = False
        if self.mirror.first_start:
            self.window.show_start()
        if self.mirror.first_start or not self.tray.is_present:
            self.window.bring_up()

    def _show_link(self, state: LinkState) -> None:
        tail = self.link.error_tail() if state is LinkState.LOST else ""
        self.window.banners.show_link(state, tail)
        self._refresh.start()
        if state is LinkState.LOST:
            self.window.bring_up()
        elif state is LinkState.ENDED:
            self.ended.emit()
        if state in (LinkState.RESTARTING, LinkState.LOST):
            self.mirror.take_end()
            self._set_questions(())

    def _show_mode(self) -> None:
        self.window.banners.show_mode(self.mirror.mode, self.mirror.mode_until)

    def _set_questions(self, questions: tuple[Question, ...]) -> None:
        self.prompt.set_questions(questions)
        self._telling.set_questions(questions)

    def _open_question(self, question: Question) -> None:
        self.prompt.open_question(question)
        self._telling.open_question(question)

    def _wants_notification(self) -> bool:
        match self.own.preferences.notify:
            case Notify.ALWAYS:
                return True
            case Notify.AWAY:
                return not (self.window.isActiveWindow() or self.prompt.isActiveWindow())
            case Notify.NEVER:
                return False

    def _close_question(self, number: int, end: QuestionEnd) -> None:
        closed = self._telling.close_question(number)
        if end in (QuestionEnd.TIMED_OUT, QuestionEnd.LOCKED) and closed is not None:
            self.window.banners.show_missed(closed)
        self.prompt.close_question(number, end)

    def _tell_error(self, error: OstiaryError) -> None:
        self.tell(Notice(severity=Severity.PROBLEM, title=error.title, detail=error.detail))

    def _show_state(self) -> None:
        mirror, sidebar = self.mirror, self.window.sidebar
        connected = sum(host.state is HostState.CONNECTED for host in mirror.hosts)
        numbers = [len(mirror.servers), connected, len(mirror.roots), 0, len(mirror.questions), len(mirror.secrets)]
        numbers.append(len(mirror.grants))
        for place, number in enumerate(numbers):
            sidebar.show_count(place, number, urgent=place == APPROVALS_PLACE)
        ready = self.link.state is LinkState.READY
        _, trouble = LINK.get(self.link.state, (None, ""))
        lines = menu(mirror.servers, mirror.hosts, mirror.questions, mirror.mode, trouble)
        doorway = looks.doorway(
            mirror.servers,
            mirror.mode,
            len(mirror.questions),
            connected=ready or self.link.state is LinkState.STARTING,
            calls_run=mirror.busy,
        )
        self.tray.show_menu(lines)
        self.tray.show_state(doorway, lines[0].text)

    # What the person wishes

    def _connect_person(self) -> None:
        banners = self.window.banners
        banners.resume_wanted.connect(partial(self._set_mode, GateMode.NORMAL))
        banners.missed_wanted.connect(self._calls.show_missed)
        banners.retry_wanted.connect(self.link.retry)
        banners.notice_read.connect(self._dismiss)
        banners.host_resume_wanted.connect(self._resume_host)
        self.notifications.review_wanted.connect(self.prompt.review)
        self.notifications.denied.connect(self.prompt.deny)
        self.screen.changed.connect(self._tell_screen)
        self.prompt.answered.connect(self._answer)
        self.prompt.held.connect(lambda number: self.link.ask(HoldQuestion(id=number)))
        self.window.close_wanted.connect(self.quit)
        self.own.changed.connect(self._take_preferences)
        self.own.restart_wanted.connect(self.start_again)
        self.own.scheme_chosen.connect(self._dress)
        self._take_preferences()

    def _dress(self, scheme: Scheme) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._theme.apply(application, scheme)

    def _take_preferences(self) -> None:
        shortcut = self.own.preferences.shortcut
        self.prompt.bar.menu.first = (shortcut.scope, shortcut.duration) if shortcut else None

    def _answer(self, number: int, choice: Choice) -> None:
        answer = AnswerQuestion(
            id=number,
            decision=choice.decision,
            scope=choice.scope,
            duration=choice.duration,
            folder=choice.folder,
        )
        self.link.ask(answer)

    def _tell_screen(self) -> None:
        """A gateway that is not there is told when it is met."""
        self.link.ask(SetScreenLock(locked=self.screen.is_locked), on_error=lambda _: None)

    def _set_mode(self, mode: GateMode, minutes: float | None = None) -> None:
        self.link.ask(SetMode(mode=mode, minutes=minutes))

    def _dismiss(self, notice: Notice) -> None:
        self.mirror.drop_notice(notice)
        self.link.ask(DismissNotice(notice=notice), on_error=lambda _: None)  # ours, which it does not know

    def _resume_host(self, notice: Notice) -> None:
        self.link.ask(ResumeHost(host=notice.silenced), lambda _: self._dismiss(notice))

    # The tray

    def _connect_tray(self) -> None:
        self.tray.wished.connect(self._fulfil, Qt.ConnectionType.QueuedConnection)
        self.tray.presence_changed.connect(self._tray_came_or_went)

    def _tray_came_or_went(self, present: bool) -> None:
        self.window.hides_on_close = present
        self.window.banners.show_tray(present)
        if not present and not self._first_snapshot:
            self.window.bring_up()

    def _fulfil(self, wish: Wish) -> None:
        match wish:
            case Wish(Verb.REVIEW, int(number)):
                self.prompt.review(number)
            case Wish(Verb.SHOW_SERVER, str(name)):
                self.window.show_page(self.servers)
                self.servers.page.open_server(name)
                self.window.bring_up()
            case Wish(Verb.SHOW_HOSTS):
                self.window.show_page(self.hosts)
                self.window.bring_up()
            case Wish(Verb.SHOW_APPROVALS):
                self.window.show_page(self.approvals)
                self.window.bring_up()
            case Wish(Verb.SET_MODE, GateMode() as mode, minutes):
                self._set_mode(mode, minutes)
            case Wish(Verb.TOGGLE):
                self.window.toggle()
            case Wish(Verb.QUIT):
                self.quit()
            case _:
                self.window.bring_up()
