"""The TypeScript SDK from its registry, in a folder that is kept between test runs."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

import pytest

from tests.support.npm import provide

PACKAGES: Final = {
    "@modelcontextprotocol/sdk": "1.32.2",
    "@modelcontextprotocol/client": "2.4.0",
    "@modelcontextprotocol/server-everything": "2026.8.31",
    "@modelcontextprotocol/server-filesystem": "2026.8.31",
    "@modelcontextprotocol/server-memory": "2026.8.31",
}
FOLDER: Final = Path(tempfile.gettempdir()) / f"ostiary-tests-node-{os.getuid() if hasattr(os, 'getuid') else 0}"
"""Where they are kept; it may not be there yet."""


def node_packages() -> Path:
    """The folder that holds ``node_modules``.

    Skips the test without Node; where a desktop was promised, an unreachable registry fails it instead.
    """
    if problem := provide(FOLDER, PACKAGES):
        tell = pytest.fail if os.environ.get("OSTIARY_DESKTOP") == "1" else pytest.skip
        tell(f"the TypeScript SDK could not be installed: {problem}")
    return FOLDER
