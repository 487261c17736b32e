"""All pages of one of a server's lists, within limits: a server that never ends its pages must not hold us."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Mapping
from itertools import accumulate
from typing import Any

from msgspec import Raw

from ostiary.gateway.wire import methods
from ostiary.gateway.wire.members import Members, items_of, text_of

PAGE_LIMIT = 100
ITEM_LIMIT = 10_000
SIZE_LIMIT_BYTES = 2 * 1024 * 1024
"""A list that goes on longer is cut (our policy): the lists of all servers have to fit in one line to a host."""

ATTEMPTS = 2

Ask = Callable[[str, Mapping[str, Any]], Awaitable[Members | None]]
"""Asks for one page: the method and its parameters; gives the members of the result, None where it was refused."""


async def all_items(ask: Ask, method: str) -> list[Raw]:
    """Every item, up to the limits. A cursor that comes again ends the list; an empty one is a cursor.

    A cursor that is refused belongs to a list that is another by now: it is asked for anew, once.
    """
    for _attempt in range(ATTEMPTS):
        items, is_whole = await _pages(ask, method)
        if is_whole:
            break
    return _fitting(items)


async def _pages(ask: Ask, method: str) -> tuple[list[Raw], bool]:
    """The items, and whether that is all there is to be had."""
    items: list[Raw] = []
    size_bytes = 0
    cursor: str | None = None
    seen: set[str] = set()
    for _page in range(PAGE_LIMIT):
        members = await ask(method, {} if cursor is None else {"cursor": cursor})
        if members is None:
            return items, cursor is None
        page = items_of(members.get(methods.LISTS[method]))
        items += page
        size_bytes += sum(map(len, page))
        cursor = text_of(members.get("nextCursor"))
        if cursor is None or cursor in seen or len(items) >= ITEM_LIMIT or size_bytes >= SIZE_LIMIT_BYTES:
            break
        seen.add(cursor)
    return items, True


def _fitting(items: list[Raw]) -> list[Raw]:
    sizes_bytes = accumulate(map(len, items[:ITEM_LIMIT]))
    return items[: bisect_right(list(sizes_bytes), SIZE_LIMIT_BYTES)]
