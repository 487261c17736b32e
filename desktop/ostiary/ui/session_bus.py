"""A connection to the session bus that Qt watches: messages out, and in as they come.

Linux only; elsewhere there is no such bus. QtDBus cannot write the unsigned numbers that services want, so the messages
are jeepney's. What they say is the matter of who has the connection.
"""

from __future__ import annotations

import logging
import sys
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, Signal

if sys.platform == "linux":
    from jeepney import HeaderFields, MatchRule, Message, message_bus
    from jeepney.io.blocking import DBusConnection, open_dbus_connection

    _BUS: Final = "org.freedesktop.DBus"

CONNECT_WITHIN_S: Final = 1.0

log = logging.getLogger(__name__)


class SessionBus(QObject):
    """One connection, from ``open`` to ``close`` or to the end of the bus.

    Signals:
        received(object): A jeepney ``Message``: an answer, an error, or a signal that was asked for.
        owner_changed(str, bool): A name that was asked about has another owner, and whether it has any.
        gone: The bus has hung up.
    """

    received = Signal(object)
    owner_changed = Signal(str, bool)
    gone = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watch: QSocketNotifier | None = None

    if sys.platform == "linux":

        def open(self) -> bool:
            """Whether there is a bus."""
            try:
                self._bus: DBusConnection = open_dbus_connection("SESSION", auth_timeout=CONNECT_WITHIN_S)
            except (OSError, KeyError, RuntimeError, ValueError) as error:
                log.info("no session bus: %s", error)
                return False
            self._watch = QSocketNotifier(self._bus.sock.fileno(), QSocketNotifier.Type.Read, self)
            self._watch.activated.connect(self._read)
            return True

        def close(self) -> None:
            """Hang up."""
            if self._watch is not None:
                self._watch.setEnabled(False)
                self._watch = None
                self._bus.close()

        def hear(self, rule: MatchRule) -> None:
            """Ask for the signals that fit."""
            self.send(message_bus.AddMatch(rule))

        def hear_of_owner(self, name: str) -> None:
            """Ask to be told who comes to own a name, and who lets go of it."""
            rule = MatchRule(type="signal", sender=_BUS, interface=_BUS, member="NameOwnerChanged")
            rule.add_arg_condition(0, name)
            self.hear(rule)

        def send(self, message: Message) -> int:
            """Its number, which the answer repeats. A bus that is gone is told by ``gone``."""
            serial: int = next(self._bus.outgoing_serial)
            try:
                self._bus.send(message, serial=serial)
            except OSError as error:
                self._hung_up(error)
            return serial

        def _read(self) -> None:
            while self._watch is not None:
                try:
                    message = self._bus.receive(timeout=0)
                except TimeoutError:
                    return
                except OSError as error:
                    self._watch.setEnabled(False)
                    self._hung_up(error)
                    return
                self._take(message)

        def _take(self, message: Message) -> None:
            fields = message.header.fields
            if fields.get(HeaderFields.sender) != _BUS or HeaderFields.member not in fields:
                self.received.emit(message)
            elif fields[HeaderFields.member] == "NameOwnerChanged":  # the bus also tells us our own name
                name, _, owner = message.body
                self.owner_changed.emit(name, bool(owner))

        def _hung_up(self, error: OSError) -> None:
            log.info("the session bus is gone: %s", error)
            self.gone.emit()

    else:

        def open(self) -> bool:
            """There is none on this platform."""
            return False

        def close(self) -> None:
            """There is nothing to hang up."""
