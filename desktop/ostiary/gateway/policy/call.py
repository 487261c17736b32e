"""One call as the rules see it. Pure; what is made of it is decided in ``rules``."""

from __future__ import annotations

import hashlib

from msgspec import Struct

from ostiary.domain.server import ServerOrigin, ToolHints, ToolState
from ostiary.gateway.policy.pins import PinState

TOOLS_CALL = "tools/call"
_NO_HINTS = ToolHints()


class Call(Struct, frozen=True, kw_only=True):
    """All that a decision depends on.

    ``session`` is the host's connection, ``host_identity`` the path of the program behind it. ``server_identity`` is
    a hash of the server's command, ``definition`` of the tool's definition. ``arguments`` is the JSON of the request's
    parameters as they will be sent, in pieces, because long ones are not copied to be joined. ``tool`` is the server's
    own name for it; for other methods than ``tools/call`` it is empty and ``arguments`` covers the URI or the prompt.
    """

    host: str
    host_verified: bool
    session: int
    host_identity: str = ""
    server: str
    server_identity: str
    origin: ServerOrigin
    trusted: bool = False
    method: str = TOOLS_CALL
    tool: str = ""
    hints: ToolHints = _NO_HINTS
    tool_state: ToolState = ToolState.ENABLED
    pin: PinState = PinState.SAME
    definition: str = ""
    arguments: tuple[bytes, ...] = ()
    sensitive: bool = False
    """True when one of the paths it names is likely to hold secrets (``sensitive.is_sensitive``)."""
    paths: tuple[str, ...] | None = None
    """Where each path among its arguments really leads; None where that is not known of every one."""

    @property
    def session_bound(self) -> int | None:
        """The connection that an answer about it is bound to: any program can claim the name of a host."""
        return None if self.host_verified else self.session

    @property
    def arguments_hash(self) -> str:
        """The same for the same arguments. Costly where they are long."""
        digest = hashlib.sha256()
        for piece in self.arguments:
            digest.update(piece)
        return digest.hexdigest()

    @property
    def is_write(self) -> bool:
        """A tool is a write unless it says otherwise and its server is believed (MCP: hints are untrusted)."""
        believed = self.trusted or self.origin is ServerOrigin.BUNDLED
        return self.method == TOOLS_CALL and not (believed and self.hints.read_only)

    @property
    def definition_changed(self) -> bool:
        """True while the person has not seen this definition of the tool."""
        return self.pin in (PinState.BEHAVIOURAL, PinState.NEW)

    @property
    def key(self) -> str:
        """The same for identical calls of one caller, and for nothing else. Costly where the arguments are long."""
        parts = (
            self.host,
            str(self.session_bound),
            self.server,
            self.server_identity,
            self.method,
            self.tool,
            self.definition,
            self.arguments_hash,
        )
        return hashlib.sha256(ascii(parts).encode()).hexdigest()
