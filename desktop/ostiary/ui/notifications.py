"""Notifications with *Deny* and *Review…* over the session bus (freedesktop.org, Desktop Notifications 1.2).

Linux only; where there is no such service, nothing is shown here and the tray shows its own. Nothing in a notification
can allow: any program of the session can claim that one of its buttons was pressed.
"""

from __future__ import annotations

import html
import sys
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from ostiary.ui import words
from ostiary.ui.session_bus import SessionBus

if sys.platform == "linux":
    from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call

    _NAME: Final = "org.freedesktop.Notifications"
    _SERVICE: Final = DBusAddress("/org/freedesktop/Notifications", bus_name=_NAME, interface=_NAME)

LOOK_WITHIN_MS: Final = 3_000
"""A service that needs longer to say what it can do is not waited for; it is used when it comes."""
DENY: Final = "deny"
REVIEW: Final = "review"
_CLICK: Final = "default"
_URGENT: Final = {"urgency": ("y", 2)}
_SERVICE_DECIDES: Final = -1


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
        self._bus = SessionBus(self)
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
            if not self._bus.open():
                return
            self._bus.received.connect(self._take)
            self._bus.owner_changed.connect(self._owner_changed)
            self._bus.gone.connect(lambda: self._know(None))
            self._bus.hear(MatchRule(type="signal", interface=_NAME, path=_SERVICE.object_path))
            self._bus.hear_of_owner(_NAME)
            self._look()

        def close(self) -> None:
            """Withdraw all and hang up."""
            for question in (*self._shown.values(), *self._asked.values()):
                self.withdraw(question)
            self._patience.stop()
            self._bus.close()

        def show(self, question: int, title: str, body: str) -> None:
            """Tell of a question; only while ``can_ask``."""
            shown = html.escape(body, quote=False) if "body-markup" in (self._capabilities or ()) else body
            buttons = [_CLICK, words.REVIEW, DENY, words.DENY, REVIEW, words.REVIEW]
            arguments = (words.NAME, 0, "", title, shown, buttons, _URGENT, _SERVICE_DECIDES)
            self._asked[self._bus.send(new_method_call(_SERVICE, "Notify", "susssasa{sv}i", arguments))] = question

        def withdraw(self, question: int) -> None:
            """The question has ended."""
            self._gone |= {serial for serial, known in self._asked.items() if known == question}
            for number in [number for number, known in self._shown.items() if known == question]:
                self._take_away(number)

        def _take_away(self, number: int) -> None:
            """The notification of that number."""
            del self._shown[number]
            self._bus.send(new_method_call(_SERVICE, "CloseNotification", "u", (number,)))

        def _look(self) -> None:
            """Ask whatever service there is what it can do; one that can be started is."""
            self._patience.start()
            self._capabilities_serial = self._bus.send(new_method_call(_SERVICE, "GetCapabilities"))

        def _know(self, capabilities: frozenset[str] | None) -> None:
            """What the service can do; None: there is none, or the bus is gone."""
            self._capabilities = capabilities
            self._patience.stop()
            self.settled.emit()

        def _take(self, message: Message) -> None:
            fields = message.header.fields
            match message.header.message_type:
                case MessageType.method_return:
                    self._settle(fields[HeaderFields.reply_serial], message.body)
                case MessageType.error if fields[HeaderFields.reply_serial] == self._capabilities_serial:
                    self._know(None)
                case MessageType.error:
                    self._asked.pop(fields[HeaderFields.reply_serial], None)
                    self._gone.discard(fields[HeaderFields.reply_serial])
                case MessageType.signal if fields.get(HeaderFields.interface) == _NAME:
                    self._happened(fields.get(HeaderFields.member, ""), message.body)

        def _settle(self, serial: int, body: tuple[Any, ...]) -> None:
            if serial == self._capabilities_serial:
                self._know(frozenset(body[0]))
            elif (question := self._asked.pop(serial, None)) is not None:
                self._shown[body[0]] = question
                if serial in self._gone:  # it ended before the service answered; its number may be another's by now
                    self._gone.discard(serial)
                    self._take_away(body[0])

        def _owner_changed(self, _: str, is_there: bool) -> None:
            """The service came, went or was replaced: what another one showed is gone with it."""
            self._capabilities = None
            self._asked.clear()
            self._shown.clear()
            self._gone.clear()
            if is_there:
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
