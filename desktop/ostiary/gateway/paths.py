"""Where everything of Ostiary lives. The one place that asks platformdirs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders and files of one Ostiary. With OSTIARY_HOME all of them are under it, so two copies never meet."""

    settings_folder: Path
    data_folder: Path
    log_folder: Path

    @property
    def settings_file(self) -> Path:
        """What the person configured."""
        return self.settings_folder / "settings.json"

    @property
    def catalogue_file(self) -> Path:
        """What the servers offered when they were last asked."""
        return self.data_folder / "catalogue.json"

    @property
    def rules_file(self) -> Path:
        """The person's lasting rules."""
        return self.data_folder / "rules.json"

    @property
    def pins_file(self) -> Path:
        """The tool definitions that the person accepted."""
        return self.data_folder / "pins.json"

    @property
    def call_log_file(self) -> Path:
        """Every call, in SQLite."""
        return self.data_folder / "calls.sqlite3"

    @property
    def backup_folder(self) -> Path:
        """Hosts' files as they were before each change."""
        return self.data_folder / "backups"

    @property
    def sightings_file(self) -> Path:
        """When hosts were here last, and how long servers took to start."""
        return self.data_folder / "sightings.json"

    @property
    def record_folder(self) -> Path:
        """Identities of running servers, for the clean-up after a crash."""
        return self.data_folder / "running"

    @property
    def server_folder(self) -> Path:
        """The servers' own working folders."""
        return self.data_folder / "servers"

    @property
    def bundle_folder(self) -> Path:
        """Servers that came in one file, unpacked."""
        return self.data_folder / "bundles"

    @property
    def roots_file(self) -> Path:
        """The approved folders, as bundled servers read them."""
        return self.data_folder / "roots.json"

    @property
    def output_folder(self) -> Path:
        """What servers wrote to stderr."""
        return self.log_folder / "servers"

    @property
    def log_file(self) -> Path:
        """The gateway's own log."""
        return self.log_folder / "ostiary.log"

    @property
    def all_folders(self) -> tuple[Path, ...]:
        """Folders that no server may write."""
        return tuple(dict.fromkeys((self.settings_folder, self.data_folder, self.log_folder)))


def find(home: str | None) -> Paths:
    """The paths under ``home`` (OSTIARY_HOME, links resolved), or the platform's usual ones for None."""
    if home is not None:
        base = Path(home)
        return Paths(base / "config", base / "data", base / "logs")
    usual = platformdirs.PlatformDirs("ostiary", appauthor=False)
    return Paths(usual.user_config_path, usual.user_data_path, usual.user_log_path)
