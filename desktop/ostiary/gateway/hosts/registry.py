"""The hosts we know, read from ``ostiary_resources/hosts/*.toml``, and where their files are.

Adding a host is adding a file there. Everything here is pure but for reading our own resources: the platform, the
environment and the home folder come in as arguments, so that the paths of all platforms are tested on one.
"""

import enum
import fnmatch
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any, Literal, cast

from ostiary.domain.host import HostLimits
from ostiary.gateway.hosts.formats import Format
from ostiary.gateway.hosts.tolerance import Tolerance

Platform = Literal["linux", "darwin", "win32"]
PLATFORMS: tuple[Platform, ...] = ("linux", "darwin", "win32")


class RestartKind(enum.StrEnum):
    """When a host sees a change to its file."""

    RELOAD = "reload"  # by itself
    NEW_SESSION = "new-session"  # a command line: at its next start
    REOPEN = "quit-and-reopen"  # when it was quit completely and opened again


ENTRY_NAME = "ostiary"
"""Of the entry that carries every server."""

_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}|%(\w+)%")


@dataclass(frozen=True, slots=True)
class Place:
    """The machine as seen from one person's account.

    ``home`` is an absolute path. ``glob`` gives the existing paths that match a pattern, in any order; ``exists`` says
    whether a file is there.
    """

    platform: Platform
    env: Mapping[str, str]
    home: str
    glob: Callable[[str], list[str]]
    exists: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class HostSpec:
    """One host, as its data file describes it.

    ``config``, ``older``, ``installed`` and ``programs`` are given per platform: where its file may be, where it was in
    older versions, what shows that it is installed, and patterns for the full path of its running program. ``entry`` is
    the shape of an entry, in which the texts ``${name}``, ``${command}``, ``${args}`` and ``${null}`` stand for ours;
    in a list, the arguments become items of it. ``new_file`` is what a file that we make begins with. With
    ``takes_bundles`` it installs servers from ``.mcpb`` files. ``restarts_on`` are the platforms on which it ends by
    itself when asked (SIGTERM, the quit event on macOS), with what it had open kept. ``further`` are files of its
    profiles and for remote work, which are read alone; ``project_files`` those in a project's folder, with ``/``
    between their parts. ``projects_key`` is the root's key in its own file under which
    each project, by its folder, has servers of its own.
    """

    name: str
    title: str
    format: Format
    tolerance: Tolerance
    key_path: tuple[str, ...]
    entry: Mapping[str, object]
    quit_before_write: bool
    takes_bundles: bool
    new_file: bytes
    config: Mapping[Platform, tuple[str, ...]]
    older: Mapping[Platform, tuple[str, ...]]
    further: Mapping[Platform, tuple[str, ...]]
    project_files: tuple[str, ...]
    projects_key: str
    installed: Mapping[Platform, tuple[str, ...]]
    programs: Mapping[Platform, tuple[str, ...]]
    restart_kind: RestartKind
    restart_hint: str
    restarts_on: tuple[Platform, ...]
    limits: HostLimits
    uncertain: tuple[str, ...]


def known_hosts() -> tuple[HostSpec, ...]:
    """Gives every host we have a data file for, ordered by name."""
    found = [
        parse_host(entry.name.removesuffix(".toml"), entry.read_text(encoding="utf-8"))
        for entry in (files("ostiary_resources") / "hosts").iterdir()
        if entry.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda spec: spec.name))


def parse_host(name: str, text: str) -> HostSpec:
    """Reads one data file. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for a fault in it: it ships with us."""
    raw = tomllib.loads(text)
    return HostSpec(
        name=name,
        title=raw["title"],
        format=Format(raw["format"]),
        tolerance=Tolerance.from_names(raw["accepts"]),
        key_path=tuple(raw["key_path"]),
        entry=raw["entry"],
        quit_before_write=raw["quit_before_write"],
        takes_bundles=raw.get("takes_bundles", False),
        new_file=raw.get("new_file", "").encode(),
        config=_per_platform(raw["config"]),
        older=_per_platform(raw.get("older", dict.fromkeys(PLATFORMS, ()))),
        further=_per_platform(raw.get("further", dict.fromkeys(PLATFORMS, ()))),
        project_files=tuple(raw.get("project_files", ())),
        projects_key=raw.get("projects_key", ""),
        installed=_per_platform(raw["installed"]),
        programs=_per_platform(raw["programs"]),
        restart_kind=RestartKind(raw["restart"]["kind"]),
        restart_hint=raw["restart"]["hint"],
        restarts_on=tuple(raw["restart"].get("ends_when_asked", ())),
        limits=HostLimits(**raw["limits"]),
        uncertain=tuple(raw["notes"]["uncertain"]),
    )


