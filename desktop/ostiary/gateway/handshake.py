"""Which protocol generation a server speaks, and the handshake in it (MCP 2026-07-28, stdio#backward-compatibility).

Order: what is known is tried first; otherwise ``server/discover``. A result is *modern*; error -32022 is modern
too; any other error is *legacy*: ``initialize`` on the same pipe. A server that says nothing may be slow to start
(``npx``, ``uvx``) or ignore the probe, so ``initialize`` follows after a while and whichever answers decides. A
process that ends at the probe is legacy and has to be started again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from msgspec import Raw, Struct

from ostiary.domain.errors import ServerError
from ostiary.domain.server import EraChoice
from ostiary.gateway import translate
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import UNREADABLE

_LOOK = "Look at its output for the reason, and at its command."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for, in seconds (our policy)."""

    probe_s: float = 5.0
    """How long a probe may stay alone. Old servers that ignore it should not be kept waiting longer."""
    handshake_s: float = 120.0
    """A first start of ``npx`` or ``uvx`` may download for a minute."""
    answer_s: float = 30.0
    """Lists, subscriptions and everything else that nobody sits and waits for."""


@dataclass(frozen=True, slots=True)
class OwnSide:
    """What a server is told of us. Legacy servers hear the capabilities here, modern ones with each request."""

    info: Mapping[str, str]
    legacy_capabilities: Mapping[str, Any]


class Answered(Protocol):
    """How a request ended."""

    @property
    def result(self) -> bytes | None: ...
    @property
    def error(self) -> bytes | None: ...


