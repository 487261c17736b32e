"""A relay that reads and writes and looks at nothing: what two more pipes and a process in between cost by themselves.

python copying_relay.py COMMAND ...
"""

from __future__ import annotations

import os
import select
import subprocess
import sys

READ_BYTES = 64 * 1024


def main() -> None:
    """Copy both ways until one side ends. A pipe that is full is waited for."""
    with subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        targets = {0: child.stdin.fileno(), child.stdout.fileno(): 1}
        while all(_copied(source, targets[source]) for source in select.select(list(targets), [], [])[0]):
            pass
        child.stdin.close()


def _copied(source: int, target: int) -> bool:
    left = memoryview(os.read(source, READ_BYTES))
    is_open = bool(left)
    while left:
        left = left[os.write(target, left) :]
    return is_open


if __name__ == "__main__":
    main()
