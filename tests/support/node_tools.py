"""Programs and libraries from the npm registry, each in a folder of its own that is kept between test runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import pytest

INSTALL_DEADLINE_S: Final = 110.0
VERSIONS: Final = {
    "jsonc-parser": "3.3.1",
    "@google/gemini-cli": "0.61.0",
    "@anthropic-ai/claude-code": "2.1.328",
    "@modelcontextprotocol/inspector": "2.12.0",
    "@openai/codex": "0.169.0",
    "opencode-ai": "1.18.33",
}


def installed(package: str) -> Path:
    """The folder that holds ``node_modules`` with the package in it. Skips the test where it cannot be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("needs Node.js with npm")
    wanted = {package: VERSIONS[package]}
    name = package.strip("@").replace("/", "-")
    folder = Path(tempfile.gettempdir()) / f"ostiary-tests-npm-{os.getuid()}" / name
    manifest = folder / "node_modules" / package / "package.json"
    if not manifest.exists() or json.loads(manifest.read_bytes())["version"] != VERSIONS[package]:
        _install(folder, wanted)
    return folder


def program(package: str, name: str) -> str:
    """The path of a package's program."""
    return str(installed(package) / "node_modules" / ".bin" / name)


def _install(folder: Path, wanted: dict[str, str]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted}))
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_DEADLINE_S, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not install {', '.join(wanted)} within {INSTALL_DEADLINE_S:.0f} s")
    if ended.returncode:
        pytest.skip(f"{', '.join(wanted)} cannot be had: {ended.stderr.strip()[-300:]}")
