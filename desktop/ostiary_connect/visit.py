"""One host's visit, over as many gateways as it takes: the shim keeps the host's descriptors when a gateway dies.

What the gateway noted for the next one is opaque here, and said to it at the next arrival.
"""

import socket
import time
from collections.abc import Callable

from ostiary_connect.dial import greet
from ostiary_connect.endpoint import ConnectError, Endpoint
from ostiary_connect.host import Host
from ostiary_connect.reach import RETRY_S, START_TIMEOUT_S, HostLeftError, reach

MOST_RETURNS, WITHIN_S = 30, 60.0
"""A gateway that dies again and again is given up; killed by hand, it never dies that often."""


class GatewayVanishedError(Exception):
    """It ended without a farewell, and the session with it; says why no other took its place."""


class Visit:
    """``hello`` makes the greeting for a note, or for None at first. Everything blocks."""

    def __init__(
        self, endpoint: Endpoint, host: Host, hello: Callable[[str | None], bytes], *, may_start: bool
    ) -> None:
        self._endpoint = endpoint
        self._host = host
        self._hello = hello
        self._may_start = may_start
        self._connection: socket.socket

    def arrive(self) -> None:
        """Find or start a gateway; the host's first requests are answered meanwhile.

        ConnectError when there is none to be had, HostLeftError ends the search.
        """
        try:
            connection = reach(self._endpoint, may_start=self._may_start, attend=self._host.attend)
        finally:
            self._host.stand_down()
        self._greet(connection)

    def stay(self) -> None:
        """Until the host leaves or a gateway says farewell; another takes the place of one that dies.

        GatewayVanishedError, HostLeftError.
        """
        returns: list[float] = []
        while not self._host.stay(self._connection):
            now = time.monotonic()
            returns = [*(moment for moment in returns if moment > now - WITHIN_S), now]
            if not self._host.can_resume:
                raise GatewayVanishedError
            if len(returns) > MOST_RETURNS:
                raise GatewayVanishedError(f", {MOST_RETURNS} times within {WITHIN_S:.0f} s")
            self._connection.close()
            self._come_back(now + START_TIMEOUT_S)

    def _come_back(self, deadline: float) -> None:
        while True:
            if self._host.has_left(0):
                raise HostLeftError
            try:
                return self._greet(reach(self._endpoint, may_start=self._may_start, attend=self._host.has_left))
            except ConnectError as error:
                if time.monotonic() > deadline:
                    raise GatewayVanishedError(f", and no other could be had: {error}") from error
            if self._host.has_left(RETRY_S):
                raise HostLeftError

    def _greet(self, connection: socket.socket) -> None:
        self._host.can_resume = greet(connection, self._hello(self._host.note)) >= self._host.resumes_from
        if self._host.note is not None and not self._host.can_resume:
            connection.close()
            raise ConnectError("The Ostiary that runs is older than this ostiary-connect", "Update it.")
        self._connection = connection
