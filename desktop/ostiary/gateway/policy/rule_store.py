"""The rules that last beyond the gateway, kept in one file. What a rule covers is ``rule``."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from ostiary.domain.errors import SettingsError
from ostiary.gateway.atomic import replace_file
from ostiary.gateway.policy.rule import Rule

SCHEMA_VERSION = 1


class _Version(Struct):
    version: int


class Kept(Struct, frozen=True, kw_only=True):
    """The file as it is. ``last_id`` is the highest number ever given, so that a row of the log never names another."""

    version: int = SCHEMA_VERSION
    last_id: int = 0
    rules: tuple[Rule, ...] = ()


class RuleStore:
    """One JSON file, replaced whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Kept:
        """What is kept; nothing without a file. Raises ``SettingsError`` and leaves a file it cannot read as it is."""
        try:
            content = self._path.read_bytes()
            if msgspec.json.decode(content, type=_Version).version > SCHEMA_VERSION:
                raise SettingsError(
                    "The rules were written by a newer Ostiary",
                    f"Update Ostiary, or move {self._path} away; then none of your lasting rules counts.",
                )
            return msgspec.json.decode(content, type=Kept)
        except FileNotFoundError:
            return Kept()
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise SettingsError(
                "The rules cannot be read",
                f"Move {self._path} away to start without them; then none of your lasting rules counts.",
            ) from error

    def save(self, last_id: int, rules: tuple[Rule, ...]) -> None:
        """Keep exactly these. On the disk before it returns; raises ``SettingsError`` and keeps the old ones."""
        content = msgspec.json.format(msgspec.json.encode(Kept(last_id=last_id, rules=rules)), indent=2)
        try:
            replace_file(self._path, content + b"\n")
        except OSError as error:
            raise SettingsError("The rules could not be kept", f"{self._path}: {error.strerror}.") from error
