"""Servers are started, stopped and started anew, with real programs that behave well and badly."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ostiary.domain.errors import UsageError
from ostiary.domain.server import ServerState
from ostiary.gateway.channel import Channel
from ostiary.gateway.processes import started_at
from ostiary.gateway.supervise import child
from ostiary.gateway.supervise.life import Converse, ServerStatus
from tests.support.children.stage import DEADLINE_S, Lines, play, runs, started, survivors
from tests.support.children.world import world

STOPPED, STARTING, RUNNING, BACKOFF, STOPPING, EXITED, FATAL, _SHOWN_ONLY = ServerState


def test_a_server_starts_runs_and_stops(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("polite")
            running = await w.running("polite")
            assert running.pid is not None
            assert runs(running.pid)
            assert running.started_at == started_at(running.pid)
            await w.supervisor.stop("polite")
            assert w.states() == [STARTING, RUNNING, STOPPING, STOPPED]
            assert w.supervisor.status("polite") == ServerStatus()
            assert not runs(running.pid)

    play(scenario())


def test_a_server_that_was_never_started_is_stopped(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            assert w.supervisor.status("polite") == ServerStatus()
            await w.supervisor.stop("polite")
            assert w.states() == []
            assert w.supervisor.output("polite") == ""

    play(scenario())


def test_a_second_start_leaves_a_running_server_alone(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await asyncio.gather(w.supervisor.start("polite"), w.supervisor.start("polite"))
            await w.until("polite", RUNNING)
            await w.supervisor.start("polite")
            assert w.launched == ["polite"]

    play(scenario())


def test_a_start_while_stopping_begins_when_the_stop_is_over(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("deaf")
            await w.until("deaf", RUNNING)
            stop = asyncio.create_task(w.supervisor.stop("deaf"))
            await w.trace.until(lambda seen: seen[1].state is STOPPING)
            await w.supervisor.start("deaf")
            assert stop.done()
            await w.running("deaf")
            assert w.states() == [STOPPING, STOPPED, STARTING, RUNNING]

    play(scenario())


def test_a_restart_gives_a_new_process(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("polite")
            first = await w.until("polite", RUNNING)
            await w.supervisor.restart("polite")
            second = await w.until("polite", RUNNING)
            assert first.pid != second.pid
            assert second.restarts == 0

    play(scenario())


def test_a_stop_during_a_restart_is_the_last_word(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("deaf")
            await w.until("deaf", RUNNING)
            restart = asyncio.create_task(w.supervisor.restart("deaf"))
            await w.until("deaf", STOPPING)
            await w.supervisor.stop("deaf")
            await restart
            assert w.supervisor.status("deaf") == ServerStatus()
            assert not survivors(started())

    play(scenario())


def test_a_start_while_a_server_is_being_forgotten_gives_one_that_is_known(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("deaf")
            await w.until("deaf", RUNNING)
            forget = asyncio.create_task(w.supervisor.forget("deaf"))
            await w.until("deaf", STOPPING)
            await w.supervisor.start("deaf")
            await forget
            running = await w.running("deaf")
            assert w.supervisor.status("deaf") == running

    play(scenario())


def test_of_a_stop_and_a_start_that_are_wished_in_one_turn_of_the_loop_the_later_counts(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("polite")
            await w.until("polite", RUNNING)
            stopping = asyncio.gather(w.supervisor.stop("polite"))
            await w.supervisor.start("polite")
            await stopping
            await w.until("polite", RUNNING)

    play(scenario())


@pytest.mark.parametrize("wish", ["stop", "restart", "forget"])
def test_a_server_can_be_started_after_a_wish_that_was_given_up_while_it_was_ending(tmp_path: Path, wish: str) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("deaf")
            first = await w.until("deaf", RUNNING)
            wished = asyncio.create_task(getattr(w.supervisor, wish)("deaf"))
            await w.until("deaf", STOPPING)
            wished.cancel()
            await w.supervisor.start("deaf")
            second = await w.until("deaf", RUNNING)
            assert wished.cancelled()
            assert first.pid != second.pid

    play(scenario())


def test_a_stop_during_the_first_words_ends_the_process(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            talking = asyncio.Event()

            async def never_ready(_: str, __: Channel) -> Converse:
                talking.set()
                await asyncio.Event().wait()
                return Converse.READY

            w.talk = never_ready
            await w.supervisor.start("polite")
            await talking.wait()
            pid = w.supervisor.status("polite").pid
            assert pid is not None
            await w.supervisor.stop("polite")
            assert not runs(pid)
            assert w.states() == [STARTING, STOPPING, STOPPED]

    play(scenario())


async def at_once(_: str, channel: Channel) -> Converse:
    """Greets a server that speaks first."""
    await Lines(channel).next()
    return Converse.READY


def test_stopping_all_ends_whatever_the_servers_do(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.talk = at_once
            names = ["stubborn", "stubborn@2", "deaf", "parent", "parent@2", "noisy"]
            for name in names:
                await w.supervisor.start(name)
            for name in names:
                await w.running(name)
            family = started()
            assert len(family) == 8
            async with asyncio.timeout(DEADLINE_S):
                await w.supervisor.stop_all()
            assert [process for process in family if runs(process.pid)] == []

    play(scenario())


def test_twenty_stubborn_servers_are_stopped_at_the_same_time(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.talk = at_once
            names = [f"stubborn@{number}" for number in range(20)]
            for name in names:
                await w.supervisor.start(name)
            for name in names:
                await w.running(name)
            family = started()
            assert len(family) == 20
            assert child.CLOSED_INPUT_S * len(names) >= DEADLINE_S  # one after another they would be late
            async with asyncio.timeout(DEADLINE_S):
                await w.supervisor.stop_all()
            assert survivors(family, 0) == []

    play(scenario())


def test_nothing_can_be_started_once_all_is_stopped(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.stop_all()
            with pytest.raises(UsageError):
                await w.supervisor.start("polite")

    play(scenario())
