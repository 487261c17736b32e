"""Programs and libraries from the npm registry, each in a folder of its own that is kept between test runs."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

import pytest

from tests.support.npm import provide

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
    name = package.strip("@").replace("/", "-")
    folder = Path(tempfile.gettempdir()) / f"ostiary-tests-npm-{os.getuid()}" / name
    if problem := provide(folder, {package: VERSIONS[package]}):
        pytest.skip(f"{package} cannot be had: {problem}")
    return folder


def program(package: str, name: str) -> str:
    """The path of a package's program."""
    return str(installed(package) / "node_modules" / ".bin" / name)
