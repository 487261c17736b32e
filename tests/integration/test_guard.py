"""What the guard promises: servers start clean, and nothing of theirs outlives them or the gateway."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from ostiary.gateway.supervise import guard
from ostiary.gateway.supervise.child import Child
from ostiary.gateway.supervise.output import Output
from ostiary.gateway.supervise.posix import Starter
from tests.support.children.stage import ForkingStarter, Lines, launch_of, play, survivors, until_gone

ROOT = Path(__file__).parents[2]

SURVIVAL_S = 3.0
"""How long anything may outlive the gateway."""


AnyStarter = Starter | ForkingStarter
WAYS: dict[str, type[AnyStarter]] = {"executed": Starter, "forked": ForkingStarter}
"""The guard that executes programs, and the warm template."""


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """How servers are started."""
    return str(request.param)


@pytest.fixture
def starter(way: str) -> Iterator[AnyStarter]:
    opened = WAYS[way]()
    yield opened
    opened.close()


async def start(starter: AnyStarter, program: str, folder: Path, *arguments: str) -> tuple[Child, Lines]:
    launch = launch_of(program, folder)
    launch = replace(launch, command=(*launch.command, *arguments))
    child = await Child.start(launch, Output(folder / "log"), starter.start)
    return child, Lines(child.channel)


async def family_of(lines: Lines) -> list[psutil.Process]:
    """The server of the program ``family`` and what it started, by id and start."""
    return [psutil.Process(int(pid)) for pid in (await lines.next()).split()]


def the_guard(gateway: psutil.Process | None = None) -> psutil.Process:
    """The guard of a gateway, or of this process."""
    (found,) = (child for child in (gateway or psutil.Process()).children() if guard.__file__ in child.cmdline())
    return found


def keeper_of(child: Child) -> psutil.Process:
    found = psutil.Process(child.pid).parent()
    assert found is not None
    return found


GATEWAY = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.integration.test_guard import WAYS, start

async def main():
    starter = WAYS[{way!r}]()
    for manners in ("stubborn", "polite"):
        _child, lines = await start(starter, "family", Path({folder!r}), manners)
        print((await lines.next()).decode(), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@contextmanager
def small_gateway(way: str, folder: Path) -> Iterator[tuple[psutil.Process, list[list[psutil.Process]]]]:
    """A gateway to be killed, with two servers and what each started."""
    script = GATEWAY.format(root=str(ROOT), way=way, folder=str(folder))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as gateway:
        assert gateway.stdout is not None
        families = [[psutil.Process(int(pid)) for pid in gateway.stdout.readline().split()] for _ in range(2)]
        yield psutil.Process(gateway.pid), families


@pytest.mark.parametrize("with_guard", [False, True], ids=["gateway", "gateway and guard"])
def test_no_process_outlives_a_killed_gateway_by_three_seconds(way: str, with_guard: bool, tmp_path: Path) -> None:
    with small_gateway(way, tmp_path) as (gateway, families):
        everything = gateway.children(recursive=True)
        assert {process for family in families for process in family} <= set(everything)
        if with_guard:
            the_guard(gateway).kill()
        gateway.kill()
        assert survivors(everything, SURVIVAL_S) == []


def test_a_server_ends_with_its_keeper_when_the_gateway_is_gone_too(way: str, tmp_path: Path) -> None:
    with small_gateway(way, tmp_path) as (gateway, families):
        keepers = the_guard(gateway).children()
        for process in (gateway, *keepers):
            process.kill()
        assert survivors([family[0] for family in families], SURVIVAL_S) == []
        for process in (process for family in families for process in family[1:]):
            process.kill()


def test_whatever_a_politely_ending_server_started_ends_with_it(starter: AnyStarter, tmp_path: Path) -> None:
    async def scenario() -> None:
        child, lines = await start(starter, "family", tmp_path, "stubborn")
        family = await family_of(lines)
        await child.stop()
        assert survivors(family, SURVIVAL_S) == []

    play(scenario())


def test_the_end_of_one_server_leaves_what_another_started_alone(starter: AnyStarter, tmp_path: Path) -> None:
    async def scenario() -> None:
        first, first_lines = await start(starter, "family", tmp_path)
        second, second_lines = await start(starter, "family", tmp_path)
        ending, staying = await family_of(first_lines), await family_of(second_lines)
        await first.stop()
        assert survivors(ending, SURVIVAL_S) == []
        assert survivors(staying, 0) == staying
        await second.stop()

    play(scenario())


def test_servers_outlive_the_guard_and_others_can_be_started(starter: AnyStarter, tmp_path: Path) -> None:
    async def scenario() -> None:
        before, before_lines = await start(starter, "polite", tmp_path)
        lost = the_guard()
        lost.kill()
        await until_gone(lost.pid)
        after, after_lines = await start(starter, "polite", tmp_path)
        for child, lines in ((before, before_lines), (after, after_lines)):
            child.channel.send(b"still here")
            assert await lines.next() == b"still here"
            await child.stop()
            assert child.exit_code.result() == 0
        assert the_guard() != lost

    play(scenario())


def test_a_guard_that_is_lost_while_many_start_fails_none_of_them(starter: AnyStarter, tmp_path: Path) -> None:
    async def scenario() -> None:
        first, _lines = await start(starter, "polite", tmp_path)
        starts = [asyncio.create_task(start(starter, "polite", tmp_path)) for _ in range(20)]
        await asyncio.sleep(0)  # all are handed over by now, few are forked
        the_guard().kill()
        started = await asyncio.gather(*starts)
        for child, _lines in started:
            child.channel.send(b"hello")
        assert [await lines.next() for _child, lines in started] == [b"hello"] * 20
        await asyncio.gather(first.stop(), *(child.stop() for child, _lines in started))

    play(scenario())


def test_a_server_whose_keeper_was_killed_has_ended_with_all_in_its_group(starter: AnyStarter, tmp_path: Path) -> None:
    async def scenario() -> None:
        child, lines = await start(starter, "family", tmp_path, "stubborn")
        server, in_group, *escaped = await family_of(lines)
        keeper_of(child).kill()
        assert await child.ends_within(SURVIVAL_S)
        assert child.exit_code.result() == -signal.SIGKILL
        assert survivors([server, in_group], SURVIVAL_S) == []
        for process in escaped:
            process.kill()
        await child.stop()

    play(scenario())


def test_fifty_servers_start_at_once_and_end_at_once(starter: AnyStarter, tmp_path: Path) -> None:
    async def scenario() -> None:
        started = await asyncio.gather(*(start(starter, "polite", tmp_path) for _ in range(50)))
        for child, _lines in started:
            child.channel.send(b"hello")
        assert [await lines.next() for _child, lines in started] == [b"hello"] * 50
        assert len({child.pid for child, _lines in started}) == 50
        keepers = [keeper_of(child) for child, _lines in started]
        async with asyncio.timeout(SURVIVAL_S):
            await asyncio.gather(*(child.stop() for child, _lines in started))
        assert survivors(keepers, SURVIVAL_S) == []

    play(scenario())


def test_a_server_has_its_own_descriptors_and_nobody_elses(starter: AnyStarter, tmp_path: Path) -> None:
    async def scenario() -> None:
        handed, writing = os.pipe()
        launch = launch_of("polite", tmp_path)
        children = []
        for passed in ((), (), (handed,), ()):
            child = await Child.start(replace(launch, pass_fds=passed), Output(tmp_path / "log"), starter.start)
            children.append(child)
            lines = Lines(child.channel)
            child.channel.send(b"hello")
            await lines.next()  # the program itself has been read and closed
            assert set(descriptors(child.pid)) == {0, 1, 2, *passed}
        opened = [place for child in children for place in descriptors(child.pid).values()]
        assert len(set(opened)) == len(opened)
        assert set(descriptors(the_guard().pid)) == {0, 1, 2}
        for child in children:
            await child.stop()
        for fd in (handed, writing):
            os.close(fd)

    play(scenario())


def descriptors(pid: int) -> dict[int, str]:
    folder = Path(f"/proc/{pid}/fd")
    return {int(entry.name): str(entry.readlink()) for entry in folder.iterdir()}


@pytest.mark.parametrize("way", ["executed"])
def test_a_server_starts_with_no_signal_ignored_or_blocked(starter: AnyStarter, tmp_path: Path) -> None:
    async def scenario() -> None:
        launch = replace(launch_of("polite", tmp_path), command=("sleep", "60"))
        child = await Child.start(launch, Output(tmp_path / "log"), starter.start)
        assert signal_sets(child.pid) == {"SigBlk": 0, "SigIgn": 0}
        child.channel.close()
        await child.stop()

    with ignored(signal.SIGQUIT, signal.SIGUSR1):
        play(scenario())


@contextmanager
def ignored(*numbers: signal.Signals) -> Iterator[None]:
    """As in a job that a shell started in the background."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    yield
    for number, usual in before.items():
        signal.signal(number, usual)


