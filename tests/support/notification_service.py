"""A notification service on the session bus, as a program: each call it gets is a JSON line on stdout.

A line ``[NUMBER, ACTION]`` on stdin presses that button of the notification; the numbers begin with 1.
"""

from __future__ import annotations

import json
import selectors
from itertools import count
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.Notifications"
EMITTER = DBusAddress("/org/freedesktop/Notifications", bus_name=NAME, interface=NAME)
CAPABILITIES = ["actions", "body", "body-markup"]


def main() -> None:
    bus = open_dbus_connection("SESSION")
    bus.send_and_get_reply(message_bus.RequestName(NAME))
    numbers = count(1)
    tell("ready")
    # Without a buffer, in which a second line would wait unseen.
    with open(0, "rb", buffering=0) as presses, selectors.DefaultSelector() as selector:
        selector.register(bus.sock, selectors.EVENT_READ)
        selector.register(presses, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj != bus.sock:
                    pressed = presses.readline()
                    if not pressed:
                        return
                    bus.send(new_signal(EMITTER, "ActionInvoked", "us", tuple(json.loads(pressed))))
                else:
                    answer = reply(bus.receive(), numbers)
                    if answer is not None:
                        bus.send(answer)


def reply(message: Message, numbers: Any) -> Message | None:
    if message.header.message_type is not MessageType.method_call:
        return None
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
