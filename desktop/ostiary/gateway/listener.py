"""The gateway's door: binds the endpoint, lets in who is this user, reads the hello, and passes the arrival on.

One listener for each endpoint, kept by a file lock. What arrives is described in ``arrival``; what becomes of it
is decided by the two functions that the listener is given.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import stat
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ostiary.domain.errors import OstiaryError
from ostiary.gateway.arrival import ControlArrival, HostArrival, open_channel, receive_descriptors
from ostiary.gateway.greeting import Hello, Kind, Transport, agree, decode_hello, refusal, welcome
from ostiary.gateway.resume.journal import Journals
from ostiary.gateway.resume.opening import open_host, open_pumped
from ostiary_connect import challenge
from ostiary_connect.endpoint import ConnectError, Endpoint, prepare_folder, uses_tcp
from ostiary_connect.greeting import LINE_LIMIT_BYTES, PUMP_RESUMING_PROTOCOL, GreetingError
from ostiary_connect.peer import is_own, peer_of
from ostiary_connect.private_file import try_lock

HELLO_TIMEOUT_S = 5.0
"""From the connection to the end of the greeting. Our policy: a shim needs a few milliseconds."""

GREETING_LIMIT = 32
"""Greetings under way at once; further callers wait in the system's queue."""

RETURN_DEADLINE_S = 60.0
"""After it nobody comes back for what an earlier gateway left. Shims look for a new one for 10 s; our policy."""

QUEUE_LENGTH = 128
RETRY_S = 0.1

log = logging.getLogger(__name__)


class AlreadyRunningError(OstiaryError):
    """Another gateway of this user holds the endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__("Ostiary is already running", f"It holds {endpoint.lock_path}.")


class EndpointError(OstiaryError):
    """The endpoint cannot be taken: something that is not ours is in its place."""


class Listener:
    """Arrivals at one endpoint. All calls, and both callbacks, belong to the loop's thread."""

    def __init__(
        self,
        endpoint: Endpoint,
        version: str,
        on_host: Callable[[HostArrival], None],
        on_control: Callable[[ControlArrival], None],
        *,
        hello_timeout_s: float = HELLO_TIMEOUT_S,
    ) -> None:
        self._endpoint = endpoint
        self._version = version
        self._on_host = on_host
        self._on_control = on_control
        self._hello_timeout_s = hello_timeout_s
        self._journals = Journals(endpoint)
        self._free = asyncio.Semaphore(GREETING_LIMIT)
        self._lock: int | None = None
        self._door: socket.socket | None = None
        self._key: bytes | None = None
        self._accepting: asyncio.Task[None] | None = None
        self._sweeping: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Bind and begin to accept. AlreadyRunningError, or EndpointError when the place is not ours."""
        try:
            prepare_folder(self._endpoint)
            self._lock = try_lock(self._endpoint.lock_path)
        except ConnectError as error:
            raise EndpointError(error.title, error.detail) from error
        except OSError as error:
            raise EndpointError(f"The folder {self._endpoint.folder} cannot be used", str(error)) from error
        if self._lock is None:
            raise AlreadyRunningError(self._endpoint)
        try:
            self._door = self._bound_to_loopback() if uses_tcp() else _bound_to_path(self._endpoint.socket_path)
        except BaseException:
            self._unlock()
            raise
        self._accepting = asyncio.create_task(self._accept(self._door), name="listener")
        self._sweeping = asyncio.get_running_loop().call_later(RETURN_DEADLINE_S, self._journals.sweep)

    async def stop(self) -> None:
        """Stop accepting, drop who has not finished the greeting, and free the endpoint. Arrivals live on."""
        if self._accepting is None or self._door is None:
            return
        self._accepting.cancel()
        if self._sweeping is not None:
            self._sweeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._accepting
        self._accepting = None
        self._door.close()
        self._vacate()

    def _vacate(self) -> None:
        for path in (self._endpoint.socket_path, self._endpoint.key_path):
            Path(path).unlink(missing_ok=True)
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _bound_to_loopback(self) -> socket.socket:
        door = socket.create_server(("127.0.0.1", 0), backlog=QUEUE_LENGTH)
        door.setblocking(False)
        try:
            self._key = challenge.write_key(self._endpoint.key_path, door.getsockname()[1])
        except OSError as error:
            door.close()
            raise EndpointError(f"The key cannot be written to {self._endpoint.key_path}", str(error)) from error
        return door

    async def _accept(self, door: socket.socket) -> None:
        async with asyncio.TaskGroup() as greetings:
            while True:
                await self._free.acquire()
                connection = await self._next(door)
                greeting = greetings.create_task(self._greet(connection))
                greeting.add_done_callback(partial(self._finish, connection))

    def _finish(self, connection: socket.socket, greeting: asyncio.Task[bool]) -> None:
        """Also for a greeting that was cancelled before its first step."""
        self._free.release()
        if greeting.cancelled() or not greeting.result():
            connection.close()

    async def _next(self, door: socket.socket) -> socket.socket:
        while True:
            try:
                connection = await _accepted(door)
            except OSError as error:  # out of descriptors, or the caller has left already
                log.warning("a connection could not be accepted: %s", error)
                await asyncio.sleep(RETRY_S)
            else:
                return connection

    async def _greet(self, connection: socket.socket) -> bool:
        """Whether the connection was passed on; otherwise it is to be closed."""
        try:
            async with asyncio.timeout(self._hello_timeout_s):
                peer_pid = await self._check_peer(connection)
                hello = decode_hello(await _read_line(connection))
                protocol = await self._answer(connection, hello)
                await self._pass_on(connection, hello, peer_pid, protocol)
        except (OSError, GreetingError) as error:  # TimeoutError is an OSError
            log.warning("a connection was dropped: %s", str(error) or "it said no hello in time")
            return False
        except Exception:  # a border: one caller must not close the door for all
            log.exception("a connection was dropped")
            return False
        return True

    async def _check_peer(self, connection: socket.socket) -> int | None:
        """The caller's process id, once it is sure to be this user's. PermissionError when it is not."""
        if connection.family == socket.AF_INET:
            # An answer behind a word would wait for the word to be acknowledged (measured: 42 ms).
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._check_key(connection)
            return None
        peer = peer_of(connection)
        if not is_own(peer.user_id):
            raise PermissionError(f"user {peer.user_id} is not the one this gateway runs as")
        return peer.process_id

    async def _check_key(self, connection: socket.socket) -> None:
        assert self._key is not None
        loop, port = asyncio.get_running_loop(), connection.getsockname()[1]
        ours = os.urandom(challenge.NONCE_BYTES)
        await loop.sock_sendall(connection, ours)
        said = await _read_exactly(connection, challenge.NONCE_BYTES + challenge.PROOF_BYTES)
        theirs, shown = said[: challenge.NONCE_BYTES], said[challenge.NONCE_BYTES :]
        challenge.check(shown, self._key, "shim", port, ours, theirs)
        await loop.sock_sendall(connection, challenge.proof(self._key, "gateway", port, ours, theirs))

    async def _answer(self, connection: socket.socket, hello: Hello) -> int:
        """Welcome the caller and give the agreed protocol, or tell it why not and raise GreetingError."""
        loop, protocol = asyncio.get_running_loop(), agree(hello.protocols)
        if protocol is not None:
            await loop.sock_sendall(connection, welcome(protocol, self._version))
            return protocol
        oldest, newest = hello.protocols
        reason = f"ostiary-connect speaks protocols {oldest} to {newest}, which Ostiary {self._version} does not."
        title = "This ostiary-connect and this Ostiary do not fit together"
        await loop.sock_sendall(connection, refusal(title, f"{reason} Update the older one.", self._version))
        raise GreetingError(reason)

    async def _pass_on(self, connection: socket.socket, hello: Hello, peer_pid: int | None, protocol: int) -> None:
        """Make the arrival and give it away, from the loop: an error of the receiver is not the listener's."""
        loop = asyncio.get_running_loop()
        if hello.kind is Kind.CONTROL:
            loop.call_soon(self._on_control, ControlArrival(hello, peer_pid, await open_channel(connection)))
        elif hello.transport is Transport.PUMP and protocol < PUMP_RESUMING_PROTOCOL:
            loop.call_soon(self._on_host, HostArrival(hello, peer_pid, await open_channel(connection), None))
        elif hello.transport is Transport.PUMP:
            lines, by_shim = await open_pumped(hello, connection)
            loop.call_soon(self._on_host, HostArrival(hello, peer_pid, lines, None, by_shim))
        else:
            descriptors = await receive_descriptors(connection)
            channel, journal = open_host(self._journals, hello, protocol, connection, descriptors)
            loop.call_soon(self._on_host, HostArrival(hello, peer_pid, channel, connection, journal))


