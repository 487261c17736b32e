"""What a session needs of the gateway around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from ostiary.gateway.asking import Asked, Ended

SessionT = TypeVar("SessionT", contravariant=True)


class Surroundings(Protocol[SessionT]):
    """Whoever houses sessions. All calls belong to the loop's thread."""

    @property
    def version(self) -> str: ...

    async def page(self, session: SessionT, method: str, *, modern: bool) -> bytes:
        """The result of a list method."""

    def instructions(self, session: SessionT) -> str:
        """What the servers say of their use."""

    def extensions(self, session: SessionT) -> Mapping[str, Any]:
        """The extensions that the session's server offers and that pass, with their settings."""

    def pass_on(self, session: SessionT, asked: Asked, end: Callable[[Ended], None]) -> Callable[[str], None]:
        """Put a call through the gate. ``end`` is called once unless the returned cancel was called first."""

    async def complete(self, session: SessionT, asked: Asked) -> Ended:
        """Answer ``completion/complete``."""

    async def subscribe(self, session: SessionT, uri: str) -> bool:
        """Watch a resource for this session. False when nobody can."""

    async def unsubscribe(self, session: SessionT, uri: str) -> None:
        """Stop watching it."""

    def burst(self, begins: bool) -> None:
        """Several messages of a host that came together are about to be handed on, or were."""

    def reads_again(self, session: SessionT) -> None:
        """The host took all that waited for it."""

    def opened(self, session: SessionT) -> None:
        """The connection became a session: the host said something other than ``server/discover``."""

    def closed(self, session: SessionT) -> None:
        """It is over; everything held for it can go."""

    def roots_changed(self, session: SessionT) -> None:
        """The host's own roots are different."""

    def changed(self, session: SessionT) -> None:
        """What is known of the host changed."""
