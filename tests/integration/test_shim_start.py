"""The installed shim where no gateway runs yet: what it starts, how often, and in which environment."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from ostiary_connect import challenge
from ostiary_connect.endpoint import locate
from ostiary_connect.launch import Keeping, record_launch
from ostiary_connect.private_file import read_private, try_lock, write_private
from tests.support import echo_gateway
from tests.support.shims import answer_to, end_input, output_at_end, started_shim

LINE = b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n'
ROOT = Path(__file__).parents[2]


class Application:
    """A program in the place of ``ostiary``: it notes each start in a file and becomes what it is told."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._starts = home / "starts"
        self._program = home / "application"

    def becomes(self, script: str, environment: dict[str, str] | None = None) -> None:
        """Record it as what ran last, with this environment, and let it run this at each start."""
        note = f'{sys.executable} -c {shlex.quote(NOTE)} {shlex.quote(str(self._starts))} "$@"'
        self._program.write_text(f"#!/bin/sh\n{note}\n{script}\n")
        self._program.chmod(0o700)
        record_launch(locate(str(self._home)), [str(self._program)], environment or {})

    def becomes_a_gateway(self, environment: dict[str, str] | None = None) -> None:
        self.becomes(f"PYTHONPATH={ROOT} exec {sys.executable} {echo_gateway.__file__}", environment)

    @property
    def starts(self) -> list[dict[str, object]]:
        """Process id, session, arguments and environment of each start."""
        return [json.loads(line) for line in self._starts.read_text().splitlines()] if self._starts.exists() else []


