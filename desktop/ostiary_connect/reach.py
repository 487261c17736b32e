"""The way to a gateway, running or not: dial, and start the application when nobody answers."""

import os
import socket
import time
from collections.abc import Callable

from ostiary_connect.carry import has_host_left
from ostiary_connect.dial import NotRunningError, dial
from ostiary_connect.endpoint import ConnectError, Endpoint, prepare_folder

START_TIMEOUT_S = 10.0
RETRY_S = 0.02


class HostLeftError(Exception):
    """The host closed our stdin before anything was connected."""


def reach(endpoint: Endpoint, *, may_start: bool, attend: Callable[[float], bool] = has_host_left) -> socket.socket:
    """A dialled connection. ConnectError when there is none to be had.

    ``attend`` looks after the host for so many seconds; when it says that the host has left, HostLeftError ends the
    waiting.
    """
    try:
        return dial(endpoint)
    except NotRunningError:
        if not may_start:
            raise
    if has_host_left(0):
        raise HostLeftError
    return _start_and_wait(endpoint, attend)


def _start_and_wait(endpoint: Endpoint, attend: Callable[[float], bool]) -> socket.socket:
    """Start the application, unless another shim or a living tray is at it, and dial until it answers."""
    from ostiary_connect.launch import Launch, is_kept
    from ostiary_connect.private_file import try_lock

    prepare_folder(endpoint)
    launch, lock = Launch(endpoint), None
    deadline = time.monotonic() + START_TIMEOUT_S
    try:
        while time.monotonic() < deadline:
            lock = try_lock(endpoint.start_lock_path) if lock is None else lock
            try:
                return dial(endpoint)
            except NotRunningError:
                if lock is not None and not is_kept(endpoint):
                    launch.keep_up()
            if attend(RETRY_S):
                raise HostLeftError
    except OSError as error:
        raise ConnectError("Ostiary could not be started", str(error)) from error
    finally:
        if lock is not None:
            os.close(lock)
    raise ConnectError(
        "Ostiary did not start", f"It did not answer within {START_TIMEOUT_S:.0f} s; try `ostiary doctor`."
    )
