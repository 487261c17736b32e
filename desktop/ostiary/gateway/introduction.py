"""How the gateway introduces itself to hosts: the answers to ``initialize`` and ``server/discover``. Pure.

What is offered does not depend on which servers run: it is answered before any of them does.
"""

from __future__ import annotations

import msgspec
from msgspec import Raw, Struct

from ostiary.gateway.asking import RefusedRequestError
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import INVALID_PARAMS, Request

CAPABILITIES: dict[str, object] = {
    "tools": {"listChanged": True},
    "resources": {"subscribe": True, "listChanged": True},
    "prompts": {"listChanged": True},
    "completions": {},
}
INSTRUCTIONS_LIMIT = 8000
"""Instructions are the servers' own text and go into the model's context: bounded (our policy)."""


class _Initialize(Struct, rename="camel"):
    protocol_version: str
    client_info: Raw = Raw(b"{}")


class _Info(Struct):
    name: str = ""


def read_initialize(request: Request) -> tuple[str, Raw]:
    """The version to speak and the host's ``clientInfo``. Raises ``RefusedRequestError``.

    The host's version if it is one of ours, otherwise the newest (MCP 2025-11-25, lifecycle#version-negotiation).
    """
    try:
        hello = msgspec.json.decode(request.params or b"{}", type=_Initialize)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RefusedRequestError(INVALID_PARAMS, f"initialize cannot be read: {error}") from error
    version = hello.protocol_version if hello.protocol_version in methods.LEGACY else methods.LEGACY[0]
    return version, hello.client_info


def client_name(info: Raw) -> str:
    """What a host calls itself, at most 100 characters; for show only."""
    try:
        return msgspec.json.decode(info, type=_Info).name[:100]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""


def initialized(version: str, own_version: str, instructions: str) -> bytes:
    """The result of ``initialize``."""
    result: dict[str, object] = {
        "protocolVersion": version,
        "capabilities": CAPABILITIES,
        "serverInfo": _server_info(own_version),
    }
    return msgspec.json.encode(_with_instructions(result, instructions))


def discovered(own_version: str, instructions: str) -> bytes:
    """The result of ``server/discover``."""
    result: dict[str, object] = {
        "resultType": "complete",
        "supportedVersions": [methods.MODERN],
        "capabilities": CAPABILITIES,
        "ttlMs": 0,
        "cacheScope": "private",
        "_meta": {methods.SERVER_INFO_KEY: _server_info(own_version)},
    }
    return msgspec.json.encode(_with_instructions(result, instructions))


def _server_info(own_version: str) -> dict[str, str]:
    return {"name": "ostiary", "title": "Ostiary", "version": own_version}


def _with_instructions(result: dict[str, object], instructions: str) -> dict[str, object]:
    return result | {"instructions": instructions[:INSTRUCTIONS_LIMIT]} if instructions else result