NOTE = """
import json, os, sys
start = {"pid": os.getppid(), "session": os.getsid(0), "arguments": sys.argv[2:], "environment": dict(os.environ)}
open(sys.argv[1], "a").write(json.dumps(start) + "\\n")
"""


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    """Ended by its process id should a failing test leave it running; an echo gateway ends with its first host."""
    started = Application(tmp_path)
    yield started
    for start in started.starts:
        try:
            os.kill(int(str(start["pid"])), signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_the_application_is_started_and_the_host_connected(tmp_path: Path, application: Application) -> None:
    application.becomes_a_gateway()

    with started_shim(tmp_path) as shim:
        assert answer_to(shim, LINE) == LINE
    assert len(application.starts) == 1


def test_the_key_of_a_killed_gateway_keeps_nobody_from_starting_another(
    tmp_path: Path, application: Application
) -> None:
    application.becomes_a_gateway()
    endpoint = locate(str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as other_program:
        challenge.write_key(endpoint.key_path, other_program.getsockname()[1])
        with started_shim(tmp_path, environment={"OSTIARY_TRANSPORT": "tcp"}) as shim:
            caller, _ = other_program.accept()
            caller.close()
            assert answer_to(shim, LINE) == LINE

    assert len(application.starts) == 1


def test_hosts_that_arrive_together_start_one_application(tmp_path: Path, application: Application) -> None:
    application.becomes_a_gateway()

    with ExitStack() as running:
        shims = [running.enter_context(started_shim(tmp_path)) for _ in range(4)]
        assert [answer_to(shim, LINE) for shim in shims] == [LINE] * 4
    assert len(application.starts) == 1


def test_a_tray_that_lives_starts_its_gateway_itself(tmp_path: Path, application: Application) -> None:
    application.becomes_a_gateway()
    endpoint = locate(str(tmp_path))
    keeping = Keeping(endpoint)
    keeping.claim()

    with started_shim(tmp_path) as shim:
        while (lock := try_lock(endpoint.start_lock_path)) is not None:  # until the shim would start it
            os.close(lock)
        with echo_gateway.EchoGateway(endpoint):
            assert answer_to(shim, LINE) == LINE
            assert psutil.Process(shim.pid).children() == []


def test_what_a_tray_gave_up_to_start_is_started_for_the_host(tmp_path: Path, application: Application) -> None:
    application.becomes_a_gateway()
    keeping = Keeping(locate(str(tmp_path)))
    keeping.claim()
    keeping.give_up()

    with started_shim(tmp_path) as shim:
        assert answer_to(shim, LINE) == LINE
    assert len(application.starts) == 1


def test_the_application_outlives_the_session_of_the_host(tmp_path: Path, application: Application) -> None:
    application.becomes_a_gateway()

    with started_shim(tmp_path) as shim:
        answer_to(shim, LINE)
        (start,) = application.starts

        assert start["session"] == start["pid"]
        assert start["session"] != os.getsid(shim.pid)


def test_the_recorded_display_is_given_and_the_hosts_secrets_are_not(tmp_path: Path, application: Application) -> None:
    application.becomes_a_gateway({"DISPLAY": ":7", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/b", "API_KEY": "recorded"})

    with started_shim(tmp_path, environment={"API_KEY": "the host's", "LANG": "C.UTF-8"}) as shim:
        answer_to(shim, LINE)
    (start,) = application.starts
    environment = start["environment"]

    assert isinstance(environment, dict)
    assert start["arguments"] == []
    assert environment["DISPLAY"] == ":7"
    assert environment["DBUS_SESSION_BUS_ADDRESS"] == "unix:path=/b"
    assert environment["LANG"] == "C.UTF-8"
    assert environment["OSTIARY_HOME"] == str(tmp_path)
    assert "API_KEY" not in environment


def test_a_record_cannot_add_what_belongs_to_no_session(tmp_path: Path, application: Application) -> None:
    application.becomes_a_gateway()
    record = locate(str(tmp_path)).launch_path
    noted = json.loads(read_private(record))
    write_private(record, json.dumps({**noted, "environment": {"API_KEY": "added"}}).encode())

    with started_shim(tmp_path) as shim:
        answer_to(shim, LINE)
    environment = application.starts[0]["environment"]

    assert isinstance(environment, dict)
    assert "API_KEY" not in environment


def test_without_a_display_only_the_gateway_is_started(tmp_path: Path, application: Application) -> None:
    application.becomes_a_gateway()

    with started_shim(tmp_path, environment={"PATH": "/nowhere"}) as shim:
        answer_to(shim, LINE)

    assert application.starts[0]["arguments"] == ["--headless"]


def test_with_a_display_that_has_gone_the_gateway_is_started_after_all(
    tmp_path: Path, application: Application
) -> None:
    gateway = f"PYTHONPATH={ROOT} exec {sys.executable} {echo_gateway.__file__}"
    application.becomes(f'[ "$1" = --headless ] || exit 134\n{gateway}', {"DISPLAY": ":7"})

    with started_shim(tmp_path) as shim:
        assert answer_to(shim, LINE) == LINE

    assert [start["arguments"] for start in application.starts] == [[], ["--headless"]]


@pytest.mark.parametrize("environment", [{}, {"OSTIARY_TRANSPORT": "tcp"}], ids=["handover", "tcp"])
def test_an_application_that_ends_with_an_error_is_reported(
    tmp_path: Path, application: Application, environment: dict[str, str]
) -> None:
    application.becomes("exit 3")

    with started_shim(tmp_path, environment=environment) as shim:
        error = json.loads(answer_to(shim, LINE))
        code, _, complaint = output_at_end(shim)

    assert error["id"] == 1
    assert code == 69
    assert b"code 3" in complaint


def test_a_start_lock_that_cannot_be_taken_is_reported(tmp_path: Path, application: Application) -> None:
    application.becomes_a_gateway()
    Path(locate(str(tmp_path)).start_lock_path).mkdir()

    with started_shim(tmp_path) as shim:
        answer = answer_to(shim, LINE)
        code, _, complaint = output_at_end(shim)

    assert json.loads(answer)["id"] == 1
    assert (code, application.starts) == (69, [])
    assert b"could not be started" in complaint


def program_that_cannot_run(home: Path) -> Path:
    """Recorded as what ran last, though its interpreter has gone."""
    program = home / "application"
    program.write_text("#!/nowhere\n")
    program.chmod(0o700)
    record_launch(locate(str(home)), [str(program)], {})
    return program


def test_nothing_is_started_for_a_host_that_has_left(tmp_path: Path) -> None:
    program_that_cannot_run(tmp_path)

    with started_shim(tmp_path) as shim:
        end_input(shim)
        assert output_at_end(shim) == (0, b"", b"")  # an attempt to start it would be complained about


def test_a_program_that_cannot_be_started_is_reported(tmp_path: Path) -> None:
    program = program_that_cannot_run(tmp_path)

    with started_shim(tmp_path) as shim:
        answer_to(shim, LINE)
        code, _, complaint = output_at_end(shim)

    assert code == 69
    assert str(program).encode() in complaint


def test_the_shim_ends_when_the_host_leaves_during_the_start(tmp_path: Path, application: Application) -> None:
    application.becomes("exec sleep 60")

    with started_shim(tmp_path) as shim:
        while not application.starts:
            assert shim.poll() is None
        end_input(shim)

        assert output_at_end(shim) == (0, b"", b"")


def test_nothing_is_started_where_it_is_not_wanted(tmp_path: Path, application: Application) -> None:
    application.becomes_a_gateway()

    with started_shim(tmp_path, "--no-start") as shim:
        end_input(shim)
        assert output_at_end(shim)[0] == 69

    assert application.starts == []
