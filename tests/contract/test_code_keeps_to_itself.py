"""All four tools of the ``code`` server call nobody, write nothing but their index, and start only git and ripgrep."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.code_server import commit, new_repository
from tests.support.server_client import connected

pytestmark = pytest.mark.anyio

WATCHED = Path(__file__).parents[1] / "support" / "watched"
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("summarize_file_purpose", {"file_path": "app.py"}),
    ("search_for_function_definition", {"function_name": "greet"}),
    ("analyze_dependency_tree", {}),
    ("get_recent_commit_activity", {"days": 3650}),
)
FILES: dict[str, str | bytes] = {
    "app.py": '"""Greets."""\nimport requests\n\n\ndef greet(name):\n    return requests.get(name)\n',
    "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["requests"]\n',
    "package.json": '{"name": "app", "dependencies": {"left-pad": "^1.0.0"}}',
}
PROGRAMS = {"git", "rg", Path(sys.executable).name}
"""The last is its own parsers."""


async def test_four_tools_write_nothing_but_the_index_and_call_nobody(tmp_path: Path) -> None:
    folder = new_repository(tmp_path / "app")
    commit(folder, "first", FILES)
    before = _contents(folder)
    index, notes = tmp_path / "index", tmp_path / "notes"
    environment = {"PYTHONPATH": str(WATCHED), "OSTIARY_TEST_NOTES": str(notes), "HOME": str(tmp_path / "home")}
    async with connected("code", "--root", folder, "--state-dir", index, environment=environment) as code:
        for tool, arguments in CALLS:
            await code.succeed(tool, **arguments)
    noted = [json.loads(line) for line in notes.read_text().splitlines()]

    assert [event for event in noted if event[0].startswith("socket.")] == []
    assert {Path(event[1]).name for event in noted if event[0] == "subprocess.Popen"} <= PROGRAMS
    assert [path for path in _written(noted) if not path.startswith((str(index), os.devnull))] == []
    assert any(event[0] == "sqlite3.connect" for event in noted)  # the notes are not just empty
    assert _contents(folder) == before
    assert not (tmp_path / "home").exists()


def _written(noted: list[list[str]]) -> set[str]:
    """What was written and is still there: what git says of errors goes through a file that never has a name."""
    events = ("open", "os.", "sqlite3.")
    return {event[1] for event in noted if event[0].startswith(events) and Path(event[1]).is_file()}


def _contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and the time of its last change, git's own too."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
