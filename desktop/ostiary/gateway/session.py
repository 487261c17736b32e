"""One host's conversation: which protocol generation each message speaks, what is answered here, what goes on.

The generation is decided for each message: one that carries the 2026-07-28 envelope is modern, one without it is
legacy once ``initialize`` came. A host may probe with ``server/discover`` and shake hands afterwards on the same
pipe, and real ones do. Its open requests are in ``answers``, its subscriptions in ``listens``; everything else is asked
of others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from msgspec import UNSET, Raw

from ostiary.gateway import introduction, translate
from ostiary.gateway.acquaintance import Acquaintance
from ostiary.gateway.answers import STILL_OPEN, Answers
from ostiary.gateway.asking import (
    SHOWN_CHARACTERS,
    Asked,
    Ended,
    Given,
    OnProgress,
    RefusedRequestError,
    is_modern,
    read_given,
    read_level,
    refusal_for,
)
from ostiary.gateway.channel import Channel
from ostiary.gateway.host_requests import HostRequests
from ostiary.gateway.listens import Listens
from ostiary.gateway.record import NoRecord, Record
from ostiary.gateway.resume.conversation import Conversation
from ostiary.gateway.surroundings import Surroundings
from ostiary.gateway.wire import envelope, methods, strict
from ostiary.gateway.wire.envelope import INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, MalformedError
from ostiary.gateway.wire.framing import LINE_LIMIT_BYTES, Line, Oversize
from ostiary.gateway.wire.messages import Notification, Request, Response
from ostiary.gateway.wire.oversize import find_id, find_key

LOST: Final = "Ostiary was restarted while this message came in, and lost it. Ask again."

GATED: Final = frozenset((methods.CALL_TOOL, methods.READ_RESOURCE, methods.GET_PROMPT))


@dataclass(slots=True, eq=False)
class Session:
    """A host behind one channel. ``number`` is ours; ``host`` is the name it was configured under.

    ``servers`` restricts what it sees; None means every server that is switched on.
    """

    number: int
    host: str
    servers: tuple[str, ...] | None
    pid: int | None
    channel: Channel
    house: Surroundings[Session]
    record: Record = field(default_factory=NoRecord)
    is_open: bool = False
    calls: int = 0
    requests: HostRequests = field(init=False)
    """Ours to the host, in its legacy generation."""
    known: Acquaintance = field(default_factory=Acquaintance)
    seen_as: tuple[str, ...] = ()
    """The hosts whose choices hold for it: the one it claims, and those that its program is known to be instead."""
    _answers: Answers = field(init=False)
    _listens: Listens = field(init=False)
    _lists_untold: set[str] = field(default_factory=set)
    _uris_untold: set[str] = field(default_factory=set)
    """What changed while the host did not read: it is told once when it does, however often that was."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _closed: bool = False

    def __post_init__(self) -> None:
        self.seen_as = (self.host,)
        self.requests = HostRequests(self._send, lambda: self.channel.queued_bytes)
        self._answers = Answers(self._send, self.record)
        self._listens = Listens(self, self._answers)

    @property
    def is_closed(self) -> bool:
        """True once nothing can be sent any more."""
        return self._closed

    @property
    def is_single(self) -> bool:
        """True when the host's entry names exactly one server."""
        return self.servers is not None and len(self.servers) == 1

    def start(self) -> None:
        """Begin to listen to the host."""
        self.channel.on_drained = self._drained
        self.channel.on_burst = self.house.burst
        self.channel.start(self._on_line, self.close)

    def _drained(self) -> None:
        self.channel.resume_reading()
        lists, self._lists_untold = self._lists_untold, set()
        uris, self._uris_untold = self._uris_untold, set()
        for method in sorted(lists):
            self.list_changed(method)
        for uri in sorted(uris):
            self.resource_updated(uri)
        self.house.reads_again(self)

    def close(self) -> None:
        """The host is gone or we are: cancel what it asked for and let go of everything held for it."""
        if self._closed:
            return
        self._closed = True
        for line in self._listens.end_all():
            self._send(*line)
        self._answers.cancel_all("the host is gone")  # what the host was asked in a call ends with it, and after it
        for task in self._tasks:
            task.cancel()
        self.house.closed(self)
        self.channel.close()

    def restore(self, kept: Conversation) -> None:
        """Go on from there, before ``start``; who asks for what has to be watched again is the caller's."""
        self.known.restore(kept, single=self.is_single)
        self.is_open = kept.is_open
        self._listens.interests.restore(kept)

    def list_changed(self, method: str) -> None:
        """Tell the host that a list is different: a legacy one once it is initialised, a modern one where it asked."""
        if self.channel.is_full:
            self._lists_untold.add(method)
            return
        if self.known.initialized:
            self.notify(method, None)
        self._listens.list_changed(method)

    def resource_updated(self, uri: str) -> None:
        """Tell the host that a resource changed, with the URI as it was subscribed."""
        if self.channel.is_full:
            self._uris_untold.add(uri)
        else:
            self._listens.resource_updated(uri)

    def log(self, params: bytes) -> None:
        """Pass a server's log message on; a host that does not read misses some."""
        if not self.channel.is_full:
            self._send(*envelope.notification(methods.LOG_MESSAGE, params))

    # Lines

    def _on_line(self, line: Line) -> None:
        self._receive(line)
        if self.channel.is_full:
            self.channel.pause_reading()

    def _receive(self, line: Line) -> None:
        if isinstance(line, Oversize):
            self._on_oversize(line)
            return
        try:
            message = envelope.decode(line)
        except MalformedError as error:
            self._on_malformed(line, error)
            return
        match message:
            case Request():
                self._on_request(message, len(line))
            case Notification():
                self._on_notification(message)
            case Response():
                self.requests.answered(message)

    def _on_oversize(self, line: Oversize) -> None:
        if self.requests.unreadable(find_key(line)):
            return
        too_long = f"A message of {line.size_bytes} bytes is longer than 10 MiB"
        refusal = too_long if line.size_bytes > LINE_LIMIT_BYTES else LOST
        self._send(*envelope.error(find_id(line), INVALID_REQUEST, refusal))

    def _on_malformed(self, line: bytes, error: MalformedError) -> None:
        """An answer gets none, which would pass for the end of the host's own request of that id."""
        key = None if error.id is None else envelope.read_key(error.id)
        if self.requests.unreadable(key if error.meant is Response else None):
            return
        is_answer = error.meant is Response and (b'"result"' in line or b'"error"' in line)
        if not is_answer:
            self._send(*envelope.error(error.id, error.code, error.reason))

    def _on_notification(self, message: Notification) -> None:
        match message.method:
            case methods.INITIALIZED:
                self.known.initialized = self.known.legacy_version is not None
                self.keep()
            case methods.CANCELLED:
                self._on_cancelled(message)
            case methods.ROOTS_CHANGED:
                self.house.roots_changed(self)

    def _on_cancelled(self, message: Notification) -> None:
        try:
            params = strict.decode_object(message.params)
        except strict.AmbiguousError:
            return
        key = params.get("requestId")
        if not isinstance(key, str | int) or isinstance(key, bool):
            return
        listen = self._listens.interests.end_listen(key)
        if listen is not None:
            self.keep()
            self._spawn(self._listens.end(listen))
        self._answers.cancelled(key, str(params.get("reason") or "the host cancelled"))

    def _on_request(self, request: Request, size_bytes: int) -> None:
        refusal = STILL_OPEN if self._listens.interests.has_listen(request.key) else self._answers.open(request)
        if refusal is not None:
            self._send(*envelope.error(request.id, INVALID_REQUEST, refusal))
            return
        try:
            given = read_given(request)
            self._dispatch(request, given, size_bytes, modern=is_modern(request, given.meta))
        except Exception as error:  # the border of a request
            self._answers.refuse(request, refusal_for(error))

    def _dispatch(self, request: Request, given: Given, size_bytes: int, *, modern: bool) -> None:
        if modern and not self.known.modern_seen:
            self.known.modern_seen = True
            if given.meta.client_info is not UNSET:
                self.known.note_client(given.meta.client_info)
                self.house.changed(self)
            self.keep()
        if not self.is_open and request.method != methods.DISCOVER:
            self.is_open = True
            self.keep()
            self.house.opened(self)
        if request.method in GATED and (modern or self.known.legacy_version is not None):
            self._gate(request, given, size_bytes, modern=modern)
            return
        match request.method:
            case methods.INITIALIZE if not modern:
                self._initialize(request)
            case methods.DISCOVER:
                self._give(request, introduction.discovered(*self._own_words()))
            case methods.PING if not modern:
                self._give(request, b"{}")
            case methods.SET_LEVEL if not modern:
                self._set_level(request)
            case _ if not modern and self.known.legacy_version is None:
                raise RefusedRequestError(INVALID_PARAMS, "Neither initialized nor a 2026-07-28 request")
            case method if method in methods.LISTS:
                self._spawn(self._answering(request, self._list(request, modern=modern)))
            case methods.COMPLETE:
                self._spawn(self._answering(request, self._complete(request, given, size_bytes, modern=modern)))
            case methods.LISTEN if modern:
                self._spawn(self._answering(request, self._listens.listen(request)))
            case methods.SUBSCRIBE | methods.UNSUBSCRIBE if not modern:
                self._spawn(self._answering(request, self._listens.subscribe(request)))
            case method:
                raise RefusedRequestError(METHOD_NOT_FOUND, f"Method not found: {method[:SHOWN_CHARACTERS]}")

    # Answered here

    def _initialize(self, request: Request) -> None:
        version = self.known.shake_hands(request, single=self.is_single)
        self.house.changed(self)
        self.keep()
        self._give(request, introduction.initialized(version, *self._own_words()))

    def _own_words(self) -> tuple[str, str, Mapping[str, Any]]:
        return self.house.version, self.house.instructions(self), self.house.extensions(self)

    def _set_level(self, request: Request) -> None:
        self.known.log_level = read_level(request)
        self.keep()
        self.house.changed(self)
        self._give(request, b"{}")

    async def _list(self, request: Request, *, modern: bool) -> None:
        page = await self.house.page(self, request.method, modern=modern)
        self._give(request, self.known.form(request.method, page, modern=modern))

    # Going on

    def _gate(self, request: Request, given: Given, size_bytes: int, *, modern: bool) -> None:
        asked = self._asked(request, given, size_bytes, modern=modern)
        self.calls += 1
        cancel = self.house.pass_on(self, asked, lambda ended: self._finish(request, ended, modern=modern))
        self._answers.cancel_by(request, cancel)

    async def _complete(self, request: Request, given: Given, size_bytes: int, *, modern: bool) -> None:
        asked = self._asked(request, given, size_bytes, modern=modern)
        self._finish(request, await self.house.complete(self, asked), modern=modern)

    def _asked(self, request: Request, given: Given, size_bytes: int, *, modern: bool) -> Asked:
        token = given.meta.token
        progress = None if token is None else self._progress(request, token)
        return self.known.asked(request, given, size_bytes, progress, modern=modern, single=self.is_single)

    def _progress(self, request: Request, token: bytes) -> OnProgress:
        def pass_on(members: dict[str, Raw]) -> None:
            if self._answers.is_open(request) and not self.channel.is_full:  # a host that does not read misses some
                params = members | {"progressToken": Raw(token)}
                self._send(*envelope.notification(methods.PROGRESS, msgspec.json.encode(params)))

        return pass_on

    def _finish(self, request: Request, ended: Ended, *, modern: bool) -> None:
        if ended.error is not None:
            error = translate.error_for(ended.error, to_modern=modern)
            self._answers.give(request, envelope.raw_error(request.id, error))
            return
        assert ended.result is not None
        result = translate.result_for(request.method, ended.result, from_modern=ended.modern, to_modern=modern)
        self._give(request, self.known.form(request.method, result, modern=modern))

    # Sending

    def _give(self, request: Request, result: bytes) -> None:
        self._answers.give(request, envelope.result(request.id, result))

    def keep(self) -> None:
        """What is to outlive the gateway is different."""
        self.record.keep(self.known.conversation(self._listens.interests, is_open=self.is_open))

    def wants(self, uri: str) -> bool:
        """Whether the host is still to be told of a resource."""
        return self._listens.interests.wants(uri)

    async def watch(self, uri: str) -> bool:
        """Have a resource watched for this host. False when nobody can."""
        return await self.house.subscribe(self, uri)

    async def unwatch(self, uri: str) -> None:
        """Nobody wants to know of it any more."""
        await self.house.unsubscribe(self, uri)

    def notify(self, method: str, params: object) -> None:
        """Send the host a notification."""
        self._send(*envelope.notification(method, None if params is None else msgspec.json.encode(params)))

    def _send(self, *parts: bytes) -> None:
        self.channel.send(*parts)

    async def _answering(self, request: Request, work: Coroutine[Any, Any, None]) -> None:
        """Work on a request: whatever happens, it gets an answer."""
        try:
            await work
        except Exception as error:  # the border of a request
            self._answers.refuse(request, refusal_for(error))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
