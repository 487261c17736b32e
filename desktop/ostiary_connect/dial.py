"""A connection to a running gateway, both users checked, and the greeting on it. Blocking, with deadlines.

For the shim, the commands and the tray.
"""

# pathlib costs too much here: see the package's docstring
# ruff: noqa: PTH108

import os
import socket
import sys

from ostiary_connect.endpoint import ConnectError, Endpoint, check_folder, uses_tcp
from ostiary_connect.greeting import LINE_LIMIT_BYTES, GreetingError, RefusedError, decode_welcome
from ostiary_connect.peer import is_own, peer_of

GREETING_TIMEOUT_S = 5.0


class NotRunningError(ConnectError):
    """Nobody listens at the endpoint."""

    def __init__(self) -> None:
        super().__init__("Ostiary is not running", "Start it from the menu of applications or with `ostiary`.")


def dial(endpoint: Endpoint) -> socket.socket:
    """A connection to the gateway, which has proved to be this user's; the greeting comes next.

    NotRunningError when nobody listens, ConnectError when who listens cannot be trusted.
    """
    check_folder(endpoint)
    return _dial_loopback(endpoint) if uses_tcp() else _dial_local(endpoint)


def greet(connection: socket.socket, hello: bytes) -> int:
    """Say hello and give the agreed protocol. The socket blocks from here on.

    ConnectError when the gateway refuses or does not answer; the connection is closed then.
    """
    try:
        connection.sendall(hello)
        protocol = decode_welcome(_read_line(connection))
    except RefusedError as refusal:
        connection.close()
        raise ConnectError(refusal.title, refusal.detail) from refusal
    except (OSError, GreetingError) as error:
        connection.close()
        raise ConnectError("Ostiary did not answer as expected", str(error)) from error
    connection.settimeout(None)
    return protocol


def _dial_local(endpoint: Endpoint) -> socket.socket:
    if sys.platform == "win32":
        raise NotRunningError  # it has no socket files: ``uses_tcp`` says so
    connection = _connected(socket.AF_UNIX, endpoint.socket_path)
    if not is_own(peer_of(connection).user_id):
        connection.close()
        raise ConnectError(f"Another user listens at {endpoint.socket_path}", "Remove that socket and try again.")
    return connection


def _dial_loopback(endpoint: Endpoint) -> socket.socket:
    from ostiary_connect import challenge

    try:
        port, key = challenge.read_key(endpoint.key_path)
    except (OSError, ValueError) as error:
        raise NotRunningError from error
    connection = _connected(socket.AF_INET, ("127.0.0.1", port))
    # The end of a long line would wait for what came before to be acknowledged (measured: 44 ms).
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        theirs, ours = _read_exactly(connection, challenge.NONCE_BYTES), os.urandom(challenge.NONCE_BYTES)
        connection.sendall(ours + challenge.proof(key, "shim", port, theirs, ours))
        challenge.check(_read_exactly(connection, challenge.PROOF_BYTES), key, "gateway", port, theirs, ours)
    except OSError as error:
        connection.close()
        if _was_left_behind(endpoint):
            raise NotRunningError from error
        raise ConnectError(f"What listens at port {port} is not this user's Ostiary", str(error)) from error
    return connection


def _was_left_behind(endpoint: Endpoint) -> bool:
    """Whether the key is that of a gateway that was killed, whose port another program has got since.

    It is removed then, so that nobody waits for that program again; under the gateway's lock, so that it is no new one.
    """
    from ostiary_connect.private_file import try_lock

    try:
        lock = try_lock(endpoint.lock_path)
        if lock is None:
            return False
        try:
            os.unlink(endpoint.key_path)
        finally:
            os.close(lock)
    except OSError:
        return False
    return True


def _connected(family: int, address: str | tuple[str, int]) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.settimeout(GREETING_TIMEOUT_S)
    try:
        connection.connect(address)
    except OSError as error:
        connection.close()
        raise NotRunningError from error
    return connection


def _read_line(connection: socket.socket) -> bytes:
    """Byte for byte: what comes after the line belongs to whoever uses the connection next."""
    line = b""
    while not line.endswith(b"\n") and len(line) < LINE_LIMIT_BYTES:
        line += _read_exactly(connection, 1)
    return line


def _read_exactly(connection: socket.socket, size_bytes: int) -> bytes:
    read = b""
    while len(read) < size_bytes:
        chunk = connection.recv(size_bytes - len(read))
        if not chunk:
            raise ConnectionError("It closed the connection")
        read += chunk
    return read
