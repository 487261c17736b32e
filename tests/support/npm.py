"""Packages from the npm registry, in folders that are kept between test runs."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

INSTALL_DEADLINE_S: Final = 110.0


def provide(folder: Path, wanted: Mapping[str, str]) -> str:
    """Have these packages of exactly these versions in ``folder``; why they are not, or nothing when they are.

    Without Node the test is skipped.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("needs Node.js with npm")
    return "" if _installed(folder, wanted) == wanted else _install(folder, wanted)


def _installed(folder: Path, wanted: Mapping[str, str]) -> dict[str, str]:
    manifests = {name: folder / "node_modules" / name / "package.json" for name in wanted}
    return {name: json.loads(file.read_bytes())["version"] for name, file in manifests.items() if file.exists()}


def _install(folder: Path, wanted: Mapping[str, str]) -> str:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted}))
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_DEADLINE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return f"npm did not end within {INSTALL_DEADLINE_S:.0f} s"
    return ended.stderr.strip()[-300:] or "npm failed" if ended.returncode else ""
