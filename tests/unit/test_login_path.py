"""What a login shell is asked, what counts as its answer, and what servers get of it."""

import asyncio
import os
import shutil
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from ostiary.gateway.supervise.login_path import DEADLINE_S, FoundPath, LoginPath, answer, login_shell, merged, question
from ostiary.gateway.supervise.posix import Starter
from tests.support.children.stage import play, started, survivors

INHERITED = "/usr/bin:/bin"
SHELLS = [shell for shell in map(shutil.which, ("bash", "sh", "zsh", "fish", "tcsh")) if shell]


def ask(environment: Mapping[str, str], folder: Path, deadline_s: float = DEADLINE_S) -> FoundPath:
    async def scenario() -> FoundPath:
        with closing(Starter()) as starter:
            inherited = {"PATH": INHERITED, "HOME": str(folder)}
            asking = LoginPath(starter.start, {**inherited, **environment}, folder, deadline_s)
            asking.begin()
            found = await asking.found()
            await asking.stop()
            assert survivors(started(), 3) == []
            return found

    return play(scenario())


def script(folder: Path, *lines: str) -> str:
    """A shell of our own."""
    path = folder / "shell"
    path.write_text("\n".join(("#!/bin/sh", *lines)))
    path.chmod(0o700)
    return str(path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"<ostiary-path>/a:/b<ostiary-path>", "/a:/b"),
        (b"<ostiary-path>/with space:/\xc3\xa9\xff<ostiary-path>", os.fsdecode(b"/with space:/\xc3\xa9\xff")),
        (b"<ostiary-path>/a<ostiary-path>\x1b]0;title\x07", "/a"),
        (b"<ostiary-path><ostiary-path>", None),
        (b"<ostiary-path>/cut", None),
        (b"+ printf <ostiary-path>/a<ostiary-path>", None),
        (b"Welcome back!", None),
        (b"", None),
    ],
)
def test_only_a_whole_marked_line_is_an_answer(line: bytes, told: str | None) -> None:
    assert answer(line) == told


@pytest.mark.parametrize(
    ("login", "inherited", "path"),
    [
        ("/nvm:/bin", "/usr/bin:/bin", "/nvm:/bin:/usr/bin"),
        ("/nvm:.:bin::/x", ":/bin:", "/nvm:/x:/bin"),
        ("/nvm", "", "/nvm"),
    ],
)
def test_the_login_shells_folders_come_first_and_each_is_absolute(login: str, inherited: str, path: str) -> None:
    assert merged(login, inherited) == path


def test_csh_is_not_given_flags_it_refuses_together() -> None:
    assert question("/bin/tcsh")[:3] == ("/bin/tcsh", "-i", "-c")
    assert question("/opt/homebrew/bin/fish")[:4] == ("/opt/homebrew/bin/fish", "-l", "-i", "-c")


def test_the_shell_is_the_environments_or_the_accounts() -> None:
    assert login_shell({"SHELL": "/bin/zsh"}) == "/bin/zsh"
    assert login_shell({"SHELL": "zsh"}) == ""
    assert login_shell({}).startswith("/")


@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_persons_files_put_on_the_path_is_found_whatever_else_they_print(shell: str, tmp_path: Path) -> None:
    noise = "echo Welcome; printf 'no end of line'; PATH=/opt/person/bin:$PATH; export PATH\n"
    for name in (".profile", ".bash_profile", ".zshrc"):
        (tmp_path / name).write_text(noise)
    for name, lines in (
        (".config/fish/config.fish", "echo Welcome; set -x PATH /opt/person/bin $PATH\n"),
        (".tcshrc", "echo Welcome; setenv PATH /opt/person/bin:$PATH\n"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(lines)
    found = ask({"SHELL": shell}, tmp_path)
    assert (found.shell, found.problem) == (shell, "")
    folders = found.path.split(":")
    assert "/opt/person/bin" in folders[:3]
    assert set(folders) >= set(INHERITED.split(":"))


def test_a_shell_that_takes_too_long_is_ended_and_the_inherited_path_used(tmp_path: Path) -> None:
    shell = script(
        tmp_path, "trap '' TERM HUP", f"setsid sh -c 'echo $$ > {tmp_path}/escaped; exec sleep 60' & sleep 60"
    )
    found = ask({"SHELL": shell}, tmp_path, deadline_s=0.5)
    assert (found.path, found.shell) == (INHERITED, shell)
    assert "did not tell" in found.problem
    escaped = int((tmp_path / "escaped").read_text())
    with suppress(psutil.NoSuchProcess):
        assert survivors([psutil.Process(escaped)], 3) == []


@pytest.mark.parametrize(
    ("shell", "words"),
    [("/bin/false", "without telling"), ("/no/such/shell", "There is no program “/no/such/shell”")],
)
def test_a_shell_that_tells_nothing_is_a_problem_and_the_inherited_path_used(
    shell: str, words: str, tmp_path: Path
) -> None:
    found = ask({"SHELL": shell}, tmp_path)
    assert found.path == INHERITED
    assert words in found.problem


def test_the_path_that_was_inherited_counts_where_nobody_is_asked(tmp_path: Path) -> None:
    assert ask({"SHELL": "none"}, tmp_path) == FoundPath(INHERITED)


def test_everybody_who_waits_gets_the_one_answer(tmp_path: Path) -> None:
    shell = script(tmp_path, f"echo asked >> {tmp_path}/count", 'shift 3; PATH=/once:$PATH; eval "$1"')

    async def scenario() -> None:
        with closing(Starter()) as starter:
            asking = LoginPath(starter.start, {"PATH": INHERITED, "SHELL": shell}, tmp_path)
            asking.begin()
            first, second = await asyncio.gather(asking.found(), asking.found())
            assert first == second == FoundPath(f"/once:{INHERITED}", shell)
            await asking.stop()

    play(scenario())
    assert (tmp_path / "count").read_text() == "asked\n"
