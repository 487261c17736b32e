"""What every way of starting a process keeps, each run with real programs; and what only process groups give."""

import asyncio
import json
import os
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.domain.errors import ServerError
from ostiary.gateway.supervise import child, posix, windows
from ostiary.gateway.supervise.child import Child, exit_words
from ostiary.gateway.supervise.launch import Launch
from ostiary.gateway.supervise.output import FILE_BYTES, FILES, Output
from ostiary.gateway.supervise.process import StartProcess
from tests.support.children.stage import (
    DEADLINE_S,
    ForkingStarter,
    Lines,
    launch_of,
    open_descriptors,
    play,
    runs,
    until_gone,
)

every_way = pytest.mark.parametrize(
    "start", [posix.Starter, ForkingStarter, windows.Starter], ids=["guard", "template", "transports"], indirect=True
)
by_execution = pytest.mark.parametrize(
    "start", [posix.Starter, windows.Starter], ids=["guard", "transports"], indirect=True
)
with_groups = pytest.mark.parametrize(
    "start", [posix.Starter, ForkingStarter], ids=["guard", "template"], indirect=True
)

ANSWER = b'{"jsonrpc": "2.0"}'


@pytest.fixture
def start(request: pytest.FixtureRequest) -> Iterator[StartProcess]:
    """A way to start processes; the guard's, where a test does not say which."""
    starter = getattr(request, "param", posix.Starter)()
    yield starter.start
    starter.close()


def with_child(
    program: str, start: StartProcess, cwd: Path, scenario: Callable[[Child, Lines], Coroutine[None, None, None]]
) -> Output:
    """Runs a scenario with a started program, which is stopped after it."""
    output = Output(cwd / "stderr.log")

    async def whole() -> None:
        started = await Child.start(launch_of(program, cwd), output, start)
        try:
            await scenario(started, Lines(started.channel))
        finally:
            await started.stop()

    play(whole())
    return output


@every_way
def test_lines_go_in_and_come_out(start: StartProcess, tmp_path: Path) -> None:
    async def scenario(started: Child, lines: Lines) -> None:
        started.channel.send(ANSWER)
        assert await lines.next() == ANSWER

    with_child("polite", start, tmp_path, scenario)


@every_way
def test_a_line_larger_than_the_pipes_goes_in_and_comes_out(start: StartProcess, tmp_path: Path) -> None:
    large = b"x" * 3_000_000

    async def scenario(started: Child, lines: Lines) -> None:
        started.channel.send(large)
        assert await lines.next() == large

    with_child("polite", start, tmp_path, scenario)


@every_way
def test_noise_on_stdout_arrives_as_lines_of_its_own(start: StartProcess, tmp_path: Path) -> None:
    async def scenario(started: Child, lines: Lines) -> None:
        started.channel.send(ANSWER)
        assert await lines.next() == b"Welcome to the noisy server!"
        assert await lines.next() == b"\x1b[32mready\x1b[0m"
        assert await lines.next() == ANSWER

    with_child("noisy", start, tmp_path, scenario)


@every_way
def test_a_polite_program_ends_by_itself_when_its_input_is_closed(start: StartProcess, tmp_path: Path) -> None:
    async def scenario(started: Child, lines: Lines) -> None:
        started.channel.send(ANSWER)
        await lines.next()
        await started.stop()
        assert started.exit_code.result() == 0

    with_child("polite", start, tmp_path, scenario)


@every_way
@pytest.mark.parametrize(("program", "code"), [("deaf", -15), ("stubborn", -9)])
def test_a_program_that_ignores_the_end_of_its_input_is_ended(
    start: StartProcess, program: str, code: int, tmp_path: Path
) -> None:
    async def scenario(started: Child, lines: Lines) -> None:
        await lines.next()
        await asyncio.wait_for(started.stop(), 3)
        assert started.exit_code.result() == code

    with_child(program, start, tmp_path, scenario)


@every_way
def test_code_and_last_words_of_a_program_that_dies_are_known(start: StartProcess, tmp_path: Path) -> None:
    async def scenario(started: Child, lines: Lines) -> None:
        await lines.closed.wait()
        assert await started.ends_within(10)
        assert started.exit_code.result() == 3

    output = with_child("dies_at_start", start, tmp_path, scenario)
    assert (
        exit_words(3, output.last_words())
        == "The server ended with exit code 3; its last words: cannot read the configuration"
    )


@every_way
def test_an_answer_written_just_before_the_end_is_not_lost(start: StartProcess, tmp_path: Path) -> None:
    async def scenario(started: Child, lines: Lines) -> None:
        started.channel.send(ANSWER)
        started.channel.send(b"die")
        await started.ends_within(10)
        await started.stop()
        assert await lines.next() == ANSWER

    with_child("dies_when_told", start, tmp_path, scenario)


@every_way
def test_what_was_written_before_the_end_can_still_be_read_after_it(start: StartProcess, tmp_path: Path) -> None:
    async def scenario() -> None:
        started = await Child.start(launch_of("dies_when_told", tmp_path), Output(tmp_path / "log"), start)
        started.channel.send(ANSWER)
        started.channel.send(b"die")
        lines = Lines(started.channel)
        started.channel.pause_reading()  # as when the host behind it is slow
        assert await started.ends_within(10)
        asyncio.get_running_loop().call_later(0.05, started.channel.resume_reading)
        await started.stop()
        assert await lines.next() == ANSWER
        assert lines.closed.is_set()

    play(scenario())


