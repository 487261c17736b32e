"""A gateway of one idea: a real listener behind which every caller's lines come back to it.

In a thread of a test as ``EchoGateway``; as a program (``python echo_gateway.py``) where a shim has to start one,
or one has to be killed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import Queue
from types import TracebackType

from ostiary.gateway.arrival import ControlArrival, HostArrival
from ostiary.gateway.listener import Listener
from ostiary.gateway.wire.framing import Line
from ostiary_connect.endpoint import Endpoint, locate

Arrival = HostArrival | ControlArrival


class EchoGateway:
    """Listens while it is entered; what goes wrong at the start is raised there.

    ``arrivals`` and ``gone`` tell what came and what went. A mute one answers nobody and ends nothing.
    """

    def __init__(self, endpoint: Endpoint, *, mute: bool = False, hello_timeout_s: float = 5.0) -> None:
        self.arrivals: Queue[Arrival] = Queue()
        self.gone: Queue[Arrival] = Queue()
        self._mute = mute
        self._open: list[Arrival] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._listener = Listener(endpoint, "0.1.0", self._receive, self._receive, hello_timeout_s=hello_timeout_s)

    def __enter__(self) -> EchoGateway:
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listener.start(), self._loop).result()
        except BaseException:
            self._stop_thread()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._stop_thread()

    def call(self, function: Callable[[], None]) -> None:
        """Have the function called in the gateway's thread."""
        self._loop.call_soon_threadsafe(function)

    async def _stop(self) -> None:
        await self._listener.stop()
        for arrival in self._open:
            end(arrival)
        await asyncio.sleep(0)  # transports close in the loop's next round

    def _stop_thread(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _receive(self, arrival: Arrival) -> None:
        self._open.append(arrival)
        self.arrivals.put(arrival)
        if self._mute:
            return
        if isinstance(arrival, HostArrival):
            arrival.on_gone(lambda: self._leave(arrival))
        arrival.channel.start(lambda line: _echo(arrival, line), lambda: self._leave(arrival))

    def _leave(self, arrival: Arrival) -> None:
        end(arrival)
        self.gone.put(arrival)


def end(arrival: Arrival) -> None:
    """End it in the way its kind wants."""
    arrival.end() if isinstance(arrival, HostArrival) else arrival.channel.close()


def _echo(arrival: Arrival, line: Line) -> None:
    assert isinstance(line, bytes)
    arrival.channel.send(line)


def _serve_until_the_first_has_gone() -> None:
    with EchoGateway(locate()) as gateway:
        print("listening", flush=True)
        gateway.gone.get()


if __name__ == "__main__":
    _serve_until_the_first_has_gone()
