"""Connects hosts to us, takes them off again and repairs their files: shows the change, makes it, gives bytes back.

Composes ``registry`` (what and where), ``formats`` and ``restore`` (which bytes), ``write`` and ``backups`` (how they
reach the disk). Which programs run and how a host would start us are given as functions. All of it blocks on the disk
for some milliseconds.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ostiary.domain.errors import HostFileError, UsageError
from ostiary.domain.host import HostAction, HostChange, HostState, HostView
from ostiary.domain.host_choice import EntryMode
from ostiary.gateway.hosts import backups, host_diff, last_change, parsed, write
from ostiary.gateway.hosts.entries import NOTHING, Entries, Found
from ostiary.gateway.hosts.file_system import Disk, FileSystem
from ostiary.gateway.hosts.formats import editor_for
from ostiary.gateway.hosts.harm import harm, restart_needed
from ostiary.gateway.hosts.last_change import LastChange
from ostiary.gateway.hosts.lock import only_writer
from ostiary.gateway.hosts.our_entries import Entries as Ours
from ostiary.gateway.hosts.our_entries import OurEntries, difference, entry_name, ours_in
from ostiary.gateway.hosts.presence import is_here
from ostiary.gateway.hosts.projects import host_of, is_project
from ostiary.gateway.hosts.registry import (
    ENTRY_NAME,
    HostSpec,
    Place,
    config_path,
    entry_for,
    installed_paths,
    is_program_of,
)
from ostiary.gateway.hosts.restore import is_undone, repaired, undone, without_us
from ostiary.gateway.hosts.shim_command import ShimCommand
from ostiary.gateway.hosts.sound_text import is_sound


def _utc_now() -> datetime:
    return datetime.now(UTC)


_BY_NO_HAND = (HostAction.DISCONNECT, HostAction.UNDO)
"""Nothing is to be pasted for them."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A change with its bytes. ``after`` is ``None`` when the file goes."""

    seen: write.Snapshot
    after: bytes | None
    change: HostChange


