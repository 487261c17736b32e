#!/usr/bin/env python3
"""Everything a developer does, from a bare machine on.

python3 packaging/dev.py {run,test,bench,eval,soak,lint,language}

This file owns one thing, the answer to a Python that is too old; it is therefore written so that an old one can
read it. The commands are in devtools/commands.py. Nothing here needs more than the standard library.
"""

import sys

OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Run the command named in sys.argv and give its exit code."""
    if sys.version_info < OLDEST_PYTHON:
        needed, present = (".".join(str(part) for part in version[:2]) for version in (OLDEST_PYTHON, sys.version_info))
        print(f"dev.py: Ostiary needs Python {needed} or newer; {sys.executable} is {present}.", file=sys.stderr)
        return 69
    from devtools.commands import main as run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
