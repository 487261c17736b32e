"""Notifications with *Deny* and *Review…* over the session bus (freedesktop.org, Desktop Notifications 1.2).

Linux only; where there is no such service, nothing is shown here and the tray shows its own. Nothing in a notification
can allow: any program of the session can claim that one of its buttons was pressed. QtDBus cannot write the unsigned
numbers that the service wants, so the messages are jeepney's; Qt watches the socket.
"""

from __future__ import annotations

import html
import logging
import sys
from typing import Any, Final

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

from ostiary.ui import words

if sys.platform == "linux":
    from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
    from jeepney.io.blocking import DBusConnection, open_dbus_connection

    _NAME: Final = "org.freedesktop.Notifications"
    _SERVICE: Final = DBusAddress("/org/freedesktop/Notifications", bus_name=_NAME, interface=_NAME)
    _BUS: Final = "org.freedesktop.DBus"

CONNECT_WITHIN_S: Final = 1.0
LOOK_WITHIN_MS: Final = 3_000
"""A service that needs longer to say what it can do is not waited for; it is used when it comes."""
DENY: Final = "deny"
REVIEW: Final = "review"
_CLICK: Final = "default"
_URGENT: Final = {"urgency": ("y", 2)}
_SERVICE_DECIDES: Final = -1

log = logging.getLogger(__name__)


class Notifications(QObject):
    """One notification a question, withdrawn with it.

    Signals:
        denied(int): *Deny* was pressed on the notification of that question.
        review_wanted(int): *Review…*, or the notification itself.
        settled: Whether there is a service is known now; one that has just come shows nothing yet.
    """

    denied = Signal(int)
    review_wanted = Signal(int)
    settled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._capabilities: frozenset[str] | None = None
        self._asked: dict[int, int] = {}
        self._shown: dict[int, int] = {}
        self._gone: set[int] = set()
        self._capabilities_serial = 0
        self._watch: QSocketNotifier | None = None
        self._patience = QTimer(self, singleShot=True, interval=LOOK_WITHIN_MS)
        self._patience.timeout.connect(self.settled)

    @property
    def is_looking(self) -> bool:
        """True until it is known whether there is a service, or it has been waited for long enough."""
        return self._patience.isActive()

    @property
    def can_ask(self) -> bool:
        """True while a service is there whose notifications have buttons."""
        return self._capabilities is not None and "actions" in self._capabilities

    if sys.platform == "linux":

        def open(self) -> None:
            """Find the service, now or when it comes. Without a bus or a service this stays silent."""
            try:
                self._bus: DBusConnection = open_dbus_connection("SESSION", auth_timeout=CONNECT_WITHIN_S)
            except (OSError, KeyError, RuntimeError, ValueError) as error:
                log.info("no session bus for notifications: %s", error)
                return
            self._watch = QSocketNotifier(self._bus.sock.fileno(), QSocketNotifier.Type.Read, self)
            self._watch.activated.connect(self._read)
            self._send(message_bus.AddMatch(MatchRule(type="signal", interface=_NAME, path=_SERVICE.object_path)))
            owner = MatchRule(type="signal", sender=_BUS, interface=_BUS, member="NameOwnerChanged")
            owner.add_arg_condition(0, _NAME)
            self._send(message_bus.AddMatch(owner))
            self._look()

        def close(self) -> None:
            """Withdraw all and hang up."""
            for question in (*self._shown.values(), *self._asked.values()):
                self.withdraw(question)
            self._patience.stop()
            if self._watch is not None:
                self._watch.setEnabled(False)
                self._watch = None
                self._bus.close()

        def show(self, question: int, title: str, body: str) -> None:
            """Tell of a question; only while ``can_ask``."""
            shown = html.escape(body, quote=False) if "body-markup" in (self._capabilities or ()) else body
            buttons = [_CLICK, words.REVIEW, DENY, words.DENY, REVIEW, words.REVIEW]
            arguments = (words.NAME, 0, "", title, shown, buttons, _URGENT, _SERVICE_DECIDES)
            self._asked[self._send(new_method_call(_SERVICE, "Notify", "susssasa{sv}i", arguments))] = question

        def withdraw(self, question: int) -> None:
            """The question has ended."""
            if question in self._asked.values():
                self._gone.add(question)
            for number in [number for number, known in self._shown.items() if known == question]:
                del self._shown[number]
                self._send(new_method_call(_SERVICE, "CloseNotification", "u", (number,)))

        def _look(self) -> None:
            """Ask whatever service there is what it can do; one that can be started is."""
            self._patience.start()
            self._capabilities_serial = self._send(new_method_call(_SERVICE, "GetCapabilities"))

        def _know(self, capabilities: frozenset[str] | None) -> None:
            """What the service can do; None: there is none, or the bus is gone."""
            self._capabilities = capabilities
            self._patience.stop()
            self.settled.emit()

        def _send(self, message: Message) -> int:
            serial: int = next(self._bus.outgoing_serial)
            try:
                self._bus.send(message, serial=serial)
            except OSError as error:
                log.info("the session bus is gone: %s", error)
                self._know(None)
            return serial

        def _read(self) -> None:
            while self._watch is not None:
                try:
                    message = self._bus.receive(timeout=0)
                except TimeoutError:
                    return
                except OSError as error:
                    log.info("the session bus is gone: %s", error)
                    self._watch.setEnabled(False)
                    self._know(None)
                    return
                self._take(message)

        def _take(self, message: Message) -> None:
            fields = message.header.fields
            match message.header.message_type:
                case MessageType.method_return:
                    self._settle(fields[HeaderFields.reply_serial], message.body)
                case MessageType.error if fields[HeaderFields.reply_serial] == self._capabilities_serial:
                    self._know(None)
                case MessageType.error:
                    self._asked.pop(fields[HeaderFields.reply_serial], None)
                case MessageType.signal if fields.get(HeaderFields.interface) == _NAME:
                    self._happened(fields.get(HeaderFields.member, ""), message.body)
                case MessageType.signal if fields.get(HeaderFields.sender) == _BUS:
                    self._owner_changed(message.body)

        def _settle(self, serial: int, body: tuple[Any, ...]) -> None:
            if serial == self._capabilities_serial:
                self._know(frozenset(body[0]))
            elif (question := self._asked.pop(serial, None)) is not None:
                self._shown[body[0]] = question
                if question in self._gone:  # it ended before the service answered
                    self._gone.discard(question)
                    self.withdraw(question)

        def _owner_changed(self, body: tuple[Any, ...]) -> None:
            """The service came, went or was replaced: what another one showed is gone with it."""
            if len(body) != 3 or body[0] != _NAME:  # the bus also tells us our own name
                return
            self._capabilities = None
            self._asked.clear()
            self._shown.clear()
            self._gone.clear()
            if body[2]:
                self._look()

        def _happened(self, member: str, body: tuple[Any, ...]) -> None:
            question = self._shown.get(body[0]) if body else None
            if question is None:
                return
            if member == "NotificationClosed":
                del self._shown[body[0]]
            elif member == "ActionInvoked" and body[1] == DENY:
                self.denied.emit(question)
            elif member == "ActionInvoked" and body[1] in (_CLICK, REVIEW):
                self.review_wanted.emit(question)

    else:

        def open(self) -> None:
            """There is no such service on this platform."""

        def close(self) -> None:
            """There is nothing to withdraw."""

        def show(self, question: int, title: str, body: str) -> None:
            """Never asked for: ``can_ask`` is false."""

        def withdraw(self, question: int) -> None:
            """There is nothing to withdraw."""
