"""What carries lines to and from a gateway: a connection to one that runs, or one that we start."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QIODevice, QObject, QProcess
from PySide6.QtNetwork import QLocalSocket, QTcpSocket

from ostiary import __version__
from ostiary_connect import dial, greeting
from ostiary_connect.endpoint import Endpoint

ERROR_FILE_LIMIT_BYTES: Final = 1_000_000
TAIL_BYTES: Final = 4_000


def connect(endpoint: Endpoint) -> socket.socket | None:
    """A connection to the gateway that runs, greeted; None when none runs. ConnectError when it cannot be trusted.

    Everything of this is local and answered at once; ``dial`` has a deadline for a gateway that hangs.
    """
    try:
        connection = dial.dial(endpoint)
    except dial.NotRunningError:
        return None
    dial.greet(connection, greeting.encode_hello(greeting.CONTROL, __version__))
    return connection


def as_device(connection: socket.socket) -> QLocalSocket | QTcpSocket:
    """The connection as Qt reads it; its descriptor goes over."""
    device = QTcpSocket() if connection.family == socket.AF_INET else QLocalSocket()
    device.setSocketDescriptor(connection.detach())
    return device


def in_own_session(error_file: Path, parent: QObject) -> QProcess:
    """A process, not started yet, that outlives us and appends its stderr to ``error_file``."""
    process = QProcess(parent)
    if sys.platform != "win32":
        parameters = QProcess.UnixProcessParameters()
        parameters.flags = QProcess.UnixProcessFlag.CreateNewSession
        process.setUnixProcessParameters(parameters)
    _make_room(error_file)
    process.setStandardErrorFile(str(error_file), QIODevice.OpenModeFlag.Append)
    return process


def tail(error_file: Path) -> str:
    """The newest of what the gateways wrote to stderr, at most 4 KB."""
    try:
        with error_file.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
            return file.read().decode(errors="replace").strip()
    except OSError:
        return ""


def _make_room(file: Path) -> None:
    """Keep one older file; ours alone to read, before the gateway writes the first byte."""
    if file.exists() and file.stat().st_size > ERROR_FILE_LIMIT_BYTES:
        file.replace(file.with_suffix(".old"))
    file.touch(mode=0o600)
