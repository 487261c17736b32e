"""The hosts' configuration files as a service: off the loop, with what the person sees of each host."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from ostiary.domain.approval import Caller, Process
from ostiary.domain.errors import HostFileError, UsageError
from ostiary.domain.host import HostAction, HostChange, HostState, HostView
from ostiary.domain.host_choice import EntryMode
from ostiary.gateway.host_views import HostViews
from ostiary.gateway.hosts import further
from ostiary.gateway.hosts.connect import HostConnections
from ostiary.gateway.hosts.further import Found
from ostiary.gateway.hosts.projects import folder_of, host_of, is_project, project_name, project_spec, project_specs
from ostiary.gateway.hosts.registry import is_program_of
from ostiary.gateway.hosts.shim_command import ShimCommand
from ostiary.gateway.policy.host_deadline import UNKNOWN, HostDeadline, host_deadline
from ostiary.gateway.policy.identity import hosts_behind, identify


class HostFiles:
    """Looks at and changes hosts' files in threads.

    ``sessions`` gives when each open session of a host began (Unix seconds); ``shown`` knows what each host sees;
    ``projects`` are the folders of the projects with an entry of ours, by the names of their hosts.
    """

    def __init__(
        self,
        connections: HostConnections,
        sessions: Callable[[str], Sequence[float]],
        shown: HostViews | None = None,
        projects: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._connections = connections
        self._sessions = sessions
        self._shown = shown
        self._projects = projects

    def _with(self, name: str = "", folder: str = "") -> HostConnections:
        """All hosts with those in projects, and one more."""
        if not (folder or self._projects()):
            return self._connections
        base, specs = self._connections, self._connections.specs
        fresh = (project_spec(specs, name, folder, base.place.platform),) if folder else ()
        known = {at: where for at, where in self._projects().items() if at != name or not folder}
        return replace(
            base,
            specs=(*specs, *project_specs(specs, known, base.place.platform), *fresh),
            command=lambda host: base.command(host_of(host)),
            entry_servers=lambda host, mode: base.entry_servers(host_of(host), mode),
        )

    async def views(self) -> tuple[HostView, ...]:
        """Every known host as it stands now."""
        found = await asyncio.to_thread(self._with().views)
        return tuple(self._completed(view) for view in found)

    async def view(self, host: str) -> HostView:
        """One host as it stands now. Raises ``UsageError`` for a host that is not known."""
        return self._completed(await asyncio.to_thread(self._with().view, host))

    async def plan(
        self, host: str, action: HostAction, entries: EntryMode | None = None, project: str = ""
    ) -> HostChange:
        """What connecting or disconnecting would change, in a ``project``'s folder where one is given.

        By whichever way it is named, a folder is one project. Raises ``HostFileError`` and ``UsageError``.
        """
        if project and not await asyncio.to_thread(os.path.isdir, project):
            raise UsageError(f"There is no folder {project}", "Give the folder of the project.")
        folder = await asyncio.to_thread(os.path.realpath, project) if project else ""
        name = project_name(host, folder) if folder else host
        return await asyncio.to_thread(self._with(name, folder).plan, name, action, (), entries)

    async def apply(self, change: HostChange) -> HostView:
        """Make the change that was shown. Raises ``HostFileError`` when the file is no longer the one that was read."""
        view = await asyncio.to_thread(self._with(change.host, self.project_of(change) or "").apply, change)
        return self._completed(view)

    def project_of(self, change: HostChange) -> str | None:
        """The folder of the project whose file a change is about; None for a host's own file."""
        if not is_project(change.host):
            return None
        return folder_of(self._connections.specs, change.host, change.path)

    def _completed(self, view: HostView) -> HostView:
        """A session that a connected host began since our change proves that it has read its entry."""
        begun = self._sessions(view.name)
        has_read = view.state is HostState.CONNECTED and any(at >= view.changed_at for at in begun)
        needed = "" if has_read else view.restart_needed
        view = msgspec.structs.replace(view, sessions=len(begun), restart_needed=needed)
        if self._shown is None or view.state is HostState.NOT_FOUND:
            return view
        host = host_of(view.name)
        offer = self._shown.offer(host, view.limits.tools)
        return msgspec.structs.replace(view, choice=self._shown.choice(host), offer=offer)

    async def plan_replacing(self, host: str, names: tuple[str, ...]) -> HostChange:
        """What connecting would change where these entries give way to ours."""
        return await asyncio.to_thread(self._with().plan, host, HostAction.CONNECT, names)

    async def undo(self, changes: Sequence[HostChange]) -> None:
        """Give the bytes from before these changes back, the last first, or none. Raises ``HostFileError``."""
        for change in changes:
            await asyncio.to_thread(self._with().require_undoable, change)
        for change in reversed(changes):
            await asyncio.to_thread(self._with().undo, change)

    async def last_token(self, host: str) -> str:
        """The token of the last change that we made to a host's file; empty where there is none."""
        return await asyncio.to_thread(self._with().last_token, host)

    async def entries(self, hosts: Sequence[str]) -> tuple[dict[str, Mapping[str, object]], tuple[str, ...]]:
        """The entries of these hosts' files, of all that are here without any; and why others could not be read."""
        here = [view.name for view in await self.views() if view.state is not HostState.NOT_FOUND]
        found: dict[str, Mapping[str, object]] = {}
        unread = []
        for host in hosts or here:
            try:
                found[host] = await asyncio.to_thread(self._with().servers, host)
            except HostFileError as error:
                unread.append(f"{self.title(host)}: {error}")
        return found, tuple(unread)

    async def our_entries(self, host: str) -> Mapping[str, object]:
        """Our entries in a host's file by their names. Raises ``HostFileError`` for one that cannot be read."""
        return await asyncio.to_thread(self._with().ours, host)

    async def further_entries(self, hosts: Sequence[str]) -> tuple[list[Found], list[str]]:
        """The entries of files beside these hosts' own, of all without any, and why others could not be read."""
        specs = [spec for spec in self._connections.specs if not hosts or spec.name in hosts]
        return await asyncio.to_thread(further.beside, specs, self._connections.place)

    async def project_entries(self, folder: Path) -> tuple[list[Found], list[str]]:
        """The entries of a project's files, and why some could not be read."""
        return await asyncio.to_thread(further.in_project, self._connections.specs, folder)

    async def known_file(self, path: Path) -> Mapping[str, object] | None:
        """The entries of a file that is a project's by its name; None for any other. Raises ``HostFileError``."""
        return await asyncio.to_thread(further.known_file, self._connections.specs, path)

    def title(self, host: str) -> str:
        """What a host is called, or the name it claims where it is not one we know."""
        return next((spec.title for spec in self._connections.specs if spec.name == host), host)

    def bundle_hosts(self) -> tuple[str, ...]:
        """The hosts that install bundles, by their names."""
        return tuple(spec.name for spec in self._connections.specs if spec.takes_bundles)

    def restartable(self, host: str) -> Callable[[str], bool]:
        """What tells a host's executable. Raises ``UsageError`` where it is not known to end when asked."""
        platform = self._connections.place.platform
        spec = next((spec for spec in self._connections.specs if spec.name == host), None)
        if spec is None or platform not in spec.restarts_on:
            raise UsageError(f"{self.title(host)} cannot be restarted from here", "Quit it, and open it again.")
        return lambda path: is_program_of(spec, path, platform)

    def shim(self, host: str) -> ShimCommand:
        """What a host starts to reach us. Raises ``HostFileError`` when our program is not there."""
        return self._connections.command(host)

    def deadline(self, host: str, *, told: bool) -> HostDeadline:
        """How long a question about a call of this host may stay open; ``told``: it hears of progress meanwhile."""
        limits = next((spec.limits for spec in self._connections.specs if spec.name == host), None)
        if limits is None:
            return UNKNOWN
        return host_deadline(limits.call_timeout_s, resets=bool(limits.progress_resets_timeout), told=told)

    def caller(self, host: str, ancestors: tuple[Process, ...]) -> Caller:
        """Who is behind a shim that was started for this host, from its ancestors, nearest first."""
        platform = self._connections.place.platform
        programs = {spec.name: spec.programs[platform] for spec in self._connections.specs}
        caller = identify(host, self.title(host), programs.get(host, ()), ancestors)
        return msgspec.structs.replace(caller, also=hosts_behind(caller, programs))
