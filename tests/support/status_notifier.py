"""A tray of StatusNotifier kind on the session bus, as a program: the watcher and the host in one.

Each item that registers is told as a JSON line on stdout: ``{"item": …}``, with its title, its tool tip, how many
pixels its icon has painted, and the lines of its menu. On stdin ``look`` tells the newest item again, and ``activate``
clicks on it. Orders are carried out in turn, so who waits for something asks for one look at a time.
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
        if order.strip() == b"activate":
            self._ask(ITEM, "Activate", "ii", (10, 10))
        else:
            tell(item=self._seen())

    def _seen(self) -> dict[str, Any]:
        """What a person would see of the item."""
        looks = {name: variant[1] for name, variant in self._ask(PROPERTIES, "GetAll", "s", (ITEM,))[0].items()}
        pixels = bytes(looks["IconPixmap"][0][2]) if looks.get("IconPixmap") else b""
        painted = sum(alpha > 0 for alpha in pixels[::4])  # ARGB, in the order of the network
        layout = self._ask(MENU, "GetLayout", "iias", (0, -1, []), str(looks["Menu"]))[1]
        return {"title": looks["Title"], "tip": looks["ToolTip"][2], "painted": painted, "menu": labels(layout)}

    def _ask(
        self, interface: str, member: str, signature: str, body: tuple[Any, ...], path: str = "/StatusNotifierItem"
    ) -> tuple[Any, ...]:
        address = DBusAddress(path, bus_name=self._item, interface=interface)
        call = new_method_call(address, member, signature, body)
        return tuple(self._bus.send_and_get_reply(call, timeout=ANSWER_WITHIN_S).body)


def labels(layout: tuple[int, dict[str, tuple[str, Any]], list[Any]]) -> list[str]:
    _, properties, children = layout
    own = [properties["label"][1]] if "label" in properties else []
    return own + [label for child in children for label in labels(child[1])]


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
