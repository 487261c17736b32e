"""Whose call goes to a server next: so many at a time, in turn between the sessions, and only so many wait. Pure.

A session whose host does not read waits until it does: its answers would only fill our memory.

A server that showed that it asks back gets one call at a time. Where too many wait, or too much, the newest of the
session that has most of it is refused: who asks little is not crowded out by who asks much.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WAITING_BYTES: Final = 32 * 1024 * 1024
"""What waits may be this large altogether; a single call of any size may wait (our policy)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A call that has to wait. ``send`` is called when it is its turn, or ``refuse`` when it will never be.

    ``is_held`` tells whether its host does not read at this moment.
    """

    number: int
    session: int
    size_bytes: int
    send: Callable[[], None]
    refuse: Callable[[], None]
    is_held: Callable[[], bool] = lambda: False


class Turns:
    """Calls by number, of one process. While it ``is_stuck`` it takes none."""

    def __init__(self, running: int = 64, waiting: int = 256) -> None:
        self.is_stuck = False
        self._one_at_a_time = False
        self._running: set[int] = set()
        self._waiting: dict[int, dict[int, Turn]] = {}
        """By session; the session that comes next is the first."""
        self._sessions: dict[int, int] = {}
        """The session of each call that waits."""
        self._waiting_bytes = 0
        self.limit(running, waiting)

    @property
    def running(self) -> int:
        """How many calls the server works on."""
        return len(self._running)

    @property
    def waiting(self) -> int:
        """How many calls wait for their turn."""
        return len(self._sessions)

    def limit(self, running: int, waiting: int) -> None:
        """From now on so many may run and wait."""
        self._most_running = max(1, running)
        self._most_waiting = max(0, waiting)
        self.advance()

    def begin(self) -> None:
        """From now on a call waits until no other runs."""
        self._one_at_a_time = True

    def enter(self, number: int) -> bool:
        """Let a call run at once. False when it has to wait, for others or for room."""
        if self._sessions or not self._has_room:
            return False
        self._running.add(number)
        return True

    def wait(self, turn: Turn) -> None:
        """Have a call wait for its turn, or refuse one where too many wait."""
        self._waiting.setdefault(turn.session, {})[turn.number] = turn
        self._sessions[turn.number] = turn.session
        self._waiting_bytes += turn.size_bytes
        while self._is_crowded:
            self._refuse_newest()
        self.advance()

    def leave(self, number: int) -> None:
        """A call ended or is not wanted any more."""
        if number in self._sessions:
            self._take(number)
        else:
            self._running.discard(number)
            if self._sessions:
                self.advance()

    def empty(self) -> tuple[int, ...]:
        """Nothing is sent any more. Gives the calls that waited, which nobody refuses here."""
        waiting = tuple(self._sessions)
        for number in waiting:
            self._take(number)
        return waiting

    def advance(self) -> None:
        """Send what may run now."""
        while self._has_room and (turn := self._next()) is not None:
            self._take(turn.number)
            if turn.session in self._waiting:
                self._waiting[turn.session] = self._waiting.pop(turn.session)
            self._running.add(turn.number)
            turn.send()

    @property
    def _has_room(self) -> bool:
        return not self.is_stuck and len(self._running) < (1 if self._one_at_a_time else self._most_running)

    @property
    def _is_crowded(self) -> bool:
        too_large = self._waiting_bytes > WAITING_BYTES and len(self._sessions) > 1
        return len(self._sessions) > self._most_waiting or too_large

    def _refuse_newest(self) -> None:
        are_too_many = len(self._sessions) > self._most_waiting
        crowd = max(self._waiting.values(), key=len if are_too_many else _size_bytes)
        self._take(next(reversed(crowd))).refuse()

    def _next(self) -> Turn | None:
        firsts = (next(iter(turns.values())) for turns in self._waiting.values())
        return next((turn for turn in firsts if not turn.is_held()), None)

    def _take(self, number: int) -> Turn:
        session = self._sessions.pop(number)
        turn = self._waiting[session].pop(number)
        if not self._waiting[session]:
            del self._waiting[session]
        self._waiting_bytes -= turn.size_bytes
        return turn


def _size_bytes(turns: dict[int, Turn]) -> int:
    return sum(turn.size_bytes for turn in turns.values())
