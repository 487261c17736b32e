"""``python -m tests.bench files``: our ``files`` server beside the reference server from npm, on one tree.

Both are started by the same client and asked the same, one after the other. Text search is held against ripgrep alone,
as the reference server has none. Needs Node.js with npm, which fetches the reference server; ``--tiny`` holds ours
against itself and fetches nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from ostiary_servers.files.operations.text_search.engine import find_ripgrep
from tests.bench.asking import alternately, call, median, running, timed
from tests.bench.eight import eight
from tests.bench.line_client import LIST_TOOLS, BrokenError, LineClient
from tests.bench.small_calls import SLOWER_ALLOWED, in_every_way, small_calls
from tests.bench.table import Row, Section, percentile, table

REFERENCE: Final = "@modelcontextprotocol/server-filesystem"
REFERENCE_VERSION: Final = "2026.8.31"
FILES_IN_PACKAGE: Final = 25
WORDS: Final = ("alpha", "beta", "gamma", "server", "client", "message", "token", "stream", "buffer", "parse", "widget")
SMALL: Final = "line of text\n" * 80


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured."""

    packages: int
    repeats: int
    calls: int


FULL: Final = Amount(packages=2_200, repeats=5, calls=200)
QUICK: Final = Amount(packages=100, repeats=2, calls=20)
TINY: Final = Amount(packages=41, repeats=1, calls=4)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Gives the exit code: 0 whatever the numbers are, 1 when something did not work."""
    parser = argparse.ArgumentParser(prog="bench files", description=(__doc__ or "").splitlines()[0])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="amount", action="store_const", const=QUICK, default=FULL)
    size.add_argument("--tiny", dest="amount", action="store_const", const=TINY, help="only to see that it works")
    amount: Amount = parser.parse_args(arguments).amount
    try:
        with tempfile.TemporaryDirectory() as folder:
            top = Path(folder).resolve()
            count = grow(top / "tree", amount.packages)
            commands = (ours(top), ours(top) if amount is TINY else reference(top))
            sections = [compare(commands, top, amount, count), in_every_way(*commands, top / "tree", amount.calls)]
            if sys.platform == "linux":
                sections.append(eight(top / "tree"))
            print(table(sections))
    except (BrokenError, OSError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


def grow(top: Path, packages: int) -> int:
    """Makes a tree like a person's projects; gives the number of files."""
    chance = random.Random(7)
    for number in range(packages):
        package = top / f"group{number % 40:02}" / f"package{number:04}"
        for file in range(FILES_IN_PACKAGE):
            path = package / ("lib" if file % 2 else "test") / f"module{file}.js"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(" ".join(chance.choices(WORDS, k=8)) for _ in range(12)))
        (package / "package.json").write_text('{"needle": 1}' if number % 500 == 0 else "{}")
    (top / "small.txt").write_text(SMALL)
    (top / "large.txt").write_text("line of text\n" * 80_000)
    return packages * (FILES_IN_PACKAGE + 1) + 2


def ours(top: Path) -> Sequence[str]:
    """The command of our server, which writes unasked as the reference does."""
    serve = Path(sys.executable).with_name("ostiary-serve")
    return [str(serve), "files", "--root", str(top / "tree"), "--writes", "allow"]


def reference(top: Path) -> Sequence[str]:
    """The command of the reference server, fetched by npm."""
    place = top / "npm"
    place.mkdir()
    package = f"{REFERENCE}@{REFERENCE_VERSION}"
    subprocess.run(["npm", "install", "--silent", "--prefix", str(place), package], check=True, stdout=sys.stderr)
    return ["node", str(place / "node_modules" / REFERENCE / "dist" / "index.js"), str(top / "tree")]


