"""Between the two protocol generations: *legacy* (2024-11-05 … 2025-11-25) and *modern* (2026-07-28). Pure.

A message whose both ends speak the same generation passes as the bytes it is. Between generations only the top
level of a result is looked at; what lies below stays raw. What servers ask hosts in between is ``inquiry``'s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Raw

from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import INTERNAL_ERROR, INVALID_PARAMS, read_key
from ostiary.gateway.wire.members import Members, members_of

_encode = msgspec.json.encode

_CACHED = frozenset(("server/discover", "resources/read", *methods.LISTS))
"""Methods whose modern results must carry ``ttlMs`` and ``cacheScope`` (MCP 2026-07-28, caching)."""

_COMPLETE = Raw(b'"complete"')
_NOT_CACHED = {"ttlMs": Raw(b"0"), "cacheScope": Raw(b'"private"')}
_MODERN_ONLY = ("resultType", "ttlMs", "cacheScope")
_NOTHING: Mapping[str, Any] = {}


def result_for(method: str, raw: bytes, *, from_modern: bool, to_modern: bool) -> bytes:
    """A server's result in the form that the host's generation accepts.

    Modern hosts refuse a result without ``resultType`` and a list without ``ttlMs``; TypeScript hosts of the
    legacy line refuse unknown members of an empty result and a ``structuredContent`` that is no object.
    """
    if to_modern:
        return raw if from_modern and _has_result_type(raw) else _modernised(method, raw)
    return _legacy(raw) if from_modern else raw


def _has_result_type(raw: bytes) -> bool:
    return raw.startswith(b'{"resultType":"complete"') or "resultType" in members_of(raw)


def _modernised(method: str, raw: bytes) -> bytes:
    members = members_of(raw)
    members.setdefault("resultType", _COMPLETE)
    if method in _CACHED:
        members = _NOT_CACHED | members
    return _encode(members)


def _legacy(raw: bytes) -> bytes:
    members = members_of(raw)
    for name in _MODERN_ONLY:
        members.pop(name, None)
    structured = members.get("structuredContent")
    if structured is not None and bytes(structured)[:1] != b"{":
        del members["structuredContent"]
    if "_meta" in members:
        _strip_server_stamp(members)
    return _encode(members)


def _strip_server_stamp(members: Members) -> None:
    meta = members_of(bytes(members["_meta"]))
    meta.pop(methods.SERVER_INFO_KEY, None)
    if meta:
        members["_meta"] = Raw(_encode(meta))
    else:
        del members["_meta"]


def error_for(raw: bytes, *, to_modern: bool) -> bytes:
    """A server's error with a code that the host's generation knows (MCP 2026-07-28, basic#error-codes)."""
    members = members_of(raw)
    code = read_key(bytes(members.get("code", Raw(b""))))
    new = error_code_for(code, to_modern=to_modern) if isinstance(code, int) else INTERNAL_ERROR
    if code == new and "message" in members:
        return raw
    members["code"] = Raw(b"%d" % new)
    members.setdefault("message", Raw(b'"The server answered with an error that cannot be read"'))
    return _encode(members)


def error_code_for(code: int, *, to_modern: bool) -> int:
    """The code in the other generation: -32002 became -32602; -32020 … -32099 do not cross; -32042 is legacy only."""
    if to_modern and code == methods.RESOURCE_NOT_FOUND:
        return INVALID_PARAMS
    if to_modern and code == methods.URL_ELICITATION_REQUIRED:
        return INTERNAL_ERROR
    if not to_modern and -32099 <= code <= -32020 and code != methods.URL_ELICITATION_REQUIRED:
        return INTERNAL_ERROR
    return code


def meta_for_server(
    meta: Mapping[str, Any],
    *,
    to_modern: bool,
    client_info: object,
    progress_token: int | None,
    capabilities: Mapping[str, Any] = _NOTHING,
    log_level: str | None = None,
) -> dict[str, Any]:
    """The ``_meta`` a server gets: the host's without the envelope and without our keys, our token, our envelope.

    ``capabilities`` are those of the host that are relayed, ``log_level`` what it wants to hear while the call runs.
    """
    if not (meta or to_modern or progress_token is not None):
        return {}
    passed = {
        name: value
        for name, value in meta.items()
        if name not in methods.ENVELOPE_KEYS and name != "progressToken" and not name.startswith(methods.OUR_PREFIX)
    }
    if progress_token is not None:
        passed["progressToken"] = progress_token
    if to_modern:
        passed |= modern_meta(client_info, capabilities)
        if log_level is not None:
            passed[methods.LOG_LEVEL_KEY] = log_level
    return passed


def modern_meta(client_info: object, capabilities: Mapping[str, Any] = _NOTHING) -> dict[str, Any]:
    """The envelope of a modern request (MCP 2026-07-28, basic#meta)."""
    meta: dict[str, Any] = {methods.PROTOCOL_VERSION_KEY: methods.MODERN, methods.CLIENT_CAPABILITIES_KEY: capabilities}
    if client_info is not None:
        meta[methods.CLIENT_INFO_KEY] = client_info
    return meta


def tool_for_modern(tool: Members) -> Members | None:
    """A tool definition a modern host accepts, or None: one bad ``inputSchema`` costs SDK hosts the whole list."""
    given = bytes(tool.get("inputSchema", Raw(b"{}")))
    if given[:1] != b"{":
        return None
    schema = members_of(given)
    kind = schema.get("type")
    if kind is None:
        return tool | {"inputSchema": Raw(_encode({"type": Raw(b'"object"')} | schema))}
    return tool if bytes(kind) == b'"object"' else None


def tool_for_legacy(tool: Members) -> Members | None:
    """A tool definition legacy hosts accept: object schemas only, at the root (TypeScript SDK 1.x checks all)."""
    repaired = tool_for_modern(tool)
    if repaired is None:
        return None
    output = repaired.get("outputSchema")
    if output is not None and bytes(members_of(bytes(output)).get("type", Raw(b""))) != b'"object"':
        return {name: value for name, value in repaired.items() if name != "outputSchema"}
    return repaired


_VARIABLE = re.compile(r"\{[^{}]*\}")


def template_matches(template: str, uri: str) -> bool:
    """Whether a URI can come from an RFC 6570 template, as far as routing needs it: any text for any variable.

    Takes time in proportion to the URI, whatever template an untrusted server made up.
    """
    start, *between = _VARIABLE.split(template)
    if not between:
        return uri == template
    end = between.pop()
    place, stop = len(start), len(uri) - len(end)
    if place > stop or not (uri.startswith(start) and uri.endswith(end)):
        return False
    for literal in between:
        found = uri.find(literal, place, stop)
        if found < 0:
            return False
        place = found + len(literal)
    return True
