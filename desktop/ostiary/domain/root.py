"""Approved folders."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class RootMode(StrEnum):
    """What bundled servers may do in a folder."""

    READ_ONLY = "ro"
    READ_WRITE = "rw"


class Root(Struct, frozen=True):
    """A folder that the person approved. ``path`` is absolute and real; ``label`` is what it is called."""

    path: str
    label: str
    mode: RootMode = RootMode.READ_ONLY


class RootView(Struct, frozen=True, kw_only=True):
    """A folder as a person sees it. ``problem`` says what is wrong with it, in words; empty while all is well."""

    path: str
    label: str
    mode: RootMode
    problem: str = ""
    subscribers: tuple[str, ...] = ()
    """Titles of the hosts that subscribed to something in it."""
    late: str = ""
    """Why its changes are noticed late, and what mends that, in words; empty while they are noticed at once."""
