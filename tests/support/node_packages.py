"""The TypeScript SDK from its registry, in a folder that is kept between test runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import pytest

PACKAGES: Final = {
    "@modelcontextprotocol/sdk": "1.32.2",
    "@modelcontextprotocol/client": "2.4.0",
    "@modelcontextprotocol/server-everything": "2026.8.31",
    "@modelcontextprotocol/server-filesystem": "2026.8.31",
    "@modelcontextprotocol/server-memory": "2026.8.31",
}
INSTALL_DEADLINE_S: Final = 100.0
FOLDER: Final = Path(tempfile.gettempdir()) / f"ostiary-tests-node-{os.getuid() if hasattr(os, 'getuid') else 0}"
"""Where they are kept; it may not be there yet."""


def node_packages() -> Path:
    """The folder that holds ``node_modules``.

    Skips the test without Node; where a desktop was promised, an unreachable registry fails it instead.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("needs Node.js with npm")
    if _installed(FOLDER) != PACKAGES:
        _install(FOLDER)
    return FOLDER


def _installed(folder: Path) -> dict[str, str]:
    manifests = {name: folder / "node_modules" / name / "package.json" for name in PACKAGES}
    return {name: json.loads(file.read_bytes())["version"] for name, file in manifests.items() if file.exists()}


def _install(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": PACKAGES}))
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_DEADLINE_S, check=False
        )
        problem = ended.stderr if ended.returncode else ""
    except subprocess.TimeoutExpired:
        problem = f"npm did not end within {INSTALL_DEADLINE_S:.0f} s"
    if problem:
        tell = pytest.fail if os.environ.get("OSTIARY_DESKTOP") == "1" else pytest.skip
        tell(f"the TypeScript SDK could not be installed: {problem}")
