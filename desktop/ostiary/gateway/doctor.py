"""What could be wrong with this installation, looked at one by one. Each finding has a stable code and an action."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from ostiary.control.messages import Finding
from ostiary.domain.host import HostState
from ostiary.domain.server import ServerOrigin, ServerState, ServerView
from ostiary.gateway.folders import Folders
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.secret_names import Secrets
from ostiary.gateway.servers import Servers, script
from ostiary.gateway.supervise.login_path import FoundPath

_WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")
_FEW_WATCHES = 65_536
_BAD_STATES = (ServerState.FATAL, ServerState.BACKOFF)


@dataclass(slots=True)
class Doctor:
    """Looks; changes nothing."""

    servers: Servers
    hosts: HostFiles
    folders: Folders
    secrets: Secrets
    login_path: Callable[[], Awaitable[FoundPath]]
    socket_path: str
    has_front: Callable[[], bool]

    async def look(self) -> tuple[Finding, ...]:
        """Every finding, good ones too."""
        await self.secrets.probe()
        return (
            self._shim(),
            Finding(code="endpoint", ok=True, sentence=f"Hosts reach the gateway at {self.socket_path}."),
            self._front(),
            self._keyring(),
            await asyncio.to_thread(_watches),
            *await self._host_findings(),
            _path(await self.login_path()),
            *await self._program_findings(),
            *self._server_findings(),
            *self._root_findings(),
        )

    def _shim(self) -> Finding:
        program = Path(script("ostiary-connect"))
        if program.is_file():
            return Finding(code="shim", ok=True, sentence=f"Hosts start {program}.")
        return Finding(
            code="shim",
            ok=False,
            sentence=f"{program} is missing, so no host can connect.",
            action="Install Ostiary again.",
        )

    def _front(self) -> Finding:
        if self.has_front():
            return Finding(code="front", ok=True, sentence="A window is attached; questions can be asked.")
        sentence = "No window is attached: what would ask is decided as Ostiary was started."
        return Finding(code="front", ok=True, sentence=sentence)

    def _keyring(self) -> Finding:
        state = self.secrets.keyring
        if state.problem:
            return Finding(code="keyring", ok=False, sentence="Secrets cannot be kept or read.", action=state.problem)
        return Finding(code="keyring", ok=True, sentence=f"Secrets are kept in {state.backend}.")

    async def _host_findings(self) -> list[Finding]:
        found: list[Finding] = []
        for host in await self.hosts.views():
            code = f"host.{host.name}"
            match host.state:
                case HostState.UNREADABLE:
                    action = host.detail or "Mend the file by hand."
                    found.append(
                        Finding(code=code, ok=False, sentence=f"{host.title}'s file cannot be read.", action=action)
                    )
                case HostState.CHANGED:
                    action = f"Connect {host.title} again."
                    found.append(
                        Finding(code=code, ok=False, sentence=f"{host.title}'s entry was changed.", action=action)
                    )
                case HostState.CONNECTED:
                    found.append(Finding(code=code, ok=True, sentence=f"{host.title} is connected."))
                case HostState.AVAILABLE:
                    found.append(Finding(code=code, ok=True, sentence=f"{host.title} is here and not connected."))
                case HostState.NOT_FOUND:
                    found.append(Finding(code=code, ok=True, sentence=f"{host.title} is not on this machine."))
        return found

    def _server_findings(self) -> list[Finding]:
        found: list[Finding] = []
        for server in self.servers.views():
            code, bad = f"server.{server.name}", server.state in _BAD_STATES
            sentence = f"{server.title} is {server.state}." if server.enabled else f"{server.title} is off."
            action = server.error or "Look at its output." if bad else ""
            found.append(Finding(code=code, ok=not bad, sentence=sentence, action=action))
        return found

    async def _program_findings(self) -> list[Finding]:
        """Whether the programs of the servers that were added are there. Bundled ones are ours."""
        found: list[Finding] = []
        for server in self.servers.views():
            if server.origin is ServerOrigin.ADDED:
                place = await self.servers.program(server.name)
                found.append(_program(server, place))
        return found

    def _root_findings(self) -> list[Finding]:
        roots = self.folders.views()
        if not roots:
            action = "Approve one, or bundled servers see nothing."
            return [Finding(code="roots", ok=False, sentence="No folder is approved.", action=action)]
        return [
            Finding(
                code="root",
                ok=not root.problem,
                sentence=f"{root.path} is approved.",
                action=root.problem,
            )
            for root in roots
        ]


def _path(found: FoundPath) -> Finding:
    if found.problem:
        sentence = f"Programs are sought on the PATH that Ostiary was started with. {found.problem}"
        action = "Start your shell by hand and see what keeps it, or give servers the full path of their program."
        return Finding(code="path", ok=False, sentence=sentence, action=action)
    whose = f"that {found.shell} makes at login" if found.shell else "of your account"
    return Finding(code="path", ok=True, sentence=f"Programs are sought on the PATH {whose}: {found.path}")


def _program(server: ServerView, place: str | None) -> Finding:
    code, program = f"program.{server.name}", server.command[0]
    if place is not None:
        return Finding(code=code, ok=True, sentence=f"{server.title} runs {place}.")
    return Finding(
        code=code,
        ok=False,
        sentence=f"The program “{program}” of {server.title} was not found.",
        action="Install it, or give its full path in the server's command.",
    )


def _watches() -> Finding:
    if sys.platform != "linux" or not _WATCHES.is_file():
        return Finding(code="watches", ok=True, sentence="This system does not limit watched folders.")
    limit = int(_WATCHES.read_text())
    if limit >= _FEW_WATCHES:
        return Finding(code="watches", ok=True, sentence=f"{limit:,} folders can be watched.")
    return Finding(
        code="watches",
        ok=False,
        sentence=f"Only {limit:,} folders can be watched; large ones are looked at by polling.",
        action="Raise fs.inotify.max_user_watches.",
    )