def config_path(spec: HostSpec, place: Place) -> str | None:
    """Gives the absolute path of the host's file, whether it exists or not; ``None`` when there is no place for it.

    A candidate with a ``*`` applies only when the folder that carries the ``*`` exists: the package folder of an
    application is there before its first configuration file is. A file of an older version counts when it is there and
    the one of today is not.
    """
    today = next(_paths(spec.config, place), None)
    if today is not None and place.exists(today):
        return today
    return next((path for path in _paths(spec.older, place) if place.exists(path)), today)


def further_paths(spec: HostSpec, place: Place) -> tuple[str, ...]:
    """Gives the absolute paths of files beside the host's own, whether they exist or not."""
    return tuple(_paths(spec.further, place))


def installed_paths(spec: HostSpec, place: Place) -> tuple[str, ...]:
    """Gives the paths, and the bare names to look up in ``PATH``, of which one is there when the host is installed."""
    return tuple(_paths(spec.installed, place))


def is_program_of(spec: HostSpec, executable: str, platform: Platform) -> bool:
    """Says whether a running program, given by its full path, is this host."""
    fold = str.lower if platform == "win32" else str
    return any(fnmatch.fnmatchcase(fold(executable), fold(pattern)) for pattern in spec.programs[platform])


def entry_for(spec: HostSpec, command: str, args: tuple[str, ...], name: str = ENTRY_NAME) -> dict[str, object]:
    """Gives the entry to write into the host's file, in its own shape; some hosts repeat its ``name`` in it."""
    ours: dict[str, object] = {"${name}": name, "${command}": command, "${args}": list(args), "${null}": None}
    return {key: _filled(value, ours) for key, value in spec.entry.items()}


def _filled(shape: object, ours: Mapping[str, object]) -> object:
    match shape:
        case str():
            return ours.get(shape, shape)
        case dict():
            return {key: _filled(value, ours) for key, value in shape.items()}
        case list():
            filled = ((item, _filled(item, ours)) for item in shape)
            return [part for item, value in filled for part in (_many(value) if item == "${args}" else [value])]
        case _:
            return shape


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _per_platform(raw: Mapping[str, Any]) -> Mapping[Platform, tuple[str, ...]]:
    return {platform: tuple(raw[platform]) for platform in PLATFORMS}


def _paths(candidates: Mapping[Platform, tuple[str, ...]], place: Place) -> Iterator[str]:
    return (path for candidate in candidates[place.platform] for path in _resolve(candidate, place))


def _resolve(candidate: str, place: Place) -> Iterator[str]:
    expanded = _expand(candidate, place)
    if expanded is None:
        return
    separator = "\\" if place.platform == "win32" else "/"
    parts = expanded.split(separator)
    starred = next((index for index, part in enumerate(parts) if "*" in part), None)
    if starred is None:
        yield expanded
        return
    for folder in sorted(place.glob(separator.join(parts[: starred + 1]))):
        yield separator.join([folder, *parts[starred + 1 :]])


def _expand(candidate: str, place: Place) -> str | None:
    """Fills in ``${NAME:-default}``, ``%NAME%`` and a leading ``~``; ``None`` when a variable is missing."""
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name, default, windows_name = cast("tuple[str | None, str | None, str | None]", match.groups())
        found = place.env.get(name or windows_name or "")
        if name and name.startswith("XDG_") and found and not PurePosixPath(found).is_absolute():
            found = None  # XDG Base Directory: a relative path is invalid and to be ignored
        missing = missing or not (found or default)
        return found or default or ""

    path = _VARIABLE.sub(value, candidate)
    if missing:
        return None
    return place.home.rstrip("/\\") + path[1:] if path.startswith("~") else path