@dataclass(frozen=True, slots=True)
class HostConnections:
    """All known hosts on this machine.

    ``backup_folder`` is ours and outside of every host's; ``command`` gives the shim's command for a host by its name,
    and raises ``HostFileError`` when there is no shim; ``running`` gives the full paths of the programs that run and
    since when, in Unix seconds. ``entry_servers`` gives the servers that have an entry each in a host's file, or
    ``None`` where one carries all; given a mode, as it would be in that one.
    """

    specs: tuple[HostSpec, ...]
    place: Place
    backup_folder: Path
    command: Callable[[str], ShimCommand]
    running: Callable[[], Mapping[str, float]]
    files: FileSystem = field(default_factory=Disk)
    now: Callable[[], datetime] = _utc_now
    entries: Entries = field(default_factory=Entries)
    entry_servers: Callable[[str, EntryMode | None], tuple[str, ...] | None] = lambda _host, _mode: None

    @parsed.collector_at_rest
    def views(self) -> tuple[HostView, ...]:
        """Gives every known host as it stands now. Raises nothing for a file: its fault is the host's state."""
        running = self.running()
        found = tuple(self._view(spec, running) for spec in self.specs)
        parsed.forget()
        return found

    def view(self, host: str) -> HostView:
        """Gives one host as it stands now. Raises ``UsageError`` for a host that is not known."""
        return self._view(self._spec(host), self.running())

    @parsed.collector_at_rest
    def plan(
        self, host: str, action: HostAction, dropped: tuple[str, ...] = (), mode: EntryMode | None = None
    ) -> HostChange:
        """Gives the change to show, with nothing written. ``dropped`` are entries that give way when we connect.

        ``mode``: with one entry or several of ours afterwards; as chosen, where it is not given.

        Raises ``UsageError`` for a host that is not known or not here, ``HostFileError`` for a file that cannot be
        edited safely.
        """
        return self._plan(self._spec(host), action, dropped, mode).change

    @parsed.collector_at_rest
    def apply(self, change: HostChange) -> HostView:
        """Makes the change exactly as it was shown, and gives the host as it stands then.

        Raises what ``plan`` raises, and ``HostFileError`` when the file or the change is no longer what was shown, when
        the host has to quit first, and when the disk refuses; the file is as it was then.
        """
        spec = self._spec(change.host)
        with only_writer(self.backup_folder):
            plan = self._plan(spec, change.action, change.dropped, change.entries)
            if plan.change.token != change.token:
                raise HostFileError(
                    f"{plan.seen.path} has changed since it was shown", "Nothing was written. Look at it once more."
                )
            if plan.after != plan.seen.content:
                self._write(spec, plan)
            self._note(spec, plan)
        return self._made(spec)

    @parsed.collector_at_rest
    def undo(self, change: HostChange) -> HostView:
        """Gives the bytes from before a change back, which its token finds again among the backups.

        Done once more it leaves the file as it is. Raises ``HostFileError`` when the file is not what the change made
        of it, or when the disk refuses.
        """
        spec = self._spec(change.host)
        with only_writer(self.backup_folder):
            seen = write.read(Path(change.path))
            before = self._undone(spec, seen, change)
            plan = _Plan(seen, before, msgspec.structs.replace(change, action=HostAction.UNDO))
            if before != seen.content:
                self._write(spec, plan)
            self._note(spec, plan)
        return self._made(spec)

    def require_undoable(self, change: HostChange) -> None:
        """Raises ``HostFileError`` when ``undo`` would, for a file that is not what the change made of it."""
        self._undone(self._spec(change.host), write.read(Path(change.path)), change)

    def last_token(self, host: str) -> str:
        """Gives the token of our last change to a host's file; empty where there is none."""
        last = last_change.read(self.backup_folder, self._spec(host).name)
        return "" if last is None else last.token

    def servers(self, host: str) -> Mapping[str, object]:
        """Gives all entries of a host's file but ours. Raises ``HostFileError`` for one that cannot be read."""
        spec = self._spec(host)
        path = config_path(spec, self.place)
        servers = {} if path is None else _ours(spec).servers(write.read(Path(path)).content or b"")
        ours = ours_in(servers)
        return {name: entry for name, entry in servers.items() if name not in ours}

    def ours(self, host: str) -> Mapping[str, object]:
        """Gives our entries in a host's file by their names. Raises ``HostFileError`` for one that cannot be read."""
        spec = self._spec(host)
        path = config_path(spec, self.place)
        return {} if path is None else self.entries.look(Path(path), lambda: _ours(spec)).ours

    def snippet(self, host: str, mode: EntryMode | None = None) -> str:
        """Gives what a person can paste into the host's file by hand."""
        spec = self._spec(host)
        return _ours(spec).set(b"", self._wanted(spec, mode)).decode().rstrip("\n")

    def _undone(self, spec: HostSpec, seen: write.Snapshot, change: HostChange) -> bytes | None:
        """The bytes from before a change; those that are there where it was undone already."""
        kept = tuple(backups.newest_first(self.backup_folder, spec.name))
        if is_undone(seen.content, change.token, kept):
            return seen.content
        try:
            return undone(seen.content, change.token, kept)
        except HostFileError as error:
            raise HostFileError(f"{seen.path} was left as it is", str(error)) from error

    def _made(self, spec: HostSpec) -> HostView:
        view = self.view(spec.name)
        parsed.forget()
        return view

    def _view(self, spec: HostSpec, running: Mapping[str, float]) -> HostView:
        path = config_path(spec, self.place)
        here = path is not None and is_here(spec, path, self.place)
        since = _since(spec, self.place, running)
        last = last_change.read(self.backup_folder, spec.name) if here else None
        state, detail, found = self._state(spec, Path(path)) if path and here else (HostState.NOT_FOUND, "", NOTHING)
        return HostView(
            name=spec.name,
            title=spec.title,
            config_path=path,
            state=state,
            running=since is not None,
            detail=detail,
            restart_hint=spec.restart_hint,
            limits=spec.limits,
            restart_needed=restart_needed(spec, last, since),
            changed_at=0.0 if last is None else last.at,
            can_restart=since is not None and self.place.platform in spec.restarts_on,
            can_undo=last is not None and last.after != "" and last.after == found.digest,
            takes_bundles=spec.takes_bundles,
            takes_projects=bool(spec.project_files) and not is_project(spec.name),
            project_of=host_of(spec.name) if is_project(spec.name) else "",
            harm=harm(last, state, found) if here else "",
        )

    def _state(self, spec: HostSpec, path: Path) -> tuple[HostState, str, Found]:
        try:
            found = self.entries.look(path, lambda: _ours(spec))
        except HostFileError as error:
            return HostState.UNREADABLE, str(error), NOTHING
        if not found.ours:
            return HostState.AVAILABLE, "", found
        try:
            detail = difference(found.ours, self._wanted(spec, _mode_there(spec, found.ours)))
        except HostFileError as error:
            return HostState.CHANGED, str(error), found
        return (HostState.CHANGED if detail else HostState.CONNECTED), detail, found

    def _plan(self, spec: HostSpec, action: HostAction, dropped: tuple[str, ...], mode: EntryMode | None) -> _Plan:
        path = config_path(spec, self.place)
        goes = action is HostAction.DISCONNECT and is_project(spec.name)  # of a folder that is gone there is no entry
        if path is None or not (goes or is_here(spec, path, self.place)):
            raise UsageError(f"{spec.title} is not on this machine", "Install it and start it once, then try again.")
        seen = write.read(Path(path))
        mode = mode or _mode_there(spec, ours_in(_servers_in(spec, seen.content)))
        try:
            self._require_own(spec, action, seen)
            after = self._after(spec, action, _dropping(spec, seen.content, dropped), seen, mode)
        except HostFileError as error:
            raise HostFileError(f"{path} was left as it is", str(error)) from error
        change = HostChange(
            host=spec.name,
            action=action,
            path=path,
            before_exists=seen.content is not None,
            diff=host_diff.diff(path, seen.content, after),
            token=host_diff.token(seen.content, after),
            snippet="" if action in _BY_NO_HAND else self.snippet(spec.name, mode),
            dropped=dropped,
            entries=self._mode(spec, action, after, mode),
        )
        return _Plan(seen, after, change)

    def _require_own(self, spec: HostSpec, action: HostAction, seen: write.Snapshot) -> None:
        """A project may be a stranger's: a link in it chooses no other file of the person's for us to write."""
        if action in (HostAction.CONNECT, HostAction.REPAIR) and is_project(spec.name):
            folder = os.path.realpath(installed_paths(spec, self.place)[0])
            if not seen.target.is_relative_to(folder):
                raise HostFileError(f"It is a link out of the project, to {seen.target}", "Connect the host itself.")

    def _mode(self, spec: HostSpec, action: HostAction, after: bytes | None, mode: EntryMode | None) -> EntryMode:
        """What the file holds afterwards; as chosen, where it holds nothing of ours."""
        ours = ours_in(_servers_in(spec, after)) if action is HostAction.UNDO else {}
        if ours:
            return _mode_in(ours)
        return EntryMode.ONE if self.entry_servers(spec.name, mode) is None else EntryMode.EACH

    def _after(
        self,
        spec: HostSpec,
        action: HostAction,
        content: bytes | None,
        seen: write.Snapshot,
        mode: EntryMode | None,
    ) -> bytes | None:
        editor = _ours(spec)
        kept = backups.newest_first(self.backup_folder, spec.name)
        match action:
            case HostAction.CONNECT:
                old, entries = content or b"", self._wanted(spec, mode)
                return old if editor.get(old) == entries else editor.set(old or spec.new_file, entries)
            case HostAction.DISCONNECT:
                return None if seen.content is None else without_us(seen.content, kept, editor, spec.new_file)
            case HostAction.REPAIR:
                last = last_change.read(self.backup_folder, spec.name)
                servers = frozenset(last.servers if last else ())
                after = repaired(kept, servers, self._wanted(spec, mode), editor)
                if after is None:
                    raise HostFileError("There is no copy of an earlier file", "Mend it by hand, then connect again.")
                return after
            case HostAction.UNDO:
                last = last_change.read(self.backup_folder, spec.name)
                return undone(seen.content, last.token if last else "", kept)

    def _write(self, spec: HostSpec, plan: _Plan) -> None:
        if spec.quit_before_write and _since(spec, self.place, self.running()) is not None:
            raise HostFileError(f"{spec.title} is running", f"It would undo the change. {spec.restart_hint}")
        if plan.seen.content is not None:
            self._back_up(spec, plan.seen.content)
        if plan.after is None:
            write.remove(plan.seen, self.files)
        else:
            write.replace(plan.seen, plan.after, self.files)

    def _note(self, spec: HostSpec, plan: _Plan) -> None:
        """Notes what the file holds now; the time stays that of the last change that the host has to see."""
        before = last_change.read(self.backup_folder, spec.name)
        unchanged = before is not None and plan.after == plan.seen.content
        servers = _servers_in(spec, plan.after)
        ours = ours_in(servers)
        gone = plan.change.action is HostAction.UNDO and not ours
        change = LastChange(
            at=before.at if before is not None and unchanged else self.now().timestamp(),
            action=HostAction.DISCONNECT if gone else plan.change.action,
            servers=tuple(name for name in servers if name not in ours and is_sound(name)),
            entry=last_change.digest(ours),
            token=before.token if before is not None and unchanged else host_diff.token(plan.seen.content, plan.after),
            after=host_diff.digest(plan.after),
        )
        last_change.note(self.backup_folder, spec.name, change, self.files)

    def _back_up(self, spec: HostSpec, content: bytes) -> None:
        try:
            backups.keep(self.backup_folder, spec.name, content, self.now(), self.files)
        except OSError as error:
            raise HostFileError(
                "No backup can be written", f"Nothing was changed. {error.strerror or error}."
            ) from error

    def _spec(self, host: str) -> HostSpec:
        for spec in self.specs:
            if spec.name == host:
                return spec
        raise UsageError(f"No host is named {host}", f"Known are {', '.join(spec.name for spec in self.specs)}.")

    def _wanted(self, spec: HostSpec, mode: EntryMode | None = None) -> Ours:
        """Gives the entries that we would write. Raises ``HostFileError`` where there would be none."""
        command, servers = self.command(spec.name), self.entry_servers(spec.name, mode)
        if servers is None:
            return {ENTRY_NAME: entry_for(spec, command.program, command.args)}
        if not servers:
            raise HostFileError(f"No server is switched on for {spec.title}", "Switch one on first.")
        named = ((entry_name(server), (*command.args, "--servers", server)) for server in servers)
        return {name: entry_for(spec, command.program, args, name) for name, args in named}


