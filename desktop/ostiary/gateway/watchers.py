"""Which session subscribed to which resource of which server. A table; no input or output."""

from __future__ import annotations

from collections.abc import Callable

_Match = Callable[[str, str], bool]


class Watchers:
    """Subscriptions by (server, URI); the server is asked once, however many sessions want it."""

    def __init__(self) -> None:
        self._sessions: dict[tuple[str, str], set[int]] = {}

    def has(self, server: str, uri: str) -> bool:
        """True while the server was asked for it and not released."""
        return (server, uri) in self._sessions

    def add(self, session: int, server: str, uri: str) -> None:
        """A session wants to know of it."""
        self._sessions.setdefault((server, uri), set()).add(session)

    def remove(self, session: int, uri: str) -> tuple[tuple[str, str], ...]:
        """A session no longer wants to know. Returns what nobody wants any more."""
        return self._forget(session, lambda _server, known: known == uri)

    def drop(self, session: int) -> tuple[tuple[str, str], ...]:
        """A session ended. Returns what nobody wants any more."""
        return self._forget(session, lambda _server, _uri: True)

    def uris_of(self, server: str) -> tuple[str, ...]:
        """What is wanted of a server."""
        return tuple(uri for owner, uri in self._sessions if owner == server)

    def affected(self, server: str, uri: str) -> tuple[tuple[int, str], ...]:
        """(session, URI as subscribed) for a change of ``uri``, which may be part of what was subscribed to."""
        return tuple(
            (session, known)
            for (owner, known), sessions in self._sessions.items()
            if owner == server and (uri == known or uri.startswith(known.rstrip("/") + "/"))
            for session in sorted(sessions)
        )

    def _forget(self, session: int, matches: _Match) -> tuple[tuple[str, str], ...]:
        ended: list[tuple[str, str]] = []
        for place, sessions in list(self._sessions.items()):
            if session in sessions and matches(*place):
                sessions.discard(session)
                if not sessions:
                    del self._sessions[place]
                    ended.append(place)
        return tuple(ended)
