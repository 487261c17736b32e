"""Compiles the relay with mypyc: the same code, checked for the same types, as machine code.

    python packaging/compiling.py FOLDER

FOLDER is made anew with a copy of the application's packages. Beside the modules that pyproject.toml names stand what
they were compiled to, which Python prefers; every other module, and each of these too, works as it is. Who only imports
the copy gets a faster relay and nothing else. Needs mypy, setuptools and a C compiler.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("ostiary", "ostiary_connect")

OPTIONS = ("--python-version=3.11", "--config-file=", "--ignore-missing-imports", "--follow-imports=silent")
"""mypy's own faults are found by the linters; here it only has to know the types."""


def modules() -> tuple[str, ...]:
    """The files to compile, from the folder on that holds the packages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["modules"]
    return tuple(f"{name.replace('.', '/')}.py" for name in listed)


def compile_into(folder: Path) -> int:
    """Copy and compile. Gives mypyc's exit code; what it says goes to stderr."""
    shutil.rmtree(folder, ignore_errors=True)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / "desktop" / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
        )
    command = [sys.executable, "-m", "mypyc", *OPTIONS, *modules()]
    environment = {**os.environ, "MYPYC_OPT_LEVEL": "3", "MYPYC_DEBUG_LEVEL": "0"}
    code = subprocess.run(command, cwd=folder, env=environment, stdout=sys.stderr, check=False).returncode
    shutil.rmtree(folder / "build", ignore_errors=True)
    shutil.rmtree(folder / ".mypy_cache", ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(compile_into(Path(sys.argv[1]).resolve()))