class Line(Protocol):
    """What a handshake needs of the conversation."""

    name: str

    @property
    def closed(self) -> bool: ...

    def send_raw(self, method: str, params: Mapping[str, Any], on_answer: Callable[[Any], None]) -> int: ...


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a server said of itself. ``capabilities`` are the names of what it offers."""

    modern: bool
    capabilities: frozenset[str]
    can_subscribe: bool
    instructions: str
    extensions: Mapping[str, Raw]


class _Capabilities(Struct, frozen=True):
    tools: dict[str, Any] | None = None
    prompts: dict[str, Any] | None = None
    resources: dict[str, Any] | None = None
    completions: dict[str, Any] | None = None
    logging: dict[str, Any] | None = None
    extensions: dict[str, Raw] | None = None


class _Hello(Struct, rename="camel"):
    capabilities: _Capabilities = _Capabilities()
    protocol_version: str = ""
    supported_versions: list[str] = []
    instructions: str | None = None


class _Error(Struct):
    code: int = 0
    message: str = ""


async def greet(
    line: Line, era: EraChoice, known_modern: bool | None, own: OwnSide, patience: Patience
) -> Greeting | None:
    """Shake hands. None when the process ended at the probe. Raises ``ServerError`` when no generation fits."""
    try:
        async with asyncio.timeout(patience.handshake_s):
            if era is EraChoice.LEGACY or (era is EraChoice.AUTO and known_modern is False):
                return await _legacy_first(line, own, patience)
            return await _probe(line, own, patience, only_modern=era is EraChoice.MODERN)
    except TimeoutError as error:
        raise ServerError(
            f"{line.name} did not answer within {patience.handshake_s:.0f} s",
            "Look at its output; it may wait for something, or not be an MCP server.",
        ) from error


async def _probe(line: Line, own: OwnSide, patience: Patience, *, only_modern: bool) -> Greeting | None:
    probe = _Question(line, methods.DISCOVER, {"_meta": translate.modern_meta(own.info)})
    if not await probe.done_within(None if only_modern else patience.probe_s):
        return await _both(line, probe, own, patience)
    if line.closed and only_modern:
        raise _ended(line)
    if line.closed:
        return None
    found = _modern_greeting(probe.answer)
    if found is not None:
        return found
    if only_modern or _error_code(probe.answer) == methods.UNSUPPORTED_VERSION:
        raise ServerError(
            f"{line.name} speaks no version that Ostiary knows", f"Ostiary speaks {methods.MODERN}. Update the server."
        )
    return _legacy_greeting(line, await _initialize(line, own).wait())


async def _both(line: Line, probe: _Question, own: OwnSide, patience: Patience) -> Greeting | None:
    """The probe is not answered yet: ask in the old way too, and let whichever is answered well decide.

    Some servers of both generations take both; they are in the one they were last asked for.
    """
    hello = _initialize(line, own)
    await asyncio.wait({probe.future, hello.future}, return_when=asyncio.FIRST_COMPLETED)
    if hello.future.done() and hello.answer.error is not None:
        is_modern = _error_code(hello.answer) == methods.UNSUPPORTED_VERSION
        await probe.done_within(None if is_modern else patience.probe_s)
    found = _modern_greeting(probe.answer) if probe.future.done() else None
    if found is not None and not (await hello.done_within(patience.probe_s) and hello.answer.error is None):
        return found
    answer = await hello.wait()
    return None if line.closed else _legacy_greeting(line, answer)


async def _legacy_first(line: Line, own: OwnSide, patience: Patience) -> Greeting | None:
    answer = await _initialize(line, own).wait()
    if _error_code(answer) == methods.UNSUPPORTED_VERSION:
        return await _probe(line, own, patience, only_modern=True)
    return _legacy_greeting(line, answer)


def _initialize(line: Line, own: OwnSide) -> _Question:
    params = {"protocolVersion": methods.LEGACY[0], "capabilities": own.legacy_capabilities, "clientInfo": own.info}
    return _Question(line, methods.INITIALIZE, params)


class _Question:
    """A request whose answer is awaited more than once."""

    def __init__(self, line: Line, method: str, params: Mapping[str, Any]) -> None:
        self.future: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        line.send_raw(method, params, self._answered)

    def _answered(self, answer: Answered) -> None:
        if not self.future.done():
            self.future.set_result(answer)

    @property
    def answer(self) -> Answered:
        return self.future.result()

    async def wait(self) -> Answered:
        return await asyncio.shield(self.future)

    async def done_within(self, seconds: float | None) -> bool:
        done, _waiting = await asyncio.wait({self.future}, timeout=seconds)
        return bool(done)


def _modern_greeting(answer: Answered) -> Greeting | None:
    hello = _hello(answer)
    if hello is None or methods.MODERN not in hello.supported_versions:
        return None
    return _greeting(hello, modern=True)


def _ended(line: Line) -> ServerError:
    return ServerError(f"{line.name} ended during the handshake", _LOOK)


def _legacy_greeting(line: Line, answer: Answered) -> Greeting:
    if line.closed:
        raise _ended(line)
    if answer.error is not None:
        failure = _error(answer.error)
        said = f"Its answer was: {failure.message} ({failure.code}). {_LOOK}"
        raise ServerError(f"{line.name} refused the handshake", said)
    hello = _hello(answer)
    if hello is None or hello.protocol_version not in methods.LEGACY:
        said = "something unreadable" if hello is None else (hello.protocol_version or "no version")
        raise ServerError(f"{line.name} speaks no version that Ostiary knows", f"It answered with {said}. Update it.")
    return _greeting(hello, modern=False)


def _greeting(hello: _Hello, *, modern: bool) -> Greeting:
    offered = hello.capabilities
    names = ("tools", "prompts", "resources", "completions", "logging")
    subscribe = (offered.resources or {}).get("subscribe") is True
    capabilities = frozenset(name for name in names if getattr(offered, name) is not None)
    return Greeting(modern, capabilities, subscribe, hello.instructions or "", offered.extensions or {})


def _hello(answer: Answered) -> _Hello | None:
    try:
        return None if answer.result is None else msgspec.json.decode(answer.result, type=_Hello)
    except UNREADABLE:
        return None


def _error_code(answer: Answered) -> int:
    return 0 if answer.error is None else _error(answer.error).code


def _error(raw: bytes) -> _Error:
    try:
        return msgspec.json.decode(raw, type=_Error)
    except UNREADABLE:
        return _Error(message="an error that cannot be read")