def _mode_in(ours: Mapping[str, object]) -> EntryMode:
    """What a file holds that has these entries of ours."""
    return EntryMode.ONE if set(ours) == {ENTRY_NAME} else EntryMode.EACH


def _mode_there(spec: HostSpec, ours: Mapping[str, object]) -> EntryMode | None:
    """What a project's file says itself; what is chosen for a host is about the host's own file."""
    return _mode_in(ours) if ours and is_project(spec.name) else None


def _ours(spec: HostSpec) -> OurEntries:
    return OurEntries(lambda name: editor_for(spec.format, spec.key_path, name, spec.tolerance))


def _servers_in(spec: HostSpec, content: bytes | None) -> Mapping[str, object]:
    """Gives what we wrote; nothing where that is what another program broke and a person wanted back."""
    try:
        return _ours(spec).servers(content or b"")
    except HostFileError:
        return {}


def _dropping(spec: HostSpec, content: bytes | None, names: tuple[str, ...]) -> bytes | None:
    """Gives the content without these entries."""
    for name in names:
        if content is not None:
            content = editor_for(spec.format, spec.key_path, name, spec.tolerance).remove(content)
    return content


def _since(spec: HostSpec, place: Place, running: Mapping[str, float]) -> float | None:
    """When the host's oldest program started; ``None`` when it does not run."""
    return min((since for name, since in running.items() if is_program_of(spec, name, place.platform)), default=None)
