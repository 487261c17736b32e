"""What all servers offer, merged as hosts see it, and kept on disk so that lists are answered at once.

Owns the names under which hosts see tools and prompts (they survive switching off, not removal). Lists are
answered in one page, in the order of the configuration.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Raw, Struct

from ostiary.domain.errors import SettingsError
from ostiary.gateway import router, translate
from ostiary.gateway.atomic import replace_file
from ostiary.gateway.lists import Resource, ServerLists
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import UNREADABLE

_LOG = logging.getLogger(__name__)
_VERSION = 1
_Definition = dict[str, Raw]
_definitions: msgspec.json.Decoder[_Definition] = msgspec.json.Decoder(_Definition)

Visible = Callable[[str, str], bool]
"""(server, own tool name) → whether hosts may see it."""

HiddenTools = frozenset[tuple[str, str]]
"""(server, own tool name) of what one host must not see."""


class _Entry(Struct, frozen=True, kw_only=True):
    lists: ServerLists = ServerLists()
    tool_names: dict[str, str] = {}
    prompt_names: dict[str, str] = {}


class _File(Struct, kw_only=True):
    version: int = _VERSION
    servers: dict[str, _Entry] = {}


class _Version(Struct):
    version: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """Which lists are different from before."""

    tools: bool = False
    resources: bool = False
    prompts: bool = False

    def methods(self) -> tuple[str, ...]:
        """The notifications to send."""
        flags = zip(methods.LIST_CHANGED, (self.tools, self.resources, self.prompts), strict=True)
        return tuple(method for method, changed in flags if changed)


class Catalogue:
    """Lists and names of every configured server. Belongs to the loop's thread; ``path`` is its file."""

    def __init__(self, path: Path, reserved_tools: Sequence[str] = ()) -> None:
        self._path = path
        self._reserved = tuple(reserved_tools)
        self.edition = 0
        """Another number after each change of what the servers offer."""
        self._entries: dict[str, _Entry] = {}
        self._pages: dict[tuple[str, tuple[str, ...], bool, HiddenTools], bytes] = {}
        self._routes: dict[tuple[bool, tuple[str, ...]], router.Routes] = {}

    def load(self) -> None:
        """Read the file; a missing or unreadable one means nothing is known yet.

        Raises ``SettingsError`` when a newer Ostiary wrote it.
        """
        try:
            content = self._path.read_bytes()
            version = msgspec.json.decode(content, type=_Version).version
            if version > _VERSION:
                raise SettingsError(
                    "A newer Ostiary wrote the catalogue", f"Update Ostiary, or move {self._path} away."
                )
            self._entries = msgspec.json.decode(content, type=_File).servers
        except (OSError, *UNREADABLE):
            self._entries = {}

    def lists(self, server: str) -> ServerLists | None:
        """What the server offered when it was last asked; None when it never was."""
        entry = self._entries.get(server)
        return None if entry is None else entry.lists

    def update(self, server: str, lists: ServerLists, *, bundled: bool) -> Changed:
        """Keep what a server offers now; say what became different."""
        known = self._entries.get(server)
        old = _Entry() if known is None else known
        reserved = () if bundled else self._reserved
        entry = _Entry(
            lists=lists,
            tool_names=router.assign(self._tool_names(), server, (tool.own_name for tool in lists.tools), reserved),
            prompt_names=router.assign(self._prompt_names(), server, (prompt.own_name for prompt in lists.prompts), ()),
        )
        if known is not None and not _differ(entry, known):
            return Changed()
        self._entries[server] = entry
        self._keep()
        return Changed(
            tools=_differ(lists.tools, old.lists.tools),
            resources=_differ(lists.resources + lists.templates, old.lists.resources + old.lists.templates),
            prompts=_differ(lists.prompts, old.lists.prompts),
        )

    def forget(self, server: str) -> None:
        """A server was removed: its lists and its names go."""
        if self._entries.pop(server, None) is not None:
            self._keep()

    def refresh(self) -> None:
        """What is visible changed: build the pages anew when they are next asked for."""
        self._pages.clear()

    def tool_name(self, server: str, own_name: str) -> str:
        """The name under which hosts see a tool."""
        entry = self._entries.get(server, _Entry())
        return entry.tool_names.get(own_name, own_name)

    def find_tool(self, name: str, servers: tuple[str, ...]) -> router.Target | None:
        """Which of these servers has the tool."""
        return self._routes_of(servers, prompts=False).find(name)

    def tool_servers(self, servers: tuple[str, ...]) -> dict[str, str]:
        """Which of these servers has the tool that hosts know by a name."""
        known = ((server, self._entries[server]) for server in servers if server in self._entries)
        return {name: server for server, entry in known for name in entry.tool_names.values()}

    def find_prompt(self, name: str, servers: tuple[str, ...]) -> router.Target | None:
        """Which of these servers has the prompt."""
        return self._routes_of(servers, prompts=True).find(name)

    def owners(self, uri: str, servers: tuple[str, ...]) -> tuple[str, ...]:
        """Servers that may own a URI, most certain first: listed, by template, by a scheme of theirs, the others."""
        return tuple(server for _rank, server in self._ranked(uri, servers))

    def has_owner(self, uri: str, servers: tuple[str, ...]) -> bool:
        """Whether one of these servers offers the URI, or at least others of its scheme."""
        return any(rank < _UNLIKELY for rank, _server in self._ranked(uri, servers))

    def _ranked(self, uri: str, servers: tuple[str, ...]) -> list[tuple[int, str]]:
        known = ((server, self._entries[server].lists) for server in servers if server in self._entries)
        able = [(_rank(uri, lists), server) for server, lists in known if lists.resources or lists.templates]
        return sorted(able, key=lambda pair: pair[0])

    def template_owners(self, template: str, servers: tuple[str, ...]) -> tuple[str, ...]:
        """Which of these servers listed a resource template."""
        return tuple(
            server
            for server in servers
            if server in self._entries and any(offer.uri == template for offer in self._entries[server].lists.templates)
        )

    def page(
        self,
        method: str,
        servers: tuple[str, ...],
        visible: Visible,
        *,
        modern: bool,
        hidden: HiddenTools = frozenset(),
    ) -> bytes:
        """The whole result of a list method for a host that sees these servers, but not the ``hidden`` tools.

        ``visible`` is what holds for all hosts: whoever changes that calls ``refresh``.
        """
        place = (method, servers, modern, hidden)
        if place not in self._pages:

            def shown(server: str, own_name: str) -> bool:
                return (server, own_name) not in hidden and visible(server, own_name)

            self._pages[place] = self._build(method, servers, shown, modern=modern)
        return self._pages[place]

    def _build(self, method: str, servers: tuple[str, ...], visible: Visible, *, modern: bool) -> bytes:
        known = [(server, self._entries[server]) for server in servers if server in self._entries]
        match method:
            case "tools/list":
                items = [item for server, entry in known for item in _tools(server, entry, visible, modern=modern)]
            case "prompts/list":
                items = [
                    _renamed(prompt.definition, entry.prompt_names[prompt.own_name])
                    for _server, entry in known
                    for prompt in entry.lists.prompts
                ]
            case "resources/list":
                items = _first_of_each(entry.lists.resources for _server, entry in known)
            case _:
                items = _first_of_each(entry.lists.templates for _server, entry in known)
        result = msgspec.json.encode({methods.LISTS[method]: items})
        return translate.result_for(method, result, from_modern=False, to_modern=modern)

    def _routes_of(self, servers: tuple[str, ...], *, prompts: bool) -> router.Routes:
        place = (prompts, servers)
        if place not in self._routes:
            names = self._prompt_names() if prompts else self._tool_names()
            self._routes[place] = router.Routes(names, servers, () if prompts else self._reserved)
        return self._routes[place]

    def _tool_names(self) -> dict[str, dict[str, str]]:
        return {server: entry.tool_names for server, entry in self._entries.items()}

    def _prompt_names(self) -> dict[str, dict[str, str]]:
        return {server: entry.prompt_names for server, entry in self._entries.items()}

    def _keep(self) -> None:
        self.edition += 1
        self._pages.clear()
        self._routes.clear()
        try:
            replace_file(self._path, msgspec.json.encode(_File(servers=self._entries)))
        except OSError as error:
            _LOG.warning("The catalogue was not kept; after a restart lists wait for their servers (%s)", error)


