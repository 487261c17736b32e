"""The pictures once more in German, and from right to left, for a person to look at after the run."""

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


@pytest.mark.parametrize(
    ("folder", "plugin"), [("german", "tests.support.german"), ("right-to-left", "tests.support.mirrored")]
)
def test_the_light_pictures_are_taken_again(artefacts: Path, folder: str, plugin: str) -> None:
    there = artefacts / folder
    there.mkdir(exist_ok=True)
    files = (str(HERE / "test_pages_screenshots.py"), str(HERE / "test_screenshots.py"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", plugin, "-p", "no:cacheprovider"]
    taken = subprocess.run(
        [*command, "-k", "pictured and not dark", *files],
        env={**os.environ, "OSTIARY_ARTEFACTS": str(there)},
        timeout=TIMEOUT_S,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert taken.returncode == 0, taken.stdout
    assert QImage(str(there / "window-servers-light-narrow.png")).width() == 360
