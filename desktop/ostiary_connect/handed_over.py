"""A host whose stdin and stdout are handed over to the gateway as descriptors: pipes and sockets, on POSIX.

The descriptors are never read or written here while a gateway has them: its O_NONBLOCK shows in our copies.
"""

import os
import select
import socket
import sys
from collections.abc import Callable

from ostiary_connect.carry import HANGUP, LEAVING_S, READ_BYTES, has_host_left, write_all
from ostiary_connect.greeting import FAREWELL, HANDOVER, RESUMING_PROTOCOL, decode_note
from ostiary_connect.host import Host
from ostiary_connect.stand_in import KEPT_BYTES, StandIn

assert sys.platform != "win32"


class HandedOver(Host):
    """Reads the host's first requests itself, as long as no gateway is there to have the descriptors."""

    transport = HANDOVER
    resumes_from = RESUMING_PROTOCOL

    def __init__(self, stand_in: Callable[[], StandIn | None]) -> None:
        super().__init__(stand_in)
        self._stand_in: StandIn | None = None
        self._is_attended = False

    def attend(self, wait_s: float) -> bool:
        if not self._is_attended:
            self._is_attended = True
            self._stand_in = self._make_stand_in()
        if self._stand_in is None or not self._stand_in.is_needed:
            return has_host_left(wait_s)
        poller = select.poll()
        poller.register(0, select.POLLIN | HANGUP)
        poller.register(1, 0)
        ready = dict(poller.poll(wait_s * 1000))
        return 1 in ready or (0 in ready and not _hear(self._stand_in))

    def has_left(self, wait_s: float) -> bool:
        return has_host_left(wait_s)

    def stand_down(self) -> None:
        if self._stand_in is not None:
            self.note, self.unread = self._stand_in.note, self._stand_in.unread
            self._stand_in = None

    def stay(self, connection: socket.socket) -> bool:
        try:
            socket.send_fds(connection, [b"\n"], [0, 1])
        except OSError:
            return False
        poller = select.poll()
        poller.register(0, HANGUP)
        poller.register(connection, select.POLLIN)
        said = b""
        while any(descriptor == connection.fileno() for descriptor, _ in poller.poll()):
            chunk = _received(connection)
            if not chunk:
                return False
            *lines, said = (said + chunk).split(b"\n")
            for line in lines:
                if line + b"\n" == FAREWELL:
                    return True
                self.note = decode_note(line)
                self.can_resume = bool(self.note)
        poller.unregister(0)
        poller.poll(LEAVING_S * 1000)  # the gateway reads what is left, and tells us when it is through
        return True


def _hear(stand_in: StandIn) -> bool:
    """Read once and answer. False when the host has left."""
    try:
        said = os.read(0, KEPT_BYTES)
        write_all(1, stand_in.hear(said))
    except BlockingIOError:
        return True
    except OSError:
        return False
    return bool(said)


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(READ_BYTES)
    except ConnectionError:
        return b""
