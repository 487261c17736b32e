"""Commands about hosts' files: what a change would be, that change, and servers brought in from them."""

from __future__ import annotations

from typing import Any, ClassVar

from ostiary.control.command import Command
from ostiary.domain.host import HostChange, HostView
from ostiary.domain.host_choice import EntryMode
from ostiary.domain.host_import import Imported, ImportPlan, ImportRequest
from ostiary.domain.server import ToolState


class ListHosts(Command[tuple[HostView, ...]], frozen=True, kw_only=True, tag="hosts.list"):
    result: ClassVar[Any] = tuple[HostView, ...]


class PlanConnect(Command[HostChange], frozen=True, kw_only=True, tag="hosts.plan-connect"):
    """What connecting would change in the host's file; nothing is written. ``entries``: one, several, or as now."""

    result: ClassVar[Any] = HostChange
    host: str
    entries: EntryMode | None = None
    project: str = ""
    """The full path of a project's folder, to connect the host there alone."""


class PlanDisconnect(Command[HostChange], frozen=True, kw_only=True, tag="hosts.plan-disconnect"):
    result: ClassVar[Any] = HostChange
    host: str


class PlanRepair(Command[HostChange], frozen=True, kw_only=True, tag="hosts.plan-repair"):
    """What putting back the newest good copy of a harmed file, with our entry, would change; nothing is written."""

    result: ClassVar[Any] = HostChange
    host: str


class PlanUndo(Command[HostChange], frozen=True, kw_only=True, tag="hosts.plan-undo"):
    """What taking our last change to the file back would change; nothing is written."""

    result: ClassVar[Any] = HostChange
    host: str


class ApplyHostChange(Command[HostView], frozen=True, kw_only=True, tag="hosts.apply"):
    """Write exactly the change that was shown; refused when the file changed in between."""

    result: ClassVar[Any] = HostView
    change: HostChange


class ShowServerToHost(Command[HostView], frozen=True, kw_only=True, tag="hosts.show-server"):
    """Show a server to a host, or hide it with all it has. Showing it again *widens*."""

    result: ClassVar[Any] = HostView
    host: str
    server: str
    shown: bool


class SetToolForHost(Command[HostView], frozen=True, kw_only=True, tag="hosts.set-tool"):
    """Set what a tool may do when this host calls it; laxer than for all has no effect. Loosening *widens*."""

    result: ClassVar[Any] = HostView
    host: str
    server: str
    own_name: str
    state: ToolState


class SearchToolsForHost(Command[HostView], frozen=True, kw_only=True, tag="hosts.tool-search"):
    """List three tools that find, describe and call all others, in place of those; or list all again."""

    result: ClassVar[Any] = HostView
    host: str
    on: bool


class PinToolForHost(Command[HostView], frozen=True, kw_only=True, tag="hosts.pin-tool"):
    """Keep a tool in the host's list beside those of tool search, or no longer."""

    result: ClassVar[Any] = HostView
    host: str
    server: str
    own_name: str
    pinned: bool


class RestartHost(Command[HostView], frozen=True, kw_only=True, tag="hosts.restart"):
    """End a host that is known to end by itself when asked, and start it again as it was. *Widens.*"""

    result: ClassVar[Any] = HostView
    widens: ClassVar[bool] = True
    host: str


class PlanImport(Command[ImportPlan], frozen=True, kw_only=True, tag="hosts.plan-import"):
    """Which servers of hosts' files, or of a pasted block, would be brought in and how; nothing is done."""

    result: ClassVar[Any] = ImportPlan
    request: ImportRequest


class ApplyImport(Command[Imported], frozen=True, kw_only=True, tag="hosts.import"):
    """Do exactly what was shown: servers added and off, secrets in the keyring, hosts' files changed. *Widens.*"""

    result: ClassVar[Any] = Imported
    widens: ClassVar[bool] = True
    request: ImportRequest
    token: str


class UndoImport(Command[Imported], frozen=True, kw_only=True, tag="hosts.undo-import"):
    """Take back all that the last import did."""

    result: ClassVar[Any] = Imported
