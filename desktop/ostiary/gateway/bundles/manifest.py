"""A bundle's ``manifest.json``, as far as starting its server needs it. Pure.

Source: MCPB manifest 0.1 to 0.4 (MANIFEST.md and its schemas); before 0.2 the version stood under ``dxt_version``. What
only decorates a listing is left out; a field that is there in another shape than the schema's is refused.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import Struct

from ostiary.domain.host_import import AnswerKind
from ostiary.gateway.bundles.refusal import refusal

KNOWN_VERSIONS = ("0.1", "0.2", "0.3", "0.4")
_MOST_OPTIONS = 100


class Kind(StrEnum):
    """How a server is run."""

    NODE = "node"
    PYTHON = "python"
    BINARY = "binary"
    UV = "uv"


class Override(Struct, frozen=True, kw_only=True):
    """What one platform has instead."""

    command: str | None = None
    args: tuple[str, ...] | None = None
    env: dict[str, str] | None = None


class Config(Struct, frozen=True, kw_only=True):
    """The command, with variables in it."""

    command: str
    args: tuple[str, ...] = ()
    env: dict[str, str] = {}
    platform_overrides: dict[str, Override] = {}


class Server(Struct, frozen=True, kw_only=True):
    """The server; only one of the kind uv may leave the command to us."""

    type: Kind
    entry_point: str
    mcp_config: Config | None = None


class Option(Struct, frozen=True, kw_only=True):
    """A value that the person gives."""

    type: AnswerKind
    title: str
    description: str = ""
    required: bool = False
    default: str | int | float | bool | tuple[str, ...] | None = None
    multiple: bool = False
    sensitive: bool = False
    min: float | None = None
    max: float | None = None


class Compatibility(Struct, frozen=True, kw_only=True):
    """Where it runs; none means everywhere."""

    platforms: tuple[str, ...] = ()


class Manifest(Struct, frozen=True, kw_only=True):
    """What a bundle says of itself."""

    name: str
    version: str
    server: Server
    description: str = ""
    manifest_version: str = ""
    dxt_version: str = ""
    display_name: str = ""
    compatibility: Compatibility = Compatibility()
    user_config: dict[str, Option] = {}


def parse(content: bytes) -> Manifest:
    """Reads a manifest. Raises ``UsageError`` for one that is not understood."""
    try:
        found = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refusal(f"Its manifest is not understood: {error}.") from error
    version = found.manifest_version or found.dxt_version
    if version not in KNOWN_VERSIONS:
        raise refusal(f"Its manifest is of version {version or '?'}; known are {', '.join(KNOWN_VERSIONS)}.")
    if found.server.mcp_config is None and found.server.type is not Kind.UV:
        raise refusal("Its manifest has no command.")
    if len(found.user_config) > _MOST_OPTIONS:
        raise refusal("It asks for more than a person would answer.")
    return found
