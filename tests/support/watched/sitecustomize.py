"""Put first on the path of a Python program, this notes whom it calls and what it writes, one JSON list a line.

The file is named by OSTIARY_TEST_NOTES. What is noted are the interpreter's own audit events, so nothing written in
Python can go around it; what a started program does is not seen, only that it was started.
"""

import json
import os
import sys

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NOTED = (
    "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen",
)  # fmt: skip


def _opens_to_write(path: object, _mode: object, flags: object) -> bool:
    """A number is what is open already."""
    return not isinstance(path, int) and isinstance(flags, int) and flags & _WRITING != 0


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and not _opens_to_write(*arguments):
        return
    if event == "open" or event in _NOTED:
        os.write(_notes, json.dumps([event, *map(str, arguments)]).encode() + b"\n")


_notes = os.open(os.environ["OSTIARY_TEST_NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
sys.addaudithook(_note)
