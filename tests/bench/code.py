"""``python -m tests.bench code``: the ``code`` server on a generated repository, beside ctags and git.

Every definition that is asked for lies in files that no query has looked at before. Memory is what the server and the
processes it started take of the machine (PSS), sampled while it works.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import psutil

from tests.bench import code_repository as made
from tests.bench.asking import call, timed
from tests.bench.line_client import BrokenError, LineClient, program
from tests.bench.table import Row, Section, percentile, table

Found = TypeVar("Found")

MIB: Final = 1 << 20
COLD_P95_S: Final = 0.150
INDEX_TIMES_CTAGS: Final = 8.0
ACTIVITY_TIMES_GIT: Final = 1.2
MEMORY_INDEXING: Final = 160 * MIB
MEMORY_AFTER: Final = 110 * MIB
CANCELLED_S: Final = 0.200

SAMPLED_EVERY_S: Final = 0.02
IDLE_DEADLINE_S: Final = 40.0
BOMB: Final = "\n".join("(" * 400 for _ in range(500))
"""Holds a query of tree-sitter for half a minute."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured; ``waits``: for the parsing processes to end, before memory is looked at."""

    files: int
    commits: int
    queries: int
    repeats: int
    waits: bool


FULL: Final = Amount(files=2_350, commits=700, queries=120, repeats=3, waits=True)
TINY: Final = Amount(files=40, commits=20, queries=6, repeats=1, waits=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Gives the exit code: 0 whatever the numbers are, 1 when something did not work."""
    parser = argparse.ArgumentParser(prog="bench code", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tiny", dest="amount", action="store_const", const=TINY, default=FULL)
    amount: Amount = parser.parse_args(arguments).amount
    try:
        with tempfile.TemporaryDirectory() as folder:
            top = Path(folder).resolve()
            size = made.grow(top / "many", amount.files, amount.commits)
            rows = (*definitions(top, amount), *index(top, amount), *activity(top, amount), *cancellation(top))
        title = f"code server, {amount.files:,} files, {size / MIB:.1f} MiB, {amount.commits:,} commits"
        print(table([Section(title, rows)]))
    except (BrokenError, OSError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


def definitions(top: Path, amount: Amount) -> Iterator[Row]:
    """One name after the other, each of files that were not looked at yet; then the same again."""
    step = max(1, amount.files // amount.queries)
    names = [made.unique_name(file, file % 30) for file in range(0, amount.files, step)]
    with serving(top, "many") as server:
        first = timed(server, _find(names[0]))
        cold = [timed(server, _find(name)) for name in names[1:]]
        warm = [timed(server, _find(name)) for name in names[1:]]
        several = [timed(server, _find(made.shared_name(number))) for number in range(made.SHARED_NAMES)]
        absent = [timed(server, _find(f"nowhere_{number}")) for number in range(amount.queries)]
    yield Row("definition, the first after the start", _ms(first))
    yield _limited("definition, cold, p95", percentile(cold, 0.95), COLD_P95_S)
    yield Row("definition, cold, p50", _ms(percentile(cold, 0.5)))
    yield Row("definition in many files, cold, p95", _ms(percentile(several, 0.95)))
    yield Row("definition, again, p95", _ms(percentile(warm, 0.95)))
    yield Row("definition that is nowhere, p95", _ms(percentile(absent, 0.95)))


def index(top: Path, amount: Amount) -> Iterator[Row]:
    """Every file, by a question that no file answers; beside it ctags on the same files."""
    tags = top / "tags"
    ctags = _median(lambda: _spent(["ctags", "-R", "-f", str(tags), str(top / "many")]), amount.repeats)
    request = call("search_for_function_definition", function_name="*", kind="macro")

    def anew() -> float:
        with serving(top, "many") as server:
            return timed(server, request)

    spent = _median(anew, amount.repeats)
    with serving(top, "many") as server, sampled(server.pid) as peak:
        timed(server, request)
        again = timed(server, request)
        highest = peak()
        if amount.waits:
            _until(lambda: not psutil.Process(server.pid).children(), IDLE_DEADLINE_S)
        after = proportional_bytes(server.pid)
    yield _versus("full index, beside ctags", spent, ctags, INDEX_TIMES_CTAGS)
    yield Row("the same again, from the index", _ms(again))
    yield _size("memory while indexing", highest, MEMORY_INDEXING)
    yield _size("memory afterwards", after, MEMORY_AFTER)


def activity(top: Path, amount: Amount) -> Iterator[Row]:
    """A month of commits; beside it git log with the same counts of lines."""
    window = [f"--since={made.HISTORY_DAYS} days ago", "--numstat", "-M"]
    git = _median(lambda: _spent(["git", "-C", str(top / "many"), "log", *window]), amount.repeats)
    with serving(top, "many") as server:
        request = call("get_recent_commit_activity", days=made.HISTORY_DAYS)
        spent = _median(lambda: timed(server, request), amount.repeats)
    yield _versus("commit activity, beside git log --numstat", spent, git, ACTIVITY_TIMES_GIT)


def cancellation(top: Path) -> Iterator[Row]:
    """A call that would parse for half a minute is taken back; then something else is asked."""
    bombs = top / "bombs"
    bombs.mkdir()
    for number in range(30):
        (bombs / f"b{number}.py").write_text(BOMB)
    (bombs / "z.py").write_text("def last(): pass\n")
    with serving(top, "bombs") as server:
        request = server.send(call("search_for_function_definition", function_name="*"))
        parsing = _until(lambda: psutil.Process(server.pid).children(), IDLE_DEADLINE_S)
        began = time.perf_counter()
        server.notify(b'"method":"notifications/cancelled","params":{"requestId":%d}' % request)
        _until(lambda: not any(_is_alive(each) for each in parsing), IDLE_DEADLINE_S)
        ended = time.perf_counter() - began
        timed(server, call("search_for_function_definition", function_name="last"))
        answered = time.perf_counter() - began
    yield _limited("cancelled: until nothing is parsed", ended, CANCELLED_S)
    yield Row("cancelled: until the next answer", _ms(answered))


class CodeClient(LineClient):
    """A client that can also notify."""

    def notify(self, members: bytes) -> None:
        """Send what has no answer."""
        self._write(b'{"jsonrpc":"2.0",%b}\n' % members)


@contextmanager
def serving(top: Path, repository: str) -> Iterator[CodeClient]:
    """A server that was shaken hands with, and has no index yet."""
    with tempfile.TemporaryDirectory(dir=top) as state:
        command = [program("ostiary-serve"), "code", "--root", str(top / repository), "--state-dir", state]
        with CodeClient(command, dict(os.environ)) as client:
            client.initialize()
            yield client


def _find(name: str) -> bytes:
    return call("search_for_function_definition", function_name=name)


@contextmanager
def sampled(pid: int) -> Iterator[Callable[[], int]]:
    """Looks at a process and its children all the time; gives the greatest memory so far."""
    highest, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(SAMPLED_EVERY_S):
            highest[0] = max(highest[0], proportional_bytes(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield lambda: highest[0]
    finally:
        over.set()
        thread.join()


def proportional_bytes(pid: int) -> int:
    """The memory of a process and of all that it started, pages that are shared divided among who has them."""
    whole = 0
    for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        try:
            whole += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return whole


def _is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _spent(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def _median(measure: Callable[[], float], repeats: int) -> float:
    """The middle of several measurements, the first one set aside where there are others."""
    if repeats > 1:
        measure()
    return percentile([measure() for _ in range(repeats)], 0.5)


def _until(look: Callable[[], Found], deadline_s: float) -> Found:
    end = time.monotonic() + deadline_s
    while not (found := look()):
        if time.monotonic() > end:
            raise BrokenError(f"waited {deadline_s:.0f} s in vain")
        time.sleep(0.001)
    return found


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:,.1f} ms"


def _limited(what: str, spent: float, limit: float) -> Row:
    return Row(what, _ms(spent), target=f"≤ {limit * 1e3:,.0f} ms", reached=spent <= limit)


def _versus(what: str, mine: float, theirs: float, limit: float) -> Row:
    return Row(what, _ms(mine), _ms(theirs), f"{mine / theirs:.2f}", f"≤ {limit:g}", mine / theirs <= limit)


def _size(what: str, size: int, limit: int) -> Row:
    return Row(what, f"{size / MIB:,.0f} MiB", target=f"≤ {limit / MIB:,.0f} MiB", reached=size <= limit)


if __name__ == "__main__":
    sys.exit(main())
