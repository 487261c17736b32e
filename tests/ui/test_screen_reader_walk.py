"""All of the application as a screen reader meets it on the real bus: no control without a name or a role."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.desktop import Xdotool
from tests.support.screen_reader import Node, ScreenReader
from tests.support.window_program import NAME

pytestmark = pytest.mark.desktop

WAIT_S = 20
LOOK_EVERY_S = 0.05

LONGER = "press Allow edit_file for Cursor for longer"
NO_CONTROL = frozenset({"", "unknown", "invalid", "filler", "panel", "border"})
"""Roles that say nothing of what a thing is for."""
CELL = "cell"
"""One of a table that has nothing to say is empty; the table has a name."""
LIST = "combo box"
"""Its name is what it shows: what it is for, a label or its description says."""
WAYS = (
    *((f"page {place}",) for place in range(9)),
    ("page 0", "server github"),
    ("page 0", "server files", "press Show output"),
    ("page 0", "server notes", "press Remove…"),
    ("page 0", "press Add a server"),
    ("page 0", "press Add a server", "press Paste a block…"),
    ("page 1", "press Cursor: Connect…"),
    ("page 1", "press Claude Desktop: What it sees…", "press Tools of Files"),
    ("page 1", "press Bring in servers…", "press Paste…"),
    ("page 3", "call 1"),
    ("page 3", "press Charts"),
    ("page 5", "press Add a secret"),
    ("page 5", "press GITHUB_TOKEN: Set…"),
    ("page 6", "press Compare…: forecast of weather"),
    ("page 7", "press What is in order"),
    ("start",),
    ("prompt 1", "press All arguments (1)", "press Who is asking"),
    ("page 1", "press Claude Desktop: Disconnect…", "project cursor", "press Cursor: Copy the entry"),
    ("ask group", "press All arguments (2)"),
    ("ask changed_tool", "press Who is asking"),
    ("ask widen", "press Who is asking"),
)
ANSWERS = (
    ("ask group", "Deny all 3: 3 calls of edit_file wait", "~/Projects/site/config.toml"),
    ("ask group", "Allow these 3 once: 3 calls of edit_file wait", "~/Projects/site/config.toml"),
    ("ask changed_tool", "Allow once send_mail for Cursor", ""),
    ("ask widen", "Allow: Let all bundled servers read and write /home/ada/Documents.", ""),
    ("ask widen", "Deny: Let all bundled servers read and write /home/ada/Documents.", ""),
)
"""A question, and how a button that answers it begins and what it adds."""
LISTS = (
    (("page 3", "open Host"), "All hosts", "Cursor"),
    (("page 3", "open Outcome"), "All outcomes", "▲ Failed"),
    (("page 8", "open Language"), "As the desktop", "Deutsch"),
    (("page 8", "open Notifications"), "Always", "Never"),
    (("page 0", "server files", "open Tool"), "read_text_file", "write_file"),
)
CHARTS = (
    ("Calls over time", "3 calls", "OK 1, Went wrong 1, Not allowed 1"),
    ("How long tools take", "read_text_file", "p50 12 ms, p95 12 ms"),
    ("Memory by server", "Files", "34 MB"),
)
TRAY = (
    "Cursor → edit_file",
    "● Files — Running",
    "▲ GitHub — Problem",
    "▲ weather — Waits to start again",
    "○ Notes — Off",
    "● Claude Desktop — Connected",
    "○ Cursor — Not connected",
    "▲ Zed — Problem",
    "Pause prompts",
    "Ask for everything",
    "Block everything",
    "Open Ostiary",
    "Quit",
)
"""What the keys reach of the tray's menu, from its top."""

Take = Callable[[str], None]


@pytest.fixture(scope="module")
def reader() -> Iterator[ScreenReader]:
    """There before the program, which looks for the bus of screen readers at its start."""
    reader = ScreenReader(NAME)
    reader.listen()
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

        def is_taken(step: str) -> bool:
            steps.write(f"{step}\n".encode())
            steps.flush()
            return answers.readline() == b"done\n"

        yield lambda step: wait(partial(is_taken, step), f"{step!r} could not be taken")
        process.terminate()


def wait(holds: Callable[[], bool], otherwise: str) -> None:
    """The window lives in another process: look again until it holds."""
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline, otherwise
        select.select([], [], [], LOOK_EVERY_S)


def faults(nodes: Iterator[Node]) -> list[str]:
    """What can be used and does not say what it is, or not which one it is, in the words of a report."""
    controls = [node for node in nodes if node.focusable]
    assert controls
    said = Counter((node.role, node.name, node.description, node.labels) for node in controls if node.role != CELL)
    return [
        *(f"a {node.role} at {node.middle} has no name" for node in controls if not node.name and node.role != CELL),
        *(f"“{node.name}” is a mere {node.role!r}" for node in controls if node.role in NO_CONTROL),
        *(f"nothing says what “{node.name}” is chosen for" for node in controls if is_bare(node)),
        *(f"{count} are called “{name}”, a {role}" for (role, name, *_), count in said.items() if count > 1),
    ]


