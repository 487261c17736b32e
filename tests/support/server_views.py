"""Servers as a person sees them, for tests that are about one or two of their members."""

from typing import Any

from ostiary.domain.server import ServerOrigin, ServerState, ServerView


def server_view(name: str, **more: Any) -> ServerView:
    """A server that was added, is switched on and runs; ``more`` is what this one has otherwise."""
    plain: dict[str, Any] = {
        "title": name.capitalize(),
        "description": "",
        "origin": ServerOrigin.ADDED,
        "command": (f"{name}-mcp",),
        "enabled": True,
        "state": ServerState.RUNNING,
    }
    return ServerView(name=name, **plain | more)
