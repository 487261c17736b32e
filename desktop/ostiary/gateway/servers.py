"""The configured servers: switching on and off, adding, removing, trusting, and how a person sees each.

What runs and speaks is ``connections``; what is kept is ``settings``.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ostiary.domain.errors import UsageError
from ostiary.domain.flow import Flow, StartChoice
from ostiary.domain.server import Isolation, ServerOrigin, ServerSpec, ServerState, ServerView, ToolState, ToolView
from ostiary.gateway import configurable
from ostiary.gateway.catalogue import Catalogue
from ostiary.gateway.connections import Connections, working_folder
from ostiary.gateway.flow_limits import checked
from ostiary.gateway.isolation import server_of
from ostiary.gateway.lists import Tool
from ostiary.gateway.policy.pins import PinState
from ostiary.gateway.policy.store import PinStore
from ostiary.gateway.processes import Usage
from ostiary.gateway.progress import progress
from ostiary.gateway.removed import Removed, RemovedServers
from ostiary.gateway.settings import Settings, SettingsStore
from ostiary.gateway.supervise import programs
from ostiary.gateway.supervise.launch import Launch, child_environment
from ostiary.gateway.supervise.login_path import FoundPath


@dataclass(frozen=True, slots=True)
class Powers:
    """What the servers are given.

    ``fill`` puts secrets into texts, ``names`` finds those they refer to; ``sample`` measures processes (it
    blocks for some milliseconds); ``program`` finds a program of ours by its name; ``login_path`` waits for what
    servers get as PATH; ``now`` is Unix seconds;
    ``on_offer`` is told when hosts are offered something else than before, ``on_added`` the name of a new server and
    ``on_removed`` that of one that is no longer there; ``mask`` hides secrets in a text.
    """

    fill: Callable[[tuple[str, ...]], Awaitable[tuple[str, ...]]]
    names: Callable[[Iterable[str]], tuple[str, ...]]
    sample: Callable[[set[int]], dict[int, Usage]]
    program: Callable[[str], str]
    login_path: Callable[[], Awaitable[FoundPath]]
    now: Callable[[], float]
    on_offer: Callable[[], None]
    on_added: Callable[[str], None]
    on_removed: Callable[[str], None]
    mask: Callable[[str], str]
    environment: Mapping[str, str]
    server_folder: Path
    roots_file: Path


class Servers:
    """Configured servers in their order. Everything belongs to the loop's thread."""

    def __init__(
        self, settings: SettingsStore, catalogue: Catalogue, pins: PinStore, connections: Connections, powers: Powers
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._pins = pins
        self._connections = connections
        self._powers = powers
        self._indexed: Settings | None = None
        self._by_name: dict[str, ServerSpec] = {}
        self._stale: set[str] = set()
        self._usage: dict[int, Usage] = {}
        self.removed = RemovedServers()

    # What there is

    @property
    def edition(self) -> object:
        """Another object after each change of the settings."""
        return self._settings.current

    def spec(self, name: str) -> ServerSpec | None:
        """A configured server, or None."""
        if self._indexed is not self._settings.current:
            self._indexed = self._settings.current
            self._by_name = {server.name: server for server in self._indexed.servers}
        return self._by_name.get(name)

    def known(self, name: str) -> ServerSpec:
        """A configured server. Raises ``UsageError`` for a name that is none."""
        spec = self.spec(name)
        if spec is None:
            names = ", ".join(server.name for server in self._settings.current.servers)
            known = f"Configured are: {names}." if names else "No server is configured."
            raise UsageError(f"There is no server “{name}”", known)
        return spec

    def enabled(self, selection: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Servers that are switched on, in their order, and within a host's selection."""
        servers = self._settings.current.servers
        return tuple(s.name for s in servers if s.enabled and (selection is None or s.name in selection))

    def tool_state(self, server: str, own_name: str) -> ToolState:
        """What the person made of a tool."""
        spec = self.spec(server)
        return ToolState.ENABLED if spec is None else spec.tools.get(own_name, ToolState.ENABLED)

    def identity(self, name: str) -> str:
        """What a rule about a server is bound to."""
        return identity_of(self.known(name))

    def view(self, name: str) -> ServerView:
        """A server as a person sees it."""
        spec = self.known(name)
        status = self._connections.supervisor.status(name)
        usage = Usage() if status.pid is None else self._usage.get(status.pid, Usage())
        lists = self._catalogue.lists(name)
        client = self._connections.now(name)
        return ServerView(
            name=name,
            title=spec.title or name,
            description=spec.description,
            origin=spec.origin,
            command=spec.command,
            enabled=spec.enabled,
            trusted=spec.trusted,
            state=ServerState.IDLE if _rests(spec, status.state) else status.state,
            pid=status.pid,
            started_at=status.started_at,
            cpu_percent=usage.cpu_percent,
            memory_bytes=usage.memory_bytes,
            restarts=status.restarts,
            error=self._powers.mask(status.error),
            advice=self._powers.mask(status.advice),
            progress=progress(status.state, spec.command, status.started_at, self._powers.now()),
            trouble=self._connections.trouble(name),
            running_calls=0 if client is None else client.traffic.running,
            waiting_calls=0 if client is None else client.traffic.waiting,
            isolation=spec.isolation,
            flow=spec.flow,
            stale=name in self._stale,
            secrets=self._powers.names(spec.texts),
            tools=() if lists is None else tuple(self._tool_view(spec, tool) for tool in lists.tools),
        )

    def views(self) -> tuple[ServerView, ...]:
        """All servers as a person sees them."""
        return tuple(self.view(server.name) for server in self._settings.current.servers)

    def output(self, name: str) -> str:
        """The newest of what a server wrote to stderr."""
        self.known(name)
        return self._powers.mask(self._connections.supervisor.output(name))

    def users_of(self, secret: str) -> tuple[str, ...]:
        """Servers whose settings refer to a secret."""
        servers = self._settings.current.servers
        return tuple(server.name for server in servers if secret in self._powers.names(server.texts))

    def secret_changed(self, secret: str) -> None:
        """Running servers that use it keep the old value until they are restarted."""
        for name in self.users_of(secret):
            if self._connections.supervisor.status(name).pid is not None:
                self._stale.add(name)

    async def measure(self) -> None:
        """Take the CPU and memory of every running server anew, in a thread."""
        statuses = (self._connections.supervisor.status(server.name) for server in self._settings.current.servers)
        pids = {status.pid for status in statuses if status.pid is not None}
        self._usage = await asyncio.to_thread(self._powers.sample, pids) if pids else {}

    # What is done: what is wished of a server takes its turn at once, so that the last wish is the last done

    async def start_enabled(self) -> None:
        """Start every server that is switched on, but for those that start when they are needed."""
        wanted = [name for name in self.enabled() if not self._may_rest(self.known(name))]
        await asyncio.gather(*(self._connections.supervisor.start(name) for name in wanted))

    async def enable(self, name: str) -> None:
        """Switch a server on, for all hosts at once."""
        spec = self.known(name)
        if not spec.enabled:
            self._settings.put_server(msgspec.structs.replace(spec, enabled=True))
            self._powers.on_offer()
        self._connections.trust_again(name)
        await self._connections.supervisor.start(name)

    async def disable(self, name: str) -> None:
        """Switch a server off. Its tools' names stay its own."""
        spec = self.known(name)
        if spec.enabled:
            self._settings.put_server(msgspec.structs.replace(spec, enabled=False))
            self._powers.on_offer()
        await asyncio.gather(self._connections.end_own(name), self._connections.supervisor.stop(name))
        self._stale.discard(name)

    async def restart(self, name: str) -> None:
        """Stop and start a server that is switched on. Raises ``UsageError`` for one that is off."""
        if not self.known(name).enabled:
            raise UsageError(f"The server “{name}” is off", "Switch it on instead.")
        self._connections.trust_again(name)
        await asyncio.gather(self._connections.end_own(name), self._connections.supervisor.restart(name))
        self._stale.discard(name)

    def add(self, spec: ServerSpec) -> None:
        """Configure a server; it stays off. Raises ``UsageError`` for one that cannot be, or a name that is taken."""
        configurable.check(spec)
        if self.spec(spec.name) is not None:
            raise UsageError(f"There is a server “{spec.name}” already", "Choose another name, or remove that one.")
        self._settings.put_server(msgspec.structs.replace(spec, origin=ServerOrigin.ADDED, enabled=False))
        self._connections.supervisor.forget_output(spec.name)  # an earlier one of its name left it
        self._powers.on_added(spec.name)

    async def configure(self, name: str, isolation: Isolation | None, flow: Flow | None) -> None:
        """Other processes or another flow for a server, from now on; None leaves it. Raises ``UsageError``."""
        spec = self.known(name)
        new = msgspec.structs.replace(
            spec, isolation=isolation or spec.isolation, flow=spec.flow if flow is None else checked(flow)
        )
        self._settings.put_server(new)
        self._connections.flow_changed(name)
        wishes: list[Awaitable[None]] = []
        if new.isolation is not spec.isolation:
            wishes.append(self._connections.end_own(name))
        if new.enabled and not self._may_rest(new):
            wishes.append(self._connections.supervisor.start(name))
        await asyncio.gather(*wishes)

    async def remove(self, name: str) -> Removed:
        """Stop and forget a server that was added, and give what it was. Raises ``UsageError`` for a bundled one."""
        if self.known(name).origin is ServerOrigin.BUNDLED:
            raise UsageError(f"“{name}” comes with Ostiary", "It can be switched off, not removed.")
        await self._connections.end_own(name)
        await self._connections.supervisor.stop(name)
        spec = self.known(name)
        place = self._settings.current.servers.index(spec)
        servers = tuple(server for server in self._settings.current.servers if server.name != name)
        self._settings.change(servers=servers)
        removed = Removed(spec, place, self._catalogue.lists(name), self._pins.forget(name))
        self._catalogue.forget(name)
        self._connections.forget(name)
        self._stale.discard(name)
        self._powers.on_offer()
        self._powers.on_removed(name)
        return removed

    def restorable(self, name: str) -> Removed:
        """What ``restore`` would bring back. Raises ``UsageError`` where none is in ``removed``, or another is here."""
        if self.spec(name) is not None:
            raise UsageError(f"There is a server “{name}” already", "Remove that one first.")
        return self.removed.known(name)

    async def restore(self, name: str) -> None:
        """A server of ``removed`` is here again as it was. Raises ``UsageError`` as ``restorable`` does."""
        removed = self.restorable(name)
        servers = self._settings.current.servers
        self._settings.change(servers=(*servers[: removed.place], removed.spec, *servers[removed.place :]))
        self.removed.forget(name)
        if removed.pins is not None:
            self._pins.put_back(name, removed.pins)
        if removed.lists is not None:
            self._catalogue.update(name, removed.lists, bundled=False)
        self._powers.on_offer()
        if removed.spec.enabled and not self._may_rest(removed.spec):
            await self._connections.supervisor.start(name)

    @property
    def bundles(self) -> tuple[str, ...]:
        """The unpacked bundles that are needed: of configured servers, and of removed ones that can be restored."""
        return (*(spec.bundle for spec in self._settings.current.servers if spec.bundle), *self.removed.bundles)

    def trust(self, name: str, *, trusted: bool) -> None:
        """Believe an added server's ``readOnlyHint`` for the definitions it has today, or no longer."""
        spec = self.known(name)
        if spec.origin is ServerOrigin.BUNDLED:
            raise UsageError(f"“{name}” comes with Ostiary", "There is nothing to decide about its hints.")
        if trusted:
            for definition in self._connections.definitions(name):
                self._pins.accept(name, definition)
        self._settings.put_server(msgspec.structs.replace(spec, trusted=trusted))

    def set_tool_state(self, name: str, own_name: str, state: ToolState) -> None:
        """Set what a tool may do. Raises ``UsageError`` for a tool the server does not have."""
        spec = self.known(name)
        lists = self._catalogue.lists(name)
        if lists is None or lists.tool(own_name) is None:
            raise UsageError(f"“{name}” has no tool “{own_name}”", "Switch the server on once to see its tools.")
        tools = {tool: kept for tool, kept in spec.tools.items() if tool != own_name}
        if state is not ToolState.ENABLED:
            tools[own_name] = state
        self._settings.put_server(msgspec.structs.replace(spec, tools=tools))
        self._powers.on_offer()

    async def launch(self, process: str) -> Launch:
        """What it takes to start a server's process, for the supervisor. Raises ``SecretError`` and ``ServerError``."""
        name = server_of(process)
        if process == name:
            self._stale.discard(name)
        spec = self.known(name)
        filled = await self._powers.fill(spec.texts)
        command, values = filled[: len(spec.command)], filled[len(spec.command) :]
        configured = dict(zip(spec.environment, values, strict=True))
        if spec.origin is ServerOrigin.BUNDLED:
            program = self._powers.program(command[0])
            state = working_folder(self._powers.server_folder, name) / "state"
            roots = str(self._powers.roots_file)
            command = (program, *command[1:], "--roots-file", roots, "--state-dir", str(state))
        return Launch(
            command=command,
            environment=await self.environment(configured),
            cwd=working_folder(self._powers.server_folder, name),
            bundled=spec.origin is ServerOrigin.BUNDLED,
        )

    async def program(self, name: str) -> str | None:
        """Where the program of a server is, on the PATH that it gets; None when it is not there."""
        spec = self.known(name)
        return programs.find(spec.command[0], await self.environment(spec.environment))

    async def finds(self, program: str) -> bool:
        """Whether a program is on the PATH that servers get."""
        return self.find(program, await self.environment({})) is not None

    def find(self, program: str, environment: Mapping[str, str]) -> str | None:
        """Where a program is for a process of this environment; None when it is not there."""
        return programs.find(program, environment)

    async def environment(self, configured: Mapping[str, str]) -> dict[str, str]:
        """What a server gets that is configured with this."""
        found = await self._powers.login_path()
        return child_environment({**self._powers.environment, "PATH": found.path}, configured)

    def state(self, name: str) -> ServerState:
        """Where a server is in its life."""
        return self._connections.supervisor.status(name).state

    def _may_rest(self, spec: ServerSpec) -> bool:
        """Whether it need not run: it starts on demand, and what it offers is known."""
        return spec.flow.start is StartChoice.ON_DEMAND and self._catalogue.lists(spec.name) is not None

    def is_running(self, name: str) -> bool:
        """True while the server can be spoken to."""
        return self._connections.supervisor.status(name).state is ServerState.RUNNING

    def _tool_view(self, spec: ServerSpec, tool: Tool) -> ToolView:
        running = self._connections.now(spec.name) is not None
        pin = self._connections.pin_state(spec.name, tool.own_name) if running else PinState.SAME
        return ToolView(
            name=self._catalogue.tool_name(spec.name, tool.own_name),
            own_name=tool.own_name,
            title=tool.title,
            description=tool.description,
            hints=tool.hints,
            state=spec.tools.get(tool.own_name, ToolState.ENABLED),
            changed=pin in (PinState.BEHAVIOURAL, PinState.NEW),
            tokens=tool.tokens,
        )


def _rests(spec: ServerSpec, state: ServerState) -> bool:
    return spec.enabled and spec.flow.start is StartChoice.ON_DEMAND and state is ServerState.STOPPED


def identity_of(spec: ServerSpec) -> str:
    """A server's command, the names in its environment and its origin, hashed. Pure."""
    bound = (tuple(spec.command), sorted(spec.environment), spec.origin.value)
    return hashlib.sha256(ascii(bound).encode()).hexdigest()


def script(name: str) -> str:
    """The installed program of ours beside this interpreter. Never ``python -m``: the folder would come first."""
    suffix = ".exe" if sys.platform == "win32" else ""
    return str(Path(sys.executable).absolute().with_name(f"{name}{suffix}"))
