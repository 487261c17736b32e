"""Which shape and tone a state has, everywhere it shows. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from ostiary.domain.approval import GateMode
from ostiary.domain.host import HostState
from ostiary.domain.server import ServerState, ServerView
from ostiary.ui.icons import Doorway
from ostiary.ui.parts.mark import Shape


class Look(NamedTuple):
    """``tone`` is the name of a token."""

    shape: Shape
    tone: str


SERVERS: Final = {
    ServerState.STOPPED: Look(Shape.EMPTY, "text_dim"),
    ServerState.STARTING: Look(Shape.HALF, "busy"),
    ServerState.RUNNING: Look(Shape.FULL, "ok"),
    ServerState.BACKOFF: Look(Shape.TRIANGLE, "busy"),
    ServerState.STOPPING: Look(Shape.HALF, "busy"),
    ServerState.EXITED: Look(Shape.EMPTY, "text_dim"),
    ServerState.FATAL: Look(Shape.TRIANGLE, "problem"),
    ServerState.IDLE: Look(Shape.EMPTY, "ok"),
}
TROUBLED: Final = Look(Shape.TRIANGLE, "busy")
"""A server that runs, and of which a person should know something all the same."""

HOSTS: Final = {
    HostState.NOT_FOUND: Look(Shape.EMPTY, "text_dim"),
    HostState.AVAILABLE: Look(Shape.EMPTY, "text_dim"),
    HostState.CONNECTED: Look(Shape.FULL, "ok"),
    HostState.CHANGED: Look(Shape.TRIANGLE, "busy"),
    HostState.UNREADABLE: Look(Shape.TRIANGLE, "problem"),
}
MODES: Final = {
    GateMode.NORMAL: Look(Shape.FULL, "ok"),
    GateMode.ASK_ALL: Look(Shape.TRIANGLE, "ask"),
    GateMode.BLOCK_ALL: Look(Shape.TRIANGLE, "problem"),
    GateMode.PAUSED: Look(Shape.BARS, "busy"),
}
ACTIVE: Final = frozenset({ServerState.STARTING, ServerState.STOPPING})


def server(shown: ServerView) -> Look:
    """What stands beside a server's word."""
    return TROUBLED if shown.trouble and shown.state is ServerState.RUNNING else SERVERS[shown.state]


def doorway(
    servers: tuple[ServerView, ...], mode: GateMode, questions: int, *, connected: bool, calls_run: bool
) -> Doorway:
    """The tray icon's state: what needs the person stands before what is merely so."""
    if not connected:
        return Doorway.PROBLEM
    if questions:
        return Doorway.ASKING
    if mode is GateMode.BLOCK_ALL:
        return Doorway.BLOCKED
    if mode is GateMode.PAUSED:
        return Doorway.PAUSED
    states = {server.state for server in servers}
    if ServerState.FATAL in states:
        return Doorway.PROBLEM
    return Doorway.BUSY if calls_run or states & ACTIVE else Doorway.IDLE
