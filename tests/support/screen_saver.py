"""The screen savers of the bus names it is started with, as a program, and ``ScreenSaver`` to start and lead it.

A line ``[NAME, ACTIVE]`` on stdin has that one cover the screen, or uncover it. ``ready`` on stdout says that all are
there; a name that begins with ``+`` covers the screen from the start.
"""

from __future__ import annotations

import json
import subprocess
import sys

from jeepney import DBusAddress, HeaderFields, Message, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

from tests.support.bus_service import serve

END_WITHIN_S = 20
NOT_SUPPORTED = "org.freedesktop.DBus.Error.NotSupported"


class ScreenSaver:
    """It is on the bus from the start on."""

    def __init__(self, *names: str) -> None:
        command = [sys.executable, "-m", "tests.support.screen_saver", *names]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def cover(self, name: str, *, active: bool = True) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, active]) + "\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """As one that crashes: it says nothing more. Once is enough."""
        self._process.kill()
        self._process.communicate(timeout=END_WITHIN_S)


def main() -> None:
    bus = open_dbus_connection("SESSION")
    active = {name.removeprefix("+"): name.startswith("+") for name in sys.argv[1:]}
    for name in active:
        bus.send_and_get_reply(message_bus.RequestName(name))
    print("ready", flush=True)

    def called(message: Message) -> None:
        name = message.header.fields.get(HeaderFields.interface, "")
        asked = message.header.fields[HeaderFields.member], message.header.fields[HeaderFields.path]
        known = name in active and asked == ("GetActive", place(name).object_path)
        bus.send(new_method_return(message, "b", (active[name],)) if known else new_error(message, NOT_SUPPORTED))

    def told(line: bytes) -> None:
        name, covers = json.loads(line)
        active[name] = covers
        bus.send(new_signal(place(name), "ActiveChanged", "b", (covers,)))

    serve(bus, called, told)


def place(name: str) -> DBusAddress:
    return DBusAddress("/" + name.replace(".", "/"), bus_name=name, interface=name)


if __name__ == "__main__":
    main()
