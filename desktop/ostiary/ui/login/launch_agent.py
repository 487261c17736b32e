"""The launch agent of macOS (launchd.plist(5)), which is read at the next login."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from xml.parsers.expat import ExpatError

from ostiary.ui.login.entry import LoginState
from ostiary.ui.own_file import replace_file

LABEL: Final = "app.ostiary.tray"


class LaunchAgent:
    """``app.ostiary.tray.plist`` in ``folder``. Its arguments are a list, so nothing is quoted."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{LABEL}.plist"

    def state(self, command: Sequence[str]) -> LoginState:
        try:
            entry = plistlib.loads(self.path.read_bytes())
        except FileNotFoundError:
            return LoginState.OFF
        except (OSError, ValueError, ExpatError):
            return LoginState.OTHER
        if not isinstance(entry, dict) or entry.get("Disabled") is True or entry.get("RunAtLoad") is not True:
            return LoginState.OFF
        return LoginState.ON if entry.get("ProgramArguments") == list(command) else LoginState.OTHER

    def write(self, command: Sequence[str]) -> None:
        entry = {"Label": LABEL, "ProgramArguments": list(command), "RunAtLoad": True, "ProcessType": "Interactive"}
        replace_file(self.path, plistlib.dumps(entry))

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
