"""Hosts' files in projects stay what and where they are, whatever a folder around them is asked to become."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ostiary_servers.common.answer import Answer
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.journal import Journal
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.plan import Expected
from ostiary_servers.common.roots import Roots, fixed_roots
from ostiary_servers.common.wire import Wire
from ostiary_servers.files.answers import WriteOutcome
from ostiary_servers.files.arguments import CopyPath, MoveFile, TrashPath, UndoChange, WriteFile
from ostiary_servers.files.operations import moving
from ostiary_servers.files.operations.undoing import undo_change
from ostiary_servers.files.operations.writing import write_file

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the trash is that of a test's own folder there")

DENIED = (".mcp.json", ".vscode/mcp.json", ".github/mcp.json", ".kiro/settings/mcp.json")
TOOLS: dict[str, tuple[Callable[..., Answer], type[Wire]]] = {
    "move_file": (moving.move_file, MoveFile),
    "copy_path": (moving.copy_path, CopyPath),
    "trash_path": (moving.trash_path, TrashPath),
    "write_file": (write_file, WriteFile),
    "undo_change": (undo_change, UndoChange),
}
PATHS = {"path", "source", "destination"}


class Project:
    """A folder with a host's file in it, and what writing tools do over it."""

    def __init__(self, top: Path) -> None:
        self.root = top / "root"
        for name in ("site/.vscode/mcp.json", "site/.vscode/other.json", "site/code.py", "plain/.github/ci.yml"):
            self.root.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
            self.root.joinpath(name).write_text(name)
        self.trash = top / "data" / "Trash" / "files"
        self.denied: tuple[str, ...] = DENIED
        self._gate, self._journal = PathGate(self._roots), Journal(top / "journal")

    def run(self, tool: str, **call: Any) -> str:
        """Gives the change's id."""
        placed = {name: str(self.root / value) if name in PATHS else value for name, value in call.items()}
        operation, arguments = TOOLS[tool]
        outcome = operation(self._gate, arguments.parse(placed), Expected(), self._journal).structured
        assert isinstance(outcome, WriteOutcome)
        return outcome.change_id or ""

    def refused(self, tool: str, **call: Any) -> ToolError:
        with pytest.raises(ToolError) as refused:
            self.run(tool, **call)
        assert refused.value.code is ErrorCode.DENIED_BY_POLICY
        return refused.value

    def _roots(self) -> Roots:
        return replace(fixed_roots([str(self.root)], [])(), denied_names=self.denied)

    def picture(self) -> dict[str, str]:
        files = [path for path in self.root.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.root)): path.read_text() for path in files}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("tool", "call"),
    [
        ("move_file", {"source": "site", "destination": "moved"}),
        ("move_file", {"source": "site/.vscode", "destination": "site/moved"}),
        ("move_file", {"source": "site/.vscode/mcp.json", "destination": "site/moved.json"}),
        ("copy_path", {"source": "site", "destination": "copied"}),
        ("trash_path", {"path": "site"}),
        ("trash_path", {"path": "site/.vscode"}),
    ],
)
def test_a_folder_with_a_hosts_file_in_it_is_neither_moved_nor_copied_nor_trashed(
    project: Project, tool: str, call: dict[str, str]
) -> None:
    before = project.picture()
    error = project.refused(tool, **call)
    assert project.picture() == before
    assert "mcp.json" in error.message
    assert error.hint


@pytest.mark.parametrize("name", ["plain/.vscode", "plain/.VSCode", "plain/.kiro", "plain/.kiro/settings"])
@pytest.mark.parametrize("tool", ["move_file", "copy_path"])
def test_nothing_whole_comes_to_where_hosts_read_whatever_is_in_it(project: Project, tool: str, name: str) -> None:
    project.root.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
    before = project.picture()
    error = project.refused(tool, source="plain/.github", destination=name)
    assert project.picture() == before
    assert "create_directory" in error.hint


def test_a_folder_that_becomes_a_part_of_a_hosts_place_is_refused_by_what_is_in_it(project: Project) -> None:
    (project.root / "new" / "settings").mkdir(parents=True)
    (project.root / "new" / "settings" / "mcp.json").touch()
    project.refused("move_file", source="new", destination="plain/.kiro")
    assert not (project.root / "plain" / ".kiro").exists()


def test_the_copy_of_a_hosts_file_under_another_name_is_no_hosts_file(project: Project) -> None:
    project.run("copy_path", source="site/.vscode", destination="site/backup")
    assert project.picture()["site/backup/mcp.json"] == "site/.vscode/mcp.json"


@pytest.mark.parametrize(
    ("tool", "call"),
    [
        ("move_file", {"source": "plain/.github", "destination": "plain/workflows"}),
        ("move_file", {"source": "plain", "destination": "moved"}),
        ("copy_path", {"source": "plain", "destination": "copied"}),
        ("trash_path", {"path": "plain/.github"}),
    ],
)
def test_a_folder_of_such_a_name_without_a_hosts_file_is_moved_and_comes_back(
    project: Project, tool: str, call: dict[str, str]
) -> None:
    before = project.picture()
    change = project.run(tool, **call)
    assert project.picture() != before
    project.run("undo_change", changeId=change)
    assert project.picture() == before


def test_what_came_into_the_trash_does_not_become_a_hosts_file(project: Project) -> None:
    change = project.run("trash_path", path="plain/.github")
    before = project.picture()
    (project.trash / ".github" / "mcp.json").write_text("put there since")
    error = project.refused("undo_change", changeId=change)
    assert project.picture() == before
    assert "mcp.json" in error.message


@pytest.mark.parametrize(
    ("tool", "call"),
    [
        ("move_file", {"source": "plain", "destination": "moved"}),
        ("copy_path", {"source": "plain", "destination": "copied"}),
        ("trash_path", {"path": "plain"}),
        ("trash_path", {"path": "plain/.github/ci.yml"}),
        ("write_file", {"path": "plain/.github/ci.yml", "content": "mine"}),
    ],
)
def test_a_change_of_what_has_become_a_hosts_file_since_is_not_undone(
    project: Project, tool: str, call: dict[str, str]
) -> None:
    change = project.run(tool, **call)
    before = project.picture()
    project.denied = (*DENIED, ".github/ci.yml")
    project.refused("undo_change", changeId=change)
    assert project.picture() == before


def test_another_hard_link_of_a_hosts_file_is_written_without_it(project: Project) -> None:
    (project.root / "link.json").hardlink_to(project.root / "site" / ".vscode" / "mcp.json")
    project.run("write_file", path="link.json", content="mine")
    assert project.picture()["link.json"] == "mine"
    assert project.picture()["site/.vscode/mcp.json"] == "site/.vscode/mcp.json"
