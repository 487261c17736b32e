"""What fronts are shown: the lists of this moment, and telling those who subscribed when one changed.

Changes are gathered for a short while, so that a server with a hundred tools does not cause a hundred messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum, auto

from ostiary.domain.events import AnyEvent

GATHER_S = 0.05
BEAT_S = 2.0
"""How often CPU, memory, folders and the use of rules are looked at anew while somebody watches."""
HOSTS_BEATS = 5
"""At how many beats hosts are looked at: that reads the files of every one, and the guard tells of our own at once."""


class Topic(Enum):
    """What may have changed."""

    SERVERS = auto()
    HOSTS = auto()
    SESSIONS = auto()
    ROOTS = auto()
    SECRETS = auto()
    GRANTS = auto()
    MODE = auto()


class Publisher:
    """Sends each changed list once. ``make`` builds a topic's event, ``send`` delivers it to who subscribed."""

    def __init__(
        self,
        make: Callable[[Topic], Awaitable[AnyEvent]],
        send: Callable[[AnyEvent], None],
        is_watched: Callable[[], bool],
    ) -> None:
        self._make = make
        self._send = send
        self._is_watched = is_watched
        self._changed: set[Topic] = set()
        self._wake = asyncio.Event()
        self._last: dict[Topic, AnyEvent] = {}

    def changed(self, *topics: Topic) -> None:
        """Something is different now."""
        self._changed.update(topics)
        self._wake.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        beats = 0
        while True:
            try:
                async with asyncio.timeout(BEAT_S):
                    await self._wake.wait()
            except TimeoutError:
                beats += 1
                self._changed |= due(beats)
            await asyncio.sleep(GATHER_S)
            self._wake.clear()
            await self._publish()

    async def _publish(self) -> None:
        topics, self._changed = self._changed, set()
        if not self._is_watched():
            self._last.clear()
            return
        for topic in sorted(topics, key=lambda topic: topic.value):
            event = await self._make(topic)
            if self._last.get(topic) != event:
                self._last[topic] = event
                self._send(event)


def due(beats: int) -> set[Topic]:
    """Pure. What changes without anybody's telling, and is to be looked at with this beat."""
    due = {Topic.SERVERS, Topic.ROOTS, Topic.GRANTS}
    return due if beats % HOSTS_BEATS else due | {Topic.HOSTS}
