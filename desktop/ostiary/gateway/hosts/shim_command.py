"""Which program a host is told to start: the installed ``ostiary-connect``, by its absolute path.

Never ``python -m``: the host's working folder would come first on the module path, and a file there would run instead.
"""

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from ostiary.domain.errors import HostFileError

PROGRAM = "ostiary-connect"


@dataclass(frozen=True, slots=True)
class ShimCommand:
    """A program by its absolute path, and its arguments."""

    program: str
    args: tuple[str, ...]


def shim_folders() -> tuple[Path, ...]:
    """Gives the folders where this installation's programs may be: beside our own, and where scripts are installed.

    The folder of ``sys.executable`` is taken as it was started: in a virtual environment its links lead out of it. A
    frozen build has nothing but its own folder.
    """
    own = Path(sys.executable).absolute().parent
    return (own,) if getattr(sys, "frozen", False) else (Path(sysconfig.get_path("scripts")).absolute(), own)


def shim_program(folders: tuple[Path, ...]) -> Path:
    """Gives the first ``ostiary-connect`` that can be run. Raises ``HostFileError`` when there is none."""
    name = f"{PROGRAM}.exe" if sys.platform == "win32" else PROGRAM
    for folder in folders:
        program = folder / name
        if program.is_file() and os.access(program, os.X_OK):
            return program
    looked = ", ".join(str(folder) for folder in folders)
    raise HostFileError(f"The program {name} is missing", f"It is not in {looked}. Install Ostiary again.")


def shim_command(host: str, program: Path, home: Path | None) -> ShimCommand:
    """Gives what a host's entry starts. ``home`` is Ostiary's folder when it is not the default, else ``None``."""
    return ShimCommand(str(program), ("--host", host, *(("--home", str(home)) if home else ())))
