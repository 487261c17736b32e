"""What the commands about hosts do: their files, shown before they are written, and what each host sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never

import msgspec

from ostiary.control import messages as m
from ostiary.domain.host import HostAction, HostChange, HostState, HostView
from ostiary.domain.host_choice import is_laxer
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.host_guard import HostGuard
from ostiary.gateway.host_views import HostViews
from ostiary.gateway.importing import Importing
from ostiary.gateway.settings import SettingsStore

HostCommand = (
    m.ListHosts
    | m.PlanConnect
    | m.PlanDisconnect
    | m.PlanRepair
    | m.PlanUndo
    | m.ApplyHostChange
    | m.ShowServerToHost
    | m.SetToolForHost
    | m.SearchToolsForHost
    | m.PinToolForHost
)


_CHOOSES = (HostAction.CONNECT, HostAction.UNDO)
_HAVE_US = (HostState.CONNECTED, HostState.CHANGED)


@dataclass(frozen=True, slots=True)
class HostCommands:
    """Carries them out. ``changed`` is told when hosts, servers or secrets stand otherwise."""

    files: HostFiles
    views: HostViews
    guard: HostGuard
    settings: SettingsStore
    importing: Importing
    changed: Callable[[], None]

    def widens(self, command: m.Command[Any]) -> bool:
        """Whether a command gives a host more than it sees at this moment."""
        match command:
            case m.ShowServerToHost(host=host, server=server, shown=shown):
                return shown and server in self.views.choice(host).hidden_servers
            case m.SetToolForHost(host=host, server=server, own_name=own_name, state=state):
                chosen = self.views.choice(host).tools.get(server, {})
                return own_name in chosen and is_laxer(state, chosen[own_name])
            case _:
                return False

    async def run(self, command: HostCommand) -> object:
        """Do it and give its result. Raises ``OstiaryError``."""
        match command:
            case m.ListHosts():
                return await self.files.views()
            case m.PlanConnect(host=host, entries=entries, project=project):
                return await self.files.plan(host, HostAction.CONNECT, entries, project)
            case m.PlanDisconnect(host=host):
                return await self.files.plan(host, HostAction.DISCONNECT)
            case m.PlanRepair(host=host):
                return await self.files.plan(host, HostAction.REPAIR)
            case m.PlanUndo(host=host):
                return await self._plan_undo(host)
            case m.ApplyHostChange(change=change):
                return await self._apply(change)
            case m.ShowServerToHost(host=host, server=server, shown=shown):
                self.views.show_server(host, server, shown=shown)
            case m.SetToolForHost(host=host, server=server, own_name=own_name, state=state):
                self.views.set_tool(host, server, own_name, state)
            case m.SearchToolsForHost(host=host, on=on):
                self.views.search_tools(host, on=on)
            case m.PinToolForHost(host=host, server=server, own_name=own_name, pinned=pinned):
                self.views.pin_tool(host, server, own_name, pinned=pinned)
            case _:
                assert_never(command)
        return await self.files.view(command.host)

    async def _plan_undo(self, host: str) -> HostChange:
        """An import is one step, so it is taken back as one."""
        change = await self.files.plan(host, HostAction.UNDO)
        if not await self.importing.is_last_of(host):
            return change
        return msgspec.structs.replace(change, note=await self.importing.undo_note(host))

    async def _apply(self, change: HostChange) -> HostView:
        """What was chosen with the change is kept once it is made: the file and the choice never say two things."""
        folder = self.files.project_of(change)
        if folder is not None:
            return await self._apply_to_project(change, folder)
        if change.action is HostAction.UNDO and await self.importing.is_last_of(change.host):
            await self.importing.undo()  # to the bytes that were shown: its own token binds them
        else:
            await self.files.apply(change)
        if change.action in _CHOOSES:
            self.views.set_entries(change.host, change.entries)
            if not self.settings.current.set_up:
                self.settings.change(set_up=True)
        self.changed()
        self.guard.look_soon()
        return await self.files.view(change.host)

    async def _apply_to_project(self, change: HostChange, folder: str) -> HostView:
        """A project is remembered while it has our entry: its file is watched, and the entry can be taken out."""
        view = await self.files.apply(change)
        projects = {name: at for name, at in self.settings.current.projects.items() if name != change.host}
        if view.state in _HAVE_US:
            projects[change.host] = folder
        self.settings.change(projects=projects)
        self.changed()
        self.guard.look_soon()
        return view
