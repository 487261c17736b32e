"""A gnome-keyring of the test's own, on a bus of its own: the keyring of whoever runs the tests is never touched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jeepney import MatchRule, message_bus, new_method_return
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.secrets"
START_TIMEOUT_S = 20


@contextmanager
def secret_service(folder: Path, *, unlocked: bool) -> Iterator[str]:
    """Gives the address of the bus. A keyring that is not unlocked has nobody to ask for its password."""
    folder.chmod(0o700)
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address", f"--address=unix:dir={folder}"],
        env=_environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    )
    with bus:
        try:
            assert bus.stdout is not None
            address = bus.stdout.readline().strip()
            put_keyring(folder, address, unlocked=unlocked)
            yield address
        finally:
            bus.terminate()


def put_keyring(folder: Path, address: str, *, unlocked: bool) -> None:
    """On the bus, in the place of one that is there. It ends with its bus.

    It goes into the background before it answers: it is there when it has the name.
    """
    command = ["gnome-keyring-daemon", "--replace", "--components=secrets", "--daemonize"]
    owner_changed = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
    owner_changed.add_arg_condition(0, NAME)
    with open_dbus_connection(address) as bus, bus.filter(owner_changed, bufsize=4) as changes:
        bus.send_and_get_reply(message_bus.AddMatch(owner_changed))
        subprocess.run(
            [*command, *(["--unlock"] if unlocked else [])],
            env={**_environment(folder), "DBUS_SESSION_BUS_ADDRESS": address},
            input="pw" if unlocked else "",
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=START_TIMEOUT_S,
        )
        new_owner = ""
        while not new_owner:
            _name, _old_owner, new_owner = bus.recv_until_filtered(changes, timeout=START_TIMEOUT_S).body


@contextmanager
def silent_prompter(address: str) -> Iterator[Callable[[], None]]:
    """In the place of what shows a locked keyring's question to the person: it shows nothing and never ends.

    Gives what waits until a question came.
    """
    question = MatchRule(type="method_call", member="BeginPrompting")
    with open_dbus_connection(address) as bus, bus.filter(question) as questions:
        bus.send_and_get_reply(message_bus.RequestName("org.gnome.keyring.SystemPrompter"))
        yield lambda: bus.send(new_method_return(bus.recv_until_filtered(questions, timeout=START_TIMEOUT_S)))


def _environment(folder: Path) -> dict[str, str]:
    own = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME")}
    return {"PATH": os.environ["PATH"], **own}
