"""The tray's own settings in a folder of the test's: nothing of the person's is seen or changed."""

from __future__ import annotations

from pathlib import Path

from ostiary.ui.login.autostart_file import AutostartFile
from ostiary.ui.own_settings import OwnSettings
from ostiary.ui.preferences import FILE_NAME, PreferencesFile

PROGRAM = "/opt/ostiary/ostiary"


def own_settings(folder: Path) -> OwnSettings:
    """As a start with this folder for its files finds them."""
    file = PreferencesFile(folder / FILE_NAME)
    file.load()
    return OwnSettings(file, AutostartFile(folder / "autostart"), (PROGRAM,))
