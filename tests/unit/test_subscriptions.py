"""One subscription at a server for all hosts, while some come, some go, and the server takes its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any, cast

from ostiary.gateway.house import House
from ostiary.gateway.roots.notifier import Notifier
from ostiary.gateway.session import Session
from ostiary.gateway.subscriptions import Subscriptions

DEADLINE_S = 20.0
SERVER = "s"


class Server:
    """What it was asked to tell of. It answers while ``answers`` is set; what it is asked counts at once."""

    def __init__(self) -> None:
        self.name = SERVER
        self.told_of: set[str] = set()
        self.answers = asyncio.Event()
        self.answers.set()
        self.asked: asyncio.Queue[str] = asyncio.Queue()

    async def subscribe(self, uri: str) -> bool:
        self.told_of.add(uri)
        self.asked.put_nowait(uri)
        await self.answers.wait()
        return True

    async def unsubscribe(self, uri: str) -> None:
        self.told_of.discard(uri)
        self.asked.put_nowait(uri)
        await self.answers.wait()


class Scene:
    """One server that has every resource, and hosts by number. ``wanted`` is what they want after a restart."""

    def __init__(self) -> None:
        self.server = Server()
        self.starts = asyncio.Event()
        self.starts.set()
        self.wanted: set[str] = set()
        house = SimpleNamespace(seen=lambda _hosts, _servers: (SERVER,), connections=self, catalogue=self)
        notifier: Notifier[int] = Notifier(
            watch=self._watch, on_updated=lambda _session, _uri: None, on_list_changed=lambda: None
        )
        self.subscriptions = Subscriptions(cast(House, house), notifier, lambda _number, _server, _uri: None)

    async def _watch(self, _folders: object) -> None:
        await asyncio.sleep(0)

    def host(self, number: int) -> Session:
        host = SimpleNamespace(number=number, seen_as=(), servers=None, resource_updated=lambda _uri: None)
        host.wants = self.wanted.__contains__
        return cast(Session, host)

    # As connections and catalogue

    async def first_lists(self, _names: object) -> None: ...

    def owners(self, _uri: str, _servers: object) -> tuple[str, ...]:
        return (SERVER,)

    def now(self, _server: str) -> Any:
        return self.server

    async def ready(self, _server: str) -> Any:
        return self.server

    async def awake(self, _server: str) -> Any:
        await self.starts.wait()
        return self.server


def play(scenario: Callable[[Scene], Coroutine[None, None, None]]) -> None:
    async def whole() -> None:
        async with asyncio.timeout(DEADLINE_S):
            await scenario(Scene())

    asyncio.run(whole())


def test_what_one_host_lets_go_of_late_stays_with_the_host_that_came_for_it_meanwhile() -> None:
    async def scenario(scene: Scene) -> None:
        leaving, coming = scene.host(1), scene.host(2)
        for uri in ("a://x", "a://y"):
            await scene.subscriptions.add(leaving, uri)
        scene.server.answers.clear()
        gone = asyncio.ensure_future(scene.subscriptions.drop(leaving.number))
        while "a://x" in scene.server.told_of:
            await scene.server.asked.get()
        come = asyncio.ensure_future(scene.subscriptions.add(coming, "a://y"))
        await scene.server.asked.get()
        scene.server.answers.set()
        assert await come
        await gone
        assert scene.server.told_of == {"a://y"}

    play(scenario)


def test_a_host_that_ends_a_subscription_and_makes_it_again_at_once_has_it() -> None:
    async def scenario(scene: Scene) -> None:
        host = scene.host(1)
        await scene.subscriptions.add(host, "a://x")
        _, is_there = await asyncio.gather(
            scene.subscriptions.remove(host, "a://x"), scene.subscriptions.add(host, "a://x")
        )
        assert is_there
        assert scene.server.told_of == {"a://x"}
        assert scene.subscriptions.are_of(SERVER)

    play(scenario)


def test_a_host_that_leaves_while_it_is_taken_up_again_leaves_nothing_behind() -> None:
    async def scenario(scene: Scene) -> None:
        host = scene.host(1)
        scene.wanted |= {"a://x", "a://y"}
        scene.starts.clear()
        restoring = asyncio.ensure_future(scene.subscriptions.restore(host, ("a://x", "a://y")))
        await asyncio.sleep(0)
        assert scene.subscriptions.are_of(SERVER)
        scene.wanted.clear()
        await scene.subscriptions.drop(host.number)
        scene.starts.set()
        await restoring
        assert not scene.subscriptions.are_of(SERVER)

    play(scenario)


def test_a_host_that_leaves_while_a_server_is_asked_for_it_leaves_nothing_at_the_server() -> None:
    async def scenario(scene: Scene) -> None:
        scene.server.answers.clear()
        coming = asyncio.ensure_future(scene.subscriptions.add(scene.host(1), "a://x"))
        await scene.server.asked.get()
        coming.cancel()
        await asyncio.wait([coming])
        await scene.server.asked.get()
        assert scene.server.told_of == set()

    play(scenario)