def compare(commands: tuple[Sequence[str], Sequence[str]], top: Path, amount: Amount, count: int) -> Section:
    """All rows."""
    tree = top / "tree"
    starts = [median(partial(started, command), amount.repeats) for command in commands]
    with running(commands[0]) as mine, running(commands[1]) as theirs:
        both = (mine, theirs)
        rows = [_versus("start to first answer", *starts, limit=None)]
        floors = alternately([(client, b'"method":"ping"') for client in both], amount.calls)
        rows += [_versus("ping, the floor of both SDKs", *floors, limit=None)]
        rows += [_size("tools/list", *(len(client.ask(LIST_TOOLS)) for client in both))]
        rows += [_size("memory, idle (RSS)", *(resident_bytes(client.pid) for client in both))]
        name_search = call("search_files", path=str(tree), pattern="**/small.txt")
        searches = [median(partial(timed, client, name_search), amount.repeats) for client in both]
        rows += [_versus("search_files, one of all", *searches, limit=0.1)]
        rows += [text_search(mine, tree, amount)]
        for what, request in small_calls(tree).items():
            times = alternately([(client, request) for client in both], amount.calls)
            rows += [_versus(what, *times, limit=SLOWER_ALLOWED)]
        rows += [edits(both, tree, amount)]
        rows += [_size("directory_tree, answer", *(len(client.ask(_tree(tree))) for client in both))]
        rows += [_size("memory, afterwards (RSS)", *(resident_bytes(client.pid) for client in both))]
    return Section(f"files server, {count:,} files; beside it {REFERENCE} {REFERENCE_VERSION}", tuple(rows))


def _tree(tree: Path) -> bytes:
    return call("directory_tree", path=str(tree))


def edits(both: Sequence[LineClient], tree: Path, amount: Amount) -> Row:
    """An edit there and back again; both servers edit the same file.

    Ours syncs the new content and its folder to the disk, as an edit that may not be lost must, and the reference does
    not: what these two syncs take alone, in the same turn, is added to its time.
    """
    path = tree / "small.txt"
    turns = [
        call("edit_file", path=str(path), edits=[{"oldText": old, "newText": new}])
        for old, new in ((SMALL, "other\n"), ("other\n", SMALL))
    ]
    times: list[list[float]] = [[], [], []]
    for _ in range(amount.calls // 4 + 1):
        for client, taken in zip(both, times, strict=False):
            taken.append(sum(timed(client, turn) for turn in turns) / len(turns))
        times[2].append(_synced(path.with_name("synced.txt")))
    mine, theirs, syncs = (percentile(taken[1:], 0.5) for taken in times)
    return _versus("edit_file, beside it with two syncs", mine, theirs + syncs, limit=SLOWER_ALLOWED)


def _synced(path: Path) -> float:
    """Seconds that two syncs take: of a file that was just written, and of its folder once it has its name."""
    passing = path.with_suffix(".new")
    passing.write_text(SMALL)
    spent = _sync(passing)
    passing.replace(path)
    return spent + _sync(path.parent)


def _sync(path: Path) -> float:
    descriptor = os.open(path, os.O_RDONLY)
    began = time.perf_counter()
    os.fsync(descriptor)
    spent = time.perf_counter() - began
    os.close(descriptor)
    return spent


def text_search(mine: LineClient, tree: Path, amount: Amount) -> Row:
    """Ours beside ripgrep alone."""
    rg = find_ripgrep()
    if rg is None:
        raise BrokenError("ripgrep did not come with its wheel")

    def alone() -> float:
        began = time.perf_counter()
        subprocess.run([rg, "--fixed-strings", "needle", str(tree)], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began

    request = call("search_text", path=str(tree), query="needle")
    times = median(lambda: timed(mine, request), amount.repeats), median(alone, amount.repeats)
    return _versus("search_text, beside ripgrep alone", *times, limit=SLOWER_ALLOWED)


def started(command: Sequence[str]) -> float:
    """Seconds from the start to the first answer."""
    began = time.perf_counter()
    with running(command):
        return time.perf_counter() - began


def resident_bytes(pid: int) -> int:
    """The process' resident memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def _versus(what: str, mine: float, theirs: float, *, limit: float | None) -> Row:
    ratio = mine / theirs
    target = "" if limit is None else f"≤ {limit:g}"
    reached = None if limit is None else ratio <= limit
    return Row(what, f"{mine * 1e3:,.2f} ms", f"{theirs * 1e3:,.2f} ms", f"{ratio:.2f}", target, reached)


def _size(what: str, mine: int, theirs: int) -> Row:
    return Row(what, f"{mine / 1024:,.0f} KB", f"{theirs / 1024:,.0f} KB", f"{mine / theirs:.2f}")


if __name__ == "__main__":
    sys.exit(main())
