"""Nothing is read or written outside the roots while another process swaps a folder and a link as fast as it can."""

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.roots import fixed_roots
from ostiary_servers.files.definitions import tools
from tests.support import swapping

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a link needs a privilege there")

SHORT = 1_500
LONG = 100_000
VANISHING_TRIES = 1_000
SEARCHED_EVERY = 200
"""Every so many tries one is a search with ripgrep, a process each."""

WRITING_SHARE = 0.05
"""A write waits for the disk, so there are fewer of them."""


@contextmanager
def swapped(root: Path, name: str) -> Iterator[None]:
    program = [sys.executable, swapping.__file__, str(root), name]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "swapping\n"
        try:
            yield
        finally:
            assert process.poll() is None, "the swapping ended before the tries did"
            process.kill()


@pytest.mark.parametrize("tries", [SHORT, pytest.param(LONG, marks=[pytest.mark.soak, pytest.mark.timeout(3_600)])])
def test_no_call_reaches_outside_while_links_are_swapped(tmp_path: Path, tries: int) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    for folder, content in ((root / "sw", "inside"), (outside, "BEYOND inside")):
        folder.mkdir(parents=True)
        (folder / "file.txt").write_text(content)
    (outside / "only_BEYOND").touch()
    (root / "sw.link").symlink_to(outside)
    toolbox = {tool.name: tool for tool in tools(PathGate(fixed_roots([str(root)], [])), None)}
    chance, seen = random.Random(7), Counter[str]()
    with swapped(root, "sw"):
        for number in range(tries):
            name, call = a_call(root, number, chance)
            result = toolbox[name].call(call, None)
            assert "BEYOND" not in str(result), (name, call)
            seen[f"{name} {'refused' if result.is_error else 'done'}"] += 1
            if name == "copy_path" and not result.is_error:
                remove(root / call["destination"])
    assert sorted(path.name for path in outside.iterdir()) == ["file.txt", "only_BEYOND"]
    assert (outside / "file.txt").read_text() == "BEYOND inside"
    assert {"read_text_file done", "read_text_file refused"} <= seen.keys(), "the race was not really run"


def a_call(root: Path, number: int, chance: random.Random) -> tuple[str, dict[str, Any]]:
    if number % SEARCHED_EVERY == 0:
        return "search_text", {"path": str(root), "query": "inside"}
    folder, inside = spelled(root, ["sw"], chance), spelled(root, ["sw", "file.txt"], chance)
    copy = f"copy{number}"
    reads: list[tuple[str, dict[str, Any]]] = [
        ("read_text_file", {"path": inside}),
        ("read_multiple_files", {"paths": [inside, inside]}),
        ("list_directory", {"path": folder}),
        ("list_directory_with_sizes", {"path": folder}),
        ("directory_tree", {"path": folder}),
        ("search_files", {"path": folder, "pattern": "**"}),
        ("search_files", {"path": str(root), "pattern": "only*"}),
        ("get_file_info", {"path": inside}),
        ("edit_file", {"path": inside, "edits": [{"oldText": "inside", "newText": ""}], "dryRun": True}),
    ]
    writes: list[tuple[str, dict[str, Any]]] = [
        ("write_file", {"path": inside, "content": f"inside {number}"}),
        ("edit_file", {"path": inside, "edits": [{"oldText": "inside", "newText": f"inside {number}"}]}),
        ("copy_path", {"source": folder, "destination": spelled(root, [copy], chance)}),
        ("copy_path", {"source": inside, "destination": spelled(root, ["sw", copy], chance)}),
        ("move_file", {"source": inside, "destination": spelled(root, ["sw", "moved.txt"], chance)}),
        ("move_file", {"source": spelled(root, ["sw", "moved.txt"], chance), "destination": inside}),
    ]
    return chance.choice(writes if chance.random() < WRITING_SHARE else reads)


def spelled(root: Path, names: list[str], chance: random.Random) -> str:
    """One of the ways to write a path in ``root``: with names that come to nothing, through the link, or relative."""
    path = str(root) if chance.random() < 0.8 else "."
    for name in names:
        path += chance.choice(["/", "/", "//", "/./", "/sw/../", "/nothing/../", f"/../{root.name}/"]) + name
        if name == "sw" and chance.random() < 0.1:
            path += chance.choice([".link", "/../sw.link", "/."])
    return path


def remove(spelled: Path) -> None:
    """What is gone by now, or was a link, is left. No name on the way to it that comes to nothing is followed."""
    path = Path(os.path.normpath(spelled))
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    elif path.name.startswith("copy"):
        path.unlink(missing_ok=True)


def test_what_vanishes_while_it_is_counted_is_no_fault_of_a_call(tmp_path: Path) -> None:
    root, ended = tmp_path / "root", Event()
    (root / "folder").mkdir(parents=True)
    toolbox = {tool.name: tool for tool in tools(PathGate(fixed_roots([str(root)], [])), None)}
    names = [root / "folder" / str(number) for number in range(40)]

    def churn() -> None:
        while not ended.is_set():
            for act in (Path.touch, Path.unlink):
                for name in names:
                    act(name)

    thread = Thread(target=churn)
    thread.start()
    try:
        for _ in range(VANISHING_TRIES):
            for name, more in (("trash_path", {"dryRun": True}), ("list_directory_with_sizes", {})):
                assert not toolbox[name].call({"path": str(root / "folder"), **more}, None).is_error, name
    finally:
        ended.set()
        thread.join()
