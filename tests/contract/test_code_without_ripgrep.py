"""Where ripgrep is not installed, a program of ours finds the same files, and so every answer is the same; where git is
not, dulwich reads the history."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from ostiary_servers.code import candidates
from ostiary_servers.code.programs import find_program
from ostiary_servers.code.repositories import scope_of
from ostiary_servers.code.search.names import NamePattern
from tests.support.code_server import analysis_of, commit, git, new_repository, write

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(find_program("rg") is None, reason="there is no ripgrep to compare with"),
]

FILES: dict[str, str | bytes] = {
    "a.py": "def get(): pass\n",
    "calls.py": "store.get()\n",
    "assigned.js": "exports.get = function () {}\n",
    "over_two_lines.js": "exports.get\n  = 1\n",
    "ä.go": "func (s Store) get() {}\n",
    "utf16.py": "def get(): pass\n".encode("utf-16"),
    "latin.py": b"# caf\xe9\ndef get(): pass\n",
    "binary.py": b"def get(): pass\n\0",
    "word.py": "def getter(): pass\n",
    ".hidden/b.py": "def get(): pass\n",
    ".gitignore": "build/\n*.log\n!kept.log\n/only_here.py\n",
    "only_here.py": "def get(): pass\n",
    "build/c.py": "def get(): pass\n",
    "x.log": "def get(): pass\n",
    "kept.log": "def get(): pass\n",
    "sub/only_here.py": "def get(): pass\n",
    "sub/.gitignore": "d.py\n",
    "sub/d.py": "def get(): pass\n",
    "sub/deep/d.py": "def get(): pass\n",
    "sub/.ignore": "!d.py\ne.py\n",
    "sub/e.py": "def get(): pass\n",
    ".git/info/exclude": "excluded.py\n",
    "excluded.py": "def get(): pass\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = write(new_repository(tmp_path / "app"), FILES)
    (folder / "link.py").symlink_to(folder / "a.py")
    (folder / "linked").symlink_to(folder / "sub")
    Path(str(folder / "caf\udce9.py")).write_text("def get(): pass\n")
    git(folder, "add", "-A")
    return folder


@pytest.mark.parametrize("scope", ["", "sub", "sub/deep", "build", "a.py", "no-such-folder"])
@pytest.mark.parametrize("name", ["get", "g*", "Store.get", "*", "no_such_name"])
def test_the_same_files_are_found(repository: Path, scope: str, name: str) -> None:
    expressions = NamePattern.of(name).expressions
    with analysis_of(repository) as analysis:
        whole = scope_of(analysis.gate, None)
    narrowed = type(whole)(whole.repository, scope)
    command = [sys.executable, "-m", "ostiary_servers.code.walking", scope, *expressions]
    ended = subprocess.run(command, cwd=repository, capture_output=True, check=True)
    walked = {os.path.normpath(os.fsdecode(path)) for path in ended.stdout.split(b"\0") if path}
    assert walked == candidates.files_with(narrowed, expressions)


def python_without_ripgrep(folder: Path) -> Path:
    """This environment under another folder, so that nothing lies beside its Python but itself."""
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_bytes(Path(sys.prefix, "pyvenv.cfg").read_bytes())
    packages = Path(sysconfig.get_path("purelib"))
    inside = folder / packages.relative_to(sys.prefix)
    inside.parent.mkdir(parents=True)
    inside.symlink_to(packages)
    python = folder / "bin" / "python"
    python.symlink_to(Path(sys.executable).resolve())
    return python


@pytest.mark.skipif(sys.platform == "win32", reason="an environment is not moved by links there")
def test_what_lies_beside_another_python_is_not_found(tmp_path: Path) -> None:
    python = python_without_ripgrep(tmp_path / "venv")
    looks = "from ostiary_servers.code.programs import find_program; print(find_program('rg'))"
    said = subprocess.run([python, "-c", looks], env={"PATH": ""}, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "None"


@pytest.mark.skipif(sys.platform == "win32", reason="an environment is not moved by links there")
async def test_a_server_without_git_reads_the_history_all_the_same(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "app")
    commit(repository, "fix: one", {"a.txt": "1\n2\n"})
    commit(repository, "two", {"a.txt": "1\n"}, GIT_AUTHOR_NAME="Bob")
    python = python_without_ripgrep(tmp_path / "venv")
    arguments = ["-m", "ostiary_servers", "code", "--root", str(repository), "--state-dir", str(tmp_path / "state")]
    server = StdioServerParameters(command=str(python), args=arguments, env={"PATH": str(tmp_path / "venv" / "bin")})
    async with Client(stdio_client(server, errlog=sys.__stderr__ or sys.stderr)) as client:
        found = (await client.call_tool("get_recent_commit_activity", {})).structured_content
    assert found is not None
    assert (found["engine"], found["commits"], found["added"], found["removed"]) == ("dulwich", 2, 2, 1)
    assert {each["name"] for each in found["authors"]} == {"Ada", "Bob"}
    assert "git is not installed" in found["warnings"][0]


@pytest.mark.skipif(sys.platform == "win32", reason="an environment is not moved by links there")
async def test_a_server_without_ripgrep_gives_the_same_answer(repository: Path, tmp_path: Path) -> None:
    arguments = ["-m", "ostiary_servers", "code", "--root", str(repository), "--state-dir", str(tmp_path / "state")]
    python = python_without_ripgrep(tmp_path / "venv")
    empty = {"PATH": str(tmp_path / "venv" / "bin")}
    answers = []
    for command, environment in ((Path(sys.executable), None), (python, empty)):
        server = StdioServerParameters(command=str(command), args=arguments, env=environment)
        transport = stdio_client(server, errlog=sys.__stderr__ or sys.stderr)
        async with Client(transport) as client:
            asked = {"function_name": "get", "limit": 100}
            answers.append((await client.call_tool("search_for_function_definition", asked)).structured_content)
    assert answers[0] == answers[1]
    assert answers[0] is not None
    assert len(answers[0]["definitions"]) > 5
