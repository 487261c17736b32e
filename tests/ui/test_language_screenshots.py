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


def take_again(files: list[str], wanted: str, there: Path, *options: str, **variables: str) -> None:
    """The pictures of these files whose names fit, taken into ``there`` by a process of its own."""
    there.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "-k", wanted]
    taken = subprocess.run(
        [*command, *(str(HERE / f"test_{name}screenshots.py") for name in files)],
        env={**os.environ, "OSTIARY_ARTEFACTS": str(there), **variables},
        timeout=TIMEOUT_S,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert taken.returncode == 0, taken.stdout


@pytest.mark.parametrize(
    ("folder", "plugin", "width_px"),
    [("german", "tests.support.german", 360), ("right-to-left", "tests.support.mirrored", 960)],
)
def test_the_light_pictures_are_taken_again(artefacts: Path, folder: str, plugin: str, width_px: int) -> None:
    """In German the states too: its words are the longest."""
    width = {360: "narrow", 960: "wide"}[width_px]
    files = ["pages_", "", *(["states_"] if folder == "german" else [])]
    take_again(files, f"pictured and light and ({width} or {PROMPTS})", artefacts / folder, "-p", plugin)
    assert QImage(str(artefacts / folder / f"window-servers-light-{width}.png")).width() == width_px


@pytest.mark.soak
def test_every_state_is_pictured_at_200_percent_and_from_right_to_left(artefacts: Path) -> None:
    take_again(["states_"], "light_narrow", artefacts / "200-percent", QT_SCALE_FACTOR="2")
    take_again(["states_"], "light_wide", artefacts / "right-to-left", "-p", "tests.support.mirrored")
    assert QImage(str(artefacts / "200-percent" / "state-hosts-plan-light-narrow.png")).width() == 720
