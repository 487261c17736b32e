"""``ostiary``: the tray, the gateway or a command, whichever the arguments ask for.

Everything is imported late: the version needs nothing, the help and the commands neither Qt nor asyncio.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import Enum, auto

INTERRUPTED = 130
"""128 + SIGINT, as a shell tells it."""


class Way(Enum):
    """What the program is started as."""

    TRAY = auto()
    GATEWAY = auto()
    COMMAND = auto()
    VERSION = auto()


def main() -> int:
    """Run what the arguments ask for. Gives the exit code."""
    arguments = sys.argv[1:]
    match way_of(arguments):
        case Way.VERSION:
            from ostiary import __version__

            print(f"ostiary {__version__}")
            return 0
        case Way.COMMAND:
            return _command(arguments)
        case Way.GATEWAY:
            return _gateway(arguments)
        case Way.TRAY:
            from ostiary import app

            return app.main(arguments)


def way_of(arguments: Sequence[str]) -> Way:
    """Pure. The first telling argument decides: a command's name, ``--headless``, ``--help`` or ``--version``."""
    rest = iter(arguments)
    for argument in rest:
        match argument:
            case "--home":
                next(rest, None)
            case "--version":
                return Way.VERSION
            case "--headless":
                return Way.GATEWAY
            case "--help" | "-h":
                return Way.COMMAND
            case _ if not argument.startswith("-"):
                return Way.COMMAND
    return Way.TRAY


def _gateway(arguments: list[str]) -> int:
    from ostiary.gateway.without_openssl import without_openssl

    with without_openssl():
        from ostiary import headless

    return headless.main(arguments)


def _command(arguments: list[str]) -> int:
    try:
        from ostiary.cli import program

        return program.main(arguments)
    except KeyboardInterrupt:  # a person's own wish needs no words
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