_UNLIKELY = 3


def _rank(uri: str, lists: ServerLists) -> int:
    """How certain it is that the server owns the URI; 0 is most."""
    if any(resource.uri == uri for resource in lists.resources):
        return 0
    if any(translate.template_matches(template.uri, uri) for template in lists.templates):
        return 1
    scheme = uri.split(":", 1)[0] + ":"
    return 2 if any(offer.uri.startswith(scheme) for offer in lists.resources + lists.templates) else _UNLIKELY


def _differ(new: object, old: object) -> bool:
    return msgspec.json.encode(new) != msgspec.json.encode(old)


def _tools(server: str, entry: _Entry, visible: Visible, *, modern: bool) -> Iterable[_Definition]:
    repair = translate.tool_for_modern if modern else translate.tool_for_legacy
    for tool in entry.lists.tools:
        if visible(server, tool.own_name):
            repaired = repair(_renamed(tool.definition, entry.tool_names[tool.own_name]))
            if repaired is not None:
                yield repaired


def _renamed(definition: Raw, name: str) -> _Definition:
    return _definitions.decode(definition) | {"name": Raw(msgspec.json.encode(name))}


def _first_of_each(offers: Iterable[tuple[Resource, ...]]) -> list[_Definition]:
    """Every URI once: of two servers that list the same one the first configured wins."""
    found: dict[str, _Definition] = {}
    for resources in offers:
        for resource in resources:
            found.setdefault(resource.uri, _definitions.decode(resource.definition))
    return list(found.values())
