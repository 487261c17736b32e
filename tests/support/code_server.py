"""Repositories for the tests of the ``code`` server, a client that is served one, and the operations without a client.

The fixture ``code`` is for a module to import by name.
"""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from ostiary_servers.code.advisories.book import AdvisoryBook
from ostiary_servers.code.analysis import Analysis
from ostiary_servers.code.index.outlines import Outlines
from ostiary_servers.code.index.store import OutlineStore
from ostiary_servers.code.syntax.parsers import Parsers
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.roots import fixed_roots
from tests.support.server_client import ERAS, ServerClient, connected

GIT_ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}

SOURCES = tuple(map(Path, filter(None, os.environ.get("OSTIARY_SOURCES", "").split(os.pathsep))))
"""Folders that ``dev.py soak --sources`` was given."""


def git(folder: Path, *arguments: str, **environment: str) -> str:
    """Runs git in a folder and gives what it says."""
    ended = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **GIT_ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


def new_repository(folder: Path) -> Path:
    """An empty repository."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Puts files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def commit(folder: Path, message: str, files: Mapping[str, str | bytes], **environment: str) -> str:
    """Writes files, commits everything, and gives the commit's hash."""
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message, **environment)
    return git(folder, "rev-parse", "HEAD").strip()


@contextmanager
def analysis_of(
    *roots: Path, index: Path | None = None, budget_s: float = 1.0, advisories: Sequence[Path] = ()
) -> Iterator[Analysis]:
    """What the operations work with, over some approved folders."""
    outlines = Outlines(OutlineStore(index), Parsers(budget_s))
    try:
        gate = PathGate(fixed_roots([str(root) for root in roots], []))
        yield Analysis(gate, outlines, AdvisoryBook(advisories))
    finally:
        outlines.close()


@pytest.fixture(scope="module", params=ERAS)
async def code(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[ServerClient]:
    """A client of each era; the server has the module's ``repository``, and an index of its own."""
    state = tmp_path_factory.mktemp("state")
    async with connected("code", "--root", repository, "--state-dir", state, era=request.param) as client:
        yield client
