"""What a screen reader knows of the windows on the screen: names, roles, states and places, over AT-SPI.

A program shows itself there when it was started with ``QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1``.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import open_dbus_connection

ACCESSIBLE: Final = "org.a11y.atspi.Accessible"
COMPONENT: Final = "org.a11y.atspi.Component"
ROOT: Final = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
EVENT: Final = "org.a11y.atspi.Event.Object"
BUS: Final = ("org.freedesktop.DBus", "/org/freedesktop/DBus")
ON_SCREEN: Final = 0
"""Coordinates of the whole screen (``ATSPI_COORD_TYPE_SCREEN``)."""
LABELLED_BY: Final = 2
"""The relation to a label (``ATSPI_RELATION_LABELLED_BY``)."""
CHECKED, FOCUSABLE, SENSITIVE, SHOWING = 4, 11, 24, 25
"""Bits of the two words that ``GetState`` gives (``AtspiStateType``)."""


@dataclass(frozen=True, slots=True)
class Node:
    """Something on the screen. ``labels`` are those that stand for it, ``middle`` is in pixels of the screen."""

    name: str
    description: str
    role: str
    labels: tuple[str, ...]
    states: int
    middle: tuple[int, int]

    @property
    def checked(self) -> bool:
        return bool(self.states >> CHECKED & 1)

    @property
    def focusable(self) -> bool:
        """True when it can have the keyboard."""
        return bool(self.states >> FOCUSABLE & 1)

    @property
    def sensitive(self) -> bool:
        """True when a click would do something."""
        return bool(self.states >> SENSITIVE & 1)


class ScreenReader:
    """Looks anew at every question; a node that goes while it is looked at counts as gone."""

    def __init__(self, application: str) -> None:
        """``application`` is the name under which a program shows itself."""
        self._application = application
        self._bus = open_dbus_connection(bus=_accessibility_bus())
        self._events: deque[Message] = deque()

    def close(self) -> None:
        self._bus.close()

    def listen(self) -> None:
        """From now on, programs tell what has the keyboard, and what they want to be said."""
        registry = DBusAddress("/org/a11y/atspi/registry", ROOT[0], ROOT[0])
        for event in ("object:state-changed:focused", "object:announcement"):
            self._bus.send_and_get_reply(new_method_call(registry, "RegisterEvent", "sass", (event, [], "")))
        rule = MatchRule(type="signal", interface=EVENT)
        self._bus.send_and_get_reply(message_bus.AddMatch(rule))
        self._bus.filter(rule, queue=self._events)

    def heard(self) -> Iterator[Node | str]:
        """What got the keyboard, and what was announced, since the last time."""
        with contextlib.suppress(TimeoutError):
            while True:
                self._bus.recv_messages(timeout=0)
        while self._events:
            event = self._events.popleft()
            fields, body = event.header.fields, event.body
            if fields[HeaderFields.member] == "Announcement":
                yield str(body[3][1])
            elif body[:2] == ("focused", 1):
                address = fields[HeaderFields.sender], fields[HeaderFields.path]
                yield self._node(address, self._states(address))

    def find(self, name: str, role: str = "") -> Node | None:
        """The first thing that shows and whose name begins so."""
        found = (node for node in self.nodes() if node.name.startswith(name) and role in ("", node.role))
        return next(found, None)

    def nodes(self) -> Iterator[Node]:
        """Everything that shows, each window from its top."""
        for program in self._children(ROOT):
            if self._is_another(program) and self._name(program) == self._application:
                yield from self._below(program)

    def _below(self, address: tuple[str, str]) -> Iterator[Node]:
        for child in self._children(address):
            states = self._states(child)
            if states >> SHOWING & 1:
                yield self._node(child, states)
                yield from self._below(child)

    def _node(self, address: tuple[str, str], states: int) -> Node:
        told = self._name(address), self._told(address, "Description"), self._role(address)
        return Node(*told, self._labels(address), states, self._middle(address))

    def _is_another(self, program: tuple[str, str]) -> bool:
        """Ours could not answer while it waits for the answer."""
        return bool(self._ask(BUS, BUS[0], "GetConnectionUnixProcessID", "s", program[0], default=0) != os.getpid())

    def _children(self, address: tuple[str, str]) -> list[tuple[str, str]]:
        children: list[tuple[str, str]] = self._ask(address, ACCESSIBLE, "GetChildren", default=[])
        return children

    def _role(self, address: tuple[str, str]) -> str:
        return str(self._ask(address, ACCESSIBLE, "GetRoleName", default=""))

    def _states(self, address: tuple[str, str]) -> int:
        low, high = self._ask(address, ACCESSIBLE, "GetState", default=(0, 0))
        return int(low) | int(high) << 32

    def _middle(self, address: tuple[str, str]) -> tuple[int, int]:
        x, y, width, height = self._ask(address, COMPONENT, "GetExtents", "u", ON_SCREEN, default=(0, 0, 0, 0))
        return int(x) + int(width) // 2, int(y) + int(height) // 2

    def _labels(self, address: tuple[str, str]) -> tuple[str, ...]:
        relations = self._ask(address, ACCESSIBLE, "GetRelationSet", default=[])
        return tuple(self._name(label) for kind, labels in relations if kind == LABELLED_BY for label in labels)

    def _name(self, address: tuple[str, str]) -> str:
        return self._told(address, "Name")

    def _told(self, address: tuple[str, str], what: str) -> str:
        reply = self._bus.send_and_get_reply(Properties(DBusAddress(address[1], address[0], ACCESSIBLE)).get(what))
        return str(reply.body[0][1]) if reply.header.message_type is MessageType.method_return else ""

    def _ask(
        self,
        address: tuple[str, str],
        interface: str,
        method: str,
        signature: str = "",
        *arguments: int | str,
        default: Any,
    ) -> Any:
        place = DBusAddress(address[1], address[0], interface)
        reply = self._bus.send_and_get_reply(new_method_call(place, method, signature or None, arguments))
        return reply.body[0] if reply.header.message_type is MessageType.method_return else default


def _accessibility_bus() -> str:
    with contextlib.closing(open_dbus_connection()) as session:
        place = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
        return str(session.send_and_get_reply(new_method_call(place, "GetAddress")).body[0])