@every_way
def test_a_flood_on_stderr_neither_blocks_the_program_nor_fills_the_disk(start: StartProcess, tmp_path: Path) -> None:
    async def scenario(_: Child, lines: Lines) -> None:
        assert await lines.next() == b"done"

    output = with_child("flooding", start, tmp_path, scenario)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= FILE_BYTES * FILES
    assert output.last_words() == "the end of the flood"


@every_way
def test_a_program_gets_the_environment_and_folder_of_its_launch_only(start: StartProcess, tmp_path: Path) -> None:
    async def scenario() -> None:
        launch = replace(launch_of("surroundings", tmp_path), environment={"ONLY": "this"})
        started = await Child.start(launch, Output(tmp_path / "log"), start)
        seen = json.loads(await Lines(started.channel).next())
        await started.stop()
        assert seen["cwd"] == str(tmp_path)
        assert set(seen["env"]) - {"LC_CTYPE"} == {"ONLY"}  # Python sets LC_CTYPE for itself (PEP 538)

    play(scenario())


@every_way
def test_no_descriptor_is_left_open(start: StartProcess, tmp_path: Path) -> None:
    async def scenario() -> None:
        await cycle("polite")
        before = open_descriptors()
        for program in ("polite", "dies_at_start", "mute"):
            await cycle(program)
        assert open_descriptors() == before

    async def cycle(program: str) -> None:
        started = await Child.start(launch_of(program, tmp_path), Output(tmp_path / "log"), start)
        Lines(started.channel)
        await started.stop()
        await asyncio.sleep(0)  # transports close in the loop's next turn

    play(scenario())


@by_execution
@pytest.mark.parametrize(
    ("command", "folder", "words"),
    [
        ("no-such-program-anywhere", "", "There is no program “no-such-program-anywhere”"),
        ("true", "no-such-folder", "does not exist"),
        (__file__, "", "Permission denied"),
    ],
)
def test_a_program_that_cannot_be_started_is_an_error_that_says_why(
    start: StartProcess, command: str, folder: str, words: str, tmp_path: Path
) -> None:
    launch = Launch((command,), {"PATH": "/usr/bin:/bin"}, tmp_path / folder)
    with pytest.raises(ServerError, match=words):
        play(Child.start(launch, Output(tmp_path / "log"), start))


@by_execution
@pytest.mark.parametrize("command", ["{}/moved", "moved"])
def test_a_program_whose_interpreter_is_gone_is_not_told_as_missing(
    start: StartProcess, command: str, tmp_path: Path
) -> None:
    program = tmp_path / "moved"
    program.write_text("#!/no/such/venv/bin/python\n")
    program.chmod(0o700)
    launch = Launch((command.format(tmp_path),), {"PATH": str(tmp_path)}, tmp_path)
    with pytest.raises(ServerError, match="moved” is there, but not what runs it"):
        play(Child.start(launch, Output(tmp_path / "log"), start))


@every_way
def test_a_stop_that_was_cancelled_goes_on_and_can_be_waited_for(start: StartProcess, tmp_path: Path) -> None:
    async def scenario(started: Child, lines: Lines) -> None:
        await lines.next()
        first = asyncio.create_task(started.stop())
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait({first})
        assert not started.exit_code.done()
        await started.stop()
        assert started.exit_code.done()

    with_child("stubborn", start, tmp_path, scenario)


@with_groups
def test_a_program_leads_a_group_of_its_own(start: StartProcess, tmp_path: Path) -> None:
    async def scenario(_: Child, lines: Lines) -> None:
        assert json.loads(await lines.next())["leads"] is True

    with_child("surroundings", start, tmp_path, scenario)


@with_groups
def test_what_a_politely_ending_program_started_ends_with_it(start: StartProcess, tmp_path: Path) -> None:
    grandchildren = []

    async def scenario(started: Child, lines: Lines) -> None:
        grandchildren.append(int(await lines.next()))
        assert runs(grandchildren[0])
        await started.stop()
        assert started.exit_code.result() == 0
        await until_gone(grandchildren[0])

    with_child("parent", start, tmp_path, scenario)
    assert not runs(grandchildren[0])


@with_groups
def test_what_left_the_group_neither_holds_a_stop_up_nor_lives_on(start: StartProcess, tmp_path: Path) -> None:
    async def scenario() -> None:
        await (await Child.start(launch_of("polite", tmp_path), Output(tmp_path / "log"), start)).stop()
        before = open_descriptors()
        started = await Child.start(launch_of("escaping", tmp_path), Output(tmp_path / "log"), start)
        escaped = int(await Lines(started.channel).next())
        async with asyncio.timeout(DEADLINE_S):
            await started.stop()
        assert open_descriptors() == before
        await until_gone(escaped)

    play(scenario())


def test_a_descriptor_can_be_handed_to_a_program(start: StartProcess, tmp_path: Path) -> None:
    async def scenario() -> None:
        reading, writing = os.pipe()
        script = f"import os; print(os.read({reading}, 100).decode())"
        launch = launch_of("polite", tmp_path)
        launch = replace(launch, command=(*launch.command[:3], "-c", script), pass_fds=(reading,))
        started = await Child.start(launch, Output(tmp_path / "log"), start)
        os.close(reading)
        os.write(writing, b"hush")
        os.close(writing)
        assert await Lines(started.channel).next() == b"hush"
        await started.stop()

    play(scenario())


def test_the_whole_stop_stays_within_three_seconds() -> None:
    assert child.CLOSED_INPUT_S + child.TERMINATE_S + child.KILL_S + child.DRAIN_S < 3


def test_a_signal_is_named_in_words() -> None:
    assert exit_words(-11, "") == "The server was ended by signal 11 (SIGSEGV)"
    assert exit_words(-99, "") == "The server was ended by signal 99"
