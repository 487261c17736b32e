"""The person in front of a client, who gives every question the same answer."""

from collections.abc import Callable

import anyio
import mcp_types as types
from mcp.client import ClientRequestContext

ALLOW = types.ElicitResult(action="accept", content={"allow": True})
DECLINE = types.ElicitResult(action="decline")


class Sitter:
    """An elicitation callback of the SDK's client: allows, until it is told otherwise."""

    def __init__(self) -> None:
        self.told(ALLOW)

    def told(
        self, reply: types.ElicitResult, *, meanwhile: Callable[[], object] | None = None, waits_for: str | None = None
    ) -> None:
        """Gives this reply from now on, and forgets what it was asked.

        Does ``meanwhile`` before it answers. A question that names ``waits_for`` is answered once ``goes_on`` is set.
        """
        self.forms: list[types.ElicitRequestFormParams] = []
        self.was_asked = anyio.Event()
        self.goes_on = anyio.Event()
        self._reply = reply
        self._meanwhile = meanwhile
        self._waits_for = waits_for

    async def __call__(self, context: ClientRequestContext, params: types.ElicitRequestParams) -> types.ElicitResult:
        """The answer."""
        assert isinstance(params, types.ElicitRequestFormParams)
        self.forms.append(params)
        self.was_asked.set()
        if self._meanwhile:
            self._meanwhile()
        if self._waits_for and self._waits_for in params.message:
            await self.goes_on.wait()
        return self._reply
