"""Tells the loop when a process ends, without a thread and without reaping it. POSIX only.

Why not asyncio's own child watching: it takes a thread a child on Python 3.11 and on macOS, and it reaps before it
tells. A process that has ended but is not reaped keeps its pid, so its group can be killed without a chance of
hitting a later process of the same number. Linux (5.3 and later) has pidfds, macOS and the BSDs EVFILT_PROC; both are
descriptors the loop can watch, for any process and not only for children.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable

assert sys.platform != "win32"

if sys.platform == "linux":

    def watch_exit(loop: asyncio.AbstractEventLoop, pid: int, on_exit: Callable[[], None]) -> Callable[[], None]:
        """Calls ``on_exit`` once, on the loop, when ``pid`` has ended. Returns what stops the watching.

        Raises ``ProcessLookupError`` when there is no such process; a child that was not reaped is one.
        """
        fd = os.pidfd_open(pid)
        return _watch(loop, fd, lambda: os.close(fd), on_exit)

else:
    import select

    def watch_exit(loop: asyncio.AbstractEventLoop, pid: int, on_exit: Callable[[], None]) -> Callable[[], None]:
        """Calls ``on_exit`` once, on the loop, when ``pid`` has ended. Returns what stops the watching.

        Raises ``ProcessLookupError`` when there is no such process; a child that was not reaped is one.
        """
        queue = select.kqueue()
        wanted = select.kevent(pid, select.KQ_FILTER_PROC, select.KQ_EV_ADD | select.KQ_EV_ONESHOT, select.KQ_NOTE_EXIT)
        try:
            queue.control([wanted], 0)
        except OSError:
            queue.close()
            raise
        return _watch(loop, queue.fileno(), queue.close, on_exit)


def _watch(
    loop: asyncio.AbstractEventLoop, fd: int, close: Callable[[], None], on_exit: Callable[[], None]
) -> Callable[[], None]:
    watching = True

    def stop() -> None:
        nonlocal watching
        if watching:
            watching = False
            loop.remove_reader(fd)
            close()

    def ended() -> None:
        stop()
        on_exit()

    loop.add_reader(fd, ended)
    return stop
