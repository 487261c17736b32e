"""Importing as in the gateway: real files, a keyring in memory, and servers that are configured but never started.

The fixture ``world`` is for a module to import by name.
"""

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from ostiary.domain.errors import UsageError
from ostiary.domain.host_import import ImportPlan, ImportRequest
from ostiary.domain.server import ServerSpec
from ostiary.gateway.bundles.store import Bundle, Bundles
from ostiary.gateway.bundles.work import Work
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.import_sources import ImportSources
from ostiary.gateway.importing import Importing
from ostiary.gateway.secret_names import Secrets
from ostiary.gateway.secrets.keyring_store import KeyringStore
from ostiary.gateway.settings import SettingsStore
from tests.support.host_machine import Machine
from tests.support.memory_keyring import MemoryKeyring

T = TypeVar("T")
TOKEN = "ghp_" + "a1B2" * 9
BEFORE = (
    '{\r\n\t"mcpServers": {\r\n\t\t"Git Hub": {"command": "github-mcp", "env": {"GITHUB_TOKEN": "' + TOKEN + '"}},\r\n'
    '\t\t"remote": {"url": "https://example.org"}\r\n\t},\r\n\t"n": 1E+5\r\n}'
).encode()


@dataclass
class ConfiguredServers:
    """The list of servers alone: nothing is started."""

    settings: SettingsStore

    def add(self, spec: ServerSpec) -> None:
        if spec.name == "refused":
            raise UsageError("This server is refused")
        if spec.name == "broken":
            raise RuntimeError("a fault of ours")
        self.settings.put_server(spec)

    async def remove(self, name: str) -> None:
        self.settings.change(servers=tuple(spec for spec in self.settings.current.servers if spec.name != name))

    @property
    def bundles(self) -> tuple[str, ...]:
        return tuple(spec.bundle for spec in self.settings.current.servers)


@dataclass(frozen=True)
class WaitingBundles(Bundles):
    """Tells that it begins to unpack and that it has. Where it ``waits``, or ``lingers`` after it, it goes on later."""

    began: threading.Event = field(default_factory=threading.Event)
    unpacked: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)
    waits: list[bool] = field(default_factory=list)
    lingers: list[bool] = field(default_factory=list)

    def unpack(self, path: Path, bundle: Bundle, programs: frozenset[str], work: Work) -> None:
        self.began.set()
        if self.waits:
            assert self.may_go_on.wait(30)
        super().unpack(path, bundle, programs, work)
        self.unpacked.set()
        if self.lingers:
            assert self.may_go_on.wait(30)


class World:
    """Hosts' files, a keyring and settings, joined as in the gateway."""

    def __init__(self, home: Path) -> None:
        self.machine = Machine(home)
        self.keyring = MemoryKeyring()
        self.settings = SettingsStore(home / "settings.json")
        self.settings.load()
        self.before = self.settings.current.servers
        self.store = KeyringStore("ostiary-test", choose=lambda: self.keyring)
        secrets = Secrets(self.store, self.settings, lambda _name: (), lambda _name: None)
        files = HostFiles(self.machine.hosts, lambda _host: ())
        self.bundles = WaitingBundles(home / "ostiary" / "bundles")
        sources = ImportSources(files, self.bundles, self.has_bridge, home)
        configured = ConfiguredServers(self.settings)
        self.importing = Importing(sources, files, configured, secrets, self.settings, home / "ostiary")

    async def has_bridge(self) -> bool:
        return False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run(work)

    def plan(self, **request: Any) -> ImportPlan:
        return self.run(self.importing.plan(ImportRequest(**request)))

    def bring_in(self, **request: Any) -> None:
        plan = self.plan(**request)
        self.run(self.importing.apply(ImportRequest(**request), plan.token))

    @property
    def added(self) -> list[ServerSpec]:
        return [spec for spec in self.settings.current.servers if spec not in self.before]

    def with_zed(self) -> Path:
        """A second host has a file with a server to bring in."""
        zed = self.machine.home / ".config" / "zed" / "settings.json"
        zed.parent.mkdir()
        zed.write_bytes(b'{"context_servers": {"z": {"command": "z-mcp"}}}')
        return zed

    def untouched(self) -> bool:
        secrets = self.settings.current.secrets
        return (
            not self.added and not secrets and not self.keyring.entries and self.machine.cursor.read_bytes() == BEFORE
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    """One host has a file with servers to bring in."""
    world = World(tmp_path)
    world.machine.cursor.write_bytes(BEFORE)
    return world
