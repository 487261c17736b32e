"""A host is ended only when it ends by itself, and started again as it was."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ostiary.domain.errors import RefusedError, UsageError
from ostiary.gateway import restarting_macos
from ostiary.gateway.host_files import HostFiles
from ostiary.gateway.processes import ask_to_end, running_of
from ostiary.gateway.restarting import restart
from tests.support.host_machine import Machine

Start = Callable[..., subprocess.Popen[bytes]]
_SHELL = shutil.which("bash")

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX"),
    pytest.mark.skipif(_SHELL is None, reason="needs bash, whose copy plays the host"),
]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """An executable where LM Studio's is, by its data file."""
    assert _SHELL is not None
    place = tmp_path / "LM-Studio" / "lm-studio"
    place.parent.mkdir()
    shutil.copy(_SHELL, place)
    return place


@pytest.fixture
def start(program: Path) -> Iterator[Start]:
    """Starts it with a script, which must not fork: that would be another one of its path for a moment.

    It and all others of its path are gone afterwards.
    """
    started: list[subprocess.Popen[bytes]] = []

    def begin(script: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [str(program), "-c", f"echo; {script}"]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=program.parent, env=environment
        )
        started.append(process)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    yield begin
    for one in psutil.process_iter(["exe"]):
        if one.info["exe"] == str(program):
            one.kill()
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def test_a_program_that_ends_when_asked_is_gone_and_one_that_stays_is_left_alone(program: Path, start: Start) -> None:
    polite = start("trap 'exit 0' TERM; while :; do read -t 1; done")
    (found,) = running_of(lambda path: path == str(program))
    assert found.pid == polite.pid
    assert ask_to_end(found, 10)
    polite.wait(20)
    assert ask_to_end(found, 1)

    stubborn = start("trap '' TERM; while :; do read -t 1; done")
    (found,) = running_of(lambda path: path == str(program))
    assert not ask_to_end(found, 0.2)
    assert stubborn.poll() is None


def test_another_program_of_a_similar_path_is_not_matched(program: Path, start: Start) -> None:
    start("read -t 60 < <(sleep 60)")
    assert running_of(lambda path: path == f"{program}-other") == ()


def test_a_host_is_started_again_as_it_was(tmp_path: Path, program: Path, start: Start) -> None:
    machine = Machine(tmp_path)
    files = HostFiles(machine.hosts, lambda _host: ())
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    old = start('echo > "$READY"; while :; do read -t 1; done', READY=str(ready))
    ready.read_text()
    with pytest.raises(UsageError, match="cannot be restarted from here"):
        asyncio.run(restart(files, "cursor"))
    asyncio.run(restart(files, "lm-studio"))
    ready.read_text()  # the new one is there
    old.wait(20)
    (new,) = running_of(lambda path: path == str(program))
    assert new.pid != old.pid
    assert (new.environment["READY"], new.folder, new.arguments[0]) == (str(ready), str(program.parent), "-c")
    assert psutil.Process(new.pid).ppid() != os.getpid()


def test_a_host_that_does_not_run_is_not_started(tmp_path: Path) -> None:
    files = HostFiles(Machine(tmp_path).hosts, lambda _host: ())
    with pytest.raises(RefusedError, match="does not run"):
        asyncio.run(restart(files, "lm-studio"))


def test_a_program_may_be_asked_in_another_way_than_by_a_signal(program: Path, start: Start) -> None:
    running = start("trap '' TERM; while :; do read -t 1; done")
    (found,) = running_of(lambda path: path == str(program))
    assert ask_to_end(found, 10, running.kill)
    assert running.wait(10) is not None


@pytest.mark.parametrize(
    ("executable", "application"),
    [
        ("/Applications/Claude.app/Contents/MacOS/Claude", "/Applications/Claude.app"),
        ("/Users/a b/Applications/LM Studio.app/Contents/MacOS/LM Studio", "/Users/a b/Applications/LM Studio.app"),
        (
            "/Applications/Claude.app/Contents/Frameworks/Claude Helper.app/Contents/MacOS/Claude Helper",
            "/Applications/Claude.app",
        ),
        ("/opt/homebrew/bin/agy", ""),
    ],
)
def test_on_macos_an_application_is_told_by_the_outermost_bundle_of_its_program(
    executable: str, application: str
) -> None:
    assert restarting_macos.application_of(executable) == application


def test_on_macos_the_path_of_an_application_is_no_part_of_a_script() -> None:
    hostile = '/Applications/A" & (do shell script "x").app'
    quitting, opening = restarting_macos.quit_command(hostile), restarting_macos.open_command(hostile)
    assert (quitting[-1], opening[-1]) == (hostile, hostile)
    assert not any("do shell" in part for part in (*quitting[:-1], *opening[:-1]))


def test_on_macos_a_refusal_is_told() -> None:
    with pytest.raises(RefusedError, match="LM Studio was not restarted"):
        restarting_macos.run(("/nonexistent/osascript",), "LM Studio")
