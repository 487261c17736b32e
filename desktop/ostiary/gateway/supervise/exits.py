"""Tells the loop when a process ends that is not our child, without a thread. POSIX only.

Linux (5.3 and later) has pidfds, macOS and the BSDs EVFILT_PROC; both are descriptors the loop can watch.
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

        Raises ``ProcessLookupError`` when there is no such process; one that was not reaped yet is there.
        """
        fd = os.pidfd_open(pid)
        return _watch(loop, fd, lambda: os.close(fd), on_exit)

else:
    import select

    def watch_exit(loop: asyncio.AbstractEventLoop, pid: int, on_exit: Callable[[], None]) -> Callable[[], None]:
        """Calls ``on_exit`` once, on the loop, when ``pid`` has ended. Returns what stops the watching.

        Raises ``ProcessLookupError`` when there is no such process; one that was not reaped yet is there.
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
