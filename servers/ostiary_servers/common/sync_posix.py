"""Syncs a whole file system at once, which Python does not offer: for a folder of many files that were just written.

A sync for each of 1,600 files took 3 to 9 s on an SSD, one for all 0.2 s (measured).
"""

import ctypes
import os
import sys

assert sys.platform != "win32"

_C = ctypes.CDLL(None, use_errno=True)


def sync_file_system_of(descriptor: int) -> None:
    """Returns when all that was written to its file system is on the disk (Linux, syncfs(2)), or on its way there."""
    call = getattr(_C, "syncfs", None)
    if call is None:
        os.sync()
    elif call(descriptor) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
