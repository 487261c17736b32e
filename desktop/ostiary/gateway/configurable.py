"""Which servers can be configured: their names, commands and environments. Pure."""

from __future__ import annotations

import re

from ostiary.domain.errors import UsageError
from ostiary.domain.server import ServerSpec
from ostiary.gateway.flow_limits import checked
from ostiary.gateway.secrets.references import names_in

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)


def check(spec: ServerSpec) -> None:
    """Raises ``UsageError`` for a name, a command, a variable, a reference or a flow that no server can have."""
    if not _NAME.fullmatch(spec.name):
        raise UsageError(
            f"“{spec.name}” cannot be a server's name", "Use small letters, digits and “-”, at most 32 characters."
        )
    if not spec.command or not spec.command[0]:
        raise UsageError("A server needs a command", "Give the program and its arguments.")
    if any("\0" in text for text in (*spec.command, *spec.environment, *spec.environment.values())):
        raise UsageError("No system could start this server", "A zero byte is in it.")
    for name in spec.environment:
        if not name or "=" in name:
            raise UsageError(f"“{name}” cannot be a variable's name", "It has at least one character, and no “=”.")
    names_in(spec.texts)
    checked(spec.flow)
