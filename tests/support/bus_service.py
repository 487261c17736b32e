"""A program that is called over D-Bus and told lines on stdin, both at any time."""

from __future__ import annotations

import selectors
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from jeepney import MatchRule, Message, MessageType
from jeepney.io.blocking import DBusConnection


def serve(bus: DBusConnection, called: Callable[[Message], None], told: Callable[[bytes], None]) -> None:
    """Give every method call to one and every line to the other, one after another, until stdin ends.

    Both may ask something on the same bus: who calls meanwhile is not lost, and waits.
    """
    calls: deque[Message] = deque()
    with (
        open(0, "rb", buffering=0) as lines,  # without a buffer, in which a second line would wait unseen
        selectors.DefaultSelector() as selector,
        bus.filter(MatchRule(type=MessageType.method_call), queue=calls),
    ):
        selector.register(bus.sock, selectors.EVENT_READ)
        selector.register(lines, selectors.EVENT_READ)
        while True:
            _take_in(bus)
            if calls:
                called(calls.popleft())
                continue
            if lines in [key.fileobj for key, _ in selector.select()]:
                line = lines.readline()
                if not line:
                    return
                told(line)


def _take_in(bus: DBusConnection) -> None:
    """All that has come. The connection reads ahead, so that several messages can wait where no selector sees them."""
    with suppress(TimeoutError):
        while True:
            bus.recv_messages(timeout=0)
