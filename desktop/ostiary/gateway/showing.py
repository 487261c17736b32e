"""What fronts see of this moment: the snapshot, the status, and the event of each topic."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from ostiary.control import messages as m
from ostiary.domain import events
from ostiary.domain.call import CallFilter
from ostiary.domain.events import AnyEvent, Notice, Snapshot
from ostiary.gateway.calllog.log import CallLog
from ostiary.gateway.folders import Folders
from ostiary.gateway.gate import Gate
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.reception import Reception
from ostiary.gateway.secret_names import Secrets
from ostiary.gateway.servers import Servers
from ostiary.gateway.settings import SettingsStore
from ostiary.gateway.views import Topic

NEWEST_CALLS = 500


@dataclass(slots=True)
class Showing:
    """Builds what is shown. ``changed`` tells the publisher that a topic is different."""

    version: str
    settings: SettingsStore
    servers: Servers
    hosts: HostFiles
    folders: Folders
    secrets: Secrets
    gate: Gate
    log: CallLog
    reception: Reception
    has_front: Callable[[], bool]
    changed: Callable[..., None]
    started_at: float = field(default_factory=time.time)

    async def snapshot(self) -> Snapshot:
        """Everything, at one moment."""
        await self.secrets.probe()
        await self.servers.measure()
        hosts = await self.hosts.views()
        calls = await self.log.rows(CallFilter(), 0, NEWEST_CALLS)
        current = self.settings.current
        return Snapshot(
            version=self.version,
            pid=os.getpid(),
            started_at=self.started_at,
            first_start=not current.set_up,
            servers=self.servers.views(),
            hosts=hosts,
            sessions=self.reception.views(),
            roots=self.folders.views(),
            secrets=self.secrets.views(),
            keyring=self.secrets.keyring,
            grants=self.gate.grants.list(),
            ended_grants=self.gate.grants.ended(),
            mode=self.gate.mode,
            mode_until=self.gate.mode_until,
            questions=self.gate.approvals.questions(),
            calls=calls,
            notices=current.notices,
        )

    async def status(self) -> m.Status:
        """The gateway in short."""
        await self.servers.measure()
        return m.Status(
            version=self.version,
            pid=os.getpid(),
            started_at=self.started_at,
            mode=self.gate.mode,
            front=self.has_front(),
            writes=self.gate.writes,
            servers=self.servers.views(),
            sessions=self.reception.views(),
            open_questions=len(self.gate.approvals.questions()),
        )

    async def event(self, topic: Topic) -> AnyEvent:
        """A topic as it is now."""
        match topic:
            case Topic.SERVERS:
                await self.servers.measure()
                return events.Servers(servers=self.servers.views())
            case Topic.HOSTS:
                return events.Hosts(hosts=await self.hosts.views())
            case Topic.SESSIONS:
                return events.Sessions(sessions=self.reception.views())
            case Topic.ROOTS:
                return events.Roots(roots=self.folders.views())
            case Topic.SECRETS:
                return events.Secrets(secrets=self.secrets.views(), keyring=self.secrets.keyring)
            case Topic.GRANTS:
                return events.Grants(grants=self.gate.grants.list(), ended=self.gate.grants.ended())
            case Topic.MODE:
                return events.Mode(mode=self.gate.mode, until=self.gate.mode_until)
        assert_never(topic)

    def remember(self, notice: Notice) -> None:
        """Keep a notice until the person has read it."""
        if notice not in self.settings.current.notices:
            self.settings.change(notices=(*self.settings.current.notices, notice)[-50:])
