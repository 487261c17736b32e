"""Going on with a session that an earlier gateway began: what the host has to be told before anything new is heard."""

from __future__ import annotations

import msgspec

from ostiary.gateway.record import Continuation
from ostiary.gateway.session import Session
from ostiary.gateway.wire import envelope
from ostiary.gateway.wire.envelope import INTERNAL_ERROR, read_key

INTERRUPTED = "Ostiary was restarted while this call ran; what the server did is not known. Ask again."


def go_on(session: Session, continuation: Continuation) -> tuple[str, ...]:
    """Restore the conversation and give every open request its one error: never a silent second try.

    Before ``session.start``. Returns the URIs that have to be watched again. Does nothing at a first arrival.
    """
    kept, unanswered = continuation.conversation(), continuation.ledger.open_ids
    keys = {key for key, _ in unanswered}
    listens = tuple(listen for listen in kept.listens if read_key(listen.raw_id.encode()) not in keys)
    kept = msgspec.structs.replace(kept, listens=listens)
    session.restore(kept)
    if continuation.ledger.is_cut:
        session.channel.send()
    for key, raw_id in unanswered:
        continuation.ledger.answer(key)
        session.channel.send(*envelope.error(raw_id, INTERNAL_ERROR, INTERRUPTED))
    return kept.uris