def is_bare(node: Node) -> bool:
    return node.role == LIST and not (node.description or node.labels)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_whatever_can_be_used_says_what_it_is_and_which_one(
    take: Take, reader: ScreenReader, way: tuple[str, ...]
) -> None:
    for step in ("later", *way):
        take(step)

    assert faults(reader.nodes()) == []


@pytest.mark.parametrize(("way", "name", "adds"), ANSWERS, ids=[name for _, name, _ in ANSWERS])
def test_an_answer_says_what_it_answers(take: Take, reader: ScreenReader, way: str, name: str, adds: str) -> None:
    take("later")
    take(way)
    found = reader.find(name, "push button")
    assert found is not None
    assert adds in found.description


@pytest.mark.parametrize(("way", "first", "other"), LISTS, ids=[" ".join(way) for way, *_ in LISTS])
def test_what_a_list_offers_is_named(
    take: Take, reader: ScreenReader, way: tuple[str, ...], first: str, other: str
) -> None:
    for step in ("later", *way):
        take(step)
    wait(lambda: reader.find(first, "list item") is not None, f"{first!r} is not offered")
    found = faults(reader.nodes())
    assert reader.find(other, "list item") is not None
    take("close")
    assert found == []


def test_the_prompts_menu_is_heard_line_by_line(take: Take, reader: ScreenReader) -> None:
    take("prompt 1")
    take(LONGER)
    heard = walked(take, reader, "Down", "Right", "Down", "Down")
    take("close")
    assert heard == [
        "edit_file in /home/robin/Projects/website",
        "For 5 minutes",
        "For 1 hour",
        "Until Cursor disconnects",
    ]


def walked(take: Take, reader: ScreenReader, *keys: str) -> list[str]:
    """What is heard of a menu, key by key."""
    list(reader.heard())
    return [heard_after(take, reader, key) for key in keys]


def heard_after(take: Take, reader: ScreenReader, key: str) -> str:
    """The line that the key leads to."""
    lines: list[str] = []

    def comes() -> bool:
        lines.extend(node.name for node in reader.heard() if isinstance(node, Node))
        return bool(lines)

    take(f"key {key}")
    wait(comes, f"nothing was heard after {key}")
    return lines[-1]


def test_a_question_is_announced_though_its_window_takes_no_keyboard(take: Take, reader: ScreenReader) -> None:
    take("later")
    list(reader.heard())
    take("prompt 1")
    heard: list[str] = []

    def comes() -> bool:
        heard.extend(words for words in reader.heard() if isinstance(words, str))
        return bool(heard)

    wait(comes, "nothing was announced")
    assert heard == ["Cursor wants to change 1 file"]


def test_the_question_that_stands_there_after_an_ended_one_is_announced(take: Take, reader: ScreenReader) -> None:
    heard: list[str] = []

    def hears(what: str) -> bool:
        heard.extend(words for words in reader.heard() if isinstance(words, str))
        return heard[-1:] == [what]

    take("later")
    take("ask changed_tool")
    wait(partial(hears, "send_mail is not the tool you accepted"), "the first was not announced")
    take("withdraw")
    wait(partial(hears, "Cursor wants to change 1 file"), "the second was not announced")


@pytest.mark.parametrize(("name", "what", "figures"), CHARTS, ids=[name for name, *_ in CHARTS])
def test_a_chart_is_called_one_and_says_its_figures(
    take: Take, reader: ScreenReader, name: str, what: str, figures: str
) -> None:
    take("page 3")
    if reader.find("Calls", "table"):
        take("press Charts")
    wait(lambda: what in described(reader, name), f"{name!r} says nothing of {what!r}")
    assert figures in described(reader, name)


def described(reader: ScreenReader, name: str) -> str:
    chart = reader.find(name, "chart")
    return chart.description if chart else ""


@pytest.mark.parametrize(
    ("way", "name", "role"), [("page 0", "Ostiary", "frame"), ("prompt 1", "Cursor wants to change 1 file", "dialog")]
)
def test_a_window_says_which_one_it_is(take: Take, reader: ScreenReader, way: str, name: str, role: str) -> None:
    take(way)
    wait(lambda: reader.find(name, role) is not None, f"there is no {role} called {name!r}")


def test_the_trays_menu_is_heard_line_by_line(
    take: Take, reader: ScreenReader, tray_host: subprocess.Popen[bytes], xdotool: Xdotool
) -> None:
    take("later")
    wait(lambda: reader.find("This desktop shows no tray") is None, "the window has not seen the tray")
    xdotool("search", "--sync", "--onlyvisible", "--class", "trayer", "mousemove", "--window", "%1", 16, 16)
    xdotool("click", 3)
    heard = walked(take, reader, *["Down"] * len(TRAY))
    take("close")
    assert heard == [*TRAY]


def test_state_of_a_switch_a_server_and_a_choice_is_told(take: Take, reader: ScreenReader) -> None:
    take("page 0")
    on, off = reader.find("Files: on or off"), reader.find("Notes: on or off")
    assert on is not None
    assert off is not None
    assert on.checked
    assert not off.checked
    assert on.role == "check box"
    assert reader.find("Files, Running", "list item") is not None
    take("page 8")
    chosen, other = reader.find("Theme: System", "radio button"), reader.find("Theme: Dark", "radio button")
    assert chosen is not None
    assert other is not None
    assert (chosen.checked, other.checked) == (True, False)
