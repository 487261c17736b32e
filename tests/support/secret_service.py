"""A gnome-keyring of the test's own, on a bus of its own: the keyring of whoever runs the tests is never touched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_TIMEOUT_S = 20


@contextmanager
def secret_service(folder: Path, *, unlocked: bool) -> Iterator[str]:
    """Gives the address of the bus. A keyring that is not unlocked has nobody to ask for its password."""
    folder.chmod(0o700)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        **{name: str(folder) for name in ("XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME")},
    }
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address", f"--address=unix:dir={folder}"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with bus:
        try:
            assert bus.stdout is not None
            address = bus.stdout.readline().strip()
            # It says what to export and goes into the background once it answers; it ends with its bus.
            subprocess.run(
                ["gnome-keyring-daemon", "--components=secrets", "--daemonize", *(["--unlock"] if unlocked else [])],
                env={**environment, "DBUS_SESSION_BUS_ADDRESS": address},
                input="pw" if unlocked else "",
                text=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
                timeout=START_TIMEOUT_S,
            )
            yield address
        finally:
            bus.terminate()
