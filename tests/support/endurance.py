"""Hosts at work for a whole day: each always has calls under way, and knows the one right answer to each of them."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from tests.support.line_host import LineHost, Message

IN_FLIGHT: Final = 8
WRITES: Final = 0.05
"""The part of the calls that write."""

THINKING_S: Final = 0.01
"""How long a host thinks after an error; without it, servers that wait to start again would get most of the calls."""

_RESULT, _ERROR = 1, 2


class Work:
    """One host's. It begins at once; ``answered`` is told of each call's first answer, ``faults`` is read at the end.

    ``wrote`` are the marks of the writes, ``failed`` counts answers that are errors, ``told_twice`` errors that came
    for what had been answered already.
    """

    def __init__(
        self, host: LineHost, number: int, servers: Sequence[str], calls: int, answered: Callable[[], None]
    ) -> None:
        self.faults: list[str] = []
        self.wrote: set[str] = set()
        self.failed = self.told_twice = 0
        self._host, self._number, self._servers, self._calls = host, number, servers, calls
        self._answered = answered
        self._random = random.Random(number)
        self._heard = bytearray(calls)
        self._right: dict[int, str] = {}
        """By the id of what is under way: the only right answer."""
        self._first = 0
        """The id of the first call; the others follow one by one."""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def end(self, timeout_s: float) -> None:
        """Until every call has its answer."""
        self._thread.join(timeout_s)
        if not self.is_over:
            self.faults.append(f"host {self._number} waits for {len(self._right)} answers")

    def _work(self) -> None:
        try:
            for call in range(self._calls):
                self._ask(call)
                while len(self._right) >= IN_FLIGHT:
                    self._hear()
            while self._right:
                self._hear()
        except (AssertionError, OSError) as fault:
            ended = f"its shim ended with {self._host.shim.poll()}"
            self.faults.append(f"host {self._number} with {len(self._right)} under way, {ended}: {fault}")

    def _ask(self, call: int) -> None:
        server, mark = self._random.choice(self._servers), f"{self._number}-{call}"
        writes = self._random.random() < WRITES
        if writes:
            self.wrote.add(mark)
        number = self._host.call(f"{server}_{'write' if writes else 'read'}", mark=mark)
        self._first = self._first or number
        self._right[number] = f"{server} {mark}"

    def _hear(self) -> None:
        try:
            message = json.loads(self._host.raw())
        except ValueError:
            return  # an answer that was cut, and its end
        if "method" not in message:
            self._take(message["id"] - self._first, message)

    def _take(self, call: int, message: Message) -> None:
        kind = _RESULT if "result" in message else _ERROR
        if self._heard[call]:
            self.told_twice += 1
            if kind == _RESULT:
                self.faults.append(f"host {self._number} was answered twice: {message}")
        else:
            self._check(self._right.pop(message["id"]), message)
            self._answered()
        self._heard[call] |= kind

    def _check(self, right: str, message: Message) -> None:
        result = message.get("result", {"isError": True})
        if result.get("isError"):
            self.failed += 1
            time.sleep(THINKING_S)
        elif result["content"][0]["text"] != right:
            self.faults.append(f"host {self._number} heard {result} and not {right}")
