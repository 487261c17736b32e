"""The project's own Python environment, `.venv`: made, filled from the constraints, left alone while nothing changed.

Owns what is inside `.venv`. What the operating system has to bring is in system.py.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from devtools.errors import SetUpError

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYPROJECT = ROOT / "pyproject.toml"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
STAMP = VENV / "installed.sha256"


def program(name: str) -> Path:
    """Where `.venv` keeps an installed program."""
    return VENV / "Scripts" / f"{name}.exe" if sys.platform == "win32" else VENV / "bin" / name


def ensure() -> None:
    """Make `.venv` hold what pyproject.toml and the constraints ask for.

    Raises SetUpError when the environment cannot be made or filled; the stamp is then left as it was, so that the next
    start tries again.
    """
    wanted = fingerprint(_pyproject(), CONSTRAINTS.read_bytes(), ROOT)
    if _works() and STAMP.is_file() and STAMP.read_text() == wanted:
        return
    if not _works():
        _must(_make_command(), "make .venv")
    print("dev.py: installing into .venv", flush=True)
    _must(_install_command(_pyproject()["dependency-groups"]["dev"]), "install the dependencies")
    STAMP.write_text(wanted)


def fingerprint(pyproject: dict[str, Any], constraints: bytes, root: Path) -> str:
    """A hash of all that decides what is installed, and of where the editable install points to.

    Settings of linters and tests are left out: changing those needs no new installation.
    """
    deciding = {table: pyproject.get(table) for table in ("build-system", "project", "dependency-groups")}
    build = pyproject.get("tool", {}).get("hatch")
    text = json.dumps([deciding, build, constraints.decode(), str(root)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _pyproject() -> dict[str, Any]:
    return tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))


def _works() -> bool:
    # A moved folder or an uninstalled Python leaves a .venv that is there and cannot start.
    check = [str(program("python")), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return program("python").exists() and subprocess.run(check, check=False).returncode == 0


def _make_command() -> list[str]:
    if uv := shutil.which("uv"):
        return [uv, "venv", "--clear", "--quiet", "--python", sys.executable, str(VENV)]
    return [sys.executable, "-m", "venv", "--clear", str(VENV)]


def _install_command(dev_group: list[str]) -> list[str]:
    # The group is spelled out because the pip that Debian 12 brings (23.0) does not know --group.
    what = ["--constraint", str(CONSTRAINTS), "--editable", str(ROOT), *dev_group]
    python = str(program("python"))
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", "--python", python, *what]
    return [python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", *what]


def _must(command: list[str], purpose: str) -> None:
    # The caller's PYTHONPATH would make pip believe that things outside .venv are installed in it.
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    if subprocess.run(command, cwd=ROOT, env=clean, check=False).returncode != 0:
        raise SetUpError(f"could not {purpose}; the lines above say why. The command was:\n  {' '.join(command)}")
