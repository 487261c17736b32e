"""One call that may pass, and its server: over as many rounds as it takes to end.

A 2026-07-28 server may answer with what it still needs. A host of its generation gets that to the letter and comes back
with another request (``hand_over``); for a legacy host the rounds are played here. The gate and the log know nothing of
rounds: a call passes once and has one row.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Raw

from ostiary.gateway.answer import Answer, OnAnswer
from ostiary.gateway.client import Client
from ostiary.gateway.host_end import HostEnd
from ostiary.gateway.inquiry import (
    CANCELLED_REPLY,
    ELICIT,
    METHODS,
    InputRequired,
    Inquiry,
    Reply,
    is_accepted,
    read_input_required,
    read_url_required,
)
from ostiary.gateway.parking import RETRY_MEMBERS
from ostiary.gateway.wire import methods
from ostiary.gateway.wire.envelope import INTERNAL_ERROR, INVALID_PARAMS
from ostiary.gateway.wire.members import members_of, text_of

ROUND_LIMIT: Final = 10
"""A server that needs more is not going to end (SDK clients give up after as many)."""

FIRST_PAUSE_S: Final = 0.05
LONGEST_PAUSE_S: Final = 5.0
"""A server that asks for nothing but to be asked again is given time, twice as long each round."""

Send = Callable[[Mapping[str, Any], OnAnswer], int]
"""Sends the call with these further parameters; gives its id."""


class Exchange:
    """``send`` sends the call, ``on_end`` is told how it ended, once, unless ``cancel`` was called before."""

    def __init__(self, client: Client, method: str, host: HostEnd, send: Send, on_end: OnAnswer) -> None:
        self._client = client
        self._method = method
        self._host = host
        self._send = send
        self._on_end = on_end
        self._number: int | None = None
        self._rounds = 0
        self._pause: asyncio.TimerHandle | None = None
        self._over = False

    @property
    def is_over(self) -> bool:
        """True once it ended or was cancelled. Its host may be away then, and hear of the end when it comes back."""
        return self._over

    def start(self, params: Mapping[str, Any]) -> None:
        """Send the call for the first time; ``params`` is what the host sent."""
        if not self._client.modern and not params.keys().isdisjoint(RETRY_MEMBERS):
            self._end(_error(INVALID_PARAMS, "This requestState belongs to no call that waits"))
        else:
            self._go({})

    def cancel(self, reason: str) -> None:
        """Nobody waits for the end any more."""
        self._over = True
        if self._pause is not None:
            self._pause.cancel()
        if self._number is not None:
            self._client.cancel(self._number, reason)

    def _go(self, more: Mapping[str, Any]) -> None:
        if not self._over:
            self._number = self._send(more, self._answered)

    def _answered(self, answer: Answer) -> None:
        self._number = None
        if answer.ours:
            self._end(self._failure(answer.ours))
            return
        needed = read_input_required(answer.result) if self._client.modern else None
        if needed is not None and self._host.modern:
            assert answer.result is not None
            self._host.hand_over(answer.result, needed.state, self._come_back)
        elif needed is not None:
            self._play(needed)
        elif not self._client.modern and (pages := read_url_required(answer.error)):
            self._visit(pages, answer)
        else:
            self._end(answer)

    def _end(self, answer: Answer) -> None:
        if not self._over:
            self._over = True
            self._on_end(answer)

    def _come_back(self, params: Mapping[str, Any]) -> None:
        self._go({name: params[name] for name in (*RETRY_MEMBERS, "_meta") if name in params})

    # Rounds with a legacy host

    def _play(self, needed: InputRequired) -> None:
        self._rounds += 1
        if self._rounds > ROUND_LIMIT:
            self._end(self._failure(f"The server asked more than {ROUND_LIMIT} times"))
        elif unknown := {inquiry.method for inquiry in needed.inquiries.values()} - METHODS:
            self._end(self._failure(f"The server asked for {min(unknown):.100}, which nobody answers"))
        elif needed.inquiries:
            _Questions(self._host, needed.inquiries, lambda replies: self._replied(needed, replies))
        else:
            pause_s = min(FIRST_PAUSE_S * 2**self._rounds, LONGEST_PAUSE_S)
            self._pause = asyncio.get_running_loop().call_later(pause_s, self._go, _state(needed))

    def _replied(self, needed: InputRequired, replies: Mapping[str, Reply]) -> None:
        responses: dict[str, Raw] = {}
        for key, reply in replies.items():
            if reply.result is not None:
                responses[key] = Raw(reply.result)
            elif needed.inquiries[key].method == ELICIT:
                responses[key] = Raw(CANCELLED_REPLY)
            else:
                self._end(self._failure(f"The host did not answer {needed.inquiries[key].method}: {_words(reply)}"))
                return
        self._go(_state(needed) | {"inputResponses": responses})

    # Pages that a legacy server wants to be visited first

    def _visit(self, pages: Mapping[str, Inquiry], answer: Answer) -> None:
        """A legacy host shows them itself and calls again; a 2026-07-28 host does not know the error."""
        if not self._host.modern:
            self._client.expect_visits(pages.values(), self._host)
            self._end(answer)
            return

        def replied(replies: Mapping[str, Reply]) -> None:
            self._go({}) if all(map(is_accepted, replies.values())) else self._end(answer)

        _Questions(self._host, pages, replied)

    def _failure(self, text: str) -> Answer:
        """For a tool it is a result, which the model can use."""
        if self._method != methods.CALL_TOOL:
            return _error(INTERNAL_ERROR, text)
        content = {"content": [{"type": "text", "text": text}], "isError": True}
        return Answer(msgspec.json.encode(content | ({"resultType": "complete"} if self._client.modern else {})), None)


class _Questions:
    """Several questions, asked at the same time; ``on_replies`` is called when all are answered."""

    def __init__(
        self, host: HostEnd, inquiries: Mapping[str, Inquiry], on_replies: Callable[[Mapping[str, Reply]], None]
    ) -> None:
        self._wanted = tuple(inquiries)
        self._replies: dict[str, Reply] = {}
        self._on_replies = on_replies
        for key, inquiry in inquiries.items():
            host.inquire(inquiry, partial(self._replied, key))

    def _replied(self, key: str, reply: Reply) -> None:
        self._replies[key] = reply
        if len(self._replies) == len(self._wanted):
            self._on_replies({key: self._replies[key] for key in self._wanted})


def _state(needed: InputRequired) -> dict[str, Any]:
    return {} if needed.state is None else {"requestState": needed.state}


def _words(reply: Reply) -> str:
    return text_of(members_of(reply.error).get("message")) or "no reason was given"


def _error(code: int, message: str) -> Answer:
    return Answer(None, msgspec.json.encode({"code": code, "message": message}))
