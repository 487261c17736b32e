"""``ostiary-serve ARGUMENTS`` forked from a warm template, as the gateway starts it on Linux, with this program's own
stdin and stdout. Usage: python -m tests.bench.forked_server ARGUMENTS"""

from __future__ import annotations

import os
import sys

from ostiary_servers.warm_posix import become, warm_up

assert sys.platform != "win32"


def main() -> int:
    """Gives the server's exit code."""
    warm_up()
    child = os.fork()
    if child == 0:
        command = ["ostiary-serve", *sys.argv[1:]]
        return become([os.fsencode(word) for word in command], dict(os.environb))
    for fd in (0, 1):
        os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
