"""A host's request as it goes on: decoded once, with the generation it was spoken in. Pure."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from ostiary.domain.errors import OstiaryError
from ostiary.gateway import log_levels
from ostiary.gateway.wire import methods, strict
from ostiary.gateway.wire.envelope import INTERNAL_ERROR, INVALID_PARAMS, UNREADABLE, read_key
from ostiary.gateway.wire.messages import Request

_LOG = logging.getLogger(__name__)

SHOWN_CHARACTERS = 100
"""How much of a host's own text an error repeats: enough to find it, too little to make a long line of it."""

T = TypeVar("T")

OnProgress = Callable[[dict[str, Raw]], None]


class Asked(Struct, frozen=True):
    """A request that goes through the gate or on to a server. ``params`` is decoded, with no key twice.

    ``version`` is the host's protocol version, ``capabilities`` what servers may be told that it can do, ``log_level``
    the least severe log message it wants while the call runs, ``through`` the tool of ours that a call came through.
    ``arguments`` is what the host gave as such, and its JSON.
    """

    method: str
    params: dict[str, Any]
    modern: bool
    client_info: object
    size_bytes: int
    progress: OnProgress | None
    version: str = methods.MODERN
    capabilities: dict[str, Any] = {}
    log_level: str | None = None
    through: str = ""
    arguments: tuple[object, bytes] | None = None

    @property
    def encoded(self) -> dict[str, Any]:
        """``params`` with their arguments as JSON. What came as JSON is not encoded again while it is the very same."""
        if "arguments" not in self.params:
            return self.params
        meant = self.params["arguments"]
        if self.arguments is not None and self.arguments[0] is meant:
            return self.params | {"arguments": Raw(self.arguments[1])}
        return self.params | {"arguments": Raw(strict.encode(meant))}


class Ended(Struct, frozen=True):
    """How it ended: a raw result or a raw error, in the generation that ``modern`` says."""

    result: bytes | None
    error: bytes | None
    modern: bool = False


