"""Hosts and the one entry of ours in each host's configuration file, as a person sees them."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class HostState(StrEnum):
    """How a host's configuration file stands towards us."""

    NOT_FOUND = "not-found"
    AVAILABLE = "available"
    CONNECTED = "connected"
    CHANGED = "changed"
    UNREADABLE = "unreadable"


class HostAction(StrEnum):
    """What a change does."""

    CONNECT = "connect"
    DISCONNECT = "disconnect"


class HostView(Struct, frozen=True, kw_only=True):
    """A host. ``detail`` says in words what is wrong or unusual; ``restart_hint`` what the host needs to notice."""

    name: str
    title: str
    state: HostState
    config_path: str | None = None
    running: bool = False
    detail: str = ""
    restart_hint: str = ""
    sessions: int = 0


class HostChange(Struct, frozen=True, kw_only=True):
    """A change to a host's file, shown before it is written.

    ``token`` stands for the bytes that were read, so that a file changed since is not overwritten. ``snippet`` is
    what to paste by hand where we must not write.
    """

    host: str
    action: HostAction
    path: str
    before_exists: bool
    diff: str
    token: str
    snippet: str = ""
