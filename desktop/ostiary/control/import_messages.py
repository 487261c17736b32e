"""Commands around bringing servers in, and a bundle that brings Ostiary into a host."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import Struct

from ostiary.control.command import Command
from ostiary.domain.host_import import ImportProgress


class HostBundle(Struct, frozen=True, kw_only=True):
    """A file to save and to open with the host. ``content`` travels as base64."""

    file_name: str
    content: bytes


class MakeHostBundle(Command[HostBundle], frozen=True, kw_only=True, tag="hosts.bundle"):
    """A bundle that makes a host start Ostiary, for a host that installs those; its own file stays as it is."""

    result: ClassVar[Any] = HostBundle
    host: str


class GetImportProgress(Command[ImportProgress], frozen=True, kw_only=True, tag="hosts.import-progress"):
    """How far the bundle is that is being read or unpacked."""

    result: ClassVar[Any] = ImportProgress


class StopImport(Command[ImportProgress], frozen=True, kw_only=True, tag="hosts.stop-import"):
    """Stop reading or unpacking a bundle: what asked for it gets an error, and nothing is left of it."""

    result: ClassVar[Any] = ImportProgress
