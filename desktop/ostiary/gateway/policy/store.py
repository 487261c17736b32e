"""The accepted tool definitions, kept in one file. Comparing them is ``pins``; what follows from it is ``rules``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from ostiary.domain.errors import SettingsError
from ostiary.gateway.atomic import replace_file
from ostiary.gateway.policy.pins import Definition, PinState, compare

SCHEMA_VERSION = 1


class _Version(msgspec.Struct, frozen=True):
    version: int


class _File(msgspec.Struct, frozen=True):
    """The file as it is: by server, by the tool's own name."""

    version: int
    servers: dict[str, dict[str, Definition]]


class PinStore:
    """Accepted definitions by server and tool. Every change is on disk before the method returns."""

    def __init__(self, path: Path) -> None:
        """Reads ``path`` if it exists. Raises ``SettingsError`` when it cannot; the file is left as it is."""
        self._path = path
        self._servers = _read(path)

    def observe(self, server: str, found: Iterable[Definition], *, bundled: bool = False) -> dict[str, PinState]:
        """Compares a server's whole list with what was accepted; gives the state of each tool before that.

        A server's first list is accepted as it is: the person switches the server on with it. So is every list of a
        bundled server, whose definitions come with our own release. Of later lists only cosmetic changes are.
        """
        accepted = self._servers.get(server)
        listed = {definition.name: definition for definition in found}
        if accepted is None:
            self._write({**self._servers, server: listed})
            return dict.fromkeys(listed, PinState.SAME)
        states = {name: compare(accepted.get(name), definition) for name, definition in listed.items()}
        taken = {name: listed[name] for name, state in states.items() if bundled or state is PinState.COSMETIC}
        if any(states[name] is not PinState.SAME for name in taken):
            self._write({**self._servers, server: {**accepted, **taken}})
        return states

    @property
    def edition(self) -> object:
        """Another object after each change of what is accepted."""
        return self._servers

    def state(self, server: str, found: Definition) -> PinState:
        """How a definition stands to the accepted one now."""
        return compare(self.accepted(server, found.name), found)

    def accepted(self, server: str, tool: str) -> Definition | None:
        return self._servers.get(server, {}).get(tool)

    def accept(self, server: str, definition: Definition) -> None:
        """The person said yes to exactly this definition."""
        self._write({**self._servers, server: {**self._servers.get(server, {}), definition.name: definition}})

    def forget(self, server: str) -> dict[str, Definition] | None:
        """The server was removed; one of the same name would be another. Gives what was accepted of it."""
        known = self._servers.get(server)
        if known is not None:
            self._write({name: tools for name, tools in self._servers.items() if name != server})
        return known

    def put_back(self, server: str, known: dict[str, Definition]) -> None:
        """The very server that was removed is here again."""
        self._write({**self._servers, server: known})

    def _write(self, servers: dict[str, dict[str, Definition]]) -> None:
        content = msgspec.json.encode(_File(SCHEMA_VERSION, servers))
        try:
            replace_file(self._path, content)
        except OSError as error:
            raise SettingsError(
                "The accepted tool definitions cannot be kept", f"{self._path}: {error.strerror}."
            ) from error
        self._servers = servers


def _read(path: Path) -> dict[str, dict[str, Definition]]:
    try:
        content = path.read_bytes()
        if msgspec.json.decode(content, type=_Version).version > SCHEMA_VERSION:
            raise SettingsError(
                "The accepted tool definitions were written by a newer Ostiary",
                f"Update Ostiary, or move {path} away; then every server's tools count as first seen.",
            )
        return msgspec.json.decode(content, type=_File).servers
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:
        raise SettingsError(
            "The accepted tool definitions cannot be read",
            f"Move {path} away to start without them; then every server's tools count as first seen.",
        ) from error
