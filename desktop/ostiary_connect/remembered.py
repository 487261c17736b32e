"""What a shim that pumps remembers of its host's conversation, so that it goes on after the gateway's death. No I/O.

The gateway tells in *words*, each a line of its own that begins with a zero byte (no JSON does), how many of the host's
lines it has dealt with, which requests of those are open, and its note for the next gateway. A word counts once the
line behind it has been written to the host as a whole, so that what it says of an answer is true when the host has it.

A line that was sent and not told of may have gone to a server. What may be said twice is said to the next gateway once
more; every other request gets one error, and is never made again.
"""

import json
import re
from collections import deque
from threading import Lock

from ostiary_connect.ids import Verbatim, raw_id

LINE_LIMIT_BYTES = 10 * 1024 * 1024
"""Of a longer line the gateway wants no more than to see that it is one."""

INTERNAL_ERROR = -32603  # JSON-RPC 2.0, §5.1
INTERRUPTED = "Ostiary ended while this call ran; what the server did is not known. Ask again."

REPEATABLE = frozenset(
    (
        *("initialize", "server/discover", "ping", "logging/setLevel"),
        *("tools/list", "resources/list", "resources/templates/list", "prompts/list"),
        *("resources/subscribe", "resources/unsubscribe", "subscriptions/listen"),
    )
)
"""Requests of which a second one does what the first did."""

_BLANK = (b"\n", b"\r\n")
"""Lines that count for nobody."""

_ONLY_HEARD = re.compile(rb'\0{"heard":(\d{1,18})}')
"""Nearly every word. Measured: read as JSON it takes three times as long."""


class Word:
    """One of the gateway's. ``is_alone``: no line belongs to it, and it counts at once."""

    __slots__ = ("ended", "heard", "is_alone", "note", "opened")

    def __init__(self, line: bytes) -> None:
        """ValueError when it is none."""
        self.opened: list[str] = []
        self.ended: list[str] = []
        self.note: str | None = None
        self.is_alone = False
        if only := _ONLY_HEARD.fullmatch(line):
            self.heard = int(only[1])
            return
        try:
            told = json.loads(line[1:])
            self.heard = int(told["heard"])
            self.opened, self.ended = told.get("opened", []), told.get("ended", [])
            self.note, self.is_alone = told.get("note"), told.get("alone", False)
        except (LookupError, TypeError, RecursionError) as error:
            raise ValueError("This is no word of Ostiary's") from error


class Remembered:
    """One host's. Used by two threads at once: ``add`` and ``next_unsaid`` by who sends, ``learn`` by who hears."""

    def __init__(self) -> None:
        self.note: str | None = None
        """What the gateway wants the next one to be told, opaque here."""
        self._lines: deque[list[bytes]] = deque()
        """With their ends, and in the pieces in which they came: nothing is copied to be remembered."""
        self._said = 0  # so many of the first lines were given to the gateway of the moment
        self._heard = 0  # so many lines it has told of
        self._rest: list[bytes] = []
        self._rest_bytes = 0
        self._open: dict[str, None] = {}
        self._lock = Lock()

    def add(self, chunk: bytes, *, is_said: bool) -> None:
        """The host said this; with ``is_said`` it is about to be sent, and nothing before it is still to be said."""
        start = 0
        with self._lock:
            while end := chunk.find(b"\n", start) + 1:
                piece = chunk[start:end]
                line = self._line(piece) if self._rest else [piece]
                if len(piece) > 2 or b"".join(line) not in _BLANK:
                    self._lines.append(line)
                start = end
            if start < len(chunk):
                self._extend(chunk[start:])
            if is_said:
                self._said = len(self._lines)

    def next_unsaid(self) -> bytes:
        """The next line that the gateway of the moment was not given yet; empty behind the last."""
        with self._lock:
            if self._said < len(self._lines):
                self._said += 1
                return b"".join(self._lines[self._said - 1])
            return b""

    @property
    def unfinished(self) -> bytes:
        """The beginning of the line that the host has not ended yet."""
        return b"".join(self._rest)

    def learn(self, word: Word) -> None:
        """The gateway said it, and what it says holds."""
        with self._lock:
            while self._heard < word.heard and self._lines:
                self._lines.popleft()
                self._said -= 1
                self._heard += 1
        for identity in word.opened:
            self._open[identity] = None
        for identity in word.ended:
            self._open.pop(identity, None)
        if word.note is not None:
            self.note = word.note

    def outlive(self) -> bytes:
        """The gateway is gone. Gives the errors for the host, and is ready for the next gateway."""
        lost = list(self._open)
        self._open.clear()
        with self._lock:
            doubtful = [self._lines.popleft() for _ in range(self._said)]
            again = []
            for line in doubtful:
                identity, may_repeat = _judged(b"".join(line))
                if may_repeat:
                    again.append(line)
                elif identity is not None:
                    lost.append(identity)
            self._lines.extendleft(reversed(again))
            self._said = self._heard = 0
        error = json.dumps({"code": INTERNAL_ERROR, "message": INTERRUPTED})
        return "".join(f'{{"jsonrpc":"2.0","id":{identity},"error":{error}}}\n' for identity in lost).encode()

    def _line(self, end: bytes) -> list[bytes]:
        """The line that ends so, or the beginning of one that is too long, with an end."""
        self._extend(end[:-1])
        line, self._rest, self._rest_bytes = [*self._rest, b"\n"], [], 0
        return line

    def _extend(self, piece: bytes) -> None:
        if self._rest_bytes <= LINE_LIMIT_BYTES:
            self._rest.append(piece)
            self._rest_bytes += len(piece)


def _judged(line: bytes) -> tuple[str | None, bool]:
    """The id of a request, and whether the line may be said twice. What cannot be read may not."""
    try:
        message = json.loads(line, parse_int=Verbatim, parse_float=Verbatim)
    except (ValueError, RecursionError):
        return None, False
    match message:
        case {"method": str(method), "id": identity}:
            return raw_id(identity), method in REPEATABLE
        case {"method": str()}:
            return None, True
    return None, False  # an answer to a question of the gateway that is gone
