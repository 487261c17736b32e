"""``python -m tests.bench activity``: the real window over a real gateway whose log holds 1,000,000 calls."""

from __future__ import annotations

import argparse
import itertools
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from ostiary.domain.approval import Decision
from ostiary.domain.call import CallDetail, CallRow, DecidedBy, Outcome
from ostiary.gateway.calllog.store import CallStore
from ostiary.gateway.paths import find
from ostiary.gateway.settings import Settings
from tests.bench.activity_window import Measured
from tests.bench.line_client import BrokenError
from tests.bench.table import Row, Section, percentile, table
from tests.support.gateway_process import Household, household

STALL_TARGET_S: Final = 0.060
JUMP_TARGET_S: Final = 0.020
MEMORY_TARGET_BYTES: Final = 150_000_000
WITHIN_S: Final = 300.0
AT_ONCE: Final = 20_000

_WORDS: Final = ("alpha", "config", "server", "port", "host", "value", "project", "readme", "issue", "title", "write")
_TOOLS: Final = (("files", "read_text_file"), ("files", "edit_file"), ("github", "create_issue"), ("code", "outline"))
_OUTCOMES: Final = (*(Outcome.OK,) * 20, Outcome.FAILED, Outcome.ERROR, Outcome.DENIED, Outcome.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Amount:
    """How many calls the log holds, how many come in at once, how often the person jumps."""

    calls: int
    events: int
    jumps: int


FULL: Final = Amount(calls=1_000_000, events=10_000, jumps=200)
TINY: Final = Amount(calls=20_000, events=1_000, jumps=5)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Gives the exit code: 0 whatever the numbers are, 1 when something did not work."""
    parser = argparse.ArgumentParser(prog="bench activity", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tiny", dest="amount", action="store_const", const=TINY, default=FULL)
    amount: Amount = parser.parse_args(arguments).amount
    try:
        with household() as place:
            _fill(place.ostiary, amount.calls)
            measured = _measure(place, amount)
    except BrokenError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(table([_section(amount, measured)]))
    return 0


def _measure(place: Household, amount: Amount) -> Measured:
    screen = {} if os.environ.get("DISPLAY") else {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.bench.activity_window", str(place.ostiary)]
    command += [str(amount.events), str(amount.jumps)]
    ended = subprocess.run(
        command, env={**place.environment, **screen}, capture_output=True, timeout=WITHIN_S, check=False
    )
    if ended.returncode != 0:
        raise BrokenError(f"the window did not work: {ended.stderr.decode(errors='replace')}")
    return msgspec.json.decode(ended.stdout, type=Measured)


def _fill(home: Path, count: int) -> None:
    """A log of so many calls, and settings that keep them."""
    paths = find(str(home))
    for folder in paths.all_folders:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths.settings_file.write_bytes(msgspec.json.encode(Settings(log_rows=10_000_000, log_size_mb=10_000)))
    with closing(CallStore(paths.call_log_file)) as store:
        calls = _calls(count)
        while batch := tuple(itertools.islice(calls, AT_ONCE)):
            store.save(batch)


def _calls(count: int) -> Iterator[CallDetail]:
    chance = random.Random(1)
    began = time.time() - 20 * 86_400
    for number in range(1, count + 1):
        server, tool = chance.choice(_TOOLS)
        path = f"~/Projects/site/{chance.choice(_WORDS)}/{number % 5_000}.toml"
        row = CallRow(
            id=number,
            started_at=began + number * 20 * 86_400 / count,
            host=("cursor", "claude-desktop")[number % 7 == 0],
            server=server,
            method="tools/call",
            tool=tool,
            item=path,
            decision=Decision.ALLOW,
            decided_by=DecidedBy.DEFAULT,
            outcome=chance.choice(_OUTCOMES),
            duration_ms=chance.expovariate(0.05),
        )
        said = " ".join(chance.choices(_WORDS, k=30))
        result = f'{{"content":[{{"type":"text","text":"{said}"}}]}}'
        yield CallDetail(row=row, arguments=f'{{"path":"{path}"}}', result=result)


def _section(amount: Amount, measured: Measured) -> Section:
    jump_s = percentile(measured.jumps_s, 0.95)
    rows = (
        _judged(f"{amount.events:,} calls arrive, longest stall (ms)", measured.arrival_stall_s, STALL_TARGET_S),
        Row("until all of them are in the table (ms)", f"{measured.arrival_s * 1e3:.0f}"),
        _judged("a jump to any place, p95 (ms)", jump_s, JUMP_TARGET_S),
        Row("a jump to any place, p50 (ms)", f"{percentile(measured.jumps_s, 0.5) * 1e3:.1f}"),
        Row("first rows after the start of a look (ms)", f"{measured.first_s * 1e3:.0f}"),
        Row("the whole length after the start of a look (ms)", f"{measured.whole_s * 1e3:.0f}"),
        Row("a text in all that is kept (ms)", f"{measured.search_s * 1e3:.0f}"),
        _judged("longest stall while it is looked for (ms)", measured.search_stall_s, STALL_TARGET_S),
        Row("charts of all calls (ms)", f"{measured.charts_s * 1e3:.0f}"),
        Row(
            "resident memory of the tray (MB)",
            f"{measured.resident_bytes / 1e6:.1f}",
            target=f"< {MEMORY_TARGET_BYTES / 1e6:.0f}",
            reached=measured.resident_bytes < MEMORY_TARGET_BYTES,
        ),
    )
    return Section(f"Activity over {measured.lines:,} lines", rows)


def _judged(what: str, seconds: float, target_s: float) -> Row:
    return Row(what, f"{seconds * 1e3:.1f}", target=f"< {target_s * 1e3:.0f}", reached=seconds < target_s)


if __name__ == "__main__":
    sys.exit(main())
