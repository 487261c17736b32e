"""Starts a child, one that leaves the group, and one that leaves both group and parent; prints its own id and theirs.

With the argument ``stubborn`` all of them take no notice of SIGTERM, SIGHUP or the end of input.
"""

import os
import signal
import sys

STUBBORN = "stubborn" in sys.argv


def wait_for_ever() -> None:
    while True:
        signal.pause()


def fork(*, leave: bool) -> int:
    pid = os.fork()
    if pid == 0:
        if leave:
            os.setsid()
        wait_for_ever()
    return pid


def fork_daemon() -> int:
    reading, writing = os.pipe()
    between = os.fork()
    if between == 0:
        os.write(writing, b"%d" % fork(leave=True))
        os._exit(0)
    os.waitpid(between, 0)
    return int(os.read(reading, 16))


if STUBBORN:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
print(os.getpid(), fork(leave=False), fork(leave=True), fork_daemon(), flush=True)
sys.stdin.buffer.read()
if STUBBORN:
    wait_for_ever()
