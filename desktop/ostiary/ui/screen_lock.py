"""Whether the screen is locked or blank, so that nobody sees a question, as the desktop's screen saver tells.

Linux only, over the session bus: GetActive and ActiveChanged of the screen savers below, which are alike but for the
name. A screen saver that dies has said nothing: not known is not locked, and a question runs out of time as ever. So it
is on other platforms, where Qt does not tell, and with a locker that tells nobody. logind's Lock is not listened to: it
is the wish to lock, and no word follows when the person unlocks by hand.
"""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import QObject, Signal

from ostiary.ui.session_bus import SessionBus

if sys.platform == "linux":
    from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageFlag, MessageType, new_method_call

SCREEN_SAVERS: Final = (
    "org.freedesktop.ScreenSaver",  # KDE, and lockers that belong to no desktop
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)


class ScreenLock(QObject):
    """Every screen saver there is, for as long as it is.

    Signals:
        changed: ``is_locked`` is another.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = SessionBus(self)
        self._active: frozenset[str] = frozenset()
        self._asked: dict[int, str] = {}

    @property
    def is_locked(self) -> bool:
        """True while any screen saver says that it covers the screen."""
        return bool(self._active)

    if sys.platform == "linux":

        def open(self) -> None:
            """Listen, and ask how it is now. Without a bus or a screen saver this stays silent."""
            if not self._bus.open():
                return
            self._bus.received.connect(self._take)
            self._bus.owner_changed.connect(self._owner_changed)
            self._bus.gone.connect(lambda: self._know(frozenset()))
            for name in SCREEN_SAVERS:
                self._bus.hear(MatchRule(type="signal", sender=name, interface=name, member="ActiveChanged"))
                self._bus.hear_of_owner(name)
                self._look(name)

        def close(self) -> None:
            """Hang up; what was known stays known."""
            self._bus.close()

        def _look(self, name: str) -> None:
            """Ask one that runs; to start one would be to bring a screen saver to a desktop that has none."""
            place = DBusAddress("/" + name.replace(".", "/"), bus_name=name, interface=name)
            message = new_method_call(place, "GetActive")
            message.header.flags |= MessageFlag.no_auto_start
            self._asked[self._bus.send(message)] = name

        def _take(self, message: Message) -> None:
            fields = message.header.fields
            match message.header.message_type:
                case MessageType.method_return | MessageType.error:
                    name = self._asked.pop(fields[HeaderFields.reply_serial], "")
                case _:
                    name = fields.get(HeaderFields.interface, "")
            match message.body:
                case (bool(is_active),) if name in SCREEN_SAVERS:
                    self._tell(name, is_active=is_active)

        def _owner_changed(self, name: str, is_there: bool) -> None:
            """A screen saver came, went or was replaced: what the one before said is over."""
            self._tell(name, is_active=False)
            if is_there:
                self._look(name)

        def _tell(self, name: str, *, is_active: bool) -> None:
            self._know(self._active | {name} if is_active else self._active - {name})

        def _know(self, active: frozenset[str]) -> None:
            was_locked, self._active = self.is_locked, active
            if self.is_locked is not was_locked:
                self.changed.emit()

    else:

        def open(self) -> None:
            """Nothing tells on this platform."""

        def close(self) -> None:
            """There is nothing to hang up."""
