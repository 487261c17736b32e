"""The live rules: what answers left behind and what the person wrote. Those for *always* are kept in a file.

What a rule covers is ``rule``, what follows for a call ``rules``; here they are given, used, listed and ended.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from ostiary.domain.approval import Decision, Duration, EndedGrant, Grant, Scope
from ostiary.domain.errors import UsageError
from ostiary.gateway.policy.call import Call
from ostiary.gateway.policy.rule import Rule, is_about, rule_for, same, shown, suspended_by
from ostiary.gateway.policy.rule_store import RuleStore

ALL = 0
ENDED_KEPT = 100
"""Ended rules that are shown until the gateway ends."""


@dataclass(slots=True)
class _Live:
    rule: Rule
    used_at: float | None = None
    uses: int = 0
    suspended: str = ""

    @property
    def grant(self) -> Grant:
        return shown(self.rule, self.used_at, self.uses, self.suspended)


class Grants:
    """All live rules by number. ``clock`` gives Unix seconds; ``on_change`` is told after every change but mere use."""

    def __init__(self, store: RuleStore, clock: Callable[[], float], on_change: Callable[[], None]) -> None:
        """Reads what is kept. Raises ``SettingsError`` when it cannot be."""
        self._store = store
        self._clock = clock
        self._on_change = on_change
        kept = store.load()
        self._last_id = kept.last_id
        self._live = {rule.id: _Live(rule) for rule in kept.rules}
        self._ended: deque[EndedGrant] = deque(maxlen=ENDED_KEPT)
        self._of_removed: dict[str, tuple[_Live, ...]] = {}

    def list(self) -> tuple[Grant, ...]:
        """The live ones, oldest first."""
        self._expire()
        return tuple(live.grant for live in self._live.values())

    def ended(self) -> tuple[EndedGrant, ...]:
        """Those that ended since the gateway started, newest last."""
        self._expire()
        return tuple(self._ended)

    def rules(self) -> tuple[Rule, ...]:
        """What ``rules.decide`` needs of them: those whose time has not run out."""
        if not self._live:
            return ()
        self._expire()
        return tuple(live.rule for live in self._live.values())

    def give(self, call: Call, scope: Scope, duration: Duration, folder: str = "") -> Grant:
        """The person allowed this. Raises ``SettingsError`` and gives nothing where it must be kept and cannot be."""
        return self.add(rule_for(call, 0, scope, duration, self._clock(), folder))

    def add(self, rule: Rule) -> Grant:
        """Takes a rule under a number of its own; one for the same, however long, gives way to it."""
        number = self._last_id + 1
        stays = {
            known: live
            for known, live in self._live.items()
            if not same(live.rule, rule) or live.rule.decision is not rule.decision
        }
        live = _Live(replace(rule, id=number))
        self._keep(number, {**stays, number: live})
        self._last_id, self._live = number, {**stays, number: live}
        self._on_change()
        return live.grant

    def use(self, number: int) -> None:
        """A call is decided by it."""
        live = self._live[number]
        live.used_at, live.uses, live.suspended = self._clock(), live.uses + 1, ""

    def look_at(self, call: Call) -> None:
        """Notes which rules about this call are suspended, because something they are bound to is another now."""
        if not call.host_verified:
            return
        for live in self._live.values():
            if not is_about(live.rule, call):
                continue
            reason = suspended_by(live.rule, call)
            if reason != live.suspended:
                live.suspended = reason
                self._on_change()

    def revoke(self, number: int) -> None:
        """Takes one back, or ``ALL``. Raises ``UsageError`` for one that does not exist."""
        if number != ALL and number not in self._live:
            raise UsageError("There is no such rule", f"Number {number} has ended or never was.")
        self._end("You revoked it.", lambda rule: number in (ALL, rule.id))

    def end_session(self, session: int) -> None:
        """A connection ended, and with it what was bound to it."""
        self._end("The host disconnected.", lambda rule: rule.session == session)

    def end_server(self, server: str, tool: str | None = None) -> None:
        """A server was removed, or the person set anew what one of its tools may do."""
        if tool is None:
            self._of_removed[server] = tuple(live for live in self._live.values() if live.rule.server == server)
            self._end("The server was removed.", lambda rule: rule.server == server)
            return
        allows = Decision.ALLOW  # what asks or denies is not loosened by setting the tool
        reason = "You set the tool anew."
        self._end(reason, lambda rule: (rule.server, rule.tool, rule.decision) == (server, tool, allows))

    def put_back(self, server: str) -> None:
        """A removed server is here again, and with it its rules, but those that ended with a host's connection."""
        for live in self._of_removed.get(server, ()):
            if live.rule.session is None:
                self.add(live.rule)
        self._of_removed.pop(server, None)  # all of them are kept by now
        self._expire()

    def _expire(self) -> None:
        now = self._clock()
        self._end("Its time ran out.", lambda rule: rule.ends_at is not None and rule.ends_at <= now)

    def _end(self, reason: str, ends: Callable[[Rule], bool]) -> None:
        """They no longer count from here on, also where the file cannot say so; then it raises ``SettingsError``."""
        gone = tuple(live for live in self._live.values() if ends(live.rule))
        if not gone:
            return
        before, numbers = self._live, {live.rule.id for live in gone}
        self._live = {number: live for number, live in before.items() if number not in numbers}
        self._ended.extend(EndedGrant(grant=live.grant, ended_at=self._clock(), reason=reason) for live in gone)
        self._on_change()
        if any(live.rule.duration is Duration.ALWAYS for live in gone):
            self._keep(self._last_id, self._live)

    def _keep(self, last_id: int, live: dict[int, _Live]) -> None:
        lasting = tuple(one.rule for one in live.values() if one.rule.duration is Duration.ALWAYS)
        self._store.save(last_id, lasting)
