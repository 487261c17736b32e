"""Which state of a server may follow which. A table, pure; who moves a server through it is ``supervisor``.

::

    STOPPED ──▶ STARTING ──▶ RUNNING ──▶ EXITED ──▶ BACKOFF ──▶ STARTING …
       ▲            │           │           └─────▶ FATAL ──▶ STARTING (asked by a person)
       └─ STOPPING ◀┴───────────┘

``EXITED`` lasts while the process is gone and what it left behind is cleaned up. The names are those of Supervisor.
"""

from __future__ import annotations

from ostiary.domain.server import ServerState

_NEXT: dict[ServerState, frozenset[ServerState]] = {
    ServerState.STOPPED: frozenset({ServerState.STARTING}),
    ServerState.STARTING: frozenset(
        {ServerState.RUNNING, ServerState.BACKOFF, ServerState.FATAL, ServerState.STOPPING}
    ),
    ServerState.RUNNING: frozenset({ServerState.EXITED, ServerState.STOPPING}),
    ServerState.EXITED: frozenset({ServerState.BACKOFF, ServerState.FATAL, ServerState.STOPPING}),
    ServerState.BACKOFF: frozenset({ServerState.STARTING, ServerState.STOPPED}),
    ServerState.FATAL: frozenset({ServerState.STARTING, ServerState.STOPPED}),
    ServerState.STOPPING: frozenset({ServerState.STOPPED}),
    ServerState.IDLE: frozenset(),  # only a person sees a stopped server so
}

WITH_PROCESS = frozenset({ServerState.STARTING, ServerState.RUNNING, ServerState.EXITED, ServerState.STOPPING})
"""States in which a process may exist, or remains of one; they leave by STOPPING when a stop is asked for."""

AT_REST = frozenset({ServerState.STOPPED, ServerState.FATAL})
"""States that last until somebody asks for a start."""


def may(old: ServerState, new: ServerState) -> bool:
    """True when a server in state ``old`` may go to ``new``."""
    return new in _NEXT[old]
