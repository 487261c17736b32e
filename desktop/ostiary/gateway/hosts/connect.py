"""Connects hosts to us and takes them off again: finds the file, shows the change, makes it, gives the bytes back.

Composes ``registry`` (what and where), ``edit`` and ``restore`` (which bytes), ``write`` and ``backups`` (how they
reach the disk). Whether a host runs and how it would start us are given as functions. All of it blocks on the disk for
some milliseconds.
"""

import difflib
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ostiary.domain.errors import HostFileError, UsageError
from ostiary.domain.host import HostAction, HostChange, HostState, HostView
from ostiary.gateway.hosts import backups, edit, write
from ostiary.gateway.hosts.file_system import Disk, FileSystem
from ostiary.gateway.hosts.lock import only_writer
from ostiary.gateway.hosts.registry import HostSpec, Place, config_path, entry_for, installed_paths
from ostiary.gateway.hosts.restore import without_us
from ostiary.gateway.hosts.shim_command import ShimCommand

ENTRY_NAME = "ostiary"


def _utc_now() -> datetime:
    return datetime.now(UTC)


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
    and raises ``HostFileError`` when there is no shim; ``is_running`` says whether a host's program runs.
    """

    specs: tuple[HostSpec, ...]
    place: Place
    backup_folder: Path
    command: Callable[[str], ShimCommand]
    is_running: Callable[[HostSpec], bool]
    files: FileSystem = field(default_factory=Disk)
    now: Callable[[], datetime] = _utc_now

    def views(self) -> tuple[HostView, ...]:
        """Gives every known host as it stands now. Raises nothing for a file: its fault is the host's state."""
        return tuple(self._view(spec) for spec in self.specs)

    def view(self, host: str) -> HostView:
        """Gives one host as it stands now. Raises ``UsageError`` for a host that is not known."""
        return self._view(self._spec(host))

    def plan(self, host: str, action: HostAction) -> HostChange:
        """Gives the change to show, with nothing written.

        Raises ``UsageError`` for a host that is not known or not here, ``HostFileError`` for a file that cannot be
        edited safely.
        """
        return self._plan(self._spec(host), action).change

    def apply(self, change: HostChange) -> HostView:
        """Makes the change exactly as it was shown, and gives the host as it stands then.

        Raises what ``plan`` raises, and ``HostFileError`` when the file or the change is no longer what was shown, when
        the host has to quit first, and when the disk refuses; the file is as it was then.
        """
        spec = self._spec(change.host)
        with only_writer(self.backup_folder):
            plan = self._plan(spec, change.action)
            if plan.change.token != change.token:
                raise HostFileError(
                    f"{plan.seen.path} has changed since it was shown", "Nothing was written. Look at it once more."
                )
            if plan.after != plan.seen.content:
                self._write(spec, plan)
        return self._view(spec)

    def snippet(self, host: str) -> str:
        """Gives what a person can paste into the host's file by hand."""
        spec = self._spec(host)
        nested: object = self._entry(spec)
        for key in (ENTRY_NAME, *reversed(spec.key_path)):
            nested = {key: nested}
        return json.dumps(nested, indent=2, ensure_ascii=False)

    def _view(self, spec: HostSpec) -> HostView:
        path = config_path(spec, self.place)
        here = path is not None and self._is_here(spec, path)
        state, detail = self._state(spec, Path(path)) if path and here else (HostState.NOT_FOUND, "")
        return HostView(
            name=spec.name,
            title=spec.title,
            config_path=path,
            state=state,
            running=self.is_running(spec),
            detail=detail,
            restart_hint=spec.restart_hint,
        )

    def _state(self, spec: HostSpec, path: Path) -> tuple[HostState, str]:
        try:
            found = edit.get_entry(write.read(path).content or b"", spec.key_path, ENTRY_NAME, spec.tolerance)
        except HostFileError as error:
            return HostState.UNREADABLE, str(error)
        if found is None:
            return HostState.AVAILABLE, ""
        try:
            same = found == self._entry(spec)
        except HostFileError as error:
            return HostState.CHANGED, str(error)
        return (HostState.CONNECTED, "") if same else (HostState.CHANGED, "Its entry is not what we would write today.")

    def _plan(self, spec: HostSpec, action: HostAction) -> _Plan:
        path = config_path(spec, self.place)
        if path is None or not self._is_here(spec, path):
            raise UsageError(f"{spec.title} is not on this machine", "Install it and start it once, then try again.")
        seen = write.read(Path(path))
        try:
            after = self._connected(spec, seen) if action is HostAction.CONNECT else self._disconnected(spec, seen)
        except HostFileError as error:
            raise HostFileError(f"{path} was left as it is", str(error)) from error
        change = HostChange(
            host=spec.name,
            action=action,
            path=path,
            before_exists=seen.content is not None,
            diff=_diff(path, seen.content, after),
            token=_token(seen.content, after),
            snippet=self.snippet(spec.name) if action is HostAction.CONNECT else "",
        )
        return _Plan(seen, after, change)

    def _connected(self, spec: HostSpec, seen: write.Snapshot) -> bytes:
        old, entry = seen.content or b"", self._entry(spec)
        if edit.get_entry(old, spec.key_path, ENTRY_NAME, spec.tolerance) == entry:
            return old
        return edit.set_entry(old, spec.key_path, ENTRY_NAME, entry, spec.tolerance)

    def _disconnected(self, spec: HostSpec, seen: write.Snapshot) -> bytes | None:
        if seen.content is None:
            return None
        kept = backups.newest_first(self.backup_folder, spec.name)
        return without_us(seen.content, kept, spec.key_path, ENTRY_NAME, spec.tolerance)

    def _write(self, spec: HostSpec, plan: _Plan) -> None:
        if spec.quit_before_write and self.is_running(spec):
            raise HostFileError(f"{spec.title} is running", f"It would undo the change. {spec.restart_hint}")
        if plan.seen.content is not None:
            self._back_up(spec, plan.seen.content)
        if plan.after is None:
            write.remove(plan.seen, self.files)
        else:
            write.replace(plan.seen, plan.after, self.files)

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

    def _entry(self, spec: HostSpec) -> dict[str, object]:
        command = self.command(spec.name)
        return entry_for(spec, command.program, command.args)

    def _is_here(self, spec: HostSpec, path: str) -> bool:
        """Says whether the host's own folder or its program is on this machine."""
        search = self.place.env.get("PATH")
        return _may_be_there(Path(path).parent) or any(
            _may_be_there(Path(found)) if Path(found).is_absolute() else shutil.which(found, path=search) is not None
            for found in installed_paths(spec, self.place)
        )


def _may_be_there(path: Path) -> bool:
    """Says whether something is there. What we may not look at may be, and reading it tells the person why."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _token(before: bytes | None, after: bytes | None) -> str:
    parts = ("-" if part is None else hashlib.sha256(part).hexdigest() for part in (before, after))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def _diff(path: str, before: bytes | None, after: bytes | None) -> str:
    old, new = ("/dev/null" if content is None else path for content in (before, after))
    lines = difflib.unified_diff(_lines(before), _lines(after), old, new)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(content: bytes | None) -> list[str]:
    """Parts at line ends only; ``str.splitlines`` would part at characters that may stand in a JSON string."""
    return io.StringIO((content or b"").decode("utf-8", "replace"), newline="").readlines()
