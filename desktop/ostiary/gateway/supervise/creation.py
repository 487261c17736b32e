"""How Windows is told to make a process: without a window, and so that its job has it from the first moment.

The numbers are those of winbase.h, which ``subprocess`` names on Windows only. Pure; ``platform`` as ``sys.platform``.
"""

from __future__ import annotations

CREATE_SUSPENDED = 0x4
"""The first thread does not run yet."""

CREATE_NEW_PROCESS_GROUP = 0x200
"""Ctrl+C at our console is not meant for it."""

CREATE_NO_WINDOW = 0x0800_0000
"""A console program gets a console that nobody sees, and so does what it starts; the gateway has none to share."""


def server_flags(platform: str) -> int:
    """For a server, which goes on once it is in its job."""
    return CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP | CREATE_SUSPENDED if platform == "win32" else 0


def errand_flags(platform: str) -> int:
    """For a program that is asked something and ends."""
    return CREATE_NO_WINDOW if platform == "win32" else 0
