"""Servers that fail: what is told of it, when they are started again, and when they are given up. Real programs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ostiary.domain.errors import OstiaryError, SecretError, ServerError, SettingsError, UsageError
from ostiary.domain.server import ServerState
from ostiary.gateway.channel import Channel
from ostiary.gateway.supervise.advice import FAULT, LOOK
from ostiary.gateway.supervise.life import Converse, ServerStatus
from ostiary.gateway.supervise.restart import RestartPolicy
from tests.support.children.stage import Lines, open_descriptors, play, started
from tests.support.children.world import GREETING, SLOW, world

STOPPED, STARTING, RUNNING, BACKOFF, STOPPING, EXITED, FATAL, _SHOWN_ONLY = ServerState


def test_an_unexpected_exit_is_told_in_words_and_the_server_is_started_again(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("dies_when_told")
            await w.until("dies_when_told", RUNNING)
            w.channels["dies_when_told"].send(b"die")
            failed = await w.until("dies_when_told", BACKOFF)
            assert failed.error == "The server ended with exit code 4; its last words: told to die"
            assert failed.advice == LOOK
            assert failed.pid is None
            running = await w.until("dies_when_told", RUNNING)
            assert (running.error, running.advice) == ("", "")
            assert running.restarts == 1

    play(scenario())


def test_a_crash_is_named_by_its_signal(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path, SLOW) as w:
            await w.supervisor.start("dies_when_told")
            await w.until("dies_when_told", RUNNING)
            w.channels["dies_when_told"].send(b"crash")
            crashed = await w.until("dies_when_told", BACKOFF)
            assert (crashed.error, crashed.advice) == ("The server was ended by signal 11 (SIGSEGV)", FAULT)

    play(scenario())


def test_a_server_that_keeps_dying_at_start_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("dies_at_start")
            fatal = await w.until("dies_at_start", FATAL)
            said = "The server ended with exit code 3; its last words: cannot read the configuration"
            assert (fatal.error, fatal.advice) == (said, LOOK)
            assert w.launched == ["dies_at_start"] * 3
            assert w.supervisor.output("dies_at_start") == "loading\ncannot read the configuration\n" * 3

    play(scenario())


def test_a_person_can_start_a_server_that_was_given_up(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("dies_at_start")
            await w.until("dies_at_start", FATAL)
            await w.supervisor.start("dies_at_start")
            assert (await w.until("dies_at_start", BACKOFF)).restarts == 0
            await w.until("dies_at_start", FATAL)

    play(scenario())


def test_a_server_that_was_given_up_can_be_stopped(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.supervisor.start("dies_at_start")
            await w.until("dies_at_start", FATAL)
            await w.supervisor.stop("dies_at_start")
            assert w.supervisor.status("dies_at_start") == ServerStatus()

    play(scenario())


def test_a_start_during_backoff_tries_at_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path, SLOW) as w:
            await w.supervisor.start("dies_at_start")
            await w.until("dies_at_start", BACKOFF)
            await w.supervisor.start("dies_at_start")
            await w.until("dies_at_start", BACKOFF)
            assert len(w.launched) == 2

    play(scenario())


def test_a_stop_during_backoff_takes_no_process_and_no_time(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path, SLOW) as w:
            await w.supervisor.start("dies_at_start")
            await w.until("dies_at_start", BACKOFF)
            await w.supervisor.stop("dies_at_start")
            assert w.states() == [STOPPED]

    play(scenario())


def test_a_server_that_ended_because_of_the_question_is_started_once_more_and_that_is_no_failure(
    tmp_path: Path,
) -> None:
    async def scenario() -> None:
        async with world(tmp_path, SLOW) as w:
            answers = [Converse.READY, Converse.AGAIN]

            async def probe(_: str, channel: Channel) -> Converse:
                lines = Lines(channel)
                if answers[-1] is Converse.AGAIN:
                    channel.send(b"die")
                    await lines.closed.wait()
                return answers.pop()

            w.talk = probe
            await w.supervisor.start("dies_when_told")
            running = await w.running("dies_when_told")
            assert w.states() == [STARTING, RUNNING]
            assert running.restarts == 0
            assert len(w.launched) == 2

    play(scenario())


def test_a_server_that_ends_at_every_question_fails(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path, SLOW) as w:

            async def offends(_: str, channel: Channel) -> Converse:
                lines = Lines(channel)
                channel.send(GREETING)
                await lines.closed.wait()
                return Converse.AGAIN

            w.talk = offends
            await w.supervisor.start("offended")
            assert "twice" in (await w.until("offended", BACKOFF)).error
            assert len(w.launched) == 2

    play(scenario())


def test_first_words_that_go_wrong_end_the_process_and_are_told(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path, SLOW) as w:

            async def fails(_: str, __: Channel) -> Converse:
                raise ServerError("The server speaks no version we know", "Update it.")

            w.talk = fails
            await w.supervisor.start("polite")
            failed = await w.until("polite", BACKOFF)
            assert (failed.error, failed.advice) == ("The server speaks no version we know", "Update it.")
            assert started() == []

    play(scenario())


def test_first_words_without_an_end_are_cut_short_by_the_end_of_the_process(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path, SLOW) as w:

            async def never(_: str, __: Channel) -> Converse:
                await asyncio.Event().wait()
                return Converse.READY

            w.talk = never
            await w.supervisor.start("dies_at_start")
            assert "ended with exit code 3" in (await w.until("dies_at_start", BACKOFF)).error

    play(scenario())


def test_a_locked_keyring_delays_only_the_server_that_needs_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path, SLOW) as w:
            w.launch_errors = [SecretError("The keyring is locked", "Unlock it.")]
            await w.supervisor.start("polite@locked")
            await w.supervisor.start("polite")
            await w.running("polite")
            failed = await w.until("polite@locked", BACKOFF)
            assert (failed.error, failed.advice) == ("The keyring is locked", "Unlock it.")

    play(scenario())


@pytest.mark.parametrize("error", [UsageError("No such server"), SettingsError("Not readable")])
def test_what_another_try_cannot_mend_is_fatal_at_once(error: OstiaryError, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.launch_errors = [error]
            await w.supervisor.start("polite")
            assert (await w.until("polite", FATAL)).error == str(error)
            assert len(w.launched) == 1

    play(scenario())


def test_a_fault_of_ours_is_fatal_and_leaves_no_process(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path) as w:

            async def broken(_: str, __: Channel) -> Converse:
                raise ZeroDivisionError

            w.talk = broken
            await w.supervisor.start("polite")
            assert "error of its own" in (await w.until("polite", FATAL)).error
            assert started() == []

    play(scenario())


async def hurried(_: str, channel: Channel) -> Converse:
    """Finds a server ready that has said nothing."""
    Lines(channel)
    return Converse.READY


def test_a_server_that_closes_its_output_but_goes_on_is_started_again(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path, SLOW) as w:
            w.talk = hurried
            await w.supervisor.start("mute")
            ended = await w.until("mute", BACKOFF)
            assert ended.error == "The server closed its output but went on running"
            assert ended.advice.startswith("Look at its command")
            assert started() == []

    play(scenario())


def test_many_restarts_leave_no_descriptor_open(tmp_path: Path) -> None:
    async def scenario() -> None:
        before: set[str] = set()
        async with world(tmp_path, RestartPolicy(first_delay_s=0, most_short_runs=30)) as w:
            await w.supervisor.start("polite")
            await w.running("polite")
            before = open_descriptors()
            await w.supervisor.start("dies_at_start")
            await w.until("dies_at_start", FATAL)
            assert w.launched.count("dies_at_start") == 30
            assert open_descriptors() == before

    play(scenario())


def test_a_start_that_is_asked_for_while_what_ended_is_cleared_away_is_not_put_off(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with world(tmp_path, SLOW) as w:
            w.talk = hurried
            await w.supervisor.start("mute")
            await w.until("mute", EXITED)
            await w.supervisor.start("mute")
            assert w.supervisor.status("mute").state is EXITED
            await w.until("mute", BACKOFF)
            await w.until("mute", RUNNING)

    play(scenario())
