"""Brings servers in from hosts' files, projects and bundles: planned first, made in one step, undone in one.

Joins ``import_sources`` (what is offered), ``host_files`` (the changes to files), ``secret_names`` (the keyring),
``bundles`` and ``servers``. A step that fails takes back those before it. What was done is kept in one file, names
and digests only, so that it can be undone after a restart too.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec

from ostiary.domain.errors import HostFileError, OstiaryError, SecretError, UsageError
from ostiary.domain.host import HostChange
from ostiary.domain.host_import import Imported, ImportPlan, ImportRequest
from ostiary.domain.server import ServerSpec
from ostiary.gateway import atomic
from ostiary.gateway.calllog.secret_patterns import announces_secret, mask_shapes
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.import_digests import digested, is_same
from ostiary.gateway.import_plan import Move, merged, moves
from ostiary.gateway.import_secrets import MASKED
from ostiary.gateway.import_sources import ImportSources
from ostiary.gateway.import_undo import Held, Record, taking_back, told
from ostiary.gateway.secret_names import Secrets
from ostiary.gateway.settings import SettingsStore


class ServerList(Protocol):
    """The configured servers, as far as an import needs them. ``add`` and ``remove`` raise ``UsageError``."""

    def add(self, spec: ServerSpec) -> None: ...

    async def remove(self, name: str) -> object: ...

    @property
    def bundles(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A plan with its values, which stay here."""

    moves: tuple[Move, ...]
    changes: tuple[HostChange, ...]
    plan: ImportPlan


