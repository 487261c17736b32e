"""Which client capabilities servers are told of. Pure.

Only what is relayed is passed on: elicitation, sampling, roots, and MCP Apps where an entry names one server. Tasks of
either kind and extensions that the gateway does not know are left out, so that no server answers with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Raw

from ostiary.gateway.wire import methods

APPS = "io.modelcontextprotocol/ui"
"""MCP Apps, the one extension that passes (its ``_meta`` and ``ui://`` URIs are not touched)."""

_SAMPLING_PARTS = ("context", "tools")

Capabilities = dict[str, Any]


def relayable(declared: Mapping[str, Any], version: str, *, single: bool) -> Capabilities:
    """Of a host's capabilities those that a call's server may use. ``single``: the host's entry names one server.

    Whatever they declare, hosts before 2025-06-18 know no elicitation, and hosts before 2025-11-25 forms only. Roots
    never announce changes here, because none are passed on.
    """
    passed: Capabilities = {}
    if isinstance(modes := declared.get("elicitation"), dict) and version >= methods.ELICITATION_SINCE:
        has_url = "url" in modes and version >= methods.URL_ELICITATION_SINCE
        passed["elicitation"] = {"form": {}} if "form" in modes or not modes else {}
        passed["elicitation"] |= {"url": {}} if has_url else {}
        if not passed["elicitation"]:
            del passed["elicitation"]
    if isinstance(parts := declared.get("sampling"), dict):
        passed["sampling"] = {name: parts[name] for name in _SAMPLING_PARTS if isinstance(parts.get(name), dict)}
    if isinstance(declared.get("roots"), dict):
        passed["roots"] = {}
    extensions = declared.get("extensions")
    if single and isinstance(extensions, dict) and isinstance(extensions.get(APPS), dict):
        passed["extensions"] = {APPS: extensions[APPS]}
    return passed


def passing_extensions(offered: Mapping[str, Raw]) -> dict[str, Raw]:
    """Of a server's extensions those that a host of its own entry may hear of."""
    return {name: settings.copy() for name, settings in offered.items() if name == APPS}


def for_own(relayed: Mapping[str, Any], declared: Mapping[str, Any]) -> Capabilities:
    """What a legacy server is told that only one host uses: all of that host's, roots and their changes too."""
    roots = declared.get("roots")
    announces = isinstance(roots, dict) and roots.get("listChanged") is True
    return {**relayed, "roots": {"listChanged": True}} if announces else dict(relayed)


def for_shared(connected: Iterable[Mapping[str, Any]]) -> Capabilities:
    """What a legacy server is told that hosts share; it hears it once, mostly before any host is there.

    Elicitation always: a host without it declines. Sampling when a connected host has it. Roots never: some servers
    replace what they may touch by the roots of whoever answers, and that would be one host's for all (our policy).
    """
    shared: Capabilities = {"elicitation": {"form": {}, "url": {}}}
    if any("sampling" in relayed for relayed in connected):
        shared["sampling"] = {}
    return shared
