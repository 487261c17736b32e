"""What one server process says: answers to our requests, notifications, questions, and what is none of these.

Reads each line and gives it to whoever it belongs to; what it means for hosts is decided there.
"""

from __future__ import annotations

import asyncio
from typing import Final, Generic, Protocol, TypeVar

import msgspec
from msgspec import Raw

from ostiary.gateway.answer import Answer
from ostiary.gateway.channel import Channel
from ostiary.gateway.flood import Flood, Kind
from ostiary.gateway.inquiry import METHODS as INQUIRIES
from ostiary.gateway.listening import Listening
from ostiary.gateway.log_levels import is_wanted
from ostiary.gateway.open_requests import OpenRequests
from ostiary.gateway.server_requests import ServerRequests
from ostiary.gateway.traffic import Traffic
from ostiary.gateway.wire import envelope, methods
from ostiary.gateway.wire.envelope import MalformedError, read_key
from ostiary.gateway.wire.framing import Line, Oversize
from ostiary.gateway.wire.members import members_of, text_of
from ostiary.gateway.wire.messages import Key, Notification, Request, Response
from ostiary.gateway.wire.oversize import find_key

LEFT_OUT_TOLD_S: Final = 1.0
"""So soon hosts are told that log messages were left out."""


class Speaker(Protocol):
    """Whose server speaks."""

    name: str
    modern: bool

    @property
    def is_greeted(self) -> bool:
        """True once it is known which generation the server speaks."""


SpeakerT = TypeVar("SpeakerT", bound=Speaker)
ToldT = TypeVar("ToldT", contravariant=True)


class Listener(Protocol[ToldT]):
    """Who is told what a server says by itself. All on the loop's thread."""

    def lists_changed(self, client: ToldT) -> None:
        """The server said that a list of its is different now."""

    def resource_updated(self, client: ToldT, uri: str) -> None:
        """A resource that was subscribed to changed."""

    def logged(self, client: ToldT, level: str, params: bytes, sessions: frozenset[int]) -> None:
        """The server logged something; ``sessions`` have a call under way that asked for messages of this level."""

    def troubled(self, client: ToldT, text: str) -> None:
        """The server keeps failing, or says too much: something a person should know, in whole sentences."""

    def remarked(self, client: ToldT, text: str) -> None:
        """Something for the server's output page: noise, a log message, a rule it broke."""


