"""The benchmark works, whatever it measures: all its processes, through its public door."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import DEADLINE_S

ROOT = Path(__file__).parents[2]
SECTIONS = (
    "tools/call",
    "32 calls in flight",
    "Many hosts",
    "Start of a shim",
    "A file's change",
    "Memory",
    "At rest",
    "The prompt",
)
FILES_PROMISES = 23
"""Two searches, six calls, two starts, memory twice."""

ACTIVITY_PROMISES = 4
"""Stalls twice, a jump, memory."""

CODE_PROMISES = 6
"""Cold definitions, the index beside ctags, memory twice, activity beside git, cancellation."""


def benchmarked(*section: str) -> list[str]:
    """What the benchmark says of itself, or of this section of it, in its smallest form."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", *section, "--tiny"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3 * DEADLINE_S,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


def promises_of(section: str) -> int:
    return len([line for line in benchmarked(section) if line.endswith(("reached", "MISSED"))])


@pytest.mark.soak
def test_the_benchmark_measures_everything_and_fails_nothing() -> None:
    lines = benchmarked()
    assert [name for name in SECTIONS if not any(line.startswith(name) for line in lines)] == []


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="only there is a template, and told what is shared")
def test_the_benchmark_of_the_files_server_measures_every_promise() -> None:
    assert promises_of("files") == FILES_PROMISES


def test_the_benchmark_of_activity_measures_every_promise() -> None:
    assert promises_of("activity") == ACTIVITY_PROMISES


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("ctags") is None, reason="universal-ctags is not installed")
def test_the_benchmark_of_the_code_server_measures_every_promise() -> None:
    assert promises_of("code") == CODE_PROMISES
