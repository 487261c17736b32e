"""The autostart file of Linux desktops (freedesktop.org, Desktop Application Autostart 0.5; Desktop Entry 1.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ostiary.ui.login.entry import LoginState
from ostiary.ui.own_file import replace_file

FILE_NAME: Final = "ostiary.desktop"
LAYOUT: Final = """\
[Desktop Entry]
Type=Application
Name=Ostiary
Exec={exec}
Icon=ostiary
Terminal=false
X-GNOME-Autostart-enabled=true
"""
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:@+,-]+")


class AutostartFile:
    """``ostiary.desktop`` in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def state(self, command: Sequence[str]) -> LoginState:
        try:
            lines = self.path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return LoginState.OFF
        except (OSError, UnicodeDecodeError):
            return LoginState.OTHER
        keys = dict(line.split("=", 1) for line in lines if "=" in line)
        if keys.get("Hidden") == "true" or keys.get("X-GNOME-Autostart-enabled") == "false":
            return LoginState.OFF  # how the desktops' own settings switch an entry off
        return LoginState.ON if keys.get("Exec") == exec_value(command) else LoginState.OTHER

    def write(self, command: Sequence[str]) -> None:
        replace_file(self.path, LAYOUT.format(exec=exec_value(command)).encode())

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def exec_value(command: Sequence[str]) -> str:
    """The value of ``Exec``: each argument quoted where it must be, and then escaped as every string of such a file."""
    return " ".join(_argument(part) for part in command).replace("\\", "\\\\").replace("\n", "\\n")


def _argument(part: str) -> str:
    if _PLAIN.fullmatch(part):
        return part
    return '"' + re.sub(r'(["`$\\])', r"\\\1", part).replace("%", "%%") + '"'
