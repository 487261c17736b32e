"""Everything that one server lists, fetched page by page."""

from __future__ import annotations

from ostiary.gateway.capabilities import passing_extensions
from ostiary.gateway.handshake import Greeting
from ostiary.gateway.lists import ServerLists, read_prompts, read_resources, read_tools
from ostiary.gateway.pages import Ask, all_items


async def fetch(ask: Ask, greeting: Greeting) -> ServerLists:
    """Ask for what the server said that it has. ``ask`` may raise ``ServerError``."""
    offers = greeting.capabilities
    resources = "resources" in offers
    return ServerLists(
        modern=greeting.modern,
        tools=read_tools(await all_items(ask, "tools/list") if "tools" in offers else []),
        prompts=read_prompts(await all_items(ask, "prompts/list") if "prompts" in offers else []),
        resources=read_resources(await all_items(ask, "resources/list") if resources else []),
        templates=read_resources(await all_items(ask, "resources/templates/list") if resources else []),
        can_subscribe=greeting.can_subscribe,
        can_complete="completions" in offers,
        can_log="logging" in offers,
        instructions=greeting.instructions,
        extensions=passing_extensions(greeting.extensions),
    )
