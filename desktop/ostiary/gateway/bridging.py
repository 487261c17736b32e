"""Servers that are reached over the network, started as commands by a bridge that is on this machine already. Pure.

Ostiary supervises processes. ``mcp-remote`` is one that speaks to such a server; nothing is fetched for it. Headers go
to its environment, from where it is documented to take them: ``--header NAME:${VARIABLE}``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from ostiary.gateway.hosts.offers import Offer

BRIDGE = "mcp-remote"
_HERE = ("localhost", "127.0.0.1", "::1")
_VARIABLE = re.compile(r"[^A-Z0-9_]")


def bridged(offer: Offer, *, has_bridge: bool) -> Offer:
    """Gives an offer that a command starts, or the same with the reason why there is none."""
    if not offer.url or offer.command:
        return offer
    if not has_bridge:
        told = f"{offer.problem} Install {BRIDGE} to bring it in, or leave it with its host."
        return replace(offer, problem=told)
    if any("${" in text for text in (offer.url, *offer.headers, *offer.headers.values())):
        return replace(offer, problem="It refers to a value that only its host fills in.")
    if not _is_safe(offer.url):
        return replace(offer, problem=f"{BRIDGE} refuses an address that is not https.")
    command, environment = [BRIDGE, offer.url], dict[str, str]()
    for name, value in offer.headers.items():
        variable = _VARIABLE.sub("_", name.upper())
        command += ["--header", f"{name}:${{{variable}}}"]
        environment[variable] = value
    return Offer(offer.name, tuple(command), environment, known_secrets=frozenset(filter(None, offer.headers.values())))


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
