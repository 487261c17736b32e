"""All of the application as a screen reader meets it on the real bus: no control without a name or a role."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.screen_reader import Node, ScreenReader
from tests.support.window_program import NAME

pytestmark = pytest.mark.desktop

NO_CONTROL = frozenset({"", "unknown", "invalid", "filler", "panel", "border"})
"""Roles that say nothing of what a thing is for."""
CELL = "cell"
"""One of a table that has nothing to say is empty; the table has a name."""
WAYS = (
    *((f"page {place}",) for place in range(9)),
    ("page 0", "server github"),
    ("page 0", "server files", "press Show output"),
    ("page 0", "server notes", "press Remove…"),
    ("page 0", "press Add a server"),
    ("page 0", "press Add a server", "press Paste a block…"),
    ("page 3", "call 1"),
    ("start",),
    ("prompt 1",),
)

Take = Callable[[str], None]


@pytest.fixture(scope="module")
def reader() -> Iterator[ScreenReader]:
    """There before the program, which looks for the bus of screen readers at its start."""
    reader = ScreenReader(NAME)
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def take(reader: ScreenReader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Take]:
    """Take a step in the window's program."""
    folder = tmp_path_factory.mktemp("window")
    environment = {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    command = [sys.executable, "-m", "tests.support.window_program", str(folder)]
    pipe = subprocess.PIPE
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, cwd=root) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        steps, answers = process.stdin, process.stdout

        def take(step: str) -> None:
            steps.write(f"{step}\n".encode())
            steps.flush()
            assert answers.readline() == b"done\n", f"{step!r} could not be taken"

        yield take
        process.terminate()


def faults(nodes: Iterator[Node]) -> list[str]:
    """What can have the keyboard and does not say what it is, in the words of a report."""
    controls = [node for node in nodes if node.focusable]
    assert controls
    nameless = [node for node in controls if not node.name and node.role != CELL]
    unnamed = [f"a {node.role} at {node.middle} has no name" for node in nameless]
    return unnamed + [f"“{node.name}” is a mere {node.role!r}" for node in controls if node.role in NO_CONTROL]


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_whatever_can_have_the_keyboard_says_its_name_and_what_it_is(
    take: Take, reader: ScreenReader, way: tuple[str, ...]
) -> None:
    for step in way:
        take(step)

    assert faults(reader.nodes()) == []


def test_state_of_a_switch_and_of_a_page_is_told(take: Take, reader: ScreenReader) -> None:
    take("page 0")
    on, off = reader.find("Files: on or off"), reader.find("Notes: on or off")
    assert on is not None
    assert off is not None
    assert on.checked
    assert not off.checked
    assert on.role == "check box"
    assert reader.find("Files, Running", "list item") is not None