def signal_sets(pid: int) -> dict[str, int]:
    """The blocked and the ignored signals of a process, as bits."""
    lines = (line.split(":\t") for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {name: int(value, 16) for name, value in lines if name in ("SigBlk", "SigIgn")}


def test_what_ends_a_session_does_not_end_the_guard_before_the_gateway(starter: AnyStarter, tmp_path: Path) -> None:
    async def scenario() -> None:
        child, lines = await start(starter, "polite", tmp_path)
        for process in (the_guard(), keeper_of(child)):
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                process.send_signal(number)
        child.channel.send(b"still here")
        assert await lines.next() == b"still here"
        await child.stop()
        assert child.exit_code.result() == 0

    play(scenario())


def test_a_secret_shows_in_no_command_line_and_no_environment_but_the_servers(
    starter: AnyStarter, way: str, tmp_path: Path
) -> None:
    async def scenario() -> None:
        launch = replace(launch_of("polite", tmp_path), environment={"TOKEN": "hush"})
        child = await Child.start(launch, Output(tmp_path / "log"), starter.start)
        assert ("TOKEN=hush" in seen_of(child.pid)) is (way == "executed")
        for process in (the_guard(), keeper_of(child)):
            assert "hush" not in seen_of(process.pid)
        await child.stop()

    play(scenario())


def seen_of(pid: int) -> str:
    """What other programs of this user may read of a process."""
    return "".join(Path(f"/proc/{pid}/{name}").read_text() for name in ("environ", "cmdline"))
