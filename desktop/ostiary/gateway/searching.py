"""Tool search at work: the three tools are answered, and a call made through them goes the way of every call.

Joins ``tool_search`` with what one host sees and with ``departure``. A call that comes through ``call_tool`` is from
here on a call of the real tool: its rules, hints, questions, plan, log row and undo are those of that tool.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

import msgspec

from ostiary.gateway.asking import Asked, Ended
from ostiary.gateway.background import Background
from ostiary.gateway.house import House
from ostiary.gateway.session import Session
from ostiary.gateway.targets import UnknownTargetError, find_targets
from ostiary.gateway.tool_search import answers
from ostiary.gateway.tool_search.index import Index
from ostiary.gateway.tool_search.own_tools import CALL, SEARCH, is_own

_LOG: Final = logging.getLogger(__name__)

MOST_INDEXES: Final = 8
"""Kept at a time; one for each different list of tools."""

End = Callable[[Ended], None]
Cancel = Callable[[str], None]
PassOn = Callable[[Session, Asked, End], Cancel]


class Searching:
    """Of all sessions. ``pass_on`` takes a call of a server's tool, and everything else."""

    def __init__(self, house: House, pass_on: PassOn) -> None:
        self._house = house
        self._pass_on = pass_on
        self._indexes: dict[bytes, Index] = {}
        self._background = Background()

    def pass_on(self, session: Session, asked: Asked, end: End) -> Cancel:
        """``end`` is called once, unless the returned cancel was called before."""
        on = is_own(asked.method, asked.params.get("name")) and self._house.choice(session.seen_as).tool_search
        if not on:
            return self._pass_on(session, asked, end)
        if asked.params["name"] != CALL:
            return self._start(lambda _: self._look_up(session, asked, end), end)
        meant = _meant(asked)
        if meant is None:
            end(_ended(answers.failure(f"{CALL} needs “name”, and “arguments” as an object where the tool has any.")))
            return _nothing_to_cancel
        if self._is_known(session, meant):
            return self._pass_on(session, meant, end)
        return self._start(lambda then: self._call_once_known(session, meant, end, then), end)

    async def _look_up(self, session: Session, asked: Asked, end: End) -> None:
        index = await self._index(session, modern=asked.modern)
        given = asked.params.get("arguments")
        arguments = given if isinstance(given, dict) else {}
        answer = answers.search if asked.params["name"] == SEARCH else answers.describe
        end(_ended(answer(index, arguments)))

    async def _call_once_known(self, session: Session, meant: Asked, end: End, then: Callable[[Cancel], None]) -> None:
        """A tool that nobody offers may be one of a server that is being asked for the first time."""
        index = await self._index(session, modern=meant.modern)
        if self._is_known(session, meant):
            then(self._pass_on(session, meant, end))
        else:
            end(_ended(answers.unknown(index, meant.params["name"])))

    def _is_known(self, session: Session, meant: Asked) -> bool:
        house, hosts = self._house, session.seen_as
        try:
            find_targets(meant, house.catalogue, house.seen(hosts, session.servers), house.hidden_from(hosts))
        except UnknownTargetError:
            return False
        return True

    async def _index(self, session: Session, *, modern: bool) -> Index:
        """Over exactly what the host would see in its list without tool search."""
        house = self._house
        servers = house.seen(session.seen_as, session.servers)
        await house.connections.first_lists(servers)
        page = house.page(session.seen_as, "tools/list", servers, modern=modern)

        index = self._indexes.pop(page, None)
        if index is None:
            titles = {name: house.title(server) for name, server in house.catalogue.tool_servers(servers).items()}
            index = await asyncio.to_thread(Index, page, titles)  # measured: 0.25 s for 1,000 tools
        self._indexes[page] = index
        while len(self._indexes) > MOST_INDEXES:
            del self._indexes[next(iter(self._indexes))]
        return index

    def _start(self, work: Callable[[Callable[[Cancel], None]], Coroutine[Any, Any, None]], end: End) -> Cancel:
        """Work as a task; ``work`` is given a way to say what is to be cancelled once it has passed the call on."""
        passed_on: list[Cancel] = []

        async def whole() -> None:
            try:
                await work(passed_on.append)
            except Exception:  # the border of a call: a fault of ours must not leave a host waiting
                _LOG.exception("A search for tools failed")
                end(_ended(answers.failure("Ostiary met an error of its own.")))

        task = self._background.start(whole())

        def cancel(reason: str) -> None:
            task.cancel()
            for further in passed_on:
                further(reason)

        return cancel


def _meant(asked: Asked) -> Asked | None:
    """The call of the real tool, as if the host had made it."""
    wanted = answers.read_call(asked.params.get("arguments"))
    if wanted is None:
        return None
    params = asked.params | {"name": wanted.name, "arguments": wanted.arguments}
    return msgspec.structs.replace(asked, params=params, through=CALL)


def _ended(result: bytes) -> Ended:
    return Ended(result, None)


def _nothing_to_cancel(_reason: str) -> None:
    """It was answered already."""
