"""What removed servers were, so that a removal can be undone until the gateway ends. Nothing of it is written."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.errors import UsageError
from ostiary.domain.server import ServerSpec
from ostiary.gateway.lists import ServerLists
from ostiary.gateway.policy.pins import Definition


@dataclass(frozen=True, slots=True)
class Removed:
    """One server as it was: its settings, its place among the others, what it offered, and what was accepted of it."""

    spec: ServerSpec
    place: int
    lists: ServerLists | None
    pins: dict[str, Definition] | None


class RemovedServers:
    """By name; the last one of a name counts."""

    def __init__(self) -> None:
        self._kept: dict[str, Removed] = {}

    def keep(self, removed: Removed) -> None:
        self._kept[removed.spec.name] = removed

    def known(self, name: str) -> Removed:
        """The one of that name. Raises ``UsageError`` where none was removed."""
        if name not in self._kept:
            names = ", ".join(self._kept) or "none"
            raise UsageError(f"No server “{name}” was removed", f"Removed since Ostiary was started: {names}.")
        return self._kept[name]

    def forget(self, name: str) -> None:
        """It is here again."""
        del self._kept[name]

    @property
    def bundles(self) -> tuple[str, ...]:
        """The folders of those that came as one."""
        return tuple(removed.spec.bundle for removed in self._kept.values() if removed.spec.bundle)
