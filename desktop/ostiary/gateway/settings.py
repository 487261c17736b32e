"""What the person configured: servers, folders, names of secrets. One JSON file, replaced whole.

A file of a newer version is refused and left untouched, and so is one that cannot be read. One that makes no sense is
kept aside and told, and everything begins anew: nothing is switched on, and no folder approved.
"""

from __future__ import annotations

import secrets
import time
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from ostiary.domain.errors import SettingsError
from ostiary.domain.events import Notice, Severity
from ostiary.domain.host_choice import HostChoice
from ostiary.domain.house_rules import HouseRules
from ostiary.domain.root import Root
from ostiary.domain.server import ServerOrigin, ServerSpec
from ostiary.gateway.atomic import replace_file

VERSION = 1


class Settings(HouseRules, Struct, frozen=True, kw_only=True):
    """Everything in the file. ``notices`` wait for a person to read them at the tray's next start."""

    version: int = VERSION
    servers: tuple[ServerSpec, ...] = ()
    roots: tuple[Root, ...] = ()
    secrets: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    hosts: dict[str, HostChoice] = {}
    """What was chosen for each host, by its name; a host that is not there sees everything."""
    projects: dict[str, str] = {}
    """Folders of projects with an entry of ours, by the names of their hosts."""
    set_up: bool = False
    """True once a folder was approved or a host connected."""

    @property
    def house_rules(self) -> HouseRules:
        """What the person chose about the gate and the log."""
        return HouseRules(**{name: getattr(self, name) for name in HouseRules.__struct_fields__})

    def server(self, name: str) -> ServerSpec | None:
        """The server of that name, or None."""
        return next((server for server in self.servers if server.name == name), None)


class _Version(Struct):
    version: int = 0


class SettingsStore:
    """The settings of this moment and their file. Belongs to the loop's thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.current = Settings()

    def load(self) -> None:
        """Read the file; none is the same as empty settings. One that makes no sense is kept aside.

        Raises ``SettingsError`` and touches nothing when it cannot be read, replaced, or is of a newer version.
        """
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            content = b"{}"
        except OSError as error:
            raise SettingsError("The settings cannot be read", f"{self._path}: {error.strerror}.") from error
        try:
            self.current = _with_bundled(_decode(content))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            self._begin_anew(content, str(error))

    def _begin_anew(self, content: bytes, why: str) -> None:
        """Keep the file's bytes aside, then replace it: there is no moment at which nothing of it is there."""
        aside = self._path.with_name(f"{self._path.name}.corrupt-{time.time():.0f}-{secrets.token_hex(8)}")
        try:
            replace_file(aside, content)
        except OSError as error:
            raise SettingsError("The settings make no sense and cannot be kept aside", f"{aside}: {error}.") from error
        told = Notice(
            severity=Severity.PROBLEM,
            title="The settings could not be understood, so everything is off",
            detail=f"{why}. The file is kept as {aside}: mend it and put it back, or set up anew. "
            "Arguments and results are not logged until you say so in the settings.",
        )
        self.save(_with_bundled(Settings(keep_bodies=False, notices=(told,))))

    def save(self, settings: Settings) -> None:
        """Make these the settings. Raises ``SettingsError`` and keeps the old ones when they cannot be written."""
        try:
            replace_file(self._path, msgspec.json.format(msgspec.json.encode(settings), indent=2) + b"\n")
        except OSError as error:
            raise SettingsError("The settings could not be saved", f"{self._path}: {error.strerror}.") from error
        self.current = settings

    def projects(self) -> dict[str, str]:
        """Folders of projects with an entry of ours, by the names of their hosts."""
        return self.current.projects

    def change(self, **fields: Any) -> None:
        """Save the settings with some fields replaced."""
        self.save(msgspec.structs.replace(self.current, **fields))

    def put_server(self, spec: ServerSpec) -> None:
        """Keep a server under its name, in its place or as the last."""
        servers = tuple(spec if server.name == spec.name else server for server in self.current.servers)
        if self.current.server(spec.name) is None:
            servers += (spec,)
        self.change(servers=servers)


def _decode(content: bytes) -> Settings:
    version = msgspec.json.decode(content, type=_Version).version
    if version <= VERSION:
        return msgspec.json.decode(content, type=Settings)
    raise SettingsError(
        "A newer Ostiary wrote the settings", f"They are of version {version}; this Ostiary knows {VERSION}. Update it."
    )


def bundled() -> tuple[ServerSpec, ...]:
    """The servers that come with Ostiary, all off, in the order of their names."""
    folder = files("ostiary_resources") / "servers"
    manifests = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    return tuple(_spec(tomllib.loads(manifest.read_text("utf-8"))) for manifest in manifests)


def _spec(manifest: dict[str, Any]) -> ServerSpec:
    return ServerSpec(
        name=manifest["name"],
        title=manifest["title"],
        description=manifest["description"],
        command=tuple(manifest["command"]),
        origin=ServerOrigin.BUNDLED,
    )


def reserved_tools() -> tuple[str, ...]:
    """Tool names that belong to bundled servers, switched on or not."""
    folder = files("ostiary_resources") / "servers"
    manifests = [tomllib.loads(entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return tuple(name for manifest in manifests for name in manifest.get("tools", ()))


def _with_bundled(settings: Settings) -> Settings:
    """Bundled servers come from the manifests; the person's choices about them from the file."""
    chosen = {server.name: server for server in settings.servers}
    ours = tuple(_merged(spec, chosen.get(spec.name)) for spec in bundled())
    names = {spec.name for spec in ours}
    added = tuple(
        server for server in settings.servers if server.origin is ServerOrigin.ADDED and server.name not in names
    )
    return msgspec.structs.replace(settings, servers=ours + added)


def _merged(spec: ServerSpec, chosen: ServerSpec | None) -> ServerSpec:
    if chosen is None:
        return spec
    return msgspec.structs.replace(
        spec,
        enabled=chosen.enabled,
        tools=chosen.tools,
        era=chosen.era,
        isolation=chosen.isolation,
        flow=chosen.flow,
    )
