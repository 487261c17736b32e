"""A request to a server: who is told how it ended, and how it did. Values only."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from ostiary.gateway.host_end import HostEnd


class Answer(Struct, frozen=True):
    """How a request to a server ended: a raw result or a raw error object.

    ``ours`` is set where the server said neither: why it was ended here, in words that a model can use.
    """

    result: bytes | None
    error: bytes | None
    ours: str = ""


OnAnswer = Callable[[Answer], None]


class Open(Struct, frozen=True):
    """One that has no answer. ``host`` is whose call it is; None for what the gateway asks for itself."""

    on_answer: OnAnswer
    host: HostEnd | None = None
