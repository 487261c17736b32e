"""Who is at the other end of a local socket, as the kernel says it."""

import os
import socket
import sys

SOL_LOCAL, LOCAL_PEERCRED, LOCAL_PEERPID, XUCRED_BYTES = 0, 1, 2, 76  # macOS <sys/un.h>, <sys/ucred.h>


class Peer:
    """A process, by its id and its user's id."""

    __slots__ = ("process_id", "user_id")

    def __init__(self, process_id: int, user_id: int) -> None:
        self.process_id, self.user_id = process_id, user_id


def peer_of(connection: socket.socket) -> Peer:
    """The process that connected, or that began to listen."""
    if sys.platform == "linux":
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return Peer(_number(credentials[:4]), _number(credentials[4:8]))
    else:  # noqa: RET505 - the type checker follows platforms through if and else only
        credentials = connection.getsockopt(SOL_LOCAL, LOCAL_PEERCRED, XUCRED_BYTES)
        return Peer(connection.getsockopt(SOL_LOCAL, LOCAL_PEERPID), _number(credentials[4:8]))


def is_own(user_id: int) -> bool:
    """Whether this process runs as that user."""
    return sys.platform != "win32" and user_id == os.geteuid()


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, sys.byteorder)
