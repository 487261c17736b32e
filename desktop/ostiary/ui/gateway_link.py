"""The one place where the control protocol meets Qt: lines to and from the gateway become signals and callbacks.

The link first tries a gateway that already runs (its tray may have died) and otherwise starts one, in a session of its
own so that it outlives us. A gateway that dies is started again, with growing pauses. What the gateway's values mean is
not known here.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QIODevice, QObject, QProcess, QTimer, Signal

from ostiary.control import codec
from ostiary.control.messages import Attach, Command, Detach, Done, Quit, RaiseFront, Subscribe
from ostiary.domain.errors import OstiaryError, UnreachableError
from ostiary.domain.events import Ending, Missed, Snapshot
from ostiary.ui.asking import OnError
from ostiary.ui.gateway_device import as_device, connect, in_own_session, tail
from ostiary.ui.language import tr
from ostiary.ui.waiting import Waiting
from ostiary_connect.endpoint import ConnectError, Endpoint

R = TypeVar("R")

RESTART_PAUSES_MS: Final = (250, 500, 1_000, 2_000, 4_000)
"""Pauses before each new start. After the last one fails too, the person is asked to try again."""
STEADY_AFTER_MS: Final = 30_000
"""A gateway that lived this long after its snapshot counts as well: the pauses begin anew."""
QUIT_LIMIT_MS: Final = 2_500
"""The gateway has 3 s to end (architecture, *Processes, threads and ends*); what is left is for ourselves."""

log = logging.getLogger(__name__)


class LinkState(Enum):
    """How it stands between the tray and the gateway."""

    STARTING = auto()
    READY = auto()
    RESTARTING = auto()
    LOST = auto()
    """It could not be started, several times in a row; ``retry`` begins again."""
    ENDING = auto()
    ENDED = auto()


class GatewayLink(QObject):
    """The connection to one gateway after another.

    Signals:
        snapshot: A ``Snapshot``: everything, at the beginning, after each new start, after a time too long
            without reading.
        happened: One of ``domain.events``.
        state_changed: A ``LinkState``.
        failed: An ``OstiaryError`` that nobody who asked took care of.
        other_front: Another tray runs already and has been raised; this one should end.
    """

    snapshot = Signal(object)
    happened = Signal(object)
    state_changed = Signal(object)
    failed = Signal(object)
    other_front = Signal()

    def __init__(
        self,
        program: str,
        arguments: tuple[str, ...],
        error_file: Path,
        endpoint: Endpoint | None = None,
        pauses_ms: tuple[int, ...] = RESTART_PAUSES_MS,
        parent: QObject | None = None,
    ) -> None:
        """``program`` with ``arguments`` is a gateway on stdio, and appends its stderr to ``error_file``.

        ``endpoint`` is where a gateway that already runs would listen; None: always start one.
        """
        super().__init__(parent)
        self._program = program
        self._arguments = arguments
        self._error_file = error_file
        self._endpoint = endpoint
        self._pauses_ms = pauses_ms
        self._state = LinkState.STARTING
        self._device: QIODevice | None = None
        self._left_behind: QIODevice | None = None
        self._waiting = Waiting(self.failed.emit)
        self._rest = b""
        self._starts = 0
        self._restart = self._timer(self.open)
        self._steady = self._timer(self._forget_failures)
        self._last_call = self._timer(self._end_by_force)

    @property
    def state(self) -> LinkState:
        return self._state

    def open(self) -> None:
        """Find the running gateway, or start one."""
        try:
            connection = connect(self._endpoint) if self._endpoint else None
        except ConnectError as error:
            self._refused(UnreachableError(error.title, error.detail))
            return
        if connection is None:
            self._start()
        else:
            self._attach_to(connection)

    def retry(self) -> None:
        """Start again after LOST."""
        self._starts = 0
        self._set_state(LinkState.STARTING)
        self.open()

    def ask(
        self, command: Command[R], on_result: Callable[[R], None] | None = None, on_error: OnError | None = None
    ) -> None:
        """See ``Ask``. With no gateway there, the error is an ``UnreachableError``."""
        if self._device is None:
            gone = UnreachableError(tr("The gateway does not run"), tr("Try again when it has started."))
            QTimer.singleShot(0, self, partial(self._waiting.fail, on_error, gone))
            return
        number = self._waiting.add(command, on_result, on_error)
        self._device.write(codec.encode_command(number, command) + b"\n")

    def quit(self) -> None:
        """Ask the gateway to end; ENDED follows within 3 s, whatever it does."""
        if self._state in (LinkState.ENDING, LinkState.ENDED):
            return
        self._restart.stop()
        self._set_state(LinkState.ENDING)
        if self._device is None:
            self._set_state(LinkState.ENDED)
            return
        self._last_call.start(QUIT_LIMIT_MS)
        self.ask(Quit(), on_error=lambda error: log.warning("quit: %s", error))

    def leave(self) -> None:
        """Let go of a gateway that goes on for its hosts, so that a new tray can attach; ENDED follows.

        A gateway that we started is our child: whoever leaves must end without destroying this object, which would
        take it along.
        """
        self._restart.stop()
        self._set_state(LinkState.ENDING)
        self._last_call.timeout.disconnect()
        self._last_call.timeout.connect(self._left)
        self._last_call.start(QUIT_LIMIT_MS)
        self.ask(Detach(), lambda _: self._left(), lambda _: self._left())

    def _left(self) -> None:
        self._last_call.stop()
        self._left_behind, self._device = self._device, None  # what it still says is for nobody
        self._set_state(LinkState.ENDED)

    def _end_with_it(self) -> None:
        """Somebody else asked the gateway to end: nothing is started again, and ENDED follows its end."""
        if self._state not in (LinkState.ENDING, LinkState.ENDED):
            self._set_state(LinkState.ENDING)
            self._last_call.start(QUIT_LIMIT_MS)

    def error_tail(self) -> str:
        """The newest of what the gateways wrote to stderr, at most 4 KB."""
        return tail(self._error_file)

    # Starting one

    def _start(self) -> None:
        process = in_own_session(self._error_file, self)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(partial(self._lost, process))
        process.errorOccurred.connect(partial(self._process_failed, process))
        self._device = process
        process.start(self._program, list(self._arguments))
        self._subscribe()

    def _process_failed(self, process: QProcess, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:  # every other end is told by ``finished`` as well
            log.error("%s: %s", self._program, process.errorString())
            self._lost(process)

    # Attaching to one

    def _attach_to(self, connection: socket.socket) -> None:
        device = as_device(connection)
        device.setParent(self)
        device.readyRead.connect(self._read)
        device.disconnected.connect(partial(self._lost, device))
        self._device = device
        self.ask(RaiseFront(), self._raised, self._refused_unless_gone)

    def _raised(self, another_front: bool) -> None:
        if another_front:
            self._hang_up()
            self.other_front.emit()
        else:
            self.ask(Attach(), self._attached, self._refused_unless_gone)

    def _attached(self, _: Done) -> None:
        self._subscribe()

    # Speaking with it

    def _subscribe(self) -> None:
        self.ask(Subscribe(), self._begin, self._refused_unless_gone)

    def _begin(self, snapshot: Snapshot) -> None:
        if self._state is LinkState.ENDING:
            return  # the person quit before it came
        self._set_state(LinkState.READY)
        self._steady.start(STEADY_AFTER_MS)
        self.snapshot.emit(snapshot)

    def _refused_unless_gone(self, error: OstiaryError) -> None:
        if self._device is not None:
            if not isinstance(self._device, QProcess):
                self._hang_up()
            self._refused(error)

    def _refused(self, error: OstiaryError) -> None:
        self.failed.emit(error)
        self._set_state(LinkState.LOST)

    def _read(self) -> None:
        if self._device is None:
            return
        *lines, self._rest = (self._rest + self._device.readAll().data()).split(b"\n")
        for line in lines:
            self._take_line(line)

    def _take_line(self, line: bytes) -> None:
        try:
            message = codec.decode_from_gateway(line)
        except UnreachableError as error:
            log.error("%s", error)
            return
        if isinstance(message, codec.Reply):
            self._waiting.settle(message)
        elif isinstance(message, Ending):
            self._end_with_it()
        elif isinstance(message, Missed):
            self._subscribe()  # we did not read for long: everything is told again
        else:
            self.happened.emit(message)

    # Its end

    def _lost(self, device: QIODevice, *_: object) -> None:
        if device is not self._device:
            return
        self._read()
        self._device, self._rest = None, b""
        self._steady.stop()
        device.deleteLater()
        self._waiting.give_up()
        if self._state is LinkState.ENDING:
            self._last_call.stop()
            self._set_state(LinkState.ENDED)
        elif self._starts < len(self._pauses_ms):
            self._restart.start(self._pauses_ms[self._starts])
            self._starts += 1
            self._set_state(LinkState.RESTARTING)
        else:
            self._set_state(LinkState.LOST)

    def _hang_up(self) -> None:
        """Leave a gateway that is another tray's, or that does not take us for one."""
        device, self._device, self._rest = self._device, None, b""
        if device is not None:
            device.close()
            device.deleteLater()
        self._waiting.give_up()

    def _forget_failures(self) -> None:
        self._starts = 0

    def _end_by_force(self) -> None:
        if isinstance(self._device, QProcess):
            log.warning("the gateway did not end in %d ms", QUIT_LIMIT_MS)
            self._device.kill()
            self._device.waitForFinished(200)
        if self._device is not None:
            self._lost(self._device)

    def _set_state(self, state: LinkState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _timer(self, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True)
        timer.timeout.connect(then)
        return timer
