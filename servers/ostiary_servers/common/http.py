"""Serving over Streamable HTTP, to programs of this machine that know the token.

Owns: the address, the socket, the check of the token, and an orderly end. The SDK's app does the rest: both eras,
sessions, the size of a request, and Host and Origin, so that no web page gets here by a name of its own that leads to
this machine (MCP 2026-07-28, transports: DNS rebinding).
"""

import errno
import ipaddress
import logging
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from ostiary_servers.common.token import TokenRefusedError, fresh_token, read_token

if TYPE_CHECKING:
    from mcp.server import Server
    from starlette.types import ASGIApp, Receive, Scope, Send

ENDPOINT = "/mcp"
REQUEST_LIMIT_BYTES = 4 * 1024 * 1024
"""The SDK's own limit, which answers with 413."""

END_BUDGET_S = 2
"""How long streams that are still open have to close, once the server was told to end."""

_DEFAULT_PORT = 80
_NO_FAULT = "ASGI callable returned without completing response."
"""What uvicorn says of a stream that ends because the server does."""


class CannotServeError(Exception):
    """The server cannot be reached in the way that was asked for; the text says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """A numeric loopback address; port 0 stands for any that is free."""

    host: str
    port: int

    @property
    def authorities(self) -> list[str]:
        """What a client may call it by, as a URL and a ``Host`` header write it; the first is the one to tell."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORT else f":{self.port}"
        return [f"{host}{port}", f"localhost{port}"]


def loopback_address(text: str) -> Address:
    """``127.0.0.1:PORT`` or ``[::1]:PORT`` as an Address. Raises ValueError, also for one that others could reach."""
    host, separator, port = text.rpartition(":")
    if not (separator and port.isascii() and port.isdigit() and int(port) <= 0xFFFF):
        raise ValueError(f"{text} is not HOST:PORT")
    numeric = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        loopback = ipaddress.ip_address(numeric).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError(f"{host} is not an address of this machine alone: use 127.0.0.1 or [::1]")
    return Address(numeric, int(port))


@contextmanager
def listening(address: Address, token_file: Path | None) -> "Iterator[Callable[[Server[Any]], Awaitable[None]]]":
    """Listens at once, tells on stderr where and with which token, and gives what serves there.

    Without ``token_file`` a token is made and kept in a file for as long. SIGINT and SIGTERM end it in order, with exit
    code 0; a second one once that has begun ends it at once. Raises CannotServeError.
    """
    with ExitStack() as stack:
        stack.enter_context(_leaving_in_order())
        bound = stack.enter_context(_bound(address))
        token = _token(token_file, stack)
        own = Address(address.host, bound.getsockname()[1])
        print(f"ostiary-serve: listening on http://{own.authorities[0]}{ENDPOINT}", file=sys.stderr, flush=True)
        yield partial(_serve, bound, own, token)


def _bound(address: Address) -> socket.socket:
    """Connections inherit TCP_NODELAY. asyncio sets it only where a socket names its protocol, which these do not
    (cpython, base_events._set_nodelay); measured: 40 ms more for every call of 2026-07-28 without it."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        bound = socket.create_server((address.host, address.port), family=family)
    except OSError as error:
        reason = "something else is listening there" if error.errno == errno.EADDRINUSE else error.strerror
        raise CannotServeError(f"cannot listen on {address.authorities[0]}: {reason}") from error
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def _token(file: Path | None, stack: ExitStack) -> str:
    try:
        if file is not None:
            return read_token(file)
    except TokenRefusedError as error:
        raise CannotServeError(str(error)) from error
    file, token = stack.enter_context(fresh_token())
    print(f"ostiary-serve: the bearer token is in {file}", file=sys.stderr)
    return token


@contextmanager
def _leaving_in_order() -> Iterator[None]:
    """Until uvicorn serves, a signal leaves at once; uvicorn then ends what it serves, and raises it again to leave."""
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_DFL)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


async def _serve(bound: socket.socket, address: Address, token: str, server: "Server[Any]") -> None:
    import uvicorn
    from mcp.server.transport_security import TransportSecuritySettings

    app = server.streamable_http_app(
        streamable_http_path=ENDPOINT,
        max_request_body_size=REQUEST_LIMIT_BYTES,
        transport_security=TransportSecuritySettings(
            allowed_hosts=address.authorities,
            allowed_origins=[f"http://{authority}" for authority in address.authorities],
        ),
    )
    config = uvicorn.Config(
        BearerGate(app, token),
        http="h11",
        ws="none",
        lifespan="on",
        workers=1,
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=END_BUDGET_S,
    )
    logging.getLogger("uvicorn.error").addFilter(lambda record: record.getMessage() != _NO_FAULT)
    await uvicorn.Server(config).serve([bound])


class BearerGate:
    """Lets through to an ASGI app only what carries the token; all else is answered with 401, whatever its path."""

    def __init__(self, app: "ASGIApp", token: str) -> None:
        self._app = app
        self._token = token.encode("ascii")

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "lifespan" or self._knows_token(scope["headers"]):
            await self._app(scope, receive, send)
            return
        from starlette.responses import PlainTextResponse

        refusal = PlainTextResponse("A valid bearer token is needed.", 401, {"WWW-Authenticate": "Bearer"})
        await refusal(scope, receive, send)

    def _knows_token(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        sent = [value for name, value in headers if name == b"authorization"]
        scheme, _, token = sent[0].partition(b" ") if len(sent) == 1 else (b"", b"", b"")
        return scheme.lower() == b"bearer" and secrets.compare_digest(token.strip(), self._token)
