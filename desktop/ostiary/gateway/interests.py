"""What one host wants to be told of: legacy subscriptions and 2026-07-28 listens. A table; no input or output."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.gateway.resume.conversation import Conversation, KeptListen
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import read_key
from ostiary.gateway.wire.messages import Key


@dataclass(frozen=True, slots=True)
class Listen:
    """An open ``subscriptions/listen``: its id as a value and as it was written, and what of the filter is honoured."""

    id: Key
    raw_id: bytes
    flags: frozenset[str]
    uris: tuple[str, ...]

    @property
    def stamp(self) -> dict[str, Key]:
        """The ``_meta`` of everything that is sent for it."""
        return {methods.SUBSCRIPTION_ID_KEY: self.id}

    def acknowledgement(self, *, with_uris: bool) -> dict[str, object]:
        """What its acknowledgement says; ``with_uris`` when the host asked for any."""
        honoured: dict[str, object] = dict.fromkeys(sorted(self.flags), True)
        if with_uris:
            honoured["resourceSubscriptions"] = self.uris
        return {"_meta": self.stamp, "notifications": honoured}


@dataclass(slots=True)
class Interests:
    """The subscriptions of one host. URIs are compared byte for byte, as they were subscribed."""

    legacy_uris: set[str] = field(default_factory=set)
    _listens: dict[Key, Listen] = field(default_factory=dict)

    def add_listen(self, key: Key, listen: Listen) -> None:
        """A listen was acknowledged."""
        self._listens[key] = listen

    def has_listen(self, key: Key) -> bool:
        """True while the listen with that request id is open."""
        return key in self._listens

    def end_listen(self, key: Key) -> Listen | None:
        """The host ended a listen."""
        return self._listens.pop(key, None)

    def end_all(self) -> tuple[Listen, ...]:
        """Everything ends."""
        ended = tuple(self._listens.values())
        self._listens.clear()
        self.legacy_uris.clear()
        return ended

    def kept_listens(self) -> tuple[KeptListen, ...]:
        """The open listens, as they are written down."""
        return tuple(
            KeptListen(listen.raw_id.decode(), tuple(sorted(listen.flags)), listen.uris)
            for listen in self._listens.values()
        )

    def restore(self, kept: Conversation) -> None:
        """Want what was wanted."""
        self.legacy_uris.update(kept.legacy_uris)
        for listen in kept.listens:
            raw_id = listen.raw_id.encode()
            key = read_key(raw_id)
            if key is not None:
                self._listens[key] = Listen(key, raw_id, frozenset(listen.flags), listen.uris)

    def listens_for(self, flag: str) -> tuple[Listen, ...]:
        """The listens that asked for a kind of list change."""
        return tuple(listen for listen in self._listens.values() if flag in listen.flags)

    def listens_to(self, uri: str) -> tuple[Listen, ...]:
        """The listens that asked for a resource."""
        return tuple(listen for listen in self._listens.values() if uri in listen.uris)

    def wants(self, uri: str) -> bool:
        """True while anything asks for the resource."""
        return uri in self.legacy_uris or bool(self.listens_to(uri))
