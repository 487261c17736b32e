"""What the warm template promises: a server forked from it is what a plain start gives; where it cannot be, none is.

What holds for every forked program, and at every death, stands in ``test_guard`` and ``test_supervise_process``.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from ostiary.gateway.servers import script
from ostiary.gateway.supervise import guard
from ostiary.gateway.supervise.child import Child
from ostiary.gateway.supervise.guard_process import GuardProcess
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.output import Output
from ostiary.gateway.supervise.posix import Starter
from ostiary.gateway.supervise.template import MODULE, MOST_LOSSES, Template, can_be_forked
from tests.support.children.stage import ROOT, ForkingStarter, Lines, launch_of, play, survivors, until_gone

INITIALIZE = (
    b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},'
    b'"clientInfo":{"name":"test","version":"0"}}}'
)
INITIALIZED = b'{"jsonrpc":"2.0","method":"notifications/initialized"}'
LIST_TOOLS = b'{"jsonrpc":"2.0","id":2,"method":"tools/list"}'
READ = b'{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"read_text_file","arguments":{"path":"%b"}}}'


@pytest.fixture
def starter() -> Iterator[Starter]:
    opened = Starter()
    yield opened
    opened.close()


@pytest.fixture
def forking() -> Iterator[ForkingStarter]:
    opened = ForkingStarter()
    yield opened
    opened.close()


def files_launch(folder: Path, **environment: str) -> Launch:
    """The files server on a folder."""
    (folder / "note.txt").write_text("hello\n")
    command = (script("ostiary-serve"), "files", "--root", str(folder))
    return Launch(command, {"PATH": os.environ["PATH"], **environment}, folder, bundled=True)


async def started(starter: Starter | ForkingStarter, launch: Launch) -> Child:
    return await Child.start(launch, Output(launch.cwd / "log"), starter.start)


def template_of(process: psutil.Process) -> psutil.Process | None:
    """The template that a server was forked from; None when it was started plainly."""
    keeper = process.parent()
    assert keeper is not None
    return keeper.parent() if MODULE in keeper.cmdline() else None


async def conversation(child: Child, path: Path) -> list[bytes]:
    """What it answers to a greeting, about its tools, and about a file, asked one after the other."""
    lines, answers = Lines(child.channel), []
    for said in ((INITIALIZE,), (INITIALIZED, LIST_TOOLS), (READ % os.fsencode(path),)):
        for line in said:
            child.channel.send(line)
        answers.append(await lines.next())
    return answers


def test_a_forked_server_says_to_the_letter_what_one_started_plainly_says(starter: Starter, tmp_path: Path) -> None:
    async def scenario() -> None:
        launch = files_launch(tmp_path)
        forked = await started(starter, launch)
        plain = await started(starter, replace(launch, bundled=False))
        assert template_of(psutil.Process(forked.pid)) is not None
        assert template_of(psutil.Process(plain.pid)) is None
        said = [await conversation(child, tmp_path / "note.txt") for child in (forked, plain)]
        assert said[0] == said[1]
        for child in (forked, plain):
            await child.stop()

    play(scenario())


def test_each_forked_server_is_shown_by_its_own_command(starter: Starter, tmp_path: Path) -> None:
    async def scenario() -> None:
        launch = files_launch(tmp_path)
        child = await started(starter, launch)
        await conversation(child, tmp_path / "note.txt")
        process = psutil.Process(child.pid)
        assert process.cmdline() == [sys.executable, *launch.command]
        assert process.name() == "ostiary-serve"
        await child.stop()

    play(scenario())


def test_no_two_forked_programs_draw_the_same_numbers(forking: ForkingStarter, tmp_path: Path) -> None:
    async def scenario() -> None:
        draws = []
        for _ in range(2):
            child = await started(forking, launch_of("drawing", tmp_path))
            draws.append(json.loads(await Lines(child.channel).next()))
            await child.stop()
        assert set(draws[0]).isdisjoint(draws[1])

    play(scenario())


def test_a_forked_program_finds_what_one_started_plainly_finds(
    forking: ForkingStarter, starter: Starter, tmp_path: Path
) -> None:
    async def scenario() -> None:
        seen = []
        for each in (forking, starter):
            launch = launch_of("looking", tmp_path)
            child = await started(each, replace(launch, environment={**launch.environment, "TZ": "Asia/Tokyo"}))
            found = json.loads(await Lines(child.channel).next())
            lines_of_it = of_process(child.pid, "status").decode().splitlines()
            signals = [line for line in lines_of_it if line.startswith(("SigBlk", "SigIgn", "SigCgt"))]
            seen.append((found, signals))
            await child.stop()
        assert seen[0] == seen[1]

    play(scenario())


def test_the_template_learns_nothing_that_its_servers_are_given(starter: Starter, tmp_path: Path) -> None:
    async def scenario() -> None:
        child = await started(starter, files_launch(tmp_path, TOKEN="hush"))
        await conversation(child, tmp_path / "note.txt")
        template = template_of(psutil.Process(child.pid))
        assert template is not None
        keepers = template.children()
        for process in (template, *keepers):
            shown = of_process(process.pid, "environ") + of_process(process.pid, "cmdline")
            assert b"hush" not in shown
            assert os.fsencode(tmp_path) not in shown
        assert b"hush" not in memory_of(template.pid)
        assert descriptors(template.pid) == {0, 1, 2}
        await child.stop()

    play(scenario())


def of_process(pid: int, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


def descriptors(pid: int) -> set[int]:
    return {int(entry.name) for entry in Path(f"/proc/{pid}/fd").iterdir()}


def memory_of(pid: int) -> bytes:
    """All that a process could write to in its memory."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if rights.startswith("rw"):
                start, end = (int(number, 16) for number in span.split("-"))
                memory.seek(start)
                found.append(memory.read(end - start))
    return b"".join(found)


