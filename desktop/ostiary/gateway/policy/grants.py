"""The live permissions that answers left behind. They end with the gateway; nothing of them is on disk.

What a grant covers is decided in ``rules``; here they are given, used, listed and taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from ostiary.domain.approval import Duration, Grant, Scope
from ostiary.domain.errors import UsageError
from ostiary.gateway.policy.rules import Call, Permission, permission_for

ALL = 0


@dataclass(frozen=True, slots=True)
class _Given:
    grant: Grant
    permission: Permission


class Grants:
    """*This tool until Ostiary quits*, for one host.

    ``clock`` gives Unix seconds; ``on_change`` is told the whole list after every change but mere use.
    """

    def __init__(self, clock: Callable[[], float], on_change: Callable[[tuple[Grant, ...]], None]) -> None:
        self._clock = clock
        self._on_change = on_change
        self._given: dict[int, _Given] = {}
        self._last_id = 0

    def list(self) -> tuple[Grant, ...]:
        return tuple(given.grant for given in self._given.values())

    def permissions(self) -> tuple[Permission, ...]:
        """What ``rules.decide`` needs of them."""
        return tuple(given.permission for given in self._given.values())

    def give(self, call: Call) -> Grant:
        """The person allowed this call's tool until Ostiary quits. Giving the same again changes nothing."""
        for given in self._given.values():
            if given.permission == permission_for(call, given.grant.id):
                return given.grant
        self._last_id += 1
        grant = Grant(
            id=self._last_id,
            host=call.host,
            server=call.server,
            tool=call.tool,
            scope=Scope.TOOL,
            duration=Duration.UNTIL_QUIT,
            granted_at=self._clock(),
        )
        self._given[grant.id] = _Given(grant, permission_for(call, grant.id))
        self._changed()
        return grant

    def use(self, grant: int) -> None:
        """A call passes because of it."""
        given = self._given[grant]
        used = replace(given.grant, used_at=self._clock(), uses=given.grant.uses + 1)
        self._given[grant] = _Given(used, given.permission)

    def revoke(self, grant: int) -> None:
        """Takes one back, or ``ALL``. Raises ``UsageError`` for one that does not exist."""
        if grant != ALL and grant not in self._given:
            raise UsageError("There is no such grant", f"Number {grant} has ended or never was.")
        self._end(lambda given: grant in (ALL, given.grant.id))

    def end_session(self, session: int) -> None:
        """A connection ended, and with it what was allowed to an unverified host on it."""
        self._end(lambda given: given.permission.session == session)

    def end_server(self, server: str, tool: str | None = None) -> None:
        """A server was removed, or the person set anew what one of its tools may do."""
        self._end(lambda given: given.grant.server == server and tool in (None, given.grant.tool))

    def _end(self, ends: Callable[[_Given], bool]) -> None:
        kept = {number: given for number, given in self._given.items() if not ends(given)}
        if len(kept) != len(self._given):
            self._given = kept
            self._changed()

    def _changed(self) -> None:
        self._on_change(self.list())
