"""Small calls of the ``files`` server in every way that it is reached, beside the reference server: both protocol
generations, started plainly and forked from the warm template. All are asked in turn, in one run."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.bench.asking import alternately, call_with, running
from tests.bench.line_client import AnyOrderClient, LineClient
from tests.bench.table import Row, Section

SLOWER_ALLOWED: Final = 1.5
ENVELOPE: Final[Mapping[str, object]] = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}
DISCOVER: Final = b'"method":"server/discover","params":%b' % json.dumps({"_meta": ENVELOPE}).encode()


def small_calls(tree: Path, meta: Mapping[str, object] | None = None) -> dict[str, bytes]:
    """What a model asks most often, by name."""
    package = tree / "group00" / "package0000"
    modules = [str(package / "lib" / f"module{number}.js") for number in range(1, 21, 2)]
    small, large, folder = (str(tree / name) for name in ("small.txt", "large.txt", "group00"))
    calls: dict[str, tuple[str, dict[str, object]]] = {
        "read_text_file, 1 KB": ("read_text_file", {"path": small}),
        "read_text_file, head of 1 MB": ("read_text_file", {"path": large, "head": 20}),
        "read_text_file, tail of 1 MB": ("read_text_file", {"path": large, "tail": 20}),
        "read_multiple_files, 10": ("read_multiple_files", {"paths": modules}),
        "list_directory": ("list_directory", {"path": folder}),
        "list_directory_with_sizes": ("list_directory_with_sizes", {"path": folder}),
        "directory_tree, 30 names": ("directory_tree", {"path": str(package)}),
        "search_files, 30 names": ("search_files", {"path": str(package), "pattern": "*.json"}),
        "get_file_info": ("get_file_info", {"path": small}),
        "list_allowed_directories": ("list_allowed_directories", {}),
        "create_directory, one that is there": ("create_directory", {"path": folder}),
        "edit_file, dry run": ("edit_file", {"path": small, "edits": [_EDIT], "dryRun": True}),
    }
    return {what: call_with(meta or {}, tool, arguments) for what, (tool, arguments) in calls.items()}


_EDIT: Final = {"oldText": "line of text\n" * 80, "newText": "other\n"}


@dataclass(frozen=True, slots=True)
class Way:
    """How our server is reached. ``ratios``: of each small call, to the reference server's time."""

    name: str
    client: LineClient
    meta: Mapping[str, object]
    ratios: dict[str, tuple[float, float, float]] = field(default_factory=dict)

    def row(self) -> Row:
        """Its slowest call, beside the reference's."""
        what, (ratio, mine, theirs) = max(self.ratios.items(), key=lambda found: found[1])
        shown = f"{ratio:.2f}", f"≤ {SLOWER_ALLOWED:g}", ratio <= SLOWER_ALLOWED
        return Row(f"{self.name}: {what}", f"{mine * 1e3:,.2f} ms", f"{theirs * 1e3:,.2f} ms", *shown)


def in_every_way(ours: Sequence[str], reference: Sequence[str], tree: Path, repeats: int) -> Section:
    """The slowest of the small calls, for each way."""
    with ExitStack() as stack:
        theirs = stack.enter_context(running(reference))
        ways = [
            Way(f"{start}, {generation}", stack.enter_context(opened(command, meta)), meta)
            for start, command in _starts(ours).items()
            for generation, meta in (("2025-06-18", {}), ("2026-07-28", ENVELOPE))
        ]
        for what, request in small_calls(tree).items():
            asked = [(way.client, small_calls(tree, way.meta)[what]) for way in ways]
            *mine, beside = alternately([*asked, (theirs, request)], repeats)
            for way, taken in zip(ways, mine, strict=True):
                way.ratios[what] = (taken / beside, taken, beside)
    return Section(
        "Small calls in every way, each by its slowest beside the reference server", tuple(w.row() for w in ways)
    )


def _starts(ours: Sequence[str]) -> dict[str, Sequence[str]]:
    if sys.platform != "linux":
        return {"plain": ours}
    return {"plain": ours, "forked": [sys.executable, "-m", "tests.bench.forked_server", *ours[1:]]}


@contextmanager
def opened(command: Sequence[str], meta: Mapping[str, object]) -> Iterator[LineClient]:
    """A server that was greeted in the generation of this ``_meta``."""
    if not meta:
        with running(command) as client:
            yield client
        return
    with AnyOrderClient(command, dict(os.environ)) as client:
        client.ask(DISCOVER)
        yield client
