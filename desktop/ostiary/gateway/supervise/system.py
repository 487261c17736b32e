"""Picks the system's way to start and end processes; the one place in ``supervise`` that asks which system this is."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable

if sys.platform == "win32":
    from ostiary.gateway.supervise import windows as _system
else:
    from ostiary.gateway.supervise import posix as _system

Starter = _system.Starter
"""Starts processes with ``start``, a ``StartProcess``; whoever made it calls ``close``. One a gateway."""

end_leftover: Callable[[int, float], Awaitable[None]] = _system.end_leftover