@dataclass(slots=True)
class Importing:
    """Used on the loop. What the last import did is kept in ``folder``."""

    sources: ImportSources
    hosts: HostFiles
    servers: ServerList
    secrets: Secrets
    settings: SettingsStore
    folder: Path
    _salt: bytes = field(default_factory=lambda: os.urandom(32))
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Of who changes something: what one finds is not changed by another before it is done."""

    @property
    def _record(self) -> Path:
        return self.folder / "last-import.json"

    async def plan(self, request: ImportRequest) -> ImportPlan:
        """What would be brought in; nothing is done. Raises ``UsageError`` and ``HostFileError``."""
        return (await self._prepare(request)).plan

    async def apply(self, request: ImportRequest, token: str) -> Imported:
        """Do exactly what was shown. Raises ``OstiaryError``; then nothing of it was done, or the error tells of it.

        Who no longer waits for it stops a bundle; what is done by then is taken back, or all of it is done.
        """
        async with self._turn:
            return await _to_its_end(self._apply(request, token), self.sources.stop)

    async def _apply(self, request: ImportRequest, token: str) -> Imported:
        prepared = await self._prepare(request)
        if not hmac.compare_digest(prepared.plan.token, token):
            raise HostFileError("A host's file has changed since it was shown", "Nothing was done. Look once more.")
        if not prepared.moves:
            raise UsageError("There is nothing to bring in", "See `ostiary hosts import --dry-run` for the reasons.")
        done = Imported(servers=())
        values = {name: value for move in prepared.moves for name, value in move.values.items()}
        try:
            for move in prepared.moves:
                for name, value in move.values.items():
                    if name in done.secrets:
                        continue  # two of the servers have the same one
                    await self.secrets.add(name, value)
                    done = msgspec.structs.replace(done, secrets=(*done.secrets, name))
                await self.sources.unpack(move.found.offer)
                self.servers.add(move.spec)
                done = msgspec.structs.replace(done, servers=(*done.servers, move.spec.name))
            for change in prepared.changes:
                await self.hosts.apply(change)
                done = msgspec.structs.replace(done, changes=(*done.changes, change))
            await self._keep(done, values)
        except Exception as error:  # whatever it is: what was done before it is taken back
            await self._back_out(done, values, error)
            raise
        return done

    async def _back_out(self, done: Imported, values: Mapping[str, str], why: Exception) -> None:
        """Take back what was done. Raises ``HostFileError`` where something stays, with what to do about it.

        Where a host's file stays changed, so do the servers and secrets that are in it no more: the person would lose
        them. All of it is kept for an undo.
        """
        first = str(why) if isinstance(why, OstiaryError) else "It met a fault of Ostiary."
        try:
            left = await self._take_back(done)
        except OstiaryError as error:
            remedy = "`ostiary hosts undo-import` takes it back." if await self._is_kept(done, values) else ""
            told = f"{first} What was done by then stays: {error} {remedy}".rstrip()
            raise HostFileError("The import was done in part", told) from why
        if left:
            told = f"{first} The keyring did not remove these secrets: {', '.join(left)}."
            raise HostFileError("The import was done in part", told) from why

    async def _is_kept(self, done: Imported, values: Mapping[str, str]) -> bool:
        try:
            await self._keep(done, {name: values[name] for name in done.secrets})
        except OstiaryError:
            return False
        return True

    async def _keep(self, done: Imported, values: Mapping[str, str]) -> None:
        added = tuple(spec for spec in self.settings.current.servers if spec.name in done.servers)
        digests = {name: await asyncio.to_thread(digested, value) for name, value in values.items()}
        record = Record(done=_without_diffs(done), specs=added, digests=digests)
        try:
            atomic.replace_file(self._record, msgspec.json.encode(record))
        except OSError as error:
            raise HostFileError("The import could not be noted", f"Nothing was done. {error.strerror}.") from error

    def _last(self) -> Record | None:
        try:
            return msgspec.json.decode(self._record.read_bytes(), type=Record)
        except (OSError, msgspec.DecodeError):
            return None

    async def undo(self) -> Imported:
        """Take back the last import: hosts' files byte for byte, and its servers and secrets that are still as it
        made them.

        Raises ``UsageError`` when there is none, ``HostFileError`` when a file was changed since: nothing is done then.
        Who no longer waits for it has it done all the same: a half of it could neither be undone nor done again.
        """
        async with self._turn:
            return await _to_its_end(self._undo(), lambda: None)

    async def _undo(self) -> Imported:
        record = self._last()
        if record is None:
            raise UsageError("There is no import to undo", "Only the last one can be undone, once.")
        back = await self._taking_back(record)
        left = await self._take_back(back)
        gone = tuple(name for name in back.secrets if name not in left)
        kept = tuple(f"The secret {name} stays: the keyring did not remove it." for name in left)
        return msgspec.structs.replace(back, secrets=gone, kept=(*back.kept, *kept, *self._forget()))

    def _forget(self) -> tuple[str, ...]:
        """Nothing is left to undo. Gives what to tell where the note of it cannot be removed: all else is done."""
        try:
            self._record.unlink(missing_ok=True)
        except OSError as error:
            return (f"The note of the import stays: {self._record}: {error.strerror}.",)
        return ()

    async def is_last_of(self, host: str) -> bool:
        """Whether the last change to a host's file was that of the last import."""
        record = self._last()
        tokens = {change.token for change in record.done.changes if change.host == host} if record else set()
        return bool(tokens) and await self.hosts.last_token(host) in tokens

    async def undo_note(self, host: str) -> str:
        """What the undo of the last import takes back besides this host's file."""
        record = self._last()
        return "" if record is None else told(host, await self._taking_back(record))

    async def _taking_back(self, record: Record) -> Imported:
        """All secrets are asked for at the same time: a keyring that is locked has the person wait once."""
        there = [name for name in dict.fromkeys(record.done.secrets) if name in self.settings.current.secrets]
        held = await asyncio.gather(*(self._held(name, record.digests.get(name, "")) for name in there))
        return taking_back(record, self.settings.current.servers, dict(zip(there, held, strict=True)))

    async def _held(self, name: str, digest: str) -> Held:
        try:
            value = await self.secrets.get(name)
        except SecretError:
            return Held.UNREAD
        return Held.SAME if await asyncio.to_thread(is_same, value, digest) else Held.REPLACED

    async def _take_back(self, done: Imported) -> tuple[str, ...]:
        """Gives the secrets that the keyring did not let go of."""
        await self.hosts.undo(done.changes)
        known = {spec.name for spec in self.settings.current.servers}
        for name in known.intersection(done.servers):
            await self.servers.remove(name)
        left = []
        for name in sorted(set(self.settings.current.secrets).intersection(done.secrets)):
            try:
                await self.secrets.remove(name)
            except SecretError:
                left.append(name)
        await self._sweep()
        return tuple(left)

    async def sweep(self) -> None:
        """Remove the unpacked bundles of servers that are gone, and none that is being brought in."""
        async with self._turn:
            await self._sweep()

    async def _sweep(self) -> None:
        await self.sources.sweep(self.servers.bundles)

    async def _prepare(self, request: ImportRequest) -> _Prepared:
        found, unread = await self.sources.offers(request)
        current = self.settings.current
        all_moves = moves(merged(found), current.servers, current.secrets, looks_secret)
        chosen = tuple(move for move in all_moves if _is_chosen(move, request.names))
        _require_known(request.names, all_moves)
        values = [value for move in all_moves for value in move.values.values()]
        changes = tuple(_masked(change, values) for change in await self._changes(chosen)) if request.replace else ()
        names = {move.spec.name for move in chosen}
        shown = tuple(
            msgspec.structs.replace(move.shown, chosen=move.shown.name in names and not move.shown.problem)
            for move in all_moves
        )
        token = self._token(chosen, changes)
        return _Prepared(chosen, changes, ImportPlan(candidates=shown, changes=changes, unread=unread, token=token))

    async def _changes(self, chosen: Sequence[Move]) -> tuple[HostChange, ...]:
        dropped: dict[str, list[str]] = {}
        for move in chosen:
            for host in move.found.hosts:  # of a pasted block and a file there is none
                dropped.setdefault(host, []).append(move.found.offer.name)
        return tuple([await self.hosts.plan_replacing(host, tuple(names)) for host, names in dropped.items()])

    def _token(self, chosen: Sequence[Move], changes: Sequence[HostChange]) -> str:
        """Binds what was shown, values included. Salted: nobody can try values against it."""
        bound = [[move.spec, dict(move.values)] for move in chosen], [change.token for change in changes]
        return hmac.new(self._salt, msgspec.json.encode(bound), hashlib.sha256).hexdigest()


