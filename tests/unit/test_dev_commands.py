"""What packaging/dev.py decides before it starts anything, and how it waits for what it started."""

import os
import signal
import sys
from pathlib import Path

import pytest

from devtools.commands import has_display, opens_window, soak
from devtools.desktop import private_environment
from devtools.environment import fingerprint
from devtools.errors import SetUpError
from devtools.running import Run, wait_for
from devtools.system import command, library, missing

PYPROJECT = {"project": {"dependencies": ["a"]}, "dependency-groups": {"dev": ["b"]}, "tool": {"ruff": {}}}


@pytest.mark.parametrize("arguments", [[], ["--home", "somewhere"], ["--home=somewhere"]])
def test_ostiary_alone_opens_a_window(arguments: list[str]) -> None:
    assert opens_window(arguments)


@pytest.mark.parametrize(
    "arguments",
    [["--headless"], ["--headless", "--writes", "deny"], ["--version"], ["-h"], ["status"], ["--home", "x", "log"]],
)
def test_commands_and_the_headless_gateway_need_no_display(arguments: list[str]) -> None:
    assert not opens_window(arguments)


def test_a_display_is_found_by_each_name_it_goes_under() -> None:
    assert has_display({"DISPLAY": ":0"})
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"})


@pytest.mark.skipif("sys.platform != 'linux'", reason="elsewhere the system always has a display")
def test_an_empty_display_is_none() -> None:
    assert not has_display({"DISPLAY": ""})


def test_the_environment_is_filled_again_only_when_what_it_holds_changes() -> None:
    before = fingerprint(PYPROJECT, b"a==1", Path("here"))

    assert fingerprint({**PYPROJECT, "tool": {"ruff": {"line-length": 99}}}, b"a==1", Path("here")) == before
    assert fingerprint(PYPROJECT, b"a==2", Path("here")) != before
    assert fingerprint(PYPROJECT, b"a==1", Path("moved")) != before
    assert fingerprint({**PYPROJECT, "project": {"dependencies": []}}, b"a==1", Path("here")) != before
    assert fingerprint({**PYPROJECT, "dependency-groups": {"dev": ["b", "c"]}}, b"a==1", Path("here")) != before


def test_sources_that_are_not_there_are_told_before_anything_is_started(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match="not a folder"):
        soak(["--sources", str(tmp_path / "no-such-folder")], {})


def test_only_packages_whose_things_are_not_there_are_missing() -> None:
    needs = (command("git", "git"), command("no-such-program", "one"), library("libnosuch.so.1", "two"))

    assert missing(needs) == ["one", "two"]


def test_the_tests_see_nothing_of_the_persons_session() -> None:
    person = {
        "HOME": "/home/ann",
        "PATH": "/bin",
        "XDG_CONFIG_HOME": "/home/ann/.config",
        "QT_SCALE_FACTOR": "2",
        "WAYLAND_DISPLAY": "wayland-0",
        "OSTIARY_HOME": "/home/ann/ostiary",
        "PYTHONPATH": "/home/ann/code",
    }

    tests = private_environment(person, Path("/tmp/ost"))

    assert tests["PATH"] == "/bin"
    assert {name for name, value in tests.items() if value.startswith("/home/ann")} == {
        "NPM_CONFIG_USERCONFIG",
        "NPM_CONFIG_CACHE",
    }
    assert not tests.keys() & {"QT_SCALE_FACTOR", "WAYLAND_DISPLAY", "OSTIARY_HOME", "PYTHONPATH"}


def says(word: str, then: str) -> Run:
    return Run([sys.executable, "-c", f"print({word!r}, flush=True); {then}"], os.environ)


posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes with a name and SIGKILL are of POSIX")


@posix
def test_of_two_that_run_side_by_side_each_keeps_its_words_together_and_its_exit_code(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    meeting = tmp_path / "meeting"
    os.mkfifo(meeting)  # neither gets past it alone
    first = says("one", f"open({str(meeting)!r}, 'w').close(); print('one again'); raise SystemExit(3)")
    second = says("two", f"open({str(meeting)!r}).close(); print('two again')")

    assert wait_for(first, second) == [3, 0]
    assert capfd.readouterr().out.split("\n") == ["one", "one again", "two", "two again", ""]


@posix
def test_one_that_was_killed_has_not_passed() -> None:
    killed = says("one", f"import os; os.kill(os.getpid(), {signal.SIGKILL.value})")

    assert wait_for(says("two", "pass"), killed) == [0, -signal.SIGKILL]
