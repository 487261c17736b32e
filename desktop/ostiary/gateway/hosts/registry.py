"""The hosts we know, read from ``ostiary_resources/hosts/*.toml``, and where their files are.

Adding a host is adding a file there. Everything here is pure but for reading our own resources: the platform, the
environment and the home folder come in as arguments, so that the paths of all platforms are tested on one.
"""

import fnmatch
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any, Literal, cast

from ostiary.gateway.hosts.tolerance import Tolerance

Platform = Literal["linux", "darwin", "win32"]
PLATFORMS: tuple[Platform, ...] = ("linux", "darwin", "win32")

_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}|%(\w+)%")


@dataclass(frozen=True, slots=True)
class Place:
    """The machine as seen from one person's account.

    ``home`` is an absolute path. ``glob`` gives the existing paths that match a pattern, in any order.
    """

    platform: Platform
    env: Mapping[str, str]
    home: str
    glob: Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a host takes at most; ``None`` means that no limit is known."""

    tools: int | None
    tool_name_characters: int | None


@dataclass(frozen=True, slots=True)
class HostSpec:
    """One host, as its data file describes it.

    ``config``, ``installed`` and ``programs`` are given per platform: where its file may be, what shows that it is
    installed, and patterns for the full path of its running program. ``entry`` is the shape of an entry, in which
    the texts ``${command}`` and ``${args}`` stand for ours. ``restart_kind`` is ``reload`` or ``quit-and-reopen``.
    """

    name: str
    title: str
    tolerance: Tolerance
    key_path: tuple[str, ...]
    entry: Mapping[str, object]
    quit_before_write: bool
    config: Mapping[Platform, tuple[str, ...]]
    installed: Mapping[Platform, tuple[str, ...]]
    programs: Mapping[Platform, tuple[str, ...]]
    restart_kind: Literal["reload", "quit-and-reopen"]
    restart_hint: str
    limits: Limits
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
    """Reads one data file. Raises ``KeyError`` or ``ValueError`` for a fault in it: it ships with us."""
    raw = tomllib.loads(text)
    if raw["format"] != "json":
        raise ValueError(f"{name}: no writer for the format {raw['format']!r}")
    if raw["restart"]["kind"] not in ("reload", "quit-and-reopen"):
        raise ValueError(f"{name}: unknown kind of restart {raw['restart']['kind']!r}")
    return HostSpec(
        name=name,
        title=raw["title"],
        tolerance=Tolerance.from_names(raw["accepts"]),
        key_path=tuple(raw["key_path"]),
        entry=raw["entry"],
        quit_before_write=raw["quit_before_write"],
        config=_per_platform(raw["config"]),
        installed=_per_platform(raw["installed"]),
        programs=_per_platform(raw["programs"]),
        restart_kind=raw["restart"]["kind"],
        restart_hint=raw["restart"]["hint"],
        limits=Limits(raw["limits"].get("tools"), raw["limits"].get("tool_name_characters")),
        uncertain=tuple(raw["notes"]["uncertain"]),
    )


def config_path(spec: HostSpec, place: Place) -> str | None:
    """Gives the absolute path of the host's file, whether it exists or not; ``None`` when there is no place for it.

    A candidate with a ``*`` applies only when the folder that carries the ``*`` exists: the package folder of an
    application is there before its first configuration file is.
    """
    return next((path for candidate in spec.config[place.platform] for path in _resolve(candidate, place)), None)


def installed_paths(spec: HostSpec, place: Place) -> tuple[str, ...]:
    """Gives the paths, and the bare names to look up in ``PATH``, of which one is there when the host is installed."""
    return tuple(path for candidate in spec.installed[place.platform] for path in _resolve(candidate, place))


def is_program_of(spec: HostSpec, executable: str, platform: Platform) -> bool:
    """Says whether a running program, given by its full path, is this host."""
    fold = str.lower if platform == "win32" else str
    return any(fnmatch.fnmatchcase(fold(executable), fold(pattern)) for pattern in spec.programs[platform])


def entry_for(spec: HostSpec, command: str, args: tuple[str, ...]) -> dict[str, object]:
    """Gives the entry to write into the host's file, in its own shape."""
    ours: dict[str, object] = {"${command}": command, "${args}": list(args)}
    return {key: ours.get(value, value) if isinstance(value, str) else value for key, value in spec.entry.items()}


def _per_platform(raw: Mapping[str, Any]) -> Mapping[Platform, tuple[str, ...]]:
    return {platform: tuple(raw[platform]) for platform in PLATFORMS}


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
