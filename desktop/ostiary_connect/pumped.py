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
from queue import Empty, SimpleQueue
from threading import Condition, Event, Thread

from ostiary_connect.carry import HANGUP, LEAVING_S, READ_BYTES, has_host_left, read_some, write_all
from ostiary_connect.greeting import FAREWELL, PUMP, PUMP_RESUMING_PROTOCOL
from ostiary_connect.host import Host
from ostiary_connect.remembered import Remembered, Word
from ostiary_connect.stand_in import StandIn

_AT_END = b"\n" + FAREWELL

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
        self._turn = Condition()
        self._connection: socket.socket | None = None  # once all that was said before has been said to it again

    def attend(self, wait_s: float) -> bool:
        if self._reader is None:
            self._stand_in = self._make_stand_in()
            self._read_host()
        return self.has_left(wait_s)

    def has_left(self, wait_s: float) -> bool:
        return has_host_left(wait_s) or self._left.is_set()

    def stand_down(self) -> None:
        with self._turn:
            if self._stand_in is not None:
                self.unread, self._stand_in.unread = self._stand_in.unread, b""
                self.note = self._stand_in.note
                self._remembered.add(self.unread, is_said=False)
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
        with self._turn:
            if self._stand_in is not None and self._stand_in.is_needed:
                self._tell_host(self._stand_in.hear(said))
                return
            connection = self._reached()
            if self.can_resume:
                self._remembered.add(said, is_said=True)
        with suppress(OSError):  # it has gone: what becomes of this is decided where that is noticed
            connection.sendall(said)

    def _reached(self) -> socket.socket:
        """The connection to a gateway, as soon as there is one that is not known to be gone."""
        while (connection := self._connection) is None or _is_gone(connection):
            self._connection = None
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
            self._connection = connection
            self._turn.notify_all()

    def _hear_gateway(self, connection: socket.socket) -> None:
        self._ended.put(_pass_on(connection, self._remembered))


def _pass_on(connection: socket.socket, remembered: Remembered) -> str:
    """What one gateway says, to the host. Gives the way in which it ended."""
    unfinished: list[bytes] = []
    waiting: list[Word] = []
    while chunk := _received(connection):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            lines = b"".join((*unfinished, chunk[:cut]))
            unfinished.clear()
            is_over = lines.endswith(_AT_END) or lines == FAREWELL
            try:
                for_host, true = _sorted_out(lines.removesuffix(FAREWELL) if is_over else lines, waiting)
            except ValueError:
                return VANISHED
            try:
                write_all(1, for_host)
            except OSError:
                return LEFT
            for word in true:
                remembered.learn(word)
            if is_over:
                return FAREWELL_SAID
        if cut < len(chunk):
            unfinished.append(chunk[cut:])
    return VANISHED


def _sorted_out(lines: bytes, waiting: list[Word]) -> tuple[bytes, list[Word]]:
    """The lines for the host, and the words that are true once it has them; ``waiting`` holds those without a line yet.

    ValueError when a word cannot be read.
    """
    for_host: list[bytes] = []
    true: list[Word] = []
    place = 0
    while place < len(lines):
        at = place if lines.startswith(b"\0", place) else lines.find(b"\n\0", place) + 1 or len(lines)
        if at > place:
            for_host.append(lines[place:at])
            true += waiting
            waiting.clear()
        place = at
        if place < len(lines):
            place = lines.index(b"\n", at) + 1
            word = Word(lines[at : place - 1])
            (true if word.is_alone else waiting).append(word)
    return b"".join(for_host), true


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(READ_BYTES)
    except OSError:
        return b""


def _is_gone(connection: socket.socket) -> bool:
    """Whether the gateway has closed it, as far as is known: on Windows nothing tells without reading."""
    if sys.platform == "win32":
        return False
    poller = select.poll()
    poller.register(connection, HANGUP)
    return bool(poller.poll(0))
