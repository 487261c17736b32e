"""The log level that one legacy server is set to: the most verbose that anybody wants at the moment.

2026-07-28 servers are told with each request instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ostiary.gateway.log_levels import DEFAULT, most_verbose


class ServerLevel:
    """``send`` sets the server's level."""

    def __init__(self, send: Callable[[str], None]) -> None:
        self._send = send
        self._level: str | None = None
        self._standing: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        """False while the server still has the level it started with."""
        return self._level is not None

    def stand(self, levels: Iterable[str], running: Iterable[str | None]) -> None:
        """What legacy hosts set, and what the calls under way ask for."""
        self._standing = tuple(levels)
        self.update(running)

    def update(self, running: Iterable[str | None]) -> None:
        """Other calls are under way. A server that nobody ever set anything for keeps its own level."""
        wanted = most_verbose((*self._standing, *(level for level in running if level is not None)))
        level = DEFAULT if wanted is None and self._level is not None else wanted
        if level is not None and level != self._level:
            self._level = level
            self._send(level)
