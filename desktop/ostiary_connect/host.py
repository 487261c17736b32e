"""What a visit needs of the host at the shim's stdin and stdout, whichever way its lines travel to the gateway."""

import socket
from abc import ABC, abstractmethod
from collections.abc import Callable

from ostiary_connect.carry import read_some
from ostiary_connect.stand_in import StandIn


class Host(ABC):
    """``stand_in`` is called once, when no gateway is there at first; it gives None where nothing can be answered."""

    transport: str
    resumes_from: int
    """The oldest protocol in which the conversation goes on after the gateway's death."""

    def __init__(self, stand_in: Callable[[], StandIn | None]) -> None:
        self._make_stand_in = stand_in
        self.note: str | None = None
        """What the next gateway is told of the conversation; None while there is nothing to go on from."""
        self.can_resume = False
        """With the gateway of the moment."""
        self.unread = b""
        """What was read from the host and not answered, as long as no gateway is there."""

    def hear(self) -> bytes:
        """What the host says next when no gateway could be had, beginning with what was read; empty at the end."""
        unread, self.unread = self.unread, b""
        return unread or read_some(0)

    @abstractmethod
    def attend(self, wait_s: float) -> bool:
        """Look after the host while no gateway is there at first. True once it has left."""

    @abstractmethod
    def has_left(self, wait_s: float) -> bool:
        """Wait, and say whether the host has gone meanwhile."""

    @abstractmethod
    def stand_down(self) -> None:
        """From here on only a gateway answers; what was not answered is for it."""

    @abstractmethod
    def stay(self, connection: socket.socket) -> bool:
        """Until host or gateway leaves. False when the gateway just vanished."""