class Hearing(Generic[SpeakerT]):
    """Of one conversation."""

    def __init__(
        self,
        client: SpeakerT,
        channel: Channel,
        listener: Listener[SpeakerT],
        open_requests: OpenRequests,
        listening: Listening,
        requests: ServerRequests,
        traffic: Traffic,
    ) -> None:
        self._client = client
        self._channel = channel
        self._listener = listener
        self._open = open_requests
        self._listening = listening
        self._requests = requests
        self._traffic = traffic
        self._flood = Flood(self._pause, lambda words: listener.troubled(client, words))
        self._told_left_out = 0
        self._telling: asyncio.TimerHandle | None = None

    @property
    def trouble(self) -> str:
        """What is wrong with what the server says, in words; empty while all is well."""
        return self._flood.words()

    def on_line(self, line: Line) -> None:
        """The server wrote a line."""
        if isinstance(line, Oversize):
            self._on_oversize(line)
            return
        try:
            message = envelope.decode(line)
        except MalformedError as error:
            self._on_malformed(line, error)
            return
        match message:
            case Response():
                self._on_response(message)
            case Notification():
                self._flood.said()
                self._on_notification(message)
            case Request():  # who asks has to read our answers, which slows it down enough
                self._on_request(message)

    def _on_malformed(self, line: bytes, error: MalformedError) -> None:
        """Noise, most often. An answer ends its call, a request gets an error: its id may be equal to one of ours."""
        self._flood.said()
        if error.meant is Request and error.id is not None and not self._channel.is_full:
            self._channel.send(*envelope.error(error.id, error.code, error.reason))
        elif isinstance(key := _key_of_answer(line, error), int):
            self._open.fail(
                [key], f"The server {self._client.name} gave an answer that cannot be read ({error.reason})"
            )
        self._remark(f"not a message on stdout ({error.reason}): {_excerpt(line)}")

    def _on_response(self, response: Response) -> None:
        key = response.key
        if not isinstance(key, int) or key not in self._open:
            self._flood.said()
            if isinstance(key, int):
                self._open.answered_late(key)
            self._remark(f"an answer to a request that is not open (id {key!r:.50}); it was dropped")
        elif response.result is not None and response.result[:1] != b"{":
            self._open.fail([key], f"The server {self._client.name} gave a result that is no object")
        else:
            if self._open.host(key) is not None:
                self._traffic.answered()
            self._open.end(key, Answer(response.result, response.error))

    def _on_notification(self, message: Notification) -> None:
        match message.method:
            case methods.PROGRESS:
                self._on_progress(message)
            case methods.RESOURCE_UPDATED:
                self._listener.resource_updated(self._client, text_of(members_of(message.params).get("uri")) or "")
            case methods.ACKNOWLEDGED:
                self._listening.on_acknowledged(message)
            case methods.CANCELLED if not self._client.modern:
                self._on_cancelled(message)
            case methods.CANCELLED:  # only to end a listen (MCP 2026-07-28, patterns/cancellation)
                self._open.fail([_number(message, "requestId")], "the server ended it")
            case methods.ELICITATION_COMPLETE:
                self._requests.visited(text_of(members_of(message.params).get("elicitationId")) or "")
            case methods.LOG_MESSAGE:
                self._on_log(message)
            case method if method in methods.LIST_CHANGED:
                if self._client.is_greeted:
                    self._listener.lists_changed(self._client)
            case method:
                self._remark(f"a notification that is not passed on: {method:.100}")

    def _on_request(self, request: Request) -> None:
        if self._channel.is_full:
            self._remark(f"{request.method:.100} was not answered: it asks without reading")
            return
        if request.method == methods.PING:
            self._channel.send(*envelope.result(request.id, b"{}"))
            return
        if self._client.modern:
            self._remark(f"{request.method:.100} was dropped: it is not a server's to ask in {methods.MODERN}")
            return
        if request.method in INQUIRIES:
            self._traffic.one_at_a_time()
            self._requests.arrived(request, self._open.hosts, self._open.given_up)
            return
        refusal = f"{request.method:.100} is not offered by this client"
        self._channel.send(*envelope.error(request.id, envelope.METHOD_NOT_FOUND, refusal))

    def _on_cancelled(self, message: Notification) -> None:
        key = read_key(bytes(members_of(message.params).get("requestId", Raw(b""))))
        if key is not None:
            self._requests.cancelled(key)

    def _on_progress(self, message: Notification) -> None:
        number = _number(message, "progressToken")
        host = self._open.host(number)
        if host is not None:
            self._traffic.heard(number)
            if self._flood.progress_passes(number):
                host.progress(members_of(message.params))

    def _on_log(self, message: Notification) -> None:
        level = text_of(members_of(message.params).get("level")) or ""
        if self._flood.passes(Kind.LOG):
            self._log(level, message.params or b"{}")
        elif self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(LEFT_OUT_TOLD_S, self._tell_left_out, level)

    def _log(self, level: str, params: bytes) -> None:
        hosts = [host for host in self._open.hosts if host.log_level is not None]
        wanting = frozenset(host.session for host in hosts if is_wanted(level, host.log_level or level))
        self._listener.logged(self._client, level, params, wanting)

    def _tell_left_out(self, level: str) -> None:
        """Hosts that want messages of that level are told how many of all they did not get."""
        self._telling = None
        left_out = self._flood.left_out(Kind.LOG)
        words = f"{left_out - self._told_left_out} log messages of this server were left out: they were too many."
        self._told_left_out = left_out
        self._log(level, msgspec.json.encode({"level": level, "logger": "ostiary", "data": words}))

    def _on_oversize(self, line: Oversize) -> None:
        reason = f"the answer of {line.size_bytes} bytes is longer than 10 MiB"
        key = find_key(line)
        if isinstance(key, int) and key in self._open:
            self._open.fail([key], reason)
        elif key is None:
            self._open.fail([number for number in self._open.numbers if number != self._listening.number], reason)
        self._remark(reason)

    def _remark(self, text: str) -> None:
        if self._flood.passes(Kind.NOISE):
            self._listener.remarked(self._client, text)

    def _pause(self, span_s: float) -> None:
        """What the server says waits in its pipe meanwhile, its answers too: no other server or host waits for it."""
        self._channel.pause_reading()
        asyncio.get_running_loop().call_later(span_s, self._read_on)

    def _read_on(self) -> None:
        self._flood.read_on()
        self._channel.resume_reading()


def _number(message: Notification, name: str) -> int:
    """A request id of ours that a notification names; -1, which is none, for everything else."""
    key = read_key(bytes(members_of(message.params).get(name, Raw(b""))))
    return key if isinstance(key, int) else -1


def _key_of_answer(line: bytes, error: MalformedError) -> Key | None:
    """Whose answer it was meant to be, where that can be told: the id of JSON that is none (``NaN``) is sought."""
    if error.meant is Response and error.id is not None:
        return read_key(error.id)
    is_broken = error.code == envelope.PARSE_ERROR and b'"jsonrpc"' in line
    return find_key(Oversize.of(line)) if is_broken else None


def _excerpt(line: bytes) -> str:
    return line[:300].decode(errors="replace")
