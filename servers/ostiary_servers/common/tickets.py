"""What was planned for a client of 2026-07-28, until it comes back with the person's answer.

A ticket is the ``requestState`` of an ``input_required`` result (MCP 2026-07-28, basic/patterns/mrtr): random, so that
nobody can make one, and good for one look only. What it stands for is kept here: nothing of the plan is in a client's
hands, and a server that was started anew knows none.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

LIFETIME_S = 600.0
"""As long as the gateway's."""

OPEN_LIMIT = 256
"""One that is made beyond this takes the place of the oldest."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What was asked, and by whom: a client that comes back must be exactly this again."""

    tool: str
    arguments_sha256: str
    client: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Ticket:
    subject: Subject
    before: Mapping[str, str | None]
    expires_s: float


class Tickets:
    """The open ones. ``clock``: seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[str, _Ticket] = {}

    def issue(self, subject: Subject, before: Mapping[str, str | None]) -> str:
        """A new one, for a plan that goes by these hashes."""
        now_s = self._clock()
        self._open = {state: ticket for state, ticket in self._open.items() if now_s < ticket.expires_s}
        if len(self._open) >= OPEN_LIMIT:
            del self._open[next(iter(self._open))]
        state = secrets.token_urlsafe(32)
        self._open[state] = _Ticket(subject, before, now_s + LIFETIME_S)
        return state

    def redeem(self, state: str, subject: Subject) -> Mapping[str, str | None] | None:
        """The plan's hashes; None unless it is open, not too old and for this subject. Afterwards it is gone."""
        ticket = self._open.pop(state, None)
        if ticket is None or ticket.subject != subject or self._clock() >= ticket.expires_s:
            return None
        return ticket.before
