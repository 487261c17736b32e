"""A host's file in one project's folder, as a host of its own: the same shape and rules, another place. Pure.

Its name is the host's with a digest of the folder behind ``@``, so that backups and notes of it stand apart. Which
projects have an entry of ours is kept in the settings by these names.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath

from ostiary.domain.errors import UsageError
from ostiary.gateway.hosts.registry import PLATFORMS, HostSpec, Platform

_AT = "@"
_DIGEST_CHARACTERS = 12
_EXPANDED = re.compile(r"[*?\[$%]")
"""What a path in a data file is expanded by; a folder with one of these would become another."""


def host_of(name: str) -> str:
    """Gives the host that a project's entry is for; any other name is given back."""
    return name.partition(_AT)[0]


def is_project(name: str) -> bool:
    """Says whether a name is that of a host in a project."""
    return _AT in name


def project_name(host: str, folder: str) -> str:
    """Gives the name of a host in a project, whose folder is a full path."""
    return f"{host}{_AT}{hashlib.sha256(folder.encode()).hexdigest()[:_DIGEST_CHARACTERS]}"


def project_spec(specs: Iterable[HostSpec], name: str, folder: str, platform: Platform) -> HostSpec:
    """Gives a host in a project. Raises ``UsageError`` where there can be none."""
    spec = next((spec for spec in specs if spec.name == host_of(name)), None)
    if spec is None or not spec.project_files:
        raise UsageError(f"{host_of(name)} has no file in a project", "Connect the host itself.")
    if not PurePath(folder).is_absolute() or _EXPANDED.search(folder):
        raise UsageError(f"{folder} cannot be used", "Give the full path of a folder without * ? [ $ or % in it.")
    separator = "\\" if platform == "win32" else "/"
    path = separator.join([folder.rstrip("/\\"), *spec.project_files[0].split("/")])
    nowhere: Mapping[Platform, tuple[str, ...]] = dict.fromkeys(PLATFORMS, ())
    return replace(
        spec,
        name=name,
        title=f"{spec.title} ({PurePath(folder).name})",
        config=dict.fromkeys(PLATFORMS, (path,)),
        older=nowhere,
        further=nowhere,
        installed=dict.fromkeys(PLATFORMS, (folder,)),
        quit_before_write=False,
        takes_bundles=False,
    )


def project_specs(specs: tuple[HostSpec, ...], projects: Mapping[str, str], platform: Platform) -> tuple[HostSpec, ...]:
    """Gives the hosts in these projects, folders by names; one that there cannot be any more is left out."""
    found = []
    for name, folder in projects.items():
        with contextlib.suppress(UsageError):
            found.append(project_spec(specs, name, folder, platform))
    return tuple(found)


def folder_of(specs: Iterable[HostSpec], name: str, path: str) -> str | None:
    """Gives the project's folder of a file, when the name is that of the host in that project."""
    for spec in specs:
        for file in spec.project_files[:1]:
            folder = path.replace("\\", "/").removesuffix(f"/{file}")
            own = path[: len(folder)]
            if spec.name == host_of(name) and project_name(spec.name, own) == name:
                return own
    return None
