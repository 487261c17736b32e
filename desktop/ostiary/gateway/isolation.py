"""How the processes of a server are named: one for all hosts by the server's name, or one for each session. Pure.

With ``isolation = "per-host"`` a session's calls go to a process of its own. The one with the plain name runs all the
same: what it offers is what hosts see, and what they subscribe to.
"""

from __future__ import annotations

from ostiary.domain.server import Isolation, ServerSpec

_BETWEEN = "@"
"""No server's name has it (``[a-z0-9-]``)."""


def process_name(spec: ServerSpec | None, server: str, session: int | None) -> str:
    """The process that a session's calls to a server go to."""
    alone = spec is not None and spec.isolation is Isolation.PER_HOST and session is not None
    return f"{server}{_BETWEEN}{session}" if alone else server


def server_of(process: str) -> str:
    """The server that a process is of."""
    return process.partition(_BETWEEN)[0]


def session_of(process: str) -> int | None:
    """The session that a process is for; None for one that all share."""
    session = process.partition(_BETWEEN)[2]
    return int(session) if session else None
