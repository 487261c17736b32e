"""A tool's definition beside the one that was accepted, and the person's yes to the new one."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.control.messages import DefinitionChange
from ostiary.domain.errors import UsageError
from ostiary.gateway.connections import Connections
from ostiary.gateway.policy.pins import Definition, shown
from ostiary.gateway.policy.store import PinStore


@dataclass(frozen=True, slots=True)
class Definitions:
    """What servers say about their tools now, held against what is pinned."""

    connections: Connections
    pins: PinStore

    def compare(self, server: str, own_name: str) -> DefinitionChange:
        """Old and new side by side. Raises ``UsageError`` while the server has not said what the tool is."""
        found = self._found(server, own_name)
        return DefinitionChange(
            server=server,
            own_name=own_name,
            old=shown(self.pins.accepted(server, own_name)),
            new=shown(found),
            token=found.fingerprint,
        )

    def accept(self, server: str, own_name: str, token: str) -> None:
        """Accept the definition that was shown; refused when the server says something else by now."""
        found = self._found(server, own_name)
        if found.fingerprint != token:
            raise UsageError("The definition changed again", "Compare it anew before you accept it.")
        self.pins.accept(server, found)

    def _found(self, server: str, own_name: str) -> Definition:
        found = self.connections.definition(server, own_name)
        if found is None:
            raise UsageError("There is nothing to compare", "Switch the server on, so that it says what its tool is.")
        return found