async def _accepted(door: socket.socket) -> socket.socket:
    """The next connection. Where this is cancelled there is none: accepting itself waits for nothing.

    ``sock_accept`` may lose one that comes in the very turn of the loop in which it is cancelled; Windows has no other.
    """
    if sys.platform == "win32":
        return (await asyncio.get_running_loop().sock_accept(door))[0]
    while True:
        with contextlib.suppress(BlockingIOError, InterruptedError):
            connection, _ = door.accept()
            connection.setblocking(False)
            return connection
        await _readable(door)


async def _readable(door: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[None] = loop.create_future()
    loop.add_reader(door, lambda: None if arrived.done() else arrived.set_result(None))
    try:
        await arrived
    finally:
        loop.remove_reader(door)


def _bound_to_path(path: str) -> socket.socket:
    """Listen at a socket file; a stale one of ours is replaced, which is safe under the lock."""
    if sys.platform == "win32":
        raise EndpointError("Windows has no socket files", "The loopback transport is used there.")
    with contextlib.suppress(FileNotFoundError):
        status = Path(path).lstat()
        if not stat.S_ISSOCK(status.st_mode) or status.st_uid != os.geteuid():
            raise EndpointError(f"Something that is not ours is at {path}", "Remove it and start Ostiary again.")
        Path(path).unlink()
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.setblocking(False)
    try:
        door.bind(path)
        Path(path).chmod(0o600)
        door.listen(QUEUE_LENGTH)
    except OSError as error:
        door.close()
        raise EndpointError(f"No socket can be made at {path}", str(error)) from error
    return door


async def _read_line(connection: socket.socket) -> bytes:
    """What the caller says first, up to the end of a line. GreetingError without one."""
    line = b""
    while not line.endswith(b"\n"):
        chunk = await asyncio.get_running_loop().sock_recv(connection, LINE_LIMIT_BYTES)
        line += chunk
        if not chunk or len(line) > LINE_LIMIT_BYTES:
            raise GreetingError(f"the caller did not end its first line within {LINE_LIMIT_BYTES} bytes")
    return line


async def _read_exactly(connection: socket.socket, size_bytes: int) -> bytes:
    read = b""
    while len(read) < size_bytes:
        chunk = await asyncio.get_running_loop().sock_recv(connection, size_bytes - len(read))
        if not chunk:
            raise ConnectionError("the caller left during the greeting")
        read += chunk
    return read
