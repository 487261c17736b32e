"""What a person is told of a server that takes long to start. Pure.

A first start of ``npx`` or ``uvx`` downloads what it runs; that is progress, no failure (``handshake`` waits).
"""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

from ostiary.domain.server import ServerState

LONG_START_S = 3.0
"""From here on a start is told about."""

_DOWNLOADERS = frozenset(
    {"npx", "pnpx", "bunx", "npm", "pnpm", "yarn", "uvx", "uv", "pipx", "deno", "docker", "podman"}
)
"""Programs that fetch what they run when they have not got it yet."""


def progress(state: ServerState, command: tuple[str, ...], started_at: float | None, now: float) -> str:
    """What it is doing, in words; empty unless it has been starting for long. Times are Unix seconds."""
    if state is not ServerState.STARTING or started_at is None or now - started_at < LONG_START_S:
        return ""
    program = PurePosixPath(PureWindowsPath(command[0]).as_posix()).stem.lower()
    if program in _DOWNLOADERS:
        return f"Still starting: the first start of {program} may download for a minute."
    return "Still starting: it has not answered yet."
