"""Other programs that stand between a host and a server, for the benchmark: each in a folder of its own in `.bench`.

They are no part of the project: what they need is nowhere near `.venv`, and a benchmark without them says so. Where
each is found and how it is started is in tests/bench/peers.py.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from devtools.environment import ROOT

PLACE = ROOT / ".bench"
FROM_PYPI: Mapping[str, str] = {"fastmcp": "4.1.2", "mcp-proxy": "0.13.0"}
FROM_NPM: Mapping[str, str] = {"supergateway": "4.0.0"}
DEADLINE_S = 300.0
"""For one of them: a registry that hangs must not keep anybody from measuring."""


def ensure() -> None:
    """Install what is not there in the pinned version; tell what cannot be had."""
    for name, version in (*FROM_PYPI.items(), *FROM_NPM.items()):
        folder = PLACE / name
        stamp = folder / "version"
        if stamp.is_file() and stamp.read_text() == version:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"dev.py: installing {name} {version} to measure beside", flush=True)
        if all(map(_runs, _commands(name, version, folder))):
            stamp.write_text(version)
        else:
            print(f"dev.py: {name} {version} cannot be had; the table goes without it", file=sys.stderr, flush=True)


def _commands(name: str, version: str, folder: Path) -> list[list[str]]:
    if name in FROM_NPM:
        npm = shutil.which("npm") or "npm"
        return [[npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), f"{name}@{version}"]]
    python = str(folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))
    install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", f"{name}=={version}"]
    return [[sys.executable, "-m", "venv", str(folder)], [python, *install]]


def _runs(command: list[str]) -> bool:
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    try:
        return subprocess.run(command, env=clean, timeout=DEADLINE_S, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"dev.py: {error}", file=sys.stderr, flush=True)
        return False
