"""Pictures once more in German and from right to left, for a person to look at after the run.

German in the narrowest window, where its long words are cut first; from right to left in the wide one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

pytestmark = pytest.mark.desktop

HERE = Path(__file__).parent
TIMEOUT_S = 100
PROMPTS = "edit or unverified or changed_tool or hidden"


@pytest.mark.parametrize(
    ("folder", "plugin", "width_px"),
    [("german", "tests.support.german", 360), ("right-to-left", "tests.support.mirrored", 960)],
)
def test_the_light_pictures_are_taken_again(artefacts: Path, folder: str, plugin: str, width_px: int) -> None:
    width = {360: "narrow", 960: "wide"}[width_px]
    there = artefacts / folder
    there.mkdir(exist_ok=True)
    files = [str(HERE / f"test_{name}screenshots.py") for name in ("pages_", "states_", "")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", plugin, "-p", "no:cacheprovider"]
    taken = subprocess.run(
        [*command, "-k", f"pictured and light and ({width} or {PROMPTS})", *files],
        env={**os.environ, "OSTIARY_ARTEFACTS": str(there)},
        timeout=TIMEOUT_S,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert taken.returncode == 0, taken.stdout
    assert QImage(str(there / f"window-servers-light-{width}.png")).width() == width_px
