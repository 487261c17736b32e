"""A shim that speaks protocol 1 as the first revision did: what hosts go on running after the application was updated.

Frozen: it shares no code with the shim of today, and is not to be changed with it. It only dials a socket file, and
does without starting the application, without doubts about who listens, and without words for the host when nobody
does. Run as ``python shim_protocol_1.py HOME handover|pump``. Ends with 0 after a farewell or when the host leaves, and
with 75 when the gateway is gone without one.
"""

import contextlib
import json
import os
import queue
import select
import socket
import sys
import threading
from pathlib import Path

FAREWELL = b"\0\n"
LEAVING_S = 0.3


def arrive(home: str, transport: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(f"{home}/run/gateway.sock")
    hello = {"ostiary": (1, 1), "kind": "host", "host": "cursor", "servers": None, "cwd": str(Path.cwd())}
    told = {**hello, "version": "0.1.0", "transport": transport, "resume": None}
    connection.sendall(json.dumps(told).encode() + b"\n")
    welcome = b""
    while not welcome.endswith(b"\n"):
        welcome += connection.recv(1)
    assert json.loads(welcome)["ok"]
    assert json.loads(welcome)["protocol"] == 1
    return connection


def hand_over(connection: socket.socket) -> bool:
    socket.send_fds(connection, [b"\n"], [0, 1])
    poller = select.poll()
    poller.register(0, getattr(select, "POLLRDHUP", 0))
    poller.register(connection, select.POLLIN)
    if any(descriptor == connection.fileno() for descriptor, _ in poller.poll()):
        try:
            return connection.recv(65536).endswith(FAREWELL)
        except ConnectionError:
            return False
    poller.unregister(0)
    poller.poll(LEAVING_S * 1000)
    return True


def pump(connection: socket.socket) -> bool:
    ended: queue.SimpleQueue[bool] = queue.SimpleQueue()

    def to_gateway() -> None:
        with contextlib.suppress(OSError):
            while chunk := os.read(0, 65536):
                connection.sendall(chunk)
            ended.put(True)
            connection.shutdown(socket.SHUT_WR)

    def to_host() -> None:
        with contextlib.suppress(OSError):
            while chunk := connection.recv(65536):
                os.write(1, chunk.removesuffix(FAREWELL))
                if chunk.endswith(FAREWELL):
                    return ended.put(True)
        return ended.put(False)

    for direction in (to_gateway, to_host):
        threading.Thread(target=direction, daemon=True).start()
    is_in_order = ended.get()
    if is_in_order:
        with contextlib.suppress(queue.Empty):
            ended.get(timeout=LEAVING_S)
    return is_in_order


if __name__ == "__main__":
    _, place, way = sys.argv
    gateway = arrive(place, way)
    sys.exit(0 if (hand_over if way == "handover" else pump)(gateway) else 75)
