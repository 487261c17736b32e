"""What one host said of itself so far: generation, version, capabilities, name, log level. No input or output."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from msgspec import Raw

from ostiary.gateway import introduction
from ostiary.gateway.asking import Asked, Given, OnProgress
from ostiary.gateway.capabilities import Capabilities, relayable
from ostiary.gateway.downgrade import result_for_version
from ostiary.gateway.interests import Interests
from ostiary.gateway.log_levels import DEFAULT, is_wanted
from ostiary.gateway.resume.conversation import Conversation
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.messages import Request


@dataclass(slots=True)
class Acquaintance:
    """A legacy host says all of it once, a 2026-07-28 host with each request."""

    legacy_version: str | None = None
    initialized: bool = False
    modern_seen: bool = False
    capabilities: dict[str, Any] = field(default_factory=dict)
    relayed: Capabilities = field(default_factory=dict)
    """Of the capabilities, for a modern host its newest call's, those that servers may hear of."""
    client_info: dict[str, Any] | None = None
    log_level: str | None = None
    """What a legacy host set."""
    _declared: Any = None
    """What ``relayed`` was made of."""

    @property
    def era(self) -> str:
        """What was spoken so far: "legacy", "modern", "both", or nothing yet."""
        if self.legacy_version is not None:
            return "both" if self.modern_seen else "legacy"
        return "modern" if self.modern_seen else ""

    @property
    def revision(self) -> str:
        """The newest revision of the protocol that was spoken; empty before the first word."""
        return methods.MODERN if self.modern_seen else self.legacy_version or ""

    @property
    def declared(self) -> tuple[str, ...]:
        """The names of the capabilities that were declared last."""
        declared = self._declared if isinstance(self._declared, dict) else self.capabilities
        return tuple(sorted(map(str, declared)))

    @property
    def client_name(self) -> str:
        """What the host calls itself; for show only."""
        return introduction.client_name(self.client_info)

    def hears(self, level: str) -> bool:
        """Whether a legacy host wants a log message that belongs to no call of anybody."""
        return self.initialized and is_wanted(level, self.log_level or DEFAULT)

    def shake_hands(self, request: Request, *, single: bool) -> str:
        """Take over what ``initialize`` says; gives the version to speak. Raises ``RefusedRequestError``.

        What is relayed is known from here on: a server may be started before the host's first call.
        """
        self.legacy_version, self.capabilities, info = introduction.read_initialize(request)
        self._declare(self.capabilities, self.legacy_version, single=single)
        self.note_client(info)
        return self.legacy_version

    def note_client(self, info: Raw) -> None:
        """Take over a ``clientInfo``."""
        self.client_info = introduction.read_client_info(info)

    def asked(
        self,
        request: Request,
        given: Given,
        size_bytes: int,
        progress: OnProgress | None,
        *,
        modern: bool,
        single: bool,
    ) -> Asked:
        """A request as it goes on, with what its host said. Raises ``RefusedRequestError``."""
        params = given.params
        version = methods.MODERN if modern else self.legacy_version or ""
        declared = params["_meta"][methods.CLIENT_CAPABILITIES_KEY] if modern else self.capabilities
        if declared is not self._declared:  # a legacy host's stay the same
            self._declare(declared, version, single=single)
        return Asked(
            method=request.method,
            params=params,
            modern=modern,
            client_info=self.client_info,
            size_bytes=size_bytes,
            progress=progress,
            version=version,
            capabilities=self.relayed,
            log_level=given.meta.level if modern else self.log_level,
            arguments=(params["arguments"], given.members["arguments"]) if "arguments" in params else None,
        )

    def _declare(self, capabilities: dict[str, Any], version: str, *, single: bool) -> None:
        self._declared, self.relayed = capabilities, relayable(capabilities, version, single=single)

    def form(self, method: str, result: bytes, *, modern: bool) -> bytes:
        """A result of the right generation in the form of the host's own revision."""
        return result if modern else result_for_version(method, result, self.legacy_version or "")

    def conversation(self, interests: Interests, *, is_open: bool) -> Conversation:
        """As it is written down."""
        return Conversation(
            legacy_version=self.legacy_version,
            initialized=self.initialized,
            modern_seen=self.modern_seen,
            is_open=is_open,
            client_info=self.client_info,
            capabilities=self.capabilities,
            log_level=self.log_level,
            legacy_uris=tuple(interests.legacy_uris),
            listens=interests.kept_listens(),
        )

    def restore(self, kept: Conversation, *, single: bool) -> None:
        """As it was written down."""
        self.legacy_version, self.initialized = kept.legacy_version, kept.initialized
        self.modern_seen = kept.modern_seen
        self.client_info, self.capabilities = kept.client_info, kept.capabilities
        self.log_level = kept.log_level
        if kept.legacy_version is not None:
            self._declare(kept.capabilities, kept.legacy_version, single=single)
