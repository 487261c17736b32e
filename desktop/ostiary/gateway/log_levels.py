"""How severe log messages are (MCP logging, after RFC 5424), and who wants which. Pure."""

from __future__ import annotations

from collections.abc import Iterable

LEVELS = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")
"""Least severe first."""

DEFAULT = "warning"
"""What a legacy host hears that never set a level (our policy; the protocol leaves it to the server)."""


def is_level(name: object) -> bool:
    """Whether a host named a level that there is."""
    return isinstance(name, str) and name in LEVELS


def is_wanted(level: str, least: str) -> bool:
    """Whether a message of ``level`` is at least as severe as ``least``; one of an unknown level is not."""
    return level in LEVELS and LEVELS.index(level) >= LEVELS.index(least)


def most_verbose(wanted: Iterable[str]) -> str | None:
    """The one level that gives everybody what they want; None when nobody wants any."""
    return min(wanted, key=LEVELS.index, default=None)
