"""The Run key of Windows (Run and RunOnce Registry Keys): a value of text, which is a whole command line."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSettings

from ostiary.ui.login.entry import LoginState

RUN_KEY: Final = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run"
VALUE: Final = "Ostiary"


class RunKey:
    """Our value in ``key``, which is the registry's, or a file that means the same."""

    def __init__(self, key: QSettings) -> None:
        self._key = key

    def state(self, command: Sequence[str]) -> LoginState:
        found = self._key.value(VALUE)
        if found is None:
            return LoginState.OFF
        return LoginState.ON if found == subprocess.list2cmdline(command) else LoginState.OTHER

    def write(self, command: Sequence[str]) -> None:
        self._key.setValue(VALUE, subprocess.list2cmdline(command))
        self._save()

    def remove(self) -> None:
        self._key.remove(VALUE)
        self._save()

    def _save(self) -> None:
        self._key.sync()
        if self._key.status() is not QSettings.Status.NoError:
            raise OSError("the registry refused it")
