"""How a command ends: exit codes (BSD sysexits where one fits), and which error gives which."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from ostiary.domain.errors import OstiaryError, RefusedError, UnreachableError, UsageError


class Exit(IntEnum):
    """Exit codes. Only OK is success."""

    OK = 0
    FAILED = 1
    USAGE = 64
    UNAVAILABLE = 69
    INTERNAL = 70
    REFUSED = 77
    PIPE_CLOSED = 141
    """128 + SIGPIPE: who read the output has left, as ``head`` does."""


EXIT_HELP: Final = """\
exit codes:
  0    done
  1    it was tried and failed, or the doctor found something
  64   the arguments make no sense: an unknown name, a missing value
  69   Ostiary is not running, or ended in the middle
  70   a fault of ours
  77   refused, or it waits for a yes that was not given
  130  interrupted with Ctrl-C
  141  whoever read the output has closed it
"""


def exit_for(error: OstiaryError) -> Exit:
    """Pure. The exit code that tells this error."""
    match error:
        case UsageError():
            return Exit.USAGE
        case RefusedError():
            return Exit.REFUSED
        case UnreachableError():
            return Exit.UNAVAILABLE
        case _:
            return Exit.FAILED
