"""All pages of one of a server's lists, within limits: a server that never ends its pages must not hold us."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import Raw

from ostiary.gateway.wire import methods
from ostiary.gateway.wire.members import Members, items_of, text_of

PAGE_LIMIT = 100
ITEM_LIMIT = 10_000
"""A list that goes on longer is cut (our policy)."""

Ask = Callable[[str, Mapping[str, Any]], Awaitable[Members]]
"""Asks for one page: the method and its parameters; gives the members of the result."""


async def all_items(ask: Ask, method: str) -> list[Raw]:
    """Every item, up to the limits. A cursor that comes again ends the list; an empty one is a cursor."""
    items: list[Raw] = []
    cursor: str | None = None
    seen: set[str] = set()
    for _page in range(PAGE_LIMIT):
        members = await ask(method, {} if cursor is None else {"cursor": cursor})
        items.extend(items_of(members.get(methods.LISTS[method])))
        cursor = text_of(members.get("nextCursor"))
        if cursor is None or cursor in seen or len(items) >= ITEM_LIMIT:
            break
        seen.add(cursor)
    return items[:ITEM_LIMIT]
