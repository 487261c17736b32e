"""How the tray looks and speaks for one person: its own small file. What the gateway enforces is not kept here.

Read before any sentence is looked up, because the language stands in it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from ostiary.domain.approval import Duration, Scope
from ostiary.domain.errors import SettingsError
from ostiary.ui.language import tr
from ostiary.ui.own_file import replace_file
from ostiary.ui.theme import Scheme

FILE_NAME: Final = "tray.json"


class Language(StrEnum):
    """The value is the language's code; SYSTEM follows the desktop."""

    SYSTEM = "system"
    ENGLISH = "en"
    GERMAN = "de"


class Notify(StrEnum):
    """When a question is told by a notification as well."""

    ALWAYS = "always"
    AWAY = "away"
    """Only while no window of ours is in front."""
    NEVER = "never"


class Shortcut(Struct, frozen=True, kw_only=True):
    """An answer that lasts, put first in the prompt's menu wherever the question offers it."""

    scope: Scope
    duration: Duration


class Preferences(Struct, frozen=True, kw_only=True):
    """What a person chose for the window and the tray."""

    scheme: Scheme = Scheme.SYSTEM
    language: Language = Language.SYSTEM
    notify: Notify = Notify.ALWAYS
    shortcut: Shortcut | None = None


class PreferencesFile:
    """The preferences of this moment and their file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.current = Preferences()
        self.kept_aside: Path | None = None
        """Where a file that could not be understood has been kept."""

    def load(self) -> None:
        """Read the file. Where there is none, or none that can be read or understood, the defaults count."""
        try:
            self.current = msgspec.json.decode(self.path.read_bytes(), type=Preferences)
        except FileNotFoundError:
            pass
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            self.kept_aside = self._keep_aside()

    def change(self, **fields: object) -> None:
        """Save the preferences with some fields replaced. SettingsError when they cannot be; the old ones stay then."""
        wanted = msgspec.structs.replace(self.current, **fields)
        content = msgspec.json.format(msgspec.json.encode(wanted), indent=2) + b"\n"
        try:
            replace_file(self.path, content)
        except OSError as error:
            raise SettingsError(
                tr("Your choice could not be saved"), f"{self.path}: {error.strerror or error}."
            ) from error
        self.current = wanted

    def _keep_aside(self) -> Path:
        aside = self.path.with_name(f"{self.path.name}.corrupt-{time.time():.0f}-{secrets.token_hex(8)}")
        try:
            self.path.replace(aside)
        except OSError:
            return self.path  # it stays where it is, and is told all the same
        return aside


def languages(wanted: Language, desktop: Sequence[str]) -> tuple[str, ...]:
    """The languages to look for, best first, as gettext writes them. ``desktop`` are the desktop's ("de-AT", "en-US").

    English needs no catalogue, so nothing that the desktop names after it is looked for. Pure.
    """
    match wanted:
        case Language.SYSTEM:
            names = [name.replace("-", "_") for name in desktop]
            english = next((place for place, name in enumerate(names) if name.split("_")[0] == "en"), len(names))
            return tuple(names[:english])
        case Language.ENGLISH:
            return ()
        case Language.GERMAN:
            return ("de",)
