"""A notification service on the session bus, as a program: each call it gets is a JSON line on stdout.

A line ``[NUMBER, ACTION]`` on stdin presses that button of the notification; the numbers begin with 1.
"""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, message_bus, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

from tests.support.bus_service import serve

NAME = "org.freedesktop.Notifications"
EMITTER = DBusAddress("/org/freedesktop/Notifications", bus_name=NAME, interface=NAME)
CAPABILITIES = ["actions", "body", "body-markup"]


def main() -> None:
    bus = open_dbus_connection("SESSION")
    bus.send_and_get_reply(message_bus.RequestName(NAME))
    numbers = count(1)
    tell("ready")
    serve(
        bus,
        lambda message: bus.send(reply(message, numbers)),
        lambda line: bus.send(new_signal(EMITTER, "ActionInvoked", "us", tuple(json.loads(line)))),
    )


def reply(message: Message, numbers: Any) -> Message:
    member = message.header.fields[HeaderFields.member]
    tell(member, message.header.fields.get(HeaderFields.signature, ""), *message.body)
    match member:
        case "GetCapabilities":
            return new_method_return(message, "as", (CAPABILITIES,))
        case "Notify":
            return new_method_return(message, "u", (next(numbers),))
        case _:
            return new_method_return(message, "", ())


def tell(*what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
