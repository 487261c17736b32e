"""What a person chose for one host: which servers and tools it sees, as one entry or several, with search or without.

A choice only narrows. What every host may do at most is set at the servers, so a program that claims a host's name
gains nothing by it.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from ostiary.domain.server import ToolState


class EntryMode(StrEnum):
    """How we stand in a host's file."""

    ONE = "one"  # a single entry that carries every server, live
    EACH = "each"  # an entry for each server that is switched on


class HostChoice(Struct, frozen=True, kw_only=True):
    """``hidden_servers`` by their names; ``tools`` holds states by server and the server's own name for the tool.

    A state that is laxer than the one set at the server has no effect. ``pinned`` are tools by server that stay in the
    list while ``tool_search`` stands in place of all others.
    """

    entries: EntryMode = EntryMode.ONE
    hidden_servers: tuple[str, ...] = ()
    tools: dict[str, dict[str, ToolState]] = {}
    tool_search: bool = False
    pinned: dict[str, tuple[str, ...]] = {}

    def tool_state(self, server: str, own_name: str) -> ToolState:
        """What was chosen for a tool here; enabled where nothing was."""
        if server in self.hidden_servers:
            return ToolState.DISABLED
        return self.tools.get(server, {}).get(own_name, ToolState.ENABLED)

    @property
    def is_narrow(self) -> bool:
        """Whether the host may be shown something else than a host that nothing was chosen for."""
        return bool(self.hidden_servers or self.tools or self.tool_search)

    @property
    def hidden_tools(self) -> frozenset[tuple[str, str]]:
        """(server, own name) of each tool that was hidden by itself."""
        states = ((server, tool, state) for server, tools in self.tools.items() for tool, state in tools.items())
        return frozenset((server, tool) for server, tool, state in states if state is ToolState.DISABLED)

    def narrowed_by(self, other: HostChoice) -> HostChoice:
        """The choice with all that another one hides, or has ask, hidden and asking here too."""
        narrowed = replace(self, hidden_servers=tuple(dict.fromkeys((*self.hidden_servers, *other.hidden_servers))))
        for server, tools in other.tools.items():
            for tool, state in tools.items():
                mine = self.tools.get(server, {}).get(tool, ToolState.ENABLED)
                narrowed = narrowed.with_tool(server, tool, stricter(mine, state))
        return narrowed

    def with_server(self, server: str, *, shown: bool) -> HostChoice:
        """The choice with a server shown or hidden; what was chosen for its tools stays."""
        others = tuple(name for name in self.hidden_servers if name != server)
        return replace(self, hidden_servers=others if shown else (*others, server))

    def with_tool(self, server: str, own_name: str, state: ToolState) -> HostChoice:
        """The choice with a tool in that state; *enabled* is no choice of its own."""
        tools = {tool: kept for tool, kept in self.tools.get(server, {}).items() if tool != own_name}
        if state is not ToolState.ENABLED:
            tools[own_name] = state
        others = {name: kept for name, kept in self.tools.items() if name != server}
        return replace(self, tools=others | ({server: tools} if tools else {}))

    def with_pin(self, server: str, own_name: str, *, pinned: bool) -> HostChoice:
        """The choice with a tool that stays in the list, or no longer does."""
        tools = tuple(tool for tool in self.pinned.get(server, ()) if tool != own_name)
        tools += (own_name,) if pinned else ()
        others = {name: kept for name, kept in self.pinned.items() if name != server}
        return replace(self, pinned=others | ({server: tools} if tools else {}))


def stricter(one: ToolState, other: ToolState) -> ToolState:
    """The one of two states that lets less pass."""
    return max(one, other, key=_STRICTNESS.index)


def is_laxer(one: ToolState, other: ToolState) -> bool:
    """Whether the first state lets more pass than the second."""
    return _STRICTNESS.index(one) < _STRICTNESS.index(other)


_STRICTNESS = (ToolState.ENABLED, ToolState.ASKS, ToolState.DISABLED)
