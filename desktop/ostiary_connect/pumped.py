"""A host whose lines go through the shim: on Windows, over a loopback port, and where stdin or stdout is no pipe.

Two threads that block, because a pipe of Windows cannot be waited for: one reads the host, over all gateways; one reads
the gateway of the moment, and writes whole lines only, so the host never sees one that is cut. What is said to a new
gateway again is said by a third. None of them waits for another while it sends, so each direction may be full.
"""

import os
import select
import socket
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Condition, Event, Lock, Thread

from ostiary_connect.carry import HANGUP, LEAVING_S, READ_BYTES, has_host_left, read_some, write_all
from ostiary_connect.greeting import PUMP, PUMP_RESUMING_PROTOCOL
from ostiary_connect.host import Host
from ostiary_connect.remembered import Remembered
from ostiary_connect.stand_in import StandIn
from ostiary_connect.told import Told

LEFT, FAREWELL_SAID, VANISHED = "host left", "farewell said", "vanished"


class Pumped(Host):
    """Its first requests, too, are read by the host's thread."""

    transport = PUMP
    resumes_from = PUMP_RESUMING_PROTOCOL

    def __init__(self, stand_in: Callable[[], StandIn | None]) -> None:
        super().__init__(stand_in)
        self._stand_in: StandIn | None = None
        self._remembered = Remembered()
        self._reader: Thread | None = None
        self._ended: SimpleQueue[str] = SimpleQueue()
        self._left = Event()
        self._is_held_up = Event()  # the host's thread has read something, or the end, and there is no gateway for it
        self._lock = Lock()
        self._turn = Condition(self._lock)
        self._connection: socket.socket | None = None  # once all that was said before has been said to it again
        self._is_gone: Callable[[], object] = lambda: True  # that connection, as far as is known

    def attend(self, wait_s: float) -> bool:
        if self._reader is None:
            self._stand_in = self._make_stand_in()
            self._read_host()
        return self.has_left(wait_s)

    def has_left(self, wait_s: float) -> bool:
        return has_host_left(wait_s) or self._left.is_set()

    def hear(self) -> bytes:
        if self._reader is not None:
            self._is_held_up.wait()  # two threads that read would take each other's bytes
        return super().hear()

    def stand_down(self) -> None:
        with self._turn:
            if self._stand_in is not None:
                unread, self._stand_in.unread = self._stand_in.unread, b""
                self.note = self._stand_in.note
                self._remembered.add(unread, is_said=False)
                self.unread = unread + self.unread
                self._stand_in = None

    def stay(self, connection: socket.socket) -> bool:
        self._read_host()
        sender = Thread(target=self._say_again, args=(connection,), daemon=True)
        sender.start()
        Thread(target=self._hear_gateway, args=(connection,), daemon=True).start()
        end = self._ended.get()
        if end == LEFT:
            with suppress(Empty):
                self._ended.get(timeout=LEAVING_S)  # the gateway answers what is left
        if end != VANISHED:
            return True
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)  # who is still sending to it hears of its end
        sender.join()
        with self._turn:
            self._connection = None
        if self.can_resume:
            self.note = self._remembered.note or self.note
            self._tell_host(self._remembered.outlive())
        return False

    def _tell_host(self, lines: bytes) -> None:
        try:
            write_all(1, lines)
        except OSError:
            self._left.set()

    # The host's thread

    def _read_host(self) -> None:
        if self._reader is None:
            self._reader = Thread(target=self._hear_host, daemon=True)
            self._reader.start()

    def _hear_host(self) -> None:
        with suppress(OSError):
            while said := read_some(0):
                self._take(said)
        if not stat.S_ISREG(os.fstat(0).st_mode):  # what a file says is still to be answered
            self._left.set()
        with self._turn:
            connection = self._reached()
        self._ended.put(LEFT)  # before the gateway can answer to it by leaving
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)

    def _take(self, said: bytes) -> None:
        """Heard in place of a gateway, or sent to one."""
        with self._lock:
            if self._stand_in is not None and self._stand_in.is_needed:
                self._tell_host(self._stand_in.hear(said))
                return
            self.unread += said
            connection = self._reached()
            self.unread = b""
            if self.can_resume:
                self._remembered.add(said, is_said=True)
        with suppress(OSError):  # it has gone: what becomes of this is decided where that is noticed
            connection.sendall(said)

    def _reached(self) -> socket.socket:
        """The connection to a gateway, as soon as there is one that is not known to be gone."""
        while (connection := self._connection) is None or self._is_gone():
            self._connection = None
            self._is_held_up.set()
            self._turn.wait()
        return connection

    # A gateway's threads

    def _say_again(self, connection: socket.socket) -> None:
        """What no gateway has dealt with; the host's next words come behind it."""
        try:
            while line := self._remembered.next_unsaid():
                connection.sendall(line)
            connection.sendall(self._remembered.unfinished)
        except OSError:
            return
        with self._turn:
            self._connection, self._is_gone = connection, _whether_gone(connection)
            self._turn.notify_all()

    def _hear_gateway(self, connection: socket.socket) -> None:
        self._ended.put(_pass_on(connection, self._remembered))


def _pass_on(connection: socket.socket, remembered: Remembered) -> str:
    """What one gateway says, to the host. Gives the way in which it ended."""
    told = Told()
    while not told.is_over:
        try:
            if not (chunk := connection.recv(READ_BYTES)):
                return VANISHED
            for_host, words = told.sorted(chunk)
        except (OSError, ValueError):  # who says what cannot be read is as good as gone
            return VANISHED
        try:
            for piece in for_host:
                write_all(1, piece)
        except OSError:
            return LEFT
        for word in words:
            remembered.learn(word)
    return FAREWELL_SAID


def _whether_gone(connection: socket.socket) -> Callable[[], object]:
    """Tells whether the gateway has closed it. Asked at each line: what it takes is made once."""
    if sys.platform == "win32":
        return lambda: False  # nothing tells without reading
    poller = select.poll()
    poller.register(connection, HANGUP)
    return partial(poller.poll, 0)