class RefusedRequestError(Exception):
    """A request that is answered with an error of ours."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


def refusal_for(error: Exception) -> RefusedRequestError:
    """The answer to a request that ended in an error. A fault of ours must not leave a host waiting."""
    match error:
        case RefusedRequestError():
            return error
        case OstiaryError():
            return RefusedRequestError(INTERNAL_ERROR, str(error))
        case TimeoutError():
            return RefusedRequestError(INTERNAL_ERROR, "The server did not answer in time")
        case _:
            _LOG.error("A request failed", exc_info=error)
            return RefusedRequestError(INTERNAL_ERROR, "Ostiary met an error of its own")


class Meta(Struct):
    """The part of ``params._meta`` that decides how a request is read (MCP 2026-07-28, basic#meta)."""

    version: str | UnsetType = msgspec.field(default=UNSET, name=methods.PROTOCOL_VERSION_KEY)
    capabilities: Raw | UnsetType = msgspec.field(default=UNSET, name=methods.CLIENT_CAPABILITIES_KEY)
    client_info: Raw | UnsetType = msgspec.field(default=UNSET, name=methods.CLIENT_INFO_KEY)
    log_level: str | UnsetType = msgspec.field(default=UNSET, name=methods.LOG_LEVEL_KEY)
    progress_token: Raw | UnsetType = msgspec.field(default=UNSET, name="progressToken")

    @property
    def token(self) -> bytes | None:
        """The progress token as JSON; None where there is none that is a string or an integer."""
        raw = b"" if self.progress_token is UNSET else bytes(self.progress_token)
        return None if read_key(raw) is None else raw

    @property
    def level(self) -> str | None:
        """The log level that the request asks for. Raises ``RefusedRequestError`` for one that does not exist."""
        return None if self.log_level is UNSET else _known_level(self.log_level)


class _Params(Struct):
    meta: Meta = msgspec.field(default_factory=Meta, name="_meta")


class Given(Struct, frozen=True):
    """What a request came with: what decides how it is read, and all of it where it goes on.

    ``params`` are decoded, with no key twice; ``members`` are the same, each as JSON.
    """

    meta: Meta
    params: dict[str, Any] = {}
    members: dict[str, bytes] = {}


class _Filter(Struct, rename="camel"):
    tools_list_changed: bool = False
    resources_list_changed: bool = False
    prompts_list_changed: bool = False
    resource_subscriptions: list[str] = []


class _Listen(Struct):
    notifications: _Filter


class _Uri(Struct):
    uri: str


class _Level(Struct):
    level: str


_GOING_ON = frozenset((methods.CALL_TOOL, methods.READ_RESOURCE, methods.GET_PROMPT, methods.COMPLETE))

_params_decoder = msgspec.json.Decoder(_Params)
_meta_decoder = msgspec.json.Decoder(Meta)


def read_given(request: Request) -> Given:
    """Raises ``RefusedRequestError`` when ``_meta`` is there and does not have the shape.

    Of a request that goes on all is decoded, once; it is refused as well when its parameters could mean two things, or
    when its arguments are no object: a server may take a list or a text, of which no prompt and no rule would tell.
    """
    try:
        if request.method not in _GOING_ON:
            return Given(Meta() if request.params is None else _params_decoder.decode(request.params).meta)
        params, members = strict.decode_members(request.params)
        arguments = params.get("arguments")
        if arguments is not None and not isinstance(arguments, dict):  # some hosts write ``null`` for none
            raise RefusedRequestError(INVALID_PARAMS, "params.arguments is not an object")
        params.pop("task", None)  # who offers no tasks passes over it (MCP 2025-11-25, tasks)
        meta = members.get("_meta")
        return Given(Meta() if meta is None else _meta_decoder.decode(meta), params, members)
    except strict.AmbiguousError as error:
        raise RefusedRequestError(INVALID_PARAMS, str(error)) from error
    except UNREADABLE as error:
        raise RefusedRequestError(INVALID_PARAMS, f"params._meta cannot be read: {error}") from error


def is_modern(request: Request, meta: Meta) -> bool:
    """The generation of one request. Raises ``RefusedRequestError`` where it fits none."""
    if meta.version is UNSET:
        if request.method == methods.DISCOVER:
            raise RefusedRequestError(INVALID_PARAMS, f"params._meta has no {methods.PROTOCOL_VERSION_KEY}")
        return False
    if meta.version != methods.MODERN:
        data = {"supported": [methods.MODERN], "requested": meta.version[:SHOWN_CHARACTERS]}
        raise RefusedRequestError(methods.UNSUPPORTED_VERSION, "Unsupported protocol version", data)
    if meta.capabilities is UNSET or bytes(meta.capabilities)[:1] != b"{":
        raise RefusedRequestError(INVALID_PARAMS, f"params._meta has no {methods.CLIENT_CAPABILITIES_KEY}")
    return True


def read_uri(request: Request) -> str:
    """The ``uri`` of a subscription, byte for byte. Raises ``RefusedRequestError``."""
    return _read(request, _Uri).uri


def read_filter(request: Request) -> tuple[frozenset[str], tuple[str, ...]]:
    """What a listen asks for: the list changes by their wire names, and URIs. Raises ``RefusedRequestError``."""
    wanted = _read(request, _Listen).notifications
    flags = {
        "toolsListChanged": wanted.tools_list_changed,
        "resourcesListChanged": wanted.resources_list_changed,
        "promptsListChanged": wanted.prompts_list_changed,
    }
    uris = tuple(dict.fromkeys(wanted.resource_subscriptions))
    return frozenset(name for name, asked in flags.items() if asked), uris


def read_level(request: Request) -> str:
    """What ``logging/setLevel`` sets. Raises ``RefusedRequestError``."""
    return _known_level(_read(request, _Level).level)


def _known_level(level: str) -> str:
    if not log_levels.is_level(level):
        raise RefusedRequestError(INVALID_PARAMS, f"There is no log level {level[:SHOWN_CHARACTERS]}")
    return level


def _read(request: Request, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(request.params or b"{}", type=kind)
    except UNREADABLE as error:
        raise RefusedRequestError(INVALID_PARAMS, f"{request.method} cannot be read: {error}") from error
