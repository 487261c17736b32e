"""The warm template: what a process must have done before bundled servers are forked from it. Linux only.

The gateway's guard imports this module in a process of its own, warms it up once, and then forks a keeper and a server
from it for each start: what takes half a second and 60 MB in a fresh interpreter is done and shared. Forking, signals
and descriptors are the guard's. Here are the imports, the question whether they still are what is installed, and what
turns a forked process into a server that nobody can tell from one that was started plainly.

What stays the template's: the seed of string hashes (random, one for all its servers), the interpreter's flags, and
what Python made of the locale at its start. So a server whose environment asks for something else in these is started
plainly; the gateway sees to it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import anyio
from mcp import Client

from ostiary_servers.__main__ import main
from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.index.outlines import Outlines
from ostiary_servers.code.index.store import OutlineStore
from ostiary_servers.code.server import build as build_code
from ostiary_servers.code.syntax.parsers import Parsers
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.roots import fixed_roots
from ostiary_servers.files.server import build as build_files
from ostiary_servers.loaded import LoadedFiles

if sys.platform != "win32":
    from ostiary_servers.anew_posix import start_anew

assert sys.platform != "win32"

NO_FOLDERS = fixed_roots([], [])

_warmed: list[LoadedFiles] = []


def warm_up() -> None:
    """Imports every bundled server, and has one answer both eras, so that what is made at first use is made.

    Raises ``RuntimeError`` when that left a second thread: what it holds would be held for ever in a fork.
    """
    anyio.run(_rehearse)
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise RuntimeError("something that a server imports has started a thread")
    _warmed.append(LoadedFiles.now())
    gc.collect()
    gc.freeze()  # a collection in a server would otherwise write to, and so copy, every page that it shares


def is_current() -> bool:
    """Whether every file that was imported is still the one on the disk; no longer true after an update."""
    return all(files.are_unchanged() for files in _warmed)


def become(command: Sequence[bytes], environment: Mapping[bytes, bytes]) -> int:
    """Goes on as the server that this command starts, in this environment; gives its exit code."""
    start_anew(command, environment)
    return main()


async def _rehearse() -> None:
    """Greets a server of each kind and asks for its tools, in both eras."""
    code = build_code(Analysis(PathGate(NO_FOLDERS), Outlines(OutlineStore(None), Parsers())), "", alone=False)
    for server in (build_files(NO_FOLDERS, "", alone=False, state_dir=Path("/")), code):
        for mode in ("legacy", "auto"):
            async with Client(server, mode=mode) as client:
                await client.list_tools()
