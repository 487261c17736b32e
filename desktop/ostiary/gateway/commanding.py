"""Builds what carries out commands, of the gateway's services. Only wiring."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from ostiary.gateway.bridging import BRIDGE
from ostiary.gateway.bundles.store import Bundles
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.calllog.reading import CallReading
from ostiary.gateway.commands import Commands
from ostiary.gateway.connections import Connections
from ostiary.gateway.control_server import ControlServer
from ostiary.gateway.definitions import Definitions
from ostiary.gateway.doctor import Doctor
from ostiary.gateway.folders import Folders
from ostiary.gateway.gate import Gate
from ostiary.gateway.host_commands import HostCommands
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.host_guard import HostGuard
from ostiary.gateway.host_views import HostViews
from ostiary.gateway.import_sources import ImportSources
from ostiary.gateway.importing import Importing
from ostiary.gateway.masking import Masking
from ostiary.gateway.paths import Paths
from ostiary.gateway.policy.store import PinStore
from ostiary.gateway.secret_names import Secrets
from ostiary.gateway.servers import Servers
from ostiary.gateway.settings import SettingsStore
from ostiary.gateway.showing import Showing
from ostiary.gateway.sightings import Sightings
from ostiary.gateway.supervise.login_path import LoginPath
from ostiary.gateway.undoing import Undoing
from ostiary.gateway.views import Publisher, Topic


class Parts(Protocol):
    """The gateway's services that commands reach, all of them built."""

    connections: Connections
    control: ControlServer
    folders: Folders
    gate: Gate
    host_guard: HostGuard
    host_views: HostViews
    hosts: HostFiles
    keeping_hosts: asyncio.Event
    log: CallLog
    login_path: LoginPath
    masking: Masking
    pins: PinStore
    publisher: Publisher
    quitting: asyncio.Event
    reading: CallReading
    secrets: Secrets
    servers: Servers
    settings: SettingsStore
    showing: Showing
    sightings: Sightings


def commands_of(parts: Parts, paths: Paths, socket_path: str, enforce: Callable[[], None]) -> Commands:
    """``enforce`` has what the settings say of the gate and the log in force."""
    importing = _importing(parts, paths)
    return Commands(
        settings=parts.settings,
        servers=parts.servers,
        gate=parts.gate,
        definitions=Definitions(parts.connections, parts.pins),
        folders=parts.folders,
        hosts=parts.hosts,
        host_guard=parts.host_guard,
        host_commands=_host_commands(parts, importing),
        importing=importing,
        secrets=parts.secrets,
        log=parts.log,
        reading=parts.reading,
        undoing=Undoing(parts.log, parts.connections, lambda: parts.control.has_front),
        showing=parts.showing,
        doctor=_doctor(parts, socket_path),
        control=parts.control,
        enforce=enforce,
        quitting=parts.quitting,
        keeping_hosts=parts.keeping_hosts,
    )


def _host_commands(parts: Parts, importing: Importing) -> HostCommands:
    return HostCommands(
        parts.hosts,
        parts.host_views,
        parts.host_guard,
        parts.settings,
        importing,
        lambda: parts.publisher.changed(Topic.HOSTS, Topic.SERVERS, Topic.SECRETS),
    )


def _importing(parts: Parts, paths: Paths) -> Importing:
    sources = ImportSources(parts.hosts, Bundles(paths.bundle_folder), lambda: parts.servers.finds(BRIDGE))
    return Importing(sources, parts.hosts, parts.servers, parts.secrets, parts.settings, paths.backup_folder)


def _doctor(parts: Parts, socket_path: str) -> Doctor:
    return Doctor(
        servers=parts.servers,
        hosts=parts.hosts,
        folders=parts.folders,
        secrets=parts.secrets,
        sightings=parts.sightings,
        login_path=parts.login_path.found,
        modern=parts.connections.is_modern,
        mask=parts.masking.text,
        socket_path=socket_path,
        has_front=lambda: parts.control.has_front,
    )