def test_when_the_template_is_killed_servers_go_on_and_the_next_one_starts_all_the_same(
    starter: Starter, tmp_path: Path
) -> None:
    async def scenario() -> None:
        launch = files_launch(tmp_path)
        before = await started(starter, launch)
        lost = template_of(psutil.Process(before.pid))
        assert lost is not None
        lost.kill()
        await until_gone(lost.pid)
        after = await started(starter, launch)
        later = await started(starter, launch)
        said = [await conversation(child, tmp_path / "note.txt") for child in (before, after, later)]
        assert said[0] == said[1] == said[2]
        assert template_of(psutil.Process(after.pid)) is None
        assert template_of(psutil.Process(later.pid)) not in (None, lost)
        for child in (before, after, later):
            await child.stop()

    play(scenario())


def updatable(folder: Path) -> Template:
    """A template whose module lies in ``folder``."""
    shutil.copy(ROOT / "tests/support/children/updatable.py", folder)

    def start(locale: Mapping[str, str]) -> GuardProcess:
        return GuardProcess(("-P",), ("updatable",), {**locale, "PYTHONPATH": f"{folder}:{ROOT}"})

    return Template(start)


def test_a_template_of_files_that_were_replaced_forks_nothing_more(tmp_path: Path) -> None:
    async def scenario() -> None:
        starter = Starter(updatable(tmp_path))
        launch = replace(launch_of("parentage", tmp_path), bundled=True)
        forked = []
        for _ in range(3):
            child = await started(starter, launch)
            forked.append("updatable" in (await Lines(child.channel).next()).decode())
            await child.stop()
            if len(forked) == 1:
                module = tmp_path / "updatable.py"
                module.write_text(module.read_text() + "\n# an update\n")
        assert forked == [True, False, True]
        starter.close()

    play(scenario())


@pytest.mark.parametrize("text", ["raise ImportError", "import os; os._exit(1)", "import os; os.kill(os.getpid(), 9)"])
def test_where_the_template_cannot_live_servers_start_plainly_and_it_is_not_tried_for_ever(
    text: str, tmp_path: Path
) -> None:
    tries = tmp_path / "tries"
    (tmp_path / "broken.py").write_text(f"open({str(tries)!r}, 'a').write('x')\n{text}\n")

    def start(locale: Mapping[str, str]) -> GuardProcess:
        return GuardProcess(("-P",), ("broken",), {**locale, "PYTHONPATH": str(tmp_path)})

    async def scenario() -> None:
        starter = Starter(Template(start))
        launch = replace(launch_of("polite", tmp_path), bundled=True)
        for _ in range(MOST_LOSSES + 2):
            child = await started(starter, launch)
            child.channel.send(b"hello")
            assert await Lines(child.channel).next() == b"hello"
            await child.stop()
        starter.close()

    play(scenario())
    assert tries.read_text() == "x" * MOST_LOSSES


def test_a_template_that_hangs_while_it_imports_ends_with_a_killed_gateway(tmp_path: Path) -> None:
    hangs = tmp_path / "hangs"
    os.mkfifo(hangs)
    (tmp_path / "hanging.py").write_text(f"import signal\nopen({str(hangs)!r}, 'w').close()\nsignal.pause()\n")
    program = (
        "import signal, sys; from ostiary.gateway.supervise.guard_process import GuardProcess\n"
        f"process = GuardProcess(('-P',), ('hanging',), {{'PYTHONPATH': {str(tmp_path)!r}}})\n"
        "signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", program]) as gateway:
        hangs.read_bytes()
        (template,) = (each for each in psutil.Process(gateway.pid).children() if guard.__file__ in each.cmdline())
        gateway.kill()
        assert survivors([template], 3.0) == []


@pytest.mark.parametrize("name", ["PYTHONUTF8", "LD_PRELOAD", "MALLOC_ARENA_MAX", "OTEL_PROPAGATORS"])
def test_what_is_read_before_a_server_begins_is_given_to_a_plain_start(name: str, tmp_path: Path) -> None:
    assert can_be_forked(files_launch(tmp_path, TOKEN="hush"))
    assert not can_be_forked(files_launch(tmp_path, **{name: "1"}))


def test_a_server_of_another_locale_than_the_templates_is_started_plainly(starter: Starter, tmp_path: Path) -> None:
    async def scenario() -> None:
        first = await started(starter, files_launch(tmp_path, LANG="C.UTF-8"))
        other = await started(starter, files_launch(tmp_path, LANG="C.UTF-8", LC_ALL="POSIX"))
        assert template_of(psutil.Process(first.pid)) is not None
        assert template_of(psutil.Process(other.pid)) is None
        await asyncio.gather(first.stop(), other.stop())

    play(scenario())
