"""One host's visit, over as many gateways as it takes: the shim keeps the host's descriptors when a gateway dies.

What the gateway noted for the next one is opaque here, and said to it at the next arrival.
"""

import socket
import time
from collections.abc import Callable

from ostiary_connect import carry
from ostiary_connect.dial import greet
from ostiary_connect.endpoint import ConnectError, Endpoint
from ostiary_connect.greeting import RESUMING_PROTOCOL
from ostiary_connect.reach import RETRY_S, START_TIMEOUT_S, HostLeftError, reach
from ostiary_connect.stand_in import Attendance

MOST_RETURNS, WITHIN_S = 30, 60.0
"""A gateway that dies again and again is given up; killed by hand, it never dies that often."""


class GatewayVanishedError(Exception):
    """It ended without a farewell, and the session with it; says why no other took its place."""


class Visit:
    """``hello`` makes the greeting for a note, or for None at first. Everything blocks."""

    def __init__(
        self, endpoint: Endpoint, hello: Callable[[str | None], bytes], host: str | None, *, may_start: bool
    ) -> None:
        self._endpoint = endpoint
        self._hello = hello
        self._host = host
        self._may_start = may_start
        self._connection: socket.socket
        self._note: str | None = None
        self._can_resume = False
        self._attendance: Attendance | None = None
        self.unread = b""
        """What was read from the host and not answered, when no gateway could be had."""

    def arrive(self) -> None:
        """Find or start a gateway. ConnectError when there is none to be had, HostLeftError ends the search."""
        self._greet(reach(self._endpoint, may_start=self._may_start))

    def arrive_answering(self) -> None:
        """The same, for a host whose descriptors will be handed over: its first requests are answered meanwhile."""
        try:
            connection = reach(self._endpoint, may_start=self._may_start, attend=self._attend)
        finally:
            if self._attendance is not None and self._attendance.stand_in is not None:
                self._note, self.unread = self._attendance.stand_in.note, self._attendance.stand_in.unread
        self._greet(connection)
        if self._note is not None and not self._can_resume:
            raise ConnectError("The Ostiary that runs is older than this ostiary-connect", "Update it.")

    def stay_pumping(self) -> None:
        """Until host or gateway leaves in order. GatewayVanishedError."""
        if not carry.pump(self._connection):
            raise GatewayVanishedError

    def stay_handed_over(self) -> None:
        """Until the host leaves or a gateway says farewell; another takes the place of one that dies.

        GatewayVanishedError, HostLeftError.
        """
        returns: list[float] = []
        while not carry.hand_over(self._connection, self._take_note):
            now = time.monotonic()
            returns = [*(moment for moment in returns if moment > now - WITHIN_S), now]
            if not self._can_resume:
                raise GatewayVanishedError
            if len(returns) > MOST_RETURNS:
                raise GatewayVanishedError(f", {MOST_RETURNS} times within {WITHIN_S:.0f} s")
            self._connection.close()
            self._come_back(now + START_TIMEOUT_S)

    def _come_back(self, deadline: float) -> None:
        while True:
            if carry.has_host_left(0):
                raise HostLeftError
            try:
                return self._greet(reach(self._endpoint, may_start=self._may_start))
            except ConnectError as error:
                if time.monotonic() > deadline:
                    raise GatewayVanishedError(f", and no other could be had: {error}") from error
            if carry.has_host_left(RETRY_S):
                raise HostLeftError

    def _attend(self, wait_s: float) -> bool:
        if self._attendance is None:
            self._attendance = Attendance(self._endpoint.answers_path, self._host)
        return self._attendance(wait_s)

    def _greet(self, connection: socket.socket) -> None:
        self._can_resume = greet(connection, self._hello(self._note)) >= RESUMING_PROTOCOL
        self._connection = connection

    def _take_note(self, note: str) -> None:
        self._note = note
        self._can_resume = bool(note)
