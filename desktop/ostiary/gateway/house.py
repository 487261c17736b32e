"""The services that a call meets on its way, in one place. Only holds them; decides what is visible."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ostiary.domain.approval import GateMode
from ostiary.domain.root import Root
from ostiary.domain.server import ToolState
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.catalogue import Catalogue
from ostiary.gateway.connections import Connections
from ostiary.gateway.gate import Gate
from ostiary.gateway.policy import preview
from ostiary.gateway.policy.host_deadline import UNKNOWN, HostDeadline
from ostiary.gateway.policy.store import PinStore
from ostiary.gateway.servers import Servers


@dataclass(frozen=True, slots=True)
class House:
    """What is shared by all sessions. ``roots`` gives the approved folders of this moment, ``mask`` hides secrets."""

    catalogue: Catalogue
    connections: Connections
    servers: Servers
    gate: Gate
    pins: PinStore
    log: CallLog
    roots: Callable[[], tuple[Root, ...]]
    mask: Callable[[str, object], object]
    deadline: Callable[[str, bool], HostDeadline] = lambda _host, _told: UNKNOWN
    """How long a host waits for a call, given its name and whether it is told of progress meanwhile."""
    risky_always: Callable[[], bool] = lambda: False
    """Whether *always* may be offered for what may destroy or reaches beyond this computer."""

    def visible(self, server: str, own_name: str) -> bool:
        """Whether hosts see a tool: not while it is disabled, none while everything is blocked."""
        if self.gate.mode is GateMode.BLOCK_ALL:
            return False
        return self.servers.tool_state(server, own_name) is not ToolState.DISABLED

    def real_path(self, path: str) -> str:
        """The path with ``~`` and all links resolved, as far as it exists."""
        return os.path.realpath(Path(path).expanduser())

    def sight(self) -> preview.Sight:
        """What helps the person to see through a call."""
        return preview.Sight(
            roots=self.roots(), real_path=self.real_path, mask=self.mask, risky_always=self.risky_always()
        )
