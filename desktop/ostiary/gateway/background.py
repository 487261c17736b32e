"""Tasks that nobody waits for, held until they are done: the loop itself keeps only weak references to tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """Belongs to the loop's thread. Whoever made it stops it: a task has no other end than its own."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def cancel(self) -> None:
        """Have all of them end, without waiting until they have."""
        for task in self._tasks:
            task.cancel()

    async def stop(self) -> None:
        """Have all of them end. What one of them raises meanwhile is nobody's."""
        self.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
