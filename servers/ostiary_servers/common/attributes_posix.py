"""What a file has beside content, mode and times: its owner, and its extended attributes with access lists and tags.

Linux gives attributes to Python; macOS has fcopyfile(3) for them. What the person may not set is left out, as with
``cp --preserve``: a write must not fail for a label that the system put there itself.
"""

import ctypes
import os
import sys
from contextlib import suppress

assert sys.platform != "win32"

_COPYFILE_ACL_AND_XATTR = 1 << 0 | 1 << 2
"""copyfile.h of macOS."""


def take_over_owner(descriptor: int, before: os.stat_result) -> None:
    """Gives the open file the owner and group of ``before``, as far as the person may."""
    now = os.fstat(descriptor)
    with suppress(PermissionError):
        if now.st_uid != before.st_uid:
            os.fchown(descriptor, before.st_uid, -1)
    with suppress(PermissionError):
        if now.st_gid != before.st_gid:
            os.fchown(descriptor, -1, before.st_gid)


def take_over_attributes(source: int, descriptor: int) -> None:
    """Gives the open file ``descriptor`` the extended attributes and access lists of the open file ``source``."""
    if sys.platform == "darwin":
        ctypes.CDLL(None).fcopyfile(source, descriptor, None, ctypes.c_uint32(_COPYFILE_ACL_AND_XATTR))
    if sys.platform == "linux":
        for name in _names(source):
            with suppress(OSError):
                os.setxattr(descriptor, name, os.getxattr(source, name))


def _names(source: int) -> list[str]:
    if sys.platform == "linux":
        with suppress(OSError):  # a file system without attributes
            return os.listxattr(source)
    return []
