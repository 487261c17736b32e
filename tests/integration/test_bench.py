"""The benchmark works, whatever it measures: all its processes, through its public door."""

import subprocess
import sys
from pathlib import Path

from tests.support.commands import DEADLINE_S

ROOT = Path(__file__).parents[2]
SECTIONS = ("tools/call", "32 calls in flight", "Many hosts", "Start of a shim", "A file's change", "Memory")


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
