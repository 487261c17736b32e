"""Commands about servers: what is configured, switched on, trusted, and what each tool may do."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import field

from ostiary.control.command import Command, Done
from ostiary.domain.flow import Flow
from ostiary.domain.server import Isolation, ServerView, ToolState


class ListServers(Command[tuple[ServerView, ...]], frozen=True, kw_only=True, tag="servers.list"):
    result: ClassVar[Any] = tuple[ServerView, ...]


class EnableServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.enable"):
    """Switch a server on, for every host at once. *Widens.*"""

    result: ClassVar[Any] = ServerView
    widens: ClassVar[bool] = True
    name: str


class DisableServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.disable"):
    result: ClassVar[Any] = ServerView
    name: str


class RestartServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.restart"):
    """Stop and start again a server that is switched on; leaves backoff and fatal."""

    result: ClassVar[Any] = ServerView
    name: str


class AddServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.add"):
    """Configure a server; it stays off. Arguments and environment may hold ``${secret:NAME}``. *Widens.*"""

    result: ClassVar[Any] = ServerView
    widens: ClassVar[bool] = True
    name: str
    command: tuple[str, ...]
    title: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    isolation: Isolation = Isolation.SHARED
    flow: Flow = Flow()


class ConfigureServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.configure"):
    """Change how many processes a server has, or how calls flow to it; None leaves it as it is.

    ``flow`` is replaced whole: take the one of the server's view and change what is to be different.
    """

    result: ClassVar[Any] = ServerView
    name: str
    isolation: Isolation | None = None
    flow: Flow | None = None


class RemoveServer(Command[Done], frozen=True, kw_only=True, tag="servers.remove"):
    """Stop a server that was added and take it away, with its tool names and the rules about it."""

    result: ClassVar[Any] = Done
    name: str


class RestoreServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.restore"):
    """Undo a removal of this gateway's life: settings, accepted definitions and rules are as they were. *Widens.*"""

    result: ClassVar[Any] = ServerView
    widens: ClassVar[bool] = True
    name: str


class TrustServer(Command[ServerView], frozen=True, kw_only=True, tag="servers.trust"):
    """Believe a server's own ``readOnlyHint`` from now on, for the definitions it has today. *Widens.*"""

    result: ClassVar[Any] = ServerView
    widens: ClassVar[bool] = True
    name: str
    trusted: bool = True


class SetToolState(Command[ServerView], frozen=True, kw_only=True, tag="servers.tool"):
    """Set what a tool may do. *Widens* unless it becomes stricter."""

    result: ClassVar[Any] = ServerView
    widens: ClassVar[bool] = True
    name: str
    own_name: str
    state: ToolState


class ServerOutput(Command[str], frozen=True, kw_only=True, tag="servers.output"):
    """The newest of what a server wrote to stderr, at most 64 KB of text."""

    result: ClassVar[Any] = str
    name: str
