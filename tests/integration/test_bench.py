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


@pytest.mark.soak
def test_the_benchmark_measures_everything_and_fails_nothing() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--tiny"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3 * DEADLINE_S,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert [name for name in SECTIONS if not any(line.startswith(name) for line in lines)] == []


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="only there is a template, and told what is shared")
def test_the_benchmark_of_the_files_server_measures_every_promise() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", "files", "--tiny"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3 * DEADLINE_S,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    judged = [line for line in ended.stdout.splitlines() if line.endswith(("reached", "MISSED"))]
    assert len(judged) == FILES_PROMISES


def test_the_benchmark_of_activity_measures_every_promise() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", "activity", "--tiny"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3 * DEADLINE_S,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    judged = [line for line in ended.stdout.splitlines() if line.endswith(("reached", "MISSED"))]
    assert len(judged) == ACTIVITY_PROMISES


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("ctags") is None, reason="universal-ctags is not installed")
def test_the_benchmark_of_the_code_server_measures_every_promise() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", "code", "--tiny"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3 * DEADLINE_S,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    judged = [line for line in ended.stdout.splitlines() if line.endswith(("reached", "MISSED"))]
    assert len(judged) == CODE_PROMISES
