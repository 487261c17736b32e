"""A machine with hosts on it: a home folder of our own, their files in it, and a clock that we set.

The fixture ``machine`` is for a module to import by name.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ostiary.domain.errors import HostFileError
from ostiary.domain.host import HostAction, HostChange, HostState, HostView
from ostiary.gateway.hosts.connect import HostConnections
from ostiary.gateway.hosts.registry import Place, known_hosts
from ostiary.gateway.hosts.shim_command import ShimCommand

OTHERS = b'{\r\n\t"mcpServers": {\r\n\t\t"git": {"command": "C:\\\\git.exe"}\r\n\t},\r\n\t"n": 1E+5\r\n}'
"""A host's file before we come."""

PROGRAMS = {"cursor": "/usr/share/cursor/cursor", "claude-desktop": "/usr/bin/claude-desktop"}


@dataclass
class Machine:
    """A home folder of our own with both hosts' folders in it, and a clock that goes on by a minute a look."""

    home: Path
    running: set[str] = field(default_factory=set)
    shim: str = "/opt/ostiary/ostiary-connect"
    time: datetime = datetime(2026, 11, 20, tzinfo=UTC)
    started_at: datetime = datetime(2026, 11, 19, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.cursor = self.home / ".cursor" / "mcp.json"
        self.claude = self.home / ".config" / "Claude" / "claude_desktop_config.json"
        self.backups = self.home / "ostiary" / "backups"
        self.cursor.parent.mkdir()
        self.claude.parent.mkdir(parents=True)
        self.hosts = HostConnections(
            specs=known_hosts(),
            place=Place("linux", {"PATH": str(self.home / "bin")}, str(self.home), lambda _: [], os.path.exists),
            backup_folder=self.backups,
            command=self.command,
            running=lambda: {PROGRAMS[name]: self.started_at.timestamp() for name in self.running},
            now=self.now,
        )

    def command(self, host: str) -> ShimCommand:
        if not self.shim:
            raise HostFileError("The program is missing")
        return ShimCommand(self.shim, ("--host", host))

    def now(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time

    def state(self, host: str = "cursor") -> HostState:
        return self.view(host).state

    def view(self, host: str = "cursor") -> HostView:
        return self.hosts.view(host)

    def make(self, action: HostAction, host: str = "cursor") -> HostChange:
        change = self.hosts.plan(host, action)
        assert self.hosts.apply(change) == self.view(host)
        return change

    def kept(self, host: str = "cursor") -> list[bytes]:
        return [path.read_bytes() for path in sorted((self.backups / host).glob("*"))]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)
