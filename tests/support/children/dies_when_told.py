"""Answers each line with itself; the line ``die`` ends it with the code 4, ``crash`` by a signal."""

import os
import signal
import sys

for line in sys.stdin.buffer:
    if line == b"die\n":
        print("told to die", file=sys.stderr)
        sys.exit(4)
    if line == b"crash\n":
        os.kill(os.getpid(), signal.SIGSEGV)
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
