"""Which of the ways to start at login is this desktop's."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths

from ostiary.ui.login.autostart_file import AutostartFile
from ostiary.ui.login.entry import LoginEntry
from ostiary.ui.login.launch_agent import LaunchAgent
from ostiary.ui.login.run_key import RUN_KEY, RunKey


def login_entry() -> LoginEntry:
    """The entry of the person who runs this program."""
    if sys.platform == "darwin":
        return LaunchAgent(Path.home() / "Library" / "LaunchAgents")
    elif sys.platform == "win32":  # noqa: RET505 - mypy needs the branches apart
        return RunKey(QSettings(RUN_KEY, QSettings.Format.NativeFormat))
    else:
        config = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
        return AutostartFile(Path(config) / "autostart")
