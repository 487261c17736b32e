"""What each host sees, as the person chose it: kept in the settings, and what it comes to in tools and tokens.

A choice only narrows what is set at the servers. That it holds, in lists and in calls, is seen to where hosts are
answered (``house``); here it is made. Everything belongs to the loop's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, reduce

from msgspec.structs import replace

from ostiary.domain.errors import UsageError
from ostiary.domain.host import HostOffer
from ostiary.domain.host_choice import EntryMode, HostChoice
from ostiary.domain.server import ToolState
from ostiary.gateway.house import House
from ostiary.gateway.lists import BYTES_PER_TOKEN
from ostiary.gateway.settings import SettingsStore
from ostiary.gateway.tool_search.index import definitions

LIST = "tools/list"


class HostViews:
    """``hosts`` are the names of those that can be chosen for; ``on_change`` is told whose view is another."""

    def __init__(
        self, settings: SettingsStore, house: House, hosts: frozenset[str], on_change: Callable[[str], None]
    ) -> None:
        self._settings = settings
        self._house = house
        self._hosts = hosts
        self._on_change = on_change

    def choice(self, host: str) -> HostChoice:
        """What was chosen for a host; a host that nothing was chosen for sees everything."""
        return self._settings.current.hosts.get(host, _NOTHING)

    def of(self, hosts: tuple[str, ...]) -> HostChoice:
        """What is left to a program that stands for several hosts; tool search is as the first has it."""
        first, *others = hosts
        return reduce(HostChoice.narrowed_by, map(self.choice, others), self.choice(first))

    def narrowed(self) -> tuple[str, ...]:
        """The hosts that are shown something else than all others."""
        return tuple(sorted(host for host, choice in self._settings.current.hosts.items() if choice.is_narrow))

    def entry_servers(self, host: str, mode: EntryMode | None = None) -> tuple[str, ...] | None:
        """The servers that have an entry of their own in the host's file; None where one entry carries them all.

        ``mode`` is what would be chosen; otherwise what is. May be asked from any thread.
        """
        chosen = self.choice(host).entries if mode is None else mode
        return self._house.seen((host,), None) if chosen is EntryMode.EACH else None

    def offer(self, host: str, most_tools: int | None = None) -> HostOffer:
        """What the host is shown, and what it would be with nothing hidden. ``most_tools`` is what it takes."""
        house, choice = self._house, self.choice(host)
        all_servers = house.servers.enabled()
        everything = house.catalogue.page(LIST, all_servers, house.visible, modern=True)
        chosen = house.page((host,), LIST, house.seen((host,), None), modern=True)
        shown = house.list_for((host,), LIST, None, modern=True)
        all_tools, all_tokens = weight(everything)
        chosen_tools, chosen_tokens = weight(chosen) if choice.tool_search else (0, 0)
        tools, tokens = weight(shown)
        return HostOffer(
            tools=tools,
            tokens=tokens,
            all_tools=all_tools,
            all_tokens=all_tokens,
            found_tools=chosen_tools,
            found_tokens=chosen_tokens,
            most_tools=most_tools,
        )

    # Choosing

    def show_server(self, host: str, server: str, *, shown: bool) -> None:
        """Show a server to a host, or hide it. Raises ``UsageError`` for a host or server that is none."""
        self._house.servers.known(server)
        self._choose(host, self.choice(host).with_server(server, shown=shown))

    def set_tool(self, host: str, server: str, own_name: str, state: ToolState) -> None:
        """Set what a tool may do when this host calls it; never more than at the server. Raises ``UsageError``."""
        self._check_tool(server, own_name)
        self._choose(host, self.choice(host).with_tool(server, own_name, state))

    def pin_tool(self, host: str, server: str, own_name: str, *, pinned: bool) -> None:
        """Keep a tool in the list while tool search stands for the others. Raises ``UsageError``."""
        self._check_tool(server, own_name)
        self._choose(host, self.choice(host).with_pin(server, own_name, pinned=pinned))

    def search_tools(self, host: str, *, on: bool) -> None:
        """Let three tools stand for all, or all be listed. Raises ``UsageError``."""
        self._choose(host, replace(self.choice(host), tool_search=on))

    def set_entries(self, host: str, mode: EntryMode) -> None:
        """What the host's file holds now. Raises ``UsageError``."""
        self._choose(host, replace(self.choice(host), entries=mode))

    def _check_tool(self, server: str, own_name: str) -> None:
        self._house.servers.known(server)
        lists = self._house.catalogue.lists(server)
        if lists is None or lists.tool(own_name) is None:
            raise UsageError(f"“{server}” has no tool “{own_name}”", "Switch the server on once to see its tools.")

    def _choose(self, host: str, choice: HostChoice) -> None:
        if host not in self._hosts:
            raise UsageError(f"No host is named {host}", f"Known are {', '.join(sorted(self._hosts))}.")
        if choice == self.choice(host):
            return
        others = {name: kept for name, kept in self._settings.current.hosts.items() if name != host}
        self._settings.change(hosts=others if choice == _NOTHING else others | {host: choice})
        self._house.catalogue.refresh()  # nobody asks again for what the old choice was answered with
        self._on_change(host)


@lru_cache(maxsize=64)
def weight(page: bytes) -> tuple[int, int]:
    """Pure. How many tools a list has, and about how many tokens of a model's attention they take."""
    found = definitions(page)
    return len(found), round(sum(len(bytes(definition)) for definition in found) / BYTES_PER_TOKEN)


_NOTHING = HostChoice()
