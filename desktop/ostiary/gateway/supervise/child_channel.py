"""The channel to a process that was started here: it tells when it was closed."""

from __future__ import annotations

import asyncio

from ostiary.gateway.pipe_channel import PipeChannel


class ChildChannel(PipeChannel):
    """``closed`` is done once it was, by either side."""

    def __init__(self, loop: asyncio.AbstractEventLoop, read_fd: int, write_fd: int) -> None:
        super().__init__(loop, read_fd, write_fd)
        self.closed: asyncio.Future[None] = loop.create_future()

    def close(self) -> None:
        super().close()
        if not self.closed.done():
            self.closed.set_result(None)
