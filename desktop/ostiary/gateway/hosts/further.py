"""Servers in files beside a host's own: of a project, of profiles, for remote work. They are read, never written.

Which files there may be is in the hosts' data files. Each is read by the editor of its host, so that its format, its
key and what the host tolerates hold here too.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ostiary.domain.errors import HostFileError
from ostiary.gateway.hosts import write
from ostiary.gateway.hosts.edit import JsonEditor
from ostiary.gateway.hosts.formats import editor_for
from ostiary.gateway.hosts.registry import HostSpec, Place, config_path, further_paths

Found = tuple[str, Mapping[str, object]]
"""The full path of a file and the entries in it."""


def in_project(specs: Iterable[HostSpec], folder: Path) -> tuple[list[Found], list[str]]:
    """Gives what a project's files hold, and why others could not be read. A file that is there twice is read once."""
    wanted = [(spec, folder.joinpath(*name.split("/"))) for spec in specs for name in spec.project_files]
    return _read((spec, path) for spec, path in wanted if path.is_file())


def beside(specs: Iterable[HostSpec], place: Place) -> tuple[list[Found], list[str]]:
    """Gives what hosts have for single projects in their own file, and what their further files on this machine hold.

    And why others could not be read.
    """
    specs = tuple(specs)
    wanted = [(spec, Path(path)) for spec in specs for path in further_paths(spec, place)]
    found, unread = _read((spec, path) for spec, path in wanted if path.is_file())
    return [*_of_projects(specs, place), *found], unread


def _of_projects(specs: Iterable[HostSpec], place: Place) -> Iterator[Found]:
    for spec in specs:
        path = config_path(spec, place) if spec.projects_key else None
        if path is not None:
            with contextlib.suppress(HostFileError):  # told where the file's own servers are read
                content = write.read(Path(path)).content or b""
                projects = JsonEditor((spec.projects_key,), "", spec.tolerance).servers(content)
                yield from ((f"{path}, {folder}", servers) for folder, servers in _with_servers(spec, projects))


def _with_servers(spec: HostSpec, projects: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    for folder, project in projects.items():
        servers = project.get(spec.key_path[-1]) if isinstance(project, dict) else None
        if isinstance(servers, dict) and servers:
            yield folder, servers


def known_file(specs: Iterable[HostSpec], path: Path) -> Mapping[str, object] | None:
    """Gives the entries of a file that is a project's by its name; ``None`` for any other. Raises ``HostFileError``."""
    names = [(spec, name) for spec in specs for name in spec.project_files if path.as_posix().endswith(f"/{name}")]
    found: dict[str, object] = {}
    for spec, _ in names:
        found |= _servers(spec, path)
    return found if names else None


def _read(wanted: Iterable[tuple[HostSpec, Path]]) -> tuple[list[Found], list[str]]:
    found: dict[str, dict[str, object]] = {}
    unread: list[str] = []
    for spec, path in wanted:
        try:
            found.setdefault(os.fspath(path), {}).update(_servers(spec, path))
        except HostFileError as error:
            unread.append(f"{path}: {error}")
    return list(_not_empty(found)), list(dict.fromkeys(unread))


def _not_empty(found: Mapping[str, Mapping[str, object]]) -> Iterator[Found]:
    return ((path, servers) for path, servers in found.items() if servers)


def _servers(spec: HostSpec, path: Path) -> Mapping[str, object]:
    content = write.read(path).content or b""
    return editor_for(spec.format, spec.key_path, "ostiary", spec.tolerance).servers(content)
