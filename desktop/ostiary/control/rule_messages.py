"""What a front may ask about the person's rules and the definitions they are bound to."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import Struct

from ostiary.control.command import Command, Done
from ostiary.domain.approval import Decision, Duration, Grant, Scope
from ostiary.domain.server import ServerView


class DefinitionChange(Struct, frozen=True, kw_only=True):
    """A tool's definition beside the accepted one, as JSON for reading. ``token`` stands for exactly the new one."""

    server: str
    own_name: str
    old: str
    new: str
    token: str


class CompareDefinition(Command[DefinitionChange], frozen=True, kw_only=True, tag="servers.compare"):
    """What a server says of a tool now, and what was accepted."""

    result: ClassVar[Any] = DefinitionChange
    name: str
    own_name: str


class AcceptDefinition(Command[ServerView], frozen=True, kw_only=True, tag="servers.accept"):
    """Accept the definition that ``CompareDefinition`` showed. *Front only.*"""

    result: ClassVar[Any] = ServerView
    name: str
    own_name: str
    token: str


class ListGrants(Command[tuple[Grant, ...]], frozen=True, kw_only=True, tag="grants.list"):
    result: ClassVar[Any] = tuple[Grant, ...]


class AddRule(Command[Grant], frozen=True, kw_only=True, tag="grants.add"):
    """Write a rule about a tool, or with an empty ``tool`` about the whole server. *Front only.*

    ``host`` is empty for every verified host. With ``folder`` it is about paths in that folder.
    """

    result: ClassVar[Any] = Grant
    decision: Decision
    scope: Scope
    duration: Duration
    host: str
    server: str
    tool: str = ""
    folder: str = ""


class AllowNext(Command[Done], frozen=True, kw_only=True, tag="calls.allow-next"):
    """Let the identical call pass once within 10 minutes; ``id`` is the denied one's in the log. *Front only.*"""

    result: ClassVar[Any] = Done
    id: int


class RevokeGrant(Command[Done], frozen=True, kw_only=True, tag="grants.revoke"):
    """Take back one live rule, or all of them with id 0. *Widens* where the rule asks or denies."""

    result: ClassVar[Any] = Done
    widens: ClassVar[bool] = True
    id: int
