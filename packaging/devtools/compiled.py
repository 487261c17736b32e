"""The compiled relay in `.compiled`: made when the code is another than it was compiled from.

Owns that folder and when it is old. How the code is compiled is in packaging/compiling.py.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

from devtools.environment import ROOT, program
from devtools.errors import SetUpError

PLACE = ROOT / ".compiled"
STAMP = PLACE / "compiled.sha256"
VARIABLES = {"PYTHONPATH": str(PLACE)}
"""Whoever is started with these finds the compiled relay first."""

_DECIDING = (ROOT / "desktop", ROOT / "packaging" / "compiling.py", ROOT / "packaging" / "constraints.txt")


def ensure() -> None:
    """Make `.compiled` hold the code of this moment. Raises SetUpError where it cannot be compiled."""
    wanted = _fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    print("dev.py: compiling the relay into .compiled (a minute)", flush=True)
    command = [str(program("python")), str(ROOT / "packaging" / "compiling.py"), str(PLACE)]
    done = subprocess.run(command, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.stderr.buffer.write(done.stderr)
        raise SetUpError("the relay could not be compiled; the lines above say why (a C compiler is needed)")
    STAMP.write_text(wanted)


def _fingerprint() -> str:
    pyproject = (ROOT / "pyproject.toml").read_bytes()
    files = [file for place in _DECIDING for file in _files(place)]
    named = (f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes() for file in files)
    return hashlib.sha256(b"\0".join((sys.version.encode(), pyproject, *named))).hexdigest()


def _files(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]
