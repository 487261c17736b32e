"""What a session needs of the gateway around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ostiary.gateway.asking import Asked, Ended

if TYPE_CHECKING:
    from ostiary.gateway.session import Session


class Surroundings(Protocol):
    """Whoever houses sessions. All calls belong to the loop's thread."""

    @property
    def version(self) -> str: ...

    async def page(self, session: Session, method: str, *, modern: bool) -> bytes:
        """The result of a list method."""

    def instructions(self, session: Session) -> str:
        """What the servers say of their use."""

    def pass_on(self, session: Session, asked: Asked, end: Callable[[Ended], None]) -> Callable[[str], None]:
        """Put a call through the gate. ``end`` is called once unless the returned cancel was called first."""

    async def complete(self, session: Session, asked: Asked) -> Ended:
        """Answer ``completion/complete``."""

    async def subscribe(self, session: Session, uri: str) -> bool:
        """Watch a resource for this session. False when nobody can."""

    async def unsubscribe(self, session: Session, uri: str) -> None:
        """Stop watching it."""

    def opened(self, session: Session) -> None:
        """The connection became a session: the host said something other than ``server/discover``."""

    def closed(self, session: Session) -> None:
        """It is over; everything held for it can go."""

    def changed(self, session: Session) -> None:
        """What is known of the host changed."""
