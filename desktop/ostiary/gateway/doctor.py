"""What could be wrong with this installation, looked at one by one. Each finding has a stable code and an action.

Looks and changes nothing. The sentences are ``findings``; what is remembered between looks is ``sightings``.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import platform
import socket
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ostiary import __version__
from ostiary.domain.errors import HostFileError
from ostiary.domain.finding import Finding, Private, report
from ostiary.domain.host import HostState, HostView
from ostiary.domain.server import ServerOrigin
from ostiary.gateway import findings, runtimes
from ostiary.gateway.folders import Folders
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.hosts.offers import offers
from ostiary.gateway.secret_names import Secrets
from ostiary.gateway.servers import Servers, script
from ostiary.gateway.sightings import Sightings
from ostiary.gateway.supervise.login_path import FoundPath

_WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")
_HAVE_ENTRY = (HostState.CONNECTED, HostState.CHANGED)


@dataclass(slots=True)
class Doctor:
    """Used on the loop. ``modern`` tells how a running server speaks; ``mask`` hides secrets in a text."""

    servers: Servers
    hosts: HostFiles
    folders: Folders
    secrets: Secrets
    sightings: Sightings
    login_path: Callable[[], Awaitable[FoundPath]]
    modern: Callable[[str], bool | None]
    mask: Callable[[str], str]
    socket_path: str
    has_front: Callable[[], bool]

    async def look(self) -> tuple[Finding, ...]:
        """Every finding, good ones too."""
        await self.secrets.probe()
        return (
            self._shim(),
            Finding(code="endpoint", ok=True, sentence=f"Hosts reach the gateway at {self.socket_path}."),
            findings.front(self.has_front()),
            findings.keyring(self.secrets.keyring),
            findings.watches(await asyncio.to_thread(_watch_limit)),
            *await self._hosts(),
            findings.path(await self.login_path()),
            *await self._programs(),
            *await self._runtimes(),
            *self._servers(),
            *findings.roots(self.folders.views()),
        )

    async def report(self, own: Iterable[Finding]) -> str:
        """A text to give away, with what the front found itself."""
        facts = (
            ("Ostiary", __version__),
            ("System", f"{platform.system()} {platform.release()} {platform.machine()}"),
            ("Python", platform.python_version()),
        )
        found = (*own, *await self.look())
        folders = tuple(root.path for root in self.folders.views())
        return report(found, facts, await asyncio.to_thread(private, folders, self.mask))

    def _shim(self) -> Finding:
        program = Path(script("ostiary-connect"))
        if program.is_file():
            return Finding(code="shim", ok=True, sentence=f"Hosts start {program}.")
        sentence = f"{program} is missing, so no host can connect."
        return Finding(code="shim", ok=False, sentence=sentence, action="Install Ostiary again.")

    async def _hosts(self) -> list[Finding]:
        found: list[Finding] = []
        for view in await self.hosts.views():
            found.append(findings.host(view))
            if view.state in _HAVE_ENTRY:
                for program in await self._entry_programs(view):
                    is_there = await asyncio.to_thread(os.access, program, os.X_OK)
                    found.append(findings.host_program(view, program, is_there=is_there))
                found.append(findings.host_contact(view, self.sightings.host(view.name)))
        return found

    async def _entry_programs(self, view: HostView) -> tuple[str, ...]:
        """The programs that our entries in a host's file name: mostly one, and another where something is wrong."""
        try:
            ours = offers(await self.hosts.our_entries(view.name), "")
        except HostFileError:
            return ()  # changed since it was looked at; the next look tells
        return tuple(dict.fromkeys(offer.command[0] for offer in ours if offer.command))

    def _servers(self) -> list[Finding]:
        return [
            findings.server(view, self.sightings.start(view.name), modern=self.modern(view.name))
            for view in self.servers.views()
        ]

    async def _programs(self) -> list[Finding]:
        """Whether the programs of the servers that were added are there. Bundled ones are ours."""
        added = [view for view in self.servers.views() if view.origin is ServerOrigin.ADDED]
        return [findings.program(view, await self.servers.program(view.name)) for view in added]

    async def _runtimes(self) -> list[Finding]:
        needed: dict[str, list[str]] = defaultdict(list)
        for view in self.servers.views():
            name = runtimes.runtime_of(view.command[0]) if view.origin is ServerOrigin.ADDED else ""
            if name:
                needed[name].append(view.title)
        return await asyncio.gather(*(self._runtime(name, users) for name, users in sorted(needed.items())))

    async def _runtime(self, name: str, users: list[str]) -> Finding:
        environment = await self.servers.environment({})
        place = self.servers.find(name, environment)
        version = await asyncio.to_thread(runtimes.version_of, place, environment) if place else ""
        return findings.runtime(name, place, version, users)


def private(folders: tuple[str, ...], mask: Callable[[str], str]) -> Private:
    """What of this account must not be given away: home, the names of user and computer, approved folders."""
    home = str(Path.home())
    names = {Path(home).name, socket.gethostname(), socket.gethostname().partition(".")[0]}
    with contextlib.suppress(OSError, KeyError, ImportError):  # an account without a name has none to hide
        names.add(getpass.getuser())
    return Private(tuple({home, os.path.realpath(home)}), tuple(names), folders, mask)


def _watch_limit() -> int | None:
    if sys.platform != "linux" or not _WATCHES.is_file():
        return None
    return int(_WATCHES.read_text())
