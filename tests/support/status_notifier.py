"""A tray of StatusNotifier kind on the session bus, as a program: the watcher and the host in one.

Each item that registers is told as a JSON line on stdout: ``{"item": …}``, with its title, its tool tip, the shape of
its icon (a row of 0 and 1 for each line of pixels), the lines of its menu, and those that are ticked. On stdin ``look``
tells the newest item again, ``activate`` clicks on it, and ``choose`` with a line clicks on that line of its menu.
Orders are carried out in turn, so who waits for something asks for one look at a time.
"""

from __future__ import annotations

import json
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, message_bus, new_error, new_method_call
from jeepney import new_method_return as answer
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.support.bus_service import serve

NAME = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"
ANSWER_WITHIN_S = 20.0
OPAQUE = 127
Line = dict[str, tuple[str, Any]]
"""What dbusmenu says of a line of a menu."""
OWN: dict[str, tuple[str, object]] = {
    "IsStatusNotifierHostRegistered": ("b", True),
    "ProtocolVersion": ("i", 0),
    "RegisteredStatusNotifierItems": ("as", []),
}


class Watcher:
    """Knows the newest item by its name on the bus."""

    def __init__(self, bus: DBusConnection) -> None:
        self._bus = bus
        self._item = ""

    def called(self, message: Message) -> None:
        """Answer one call."""
        body = message.body
        match message.header.fields[HeaderFields.member]:
            case "Get" if body[1] in OWN:
                self._bus.send(answer(message, "v", (OWN[body[1]],)))
            case "GetAll":
                self._bus.send(answer(message, "a{sv}", (OWN,)))
            case "RegisterStatusNotifierItem":
                self._bus.send(answer(message, "", ()))
                named = not str(body[0]).startswith("/")
                self._item = str(body[0] if named else message.header.fields[HeaderFields.sender])
                tell(item=self._seen())
            case "RegisterStatusNotifierHost":
                self._bus.send(answer(message, "", ()))
            case _:
                self._bus.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))

    def told(self, order: bytes) -> None:
        """Carry out an order of stdin."""
        match order.decode().strip().partition(" "):
            case "activate", *_:
                self._ask(ITEM, "Activate", "ii", (10, 10))
            case "choose", _, label:
                self._choose(label)
            case _:
                tell(item=self._seen())

    def _seen(self) -> dict[str, Any]:
        """What a person would see of the item."""
        looks = {name: variant[1] for name, variant in self._ask(PROPERTIES, "GetAll", "s", (ITEM,))[0].items()}
        menu = [line["label"][1] for _, line in self._lines(str(looks["Menu"]))]
        ticked = [line["label"][1] for _, line in self._lines(str(looks["Menu"])) if is_ticked(line)]
        about = {"title": looks["Title"], "tip": looks["ToolTip"][2], "icon": shape(looks.get("IconPixmap"))}
        return {**about, "menu": menu, "ticked": ticked}

    def _choose(self, label: str) -> None:
        menu = str(self._ask(PROPERTIES, "Get", "ss", (ITEM, "Menu"))[0][1])
        number = next(number for number, line in self._lines(menu) if line["label"][1] == label)
        self._ask(MENU, "Event", "isvu", (number, "clicked", ("i", 0), 0), menu)

    def _lines(self, menu: str) -> list[tuple[int, Line]]:
        """Every line of the menu that says something, with its number."""
        return lines(self._ask(MENU, "GetLayout", "iias", (0, -1, []), menu)[1])

    def _ask(
        self, interface: str, member: str, signature: str, body: tuple[Any, ...], path: str = "/StatusNotifierItem"
    ) -> tuple[Any, ...]:
        address = DBusAddress(path, bus_name=self._item, interface=interface)
        call = new_method_call(address, member, signature, body)
        return tuple(self._bus.send_and_get_reply(call, timeout=ANSWER_WITHIN_S).body)


def lines(layout: tuple[int, Line, list[Any]]) -> list[tuple[int, Line]]:
    number, properties, children = layout
    own = [(number, properties)] if "label" in properties else []
    return own + [line for child in children for line in lines(child[1])]


def is_ticked(line: Line) -> bool:
    return bool(line.get("toggle-state", ("i", 0))[1] == 1)


def shape(pictures: list[tuple[int, int, bytes]] | None) -> list[str]:
    """Of the smallest picture that there is."""
    width, _, pixels = min(pictures or [(1, 1, bytes(4))])
    opaque = "".join("01"[alpha > OPAQUE] for alpha in bytes(pixels)[::4])  # ARGB, in the order of the network
    return [opaque[start : start + width] for start in range(0, len(opaque), width)]


def tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    bus = open_dbus_connection("SESSION")
    bus.send_and_get_reply(message_bus.RequestName(NAME))
    tell(ready=True)
    watcher = Watcher(bus)
    serve(bus, watcher.called, watcher.told)


if __name__ == "__main__":
    main()
