"""The projects of a repository: each manifest with the lock file that counts for it, its own or one further up."""

import os
import posixpath
from dataclasses import dataclass, field
from pathlib import Path

from ostiary_servers.code.candidates import files_with
from ostiary_servers.code.dependencies.files import read_lock, read_manifest
from ostiary_servers.code.dependencies.formats import LOCKS, lock_format, manifest_format
from ostiary_servers.code.dependencies.model import Ecosystem, FormatError, Lock, Manifest
from ostiary_servers.code.kinds import is_test
from ostiary_servers.code.repositories import Repository, Scope
from ostiary_servers.code.work import step
from ostiary_servers.common.errors import ToolError
from ostiary_servers.common.sensitive import is_sensitive

PROJECTS_LIMIT = 60

_LOCK_NAMES = (
    *("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock", "package-lock.json", "npm-shrinkwrap.json"),
    *("pnpm-lock.yaml", "yarn.lock", "bun.lock", "Cargo.lock", "go.sum"),
)


@dataclass(frozen=True, slots=True)
class Project:
    """One manifest. Paths are relative to the repository, "" for no lock file."""

    ecosystem: Ecosystem
    path: str
    manifest: Manifest
    lock_path: str = ""
    lock: Lock | None = None

    @property
    def folder(self) -> str:
        """Where the manifest lies."""
        return posixpath.dirname(self.path)

    @property
    def member(self) -> str | None:
        """The key of the project itself in the lock file, where it is recorded."""
        if self.lock is None:
            return None
        place = posixpath.relpath(self.folder or ".", posixpath.dirname(self.lock_path) or ".")
        members = self.lock.members
        return members.get("" if place == "." else place, members.get(self.manifest.name))


@dataclass(slots=True)
class Found:
    """All projects, and what could not be read: path and reason."""

    projects: list[Project] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    left_out: int = 0


def find_projects(scope: Scope, ecosystem: Ecosystem | None) -> Found:
    """The projects in a scope; those of tests only when the scope itself lies in tests. Raises ToolError."""
    names = _names(scope)
    found = Found()
    locks = _locks(scope.repository, names, ecosystem, found)
    manifests = [name for name in names if (form := manifest_format(name)) and ecosystem in {None, form.ecosystem}]
    wanted = [name for name in manifests if is_test(f"{scope.relative}/x") or not is_test(name)]
    found.left_out = len(manifests) - min(len(wanted), PROJECTS_LIMIT)
    for number, name in enumerate(wanted[:PROJECTS_LIMIT]):
        step(number, len(wanted), f"Reading {name}")
        try:
            found.projects.append(_project(scope.repository, name, locks))
        except (FormatError, ToolError) as error:
            found.unread.append((name, str(error) if isinstance(error, FormatError) else error.message))
    return found


def _names(scope: Scope) -> list[str]:
    """Lock files are often ignored; those beside a manifest are looked at all the same."""
    listed = files_with(scope, ())
    folders = {posixpath.dirname(name.replace(os.sep, "/")) for name in listed if manifest_format(name)}
    around = {folder for each in {*folders, scope.relative.replace(os.sep, "/")} for folder in _upwards(each)}
    top = Path(scope.repository.real)
    beside = {
        posixpath.join(folder, name) for folder in around for name in _LOCK_NAMES if (top / folder / name).is_file()
    }
    names = beside | {name.replace(os.sep, "/") for name in listed}
    return sorted(names, key=lambda name: (name.count("/"), name))


def _upwards(folder: str) -> list[str]:
    found = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        found.append(folder)
    return found


def _locks(
    repository: Repository, names: list[str], ecosystem: Ecosystem | None, found: Found
) -> dict[tuple[Ecosystem, str], tuple[str, Lock]]:
    locks: dict[tuple[Ecosystem, str], tuple[str, Lock]] = {}
    formats = [(name, form) for name in names if (form := lock_format(name)) and ecosystem in {None, form.ecosystem}]
    for name, form in sorted(formats, key=lambda each: LOCKS.index(each[1]))[: 2 * PROJECTS_LIMIT]:
        step(0, 0, f"Reading {name}")
        place = (form.ecosystem, posixpath.dirname(name))
        if place in locks:
            continue
        try:
            locks[place] = (name, read_lock(repository, name, form))
        except (FormatError, ToolError) as error:
            found.unread.append((name, str(error) if isinstance(error, FormatError) else error.message))
    return locks


def _project(repository: Repository, name: str, locks: dict[tuple[Ecosystem, str], tuple[str, Lock]]) -> Project:
    form = manifest_format(name)
    assert form is not None
    folder = posixpath.dirname(name)

    def read(relative: str) -> str | None:
        inside = posixpath.normpath(posixpath.join(folder, relative))
        way = posixpath.relpath(f"/{inside}", f"/{folder}")  # the folder holds a manifest, whatever it is called
        if inside.startswith("..") or posixpath.isabs(inside) or is_sensitive(way):
            return None
        try:
            return read_manifest(repository, inside)
        except (FormatError, ToolError):
            return None

    manifest = form.parse(read_manifest(repository, name), name, read)
    is_requirements = manifest.pinned and form.ecosystem is Ecosystem.PYTHON
    for around in () if is_requirements else _upwards(folder):
        if (form.ecosystem, around) in locks:
            project = Project(form.ecosystem, name, manifest, *locks[form.ecosystem, around])
            if around == folder or _counts_for(project):
                return project
    return Project(form.ecosystem, name, manifest)


def _counts_for(project: Project) -> bool:
    """Whether a lock file further up does: one that records the projects it is for, or whose tool knows of one project
    alone (poetry, pdm, pipenv, go), speaks of no other. Those of yarn 1 and early npm record none."""
    records_none = project.lock is not None and not project.lock.members
    return project.member is not None or (records_none and project.ecosystem is Ecosystem.JAVASCRIPT)
