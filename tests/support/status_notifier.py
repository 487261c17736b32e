"""A tray of StatusNotifier kind on the session bus, as a program: the watcher and the host in one.

Each item that registers is told as a JSON line on stdout: ``{"item": …}``, with its title, its tool tip, how many
pixels its icon has painted, and the lines of its menu. On stdin ``look`` tells the newest item again, and ``activate``
clicks on it.
"""

from __future__ import annotations

import json
import selectors
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, message_bus, new_error, new_method_call
from jeepney import new_method_return as answer
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"
ANSWER_WITHIN_S = 5.0
OWN: dict[str, tuple[str, object]] = {
    "IsStatusNotifierHostRegistered": ("b", True),
    "ProtocolVersion": ("i", 0),
    "RegisteredStatusNotifierItems": ("as", []),
}


def main() -> None:
    bus = open_dbus_connection("SESSION")
    bus.send_and_get_reply(message_bus.RequestName(NAME))
    tell(ready=True)
    item = ""
    with open(0, "rb", buffering=0) as orders, selectors.DefaultSelector() as selector:
        selector.register(bus.sock, selectors.EVENT_READ)
        selector.register(orders, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj == bus.sock:
                    item = heard(bus, bus.receive()) or item
                elif not (order := orders.readline().strip()):
                    return
                elif order == b"activate":
                    ask(bus, item, ITEM, "Activate", "ii", (10, 10))
                else:
                    tell(item=seen(bus, item))


def heard(bus: DBusConnection, message: Message) -> str:
    """Answer one message; gives the bus name of an item that registered with it."""
    if message.header.message_type is not MessageType.method_call:
        return ""
    member, body = message.header.fields[HeaderFields.member], message.body
    match member:
        case "Get" if body[1] in OWN:
            bus.send(answer(message, "v", (OWN[body[1]],)))
        case "GetAll":
            bus.send(answer(message, "a{sv}", (OWN,)))
        case "RegisterStatusNotifierItem":
            bus.send(answer(message, "", ()))
            sender: str = message.header.fields[HeaderFields.sender]
            item = body[0] if not str(body[0]).startswith("/") else sender
            tell(item=seen(bus, item))
            return str(item)
        case "RegisterStatusNotifierHost":
            bus.send(answer(message, "", ()))
        case _:
            bus.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))
    return ""


def seen(bus: DBusConnection, item: str) -> dict[str, Any]:
    """What a person would see of the item."""
    looks = {name: variant[1] for name, variant in ask(bus, item, PROPERTIES, "GetAll", "s", (ITEM,))[0].items()}
    pixels = bytes(looks["IconPixmap"][0][2]) if looks.get("IconPixmap") else b""
    painted = sum(alpha > 0 for alpha in pixels[::4])  # ARGB, in the order of the network
    layout = ask(bus, item, MENU, "GetLayout", "iias", (0, -1, []), str(looks["Menu"]))[1]
    return {"title": looks["Title"], "tip": looks["ToolTip"][2], "painted": painted, "menu": labels(layout)}


def labels(layout: tuple[int, dict[str, tuple[str, Any]], list[Any]]) -> list[str]:
    _, properties, children = layout
    own = [properties["label"][1]] if "label" in properties else []
    return own + [label for child in children for label in labels(child[1])]


def ask(
    bus: DBusConnection, item: str, interface: str, member: str, signature: str, body: tuple[Any, ...], path: str = ""
) -> tuple[Any, ...]:
    address = DBusAddress(path or "/StatusNotifierItem", bus_name=item, interface=interface)
    reply = bus.send_and_get_reply(new_method_call(address, member, signature, body), timeout=ANSWER_WITHIN_S)
    return tuple(reply.body)


def tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
