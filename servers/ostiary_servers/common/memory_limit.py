"""How much memory a program may take that was started to read what strangers wrote. OS-specific: only Linux limits it
from outside; elsewhere it is the time that a program is given that bounds it."""

import sys
from contextlib import suppress
from typing import Final

RIPGREP_BYTES: Final = 1024 * 1024 * 1024
"""ripgrep reads a file of rules whole, wherever a link called .gitignore leads (to /dev/zero, say), and a line, however
long it is. Measured: 60,000 files take less than 20 MB."""


def limit_memory(pid: int, limit_bytes: int) -> None:
    """From here on; a lower limit that it has already stays."""
    if sys.platform == "linux":
        import resource

        with suppress(ProcessLookupError):  # it has ended already
            _, most = resource.prlimit(pid, resource.RLIMIT_AS)
            limit = limit_bytes if most == resource.RLIM_INFINITY else min(limit_bytes, most)
            resource.prlimit(pid, resource.RLIMIT_AS, (limit, limit))
