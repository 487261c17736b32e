"""`ostiary log`: what is kept, what comes while it follows, and how following ends."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from ostiary.control.messages import ListCalls
from ostiary.domain.call import CallFilter, Outcome
from tests.support.commands import DEADLINE_S, run, started
from tests.support.fake_control import FakeControl
from tests.support.fake_world import call


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[FakeControl]:
    with FakeControl(tmp_path) as listening:
        yield listening


def lines_of(stream: IO[bytes] | None, number: int) -> list[str]:
    assert stream is not None
    return [stream.readline().decode() for _ in range(number)]


def rest_of(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=DEADLINE_S)
    return process.returncode, out.decode(), err.decode()


def test_with_json_each_call_is_one_object_on_a_line(tmp_path: Path, gateway: FakeControl) -> None:
    told = [json.loads(line) for line in run(tmp_path, "log", "--json").out.splitlines()]

    assert [(row["id"], row["outcome"]) for row in told] == [(1, "ok"), (2, "failed"), (3, "denied")]


def test_an_empty_log_says_so_and_is_empty_in_json(tmp_path: Path, gateway: FakeControl) -> None:
    gateway.world.calls.clear()

    assert run(tmp_path, "log").out == "No calls.\n"
    assert run(tmp_path, "log", "--json").out == ""


def test_the_gateway_is_asked_for_exactly_what_was_chosen(tmp_path: Path, gateway: FakeControl) -> None:
    chosen = ("--host", "Cursor", "--server", "files", "--outcome", "cut-off", "--text", "x", "--limit", "7")

    run(tmp_path, "log", *chosen)

    wanted = CallFilter(host="Cursor", server="files", outcome=Outcome.CUT_OFF, text="x")
    assert gateway.asked == [ListCalls(filter=wanted, limit=7)]


def test_as_many_calls_are_shown_as_were_asked_for_though_the_gateway_gives_fewer_at_once(
    tmp_path: Path, gateway: FakeControl
) -> None:
    gateway.world.calls[:] = [call(number) for number in range(1, 2_501)]

    shown = [json.loads(line)["id"] for line in run(tmp_path, "log", "--json", "--limit", "2200").out.splitlines()]

    assert shown == list(range(301, 2_501))


def test_a_call_is_shown_at_once_while_following(tmp_path: Path, gateway: FakeControl) -> None:
    with started(tmp_path, "log", "--follow", "--json") as following:
        gateway.follows.result(DEADLINE_S)
        kept = lines_of(following.stdout, 3)
        gateway.tell(call(4, Outcome.RUNNING))
        begun = lines_of(following.stdout, 1)
        gateway.tell(call(4))
        ended = lines_of(following.stdout, 1)

    assert [json.loads(line)["id"] for line in kept + begun + ended] == [1, 2, 3, 4, 4]
    assert (json.loads(begun[0])["outcome"], json.loads(ended[0])["outcome"]) == ("running", "ok")


def test_text_comes_at_once_while_following(tmp_path: Path, gateway: FakeControl) -> None:
    gateway.world.calls.clear()
    with started(tmp_path, "log", "--follow") as following:
        gateway.follows.result(DEADLINE_S)
        gateway.tell(call(4))
        assert "● ok" in lines_of(following.stdout, 1)[0]


def test_a_call_that_was_listed_already_is_not_shown_again(tmp_path: Path, gateway: FakeControl) -> None:
    with started(tmp_path, "log", "--follow", "--json") as following:
        gateway.follows.result(DEADLINE_S)
        gateway.tell(call(1), call(4))

        assert [json.loads(line)["id"] for line in lines_of(following.stdout, 4)] == [1, 2, 3, 4]


def test_what_was_not_chosen_is_not_shown_while_following(tmp_path: Path, gateway: FakeControl) -> None:
    gateway.world.calls.clear()
    with started(tmp_path, "log", "--follow", "--json", "--outcome", "denied") as following:
        gateway.follows.result(DEADLINE_S)
        gateway.tell(call(4), call(5, Outcome.DENIED))

        assert json.loads(lines_of(following.stdout, 1)[0])["id"] == 5


def test_a_gateway_that_dies_ends_the_following_with_69(tmp_path: Path, gateway: FakeControl) -> None:
    with started(tmp_path, "log", "--follow") as following:
        gateway.follows.result(DEADLINE_S)
        gateway.hang_up()
        code, _, err = rest_of(following)

    assert code == 69
    assert err.startswith("ostiary: Ostiary ended.")


def test_an_interrupt_ends_the_following_quietly_with_130(tmp_path: Path, gateway: FakeControl) -> None:
    with started(tmp_path, "log", "--follow") as following:
        gateway.follows.result(DEADLINE_S)
        lines_of(following.stdout, 3)
        following.send_signal(signal.SIGINT)
        code, _, err = rest_of(following)

    assert (code, err) == (130, "")


def test_a_reader_that_leaves_ends_the_following_quietly(tmp_path: Path, gateway: FakeControl) -> None:
    with started(tmp_path, "log", "--follow") as following:
        gateway.follows.result(DEADLINE_S)
        lines_of(following.stdout, 3)
        assert following.stdout is not None
        assert following.stderr is not None
        following.stdout.close()
        gateway.tell(call(4))
        code = following.wait(DEADLINE_S)

        assert (code, following.stderr.read()) == (141, b"")
