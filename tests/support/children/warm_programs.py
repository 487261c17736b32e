"""A warm template for tests: the programs of this folder are forked from it, instead of bundled servers."""

import runpy
import sys
from collections.abc import Mapping, Sequence

from ostiary_servers.anew_posix import start_anew


def warm_up() -> None:
    """Nothing takes long here."""


def is_current() -> bool:
    """These files do not change."""
    return True


def become(command: Sequence[bytes], environment: Mapping[bytes, bytes]) -> int:
    """Runs the script of a command ``python -S -E SCRIPT …``, as that would."""
    start_anew(command, environment)
    del sys.argv[:3]
    runpy.run_path(sys.argv[0], run_name="__main__")
    return 0
