"""A real call, as a host would make it: our own ``ostiary-connect`` is started, says hello and calls one tool.

Nothing is taken a short way: it goes through the shim, the gateway, the gate and the server, and stands in the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from ostiary import __version__

HOST: Final = "ostiary"
"""What the shim says who it is; the log shows the call under this name."""
DEADLINE_MS: Final = 60_000
"""Our policy: a server may have to start, and the person may have set that everything asks."""
_HELLO: Final = 1
_CALL: Final = 2


@dataclass(frozen=True, slots=True)
class Tried:
    """What came back: the text, or with ``failed`` what went wrong."""

    text: str
    failed: bool = False


class TryIt(QObject):
    """One call at a time; a new one ends the one before.

    Signals:
        ended(Tried): It is answered, or was given up.
    """

    ended = Signal(object)

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        """``command`` starts the shim; ``--host`` is added."""
        super().__init__(parent)
        self._program, *self._arguments = command
        self._process: QProcess | None = None
        self._call: dict[str, Any] = {}
        self._rest = b""
        self._deadline = QTimer(self, singleShot=True, interval=DEADLINE_MS)
        self._deadline.timeout.connect(lambda: self._end(Tried("", failed=True)))

    @property
    def is_trying(self) -> bool:
        """True from ``start`` until it is answered or given up."""
        return self._process is not None

    def start(self, tool: str, arguments: Mapping[str, str]) -> None:
        """Call ``tool``, named as hosts see it."""
        self.stop()
        self._call = {"name": tool, "arguments": dict(arguments)}
        self._process = process = QProcess(self)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(lambda *_: self._lost(process))
        process.errorOccurred.connect(lambda *_: self._lost(process))
        self._deadline.start()
        process.start(self._program, [*self._arguments, "--host", HOST])
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": _client()}
        self._say({"id": _HELLO, "method": "initialize", "params": hello})

    def stop(self) -> None:
        """Give up without a word."""
        self._deadline.stop()
        process, self._process, self._rest = self._process, None, b""
        if process is not None:
            process.closeWriteChannel()  # as a host ends; the shim follows
            process.finished.connect(process.deleteLater)

    def _say(self, message: Mapping[str, Any]) -> None:
        if self._process is not None:
            self._process.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def _read(self) -> None:
        if self._process is None:
            return
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(b"\n")
        for line in filter(None, lines):
            self._take(json.loads(line))

    def _take(self, message: Mapping[str, Any]) -> None:
        match message:
            case {"id": 1, "result": _}:
                self._say({"method": "notifications/initialized"})
                self._say({"id": _CALL, "method": "tools/call", "params": self._call})
            case {"id": 2, "result": {"content": [{"text": str(text)}, *_], **rest}}:
                self._end(Tried(text, failed=bool(rest.get("isError"))))
            case {"id": 1 | 2, "error": {"message": str(why)}}:
                self._end(Tried(why, failed=True))
            case _:
                pass  # what a host may hear besides: lists that changed, progress

    def _lost(self, process: QProcess) -> None:
        if process is self._process:
            why = bytes(process.readAllStandardError().data()).decode(errors="replace").strip() or process.errorString()
            self._end(Tried(why, failed=True))

    def _end(self, tried: Tried) -> None:
        self.stop()
        self.ended.emit(tried)


def _client() -> dict[str, str]:
    return {"name": HOST, "title": "Ostiary", "version": __version__}
