"""Where servers to bring in come from: hosts' files, a pasted block, a project, a bundle.

Gives each as an offer with its place. Reading blocks on the disk, so it is done in threads.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from ostiary.domain.errors import UsageError
from ostiary.domain.host_import import ImportProgress, ImportRequest
from ostiary.gateway.bridging import bridged
from ostiary.gateway.bundles.resolve import Machine, Resolved, resolved, wanted
from ostiary.gateway.bundles.store import Bundle, Bundles, open_ordinary
from ostiary.gateway.bundles.work import Work
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.hosts.offers import STARTS_US, Offer, offers, pasted
from ostiary.gateway.hosts.our_entries import is_shim, ours_in
from ostiary.gateway.hosts.registry import ENTRY_NAME

R = TypeVar("R")

_PASTED = "the pasted block"
_BUNDLE_ENDINGS = (".mcpb", ".dxt")
_MOST_FILE_BYTES = 16 * 1024 * 1024

Place = tuple[str, str, Offer]
"""A host by its name (empty for anything else), what a person reads of the place, and what is offered there."""


@dataclass(slots=True)
class ImportSources:
    """Used on the loop. ``has_bridge`` looks for the program that reaches servers over the network."""

    hosts: HostFiles
    bundles: Bundles
    has_bridge: Callable[[], Awaitable[bool]]
    home: Path = field(default_factory=Path.home)
    _read: dict[str, tuple[Path, Bundle, frozenset[str]]] = field(default_factory=dict)
    _under_way: list[Work] = field(default_factory=list)

    async def offers(self, request: ImportRequest) -> tuple[list[Place], tuple[str, ...]]:
        """What the places of a request offer, and why others could not be read. Raises ``UsageError``."""
        found: list[Place] = []
        unread: tuple[str, ...] = ()
        if request.pasted:
            found += [("", _PASTED, offer) for offer in _offers(pasted(request.pasted))]
        if request.file:
            places, unread = await self._file(Path(request.file), request.answers)
            found += places
        if request.hosts or not (request.pasted or request.file):
            entries, unread = await self.hosts.entries(request.hosts)
            beside, unread_beside = await self.hosts.further_entries(request.hosts)
            found += self._entries(entries) + _places(beside)
            unread += tuple(unread_beside)
        bridge = any(offer.url for _, _, offer in found) and await self.has_bridge()
        return [(host, title, bridged(offer, has_bridge=bridge)) for host, title, offer in found], unread

    async def unpack(self, offer: Offer) -> None:
        """Unpack the bundle that an offer came from; nothing where it is none. Raises ``UsageError``."""
        if offer.bundle:
            path, bundle, programs = self._read[offer.bundle]
            await self._working(partial(self.bundles.unpack, path, bundle, programs))

    def progress(self) -> ImportProgress:
        """How far the bundles are that are read or unpacked at this moment."""
        done = sum(work.done_bytes for work in self._under_way)
        return ImportProgress(done_bytes=done, total_bytes=sum(work.total_bytes for work in self._under_way))

    def stop(self) -> None:
        """Stop them; what waits for one gets a ``UsageError``."""
        for work in self._under_way:
            work.stop()

    async def _working(self, act: Callable[[Work], R]) -> R:
        """Who no longer waits stops it: a thread cannot be cancelled."""
        work = Work()
        self._under_way.append(work)
        try:
            return await asyncio.to_thread(act, work)
        finally:
            work.stop()
            self._under_way.remove(work)

    async def sweep(self, kept: Iterable[str]) -> None:
        """Remove the unpacked bundles that no server has."""
        await asyncio.to_thread(self.bundles.sweep, frozenset(kept))

    def _entries(self, entries: Mapping[str, Mapping[str, object]]) -> list[Place]:
        return [
            (host, self.hosts.title(host), offer) for host, servers in entries.items() for offer in _offers(servers)
        ]

    async def _file(self, path: Path, answers: Mapping[str, str]) -> tuple[list[Place], tuple[str, ...]]:
        """A bundle, a project's folder, one of its files, or any list of servers."""
        if not path.is_absolute():
            raise UsageError("The file needs its full path", f"{path} could be anywhere.")
        if path.suffix.lower() in _BUNDLE_ENDINGS:
            return [("", path.name, await self._bundle(path, answers))], ()
        if await asyncio.to_thread(os.path.isdir, path):
            entries, unread = await self.hosts.project_entries(path)
            return _places(entries), tuple(unread)
        text = await asyncio.to_thread(_text, path)
        known = await self.hosts.known_file(path)
        return _places([(str(path), pasted(text) if known is None else known)]), ()

    async def _bundle(self, path: Path, answers: Mapping[str, str]) -> Offer:
        bundle = await self._working(partial(self.bundles.read, path))
        manifest, place = bundle.manifest, self.bundles.place(bundle)
        machine = Machine(sys.platform, str(self.home), str(place))
        found = resolved(manifest, bundle.files, machine, answers)
        self._read[bundle.folder] = (path, bundle, found.programs)
        return Offer(
            name=manifest.name,
            command=found.command,
            environment=found.environment,
            problem=_problem(found),
            known_secrets=found.secrets,
            title=manifest.display_name or manifest.name,
            description=manifest.description,
            bundle=bundle.folder,
            wanted=wanted(manifest, machine),
        )


def _problem(found: Resolved) -> str:
    if any(map(is_shim, found.command)):
        return STARTS_US
    return f"It asks for: {', '.join(found.missing)}." if found.missing else ""


def _places(found: Iterable[tuple[str, Mapping[str, object]]]) -> list[Place]:
    return [("", path, offer) for path, servers in found for offer in _offers(servers)]


def _offers(servers: Mapping[str, object]) -> tuple[Offer, ...]:
    """None of our own entries is a server to bring in: Ostiary would stand behind itself."""
    ours = ours_in(servers)
    return offers({name: entry for name, entry in servers.items() if name not in ours}, ENTRY_NAME)


def _text(path: Path) -> str:
    try:
        with open_ordinary(path) as file:
            content = file.read(_MOST_FILE_BYTES + 1)
        if len(content) > _MOST_FILE_BYTES:
            raise UsageError(f"{path} is too large", "A list of servers has some thousand bytes.")
        return content.decode("utf-8-sig")
    except (OSError, ValueError) as error:  # a zero byte in its name, no UTF-8 in it
        raise UsageError(f"{path} cannot be read", f"{error}.") from error
