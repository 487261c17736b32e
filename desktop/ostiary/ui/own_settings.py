"""The person's choices about the window and the tray: kept, and told to whoever makes them count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from ostiary.domain.errors import SettingsError
from ostiary.ui.language import tr
from ostiary.ui.login.entry import LoginEntry, LoginState
from ostiary.ui.preferences import Language, Preferences, PreferencesFile


class OwnSettings(QObject):
    """Joins the file of preferences and the entry that starts us at login.

    Signals:
        changed: The preferences, or the start at login, may be others now.
        failed: The ``SettingsError`` of a choice that could not be kept.
        scheme_chosen: The ``Scheme`` that the window shall have now.
        restart_wanted: The tray shall start anew; a language counts only then.
    """

    changed = Signal()
    failed = Signal(object)
    scheme_chosen = Signal(object)
    restart_wanted = Signal()

    def __init__(self, file: PreferencesFile, login: LoginEntry, command: Sequence[str]) -> None:
        """``command`` is what shall start at login. The language of now is the one in use until the next start."""
        super().__init__()
        self._file, self._login, self._command = file, login, tuple(command)
        self._in_use = file.current.language

    @property
    def preferences(self) -> Preferences:
        return self._file.current

    @property
    def speaks_another(self) -> Language | None:
        """The language that counts after the next start; None when that is the one in use."""
        wanted = self._file.current.language
        return None if wanted is self._in_use else wanted

    @property
    def login(self) -> LoginState:
        """Whether we start at login, as it is at this moment."""
        return self._login.state(self._command)

    def change(self, **fields: object) -> None:
        """Keep some preferences; where they cannot be kept, nothing is another."""
        try:
            self._file.change(**fields)
        except SettingsError as error:
            self._tell(error)
        else:
            self.changed.emit()
            if "scheme" in fields:
                self.scheme_chosen.emit(self._file.current.scheme)

    def start_at_login(self, on: bool) -> None:
        """Make or remove the entry."""
        try:
            if on:
                self._login.write(self._command)
            else:
                self._login.remove()
        except OSError as error:
            self._tell(SettingsError(tr("The start at login could not be changed"), f"{error}."))
        else:
            self.changed.emit()

    def _tell(self, error: SettingsError) -> None:
        self.changed.emit()
        self.failed.emit(error)
