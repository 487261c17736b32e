"""Picks the system's way to start and end processes; the one place in ``supervise`` that asks which system this is."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable

from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.process import OnOutput, ServerProcess

if sys.platform == "win32":
    from ostiary.gateway.supervise import windows as _system
else:
    from ostiary.gateway.supervise import posix as _system

StartProcess = Callable[[Launch, OnOutput], Awaitable[ServerProcess]]

start_process: StartProcess = _system.start_process

end_leftover: Callable[[int, float], Awaitable[None]] = _system.end_leftover
