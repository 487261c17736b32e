"""What .gitignore hides here is what it hides for git: held against git itself."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostiary_servers.common.gitignore import IgnoreFile
from ostiary_servers.common.path_gate import PathGate
from ostiary_servers.common.roots import fixed_roots
from ostiary_servers.files.answers import SearchMatches
from ostiary_servers.files.arguments import SearchFiles
from ostiary_servers.files.operations.searching import search_files

TREE = [
    "a.log",
    "keep.log",
    "build/x.o",
    "src/build/y.o",
    "src/a.py",
    "src/deep/a.log",
    "doc/frotz/a",
    "foo bar/b",
    "#x",
]
LINES = [
    "*.log",
    "!keep.log",
    "build/",
    "/build",
    "src/build",
    "doc/frotz/",
    "**/deep",
    "src/**",
    "src/**/a.log",
    "!src/",
    "foo bar/ ",
    "# nothing",
    "\\#x",
    "a.[lm]og",
    "?.py",
    "/*",
    "!/src",
    "",
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is what this is compared with")
    top = tmp_path_factory.mktemp("repository")
    for name in TREE:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).touch()
    subprocess.run(["git", "init", "-q", top], check=True)
    return top


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(LINES), max_size=5))
def test_the_same_files_are_shown_as_git_would_show(repository: Path, lines: list[str]) -> None:
    (repository / ".gitignore").write_text("\n".join(lines))
    listed = subprocess.run(
        ["git", "-C", repository, "ls-files", "-z", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert {str(Path(match).relative_to(repository)) for match in files_in(repository)} == {
        name for name in listed.stdout.split("\0") if name
    }


def files_in(top: Path) -> list[str]:
    call = SearchFiles.parse({"path": str(top), "pattern": "**"})
    answer = search_files(PathGate(fixed_roots([str(top)], [])), call).structured
    assert isinstance(answer, SearchMatches)
    return [match for match in answer.matches if Path(match).is_file()]


def test_a_pattern_made_to_explode_does_not() -> None:
    rules = IgnoreFile.parse("*a*a*a*a*a*a*a*a*a*a*a*a*a*b\n**/x/**/x/**/x/**/x/**/y")
    assert rules.hides(("a" * 200,), is_folder=False) is None
    assert rules.hides(("x",) * 60, is_folder=False) is None