async def _to_its_end(work: Coroutine[Any, Any, Imported], on_left: Callable[[], None]) -> Imported:
    """What comes of work that is never cancelled; ``on_left`` is called when nobody waits for it any more."""
    doing = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        on_left()
        await asyncio.gather(doing, return_exceptions=True)
        raise


def looks_secret(name: str, value: str) -> bool:
    """By the name it stands under, or by its own shape. An empty value is none."""
    return bool(value) and (announces_secret(name) or mask_shapes(value) != value)


def _masked(change: HostChange, values: Iterable[str]) -> HostChange:
    """The change with secrets hidden in what is shown of it; its token binds the bytes all the same."""
    diff = change.diff
    for value in sorted(values, key=len, reverse=True):
        for written in (value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
            diff = diff.replace(written, MASKED)
    return msgspec.structs.replace(change, diff=mask_shapes(diff))


def _is_chosen(move: Move, names: Sequence[str]) -> bool:
    return not move.shown.problem and (not names or move.shown.name in names)


def _require_known(names: Sequence[str], found: Sequence[Move]) -> None:
    for name in names:
        move = next((move for move in found if move.shown.name == name), None)
        if move is None:
            raise UsageError(f"No server “{name}” was found", "See `ostiary hosts import --dry-run` for the names.")
        if move.shown.problem:
            raise UsageError(f"“{name}” cannot be brought in", move.shown.problem)


def _without_diffs(done: Imported) -> Imported:
    """A diff shows neighbouring entries of the person's own file, and needs not be kept for the undo."""
    changes = tuple(msgspec.structs.replace(change, diff="", snippet="") for change in done.changes)
    return msgspec.structs.replace(done, changes=changes)
