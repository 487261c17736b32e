"""The gateway's own start and end: what it refuses to start on, what a killed one leaves, and how fast it goes."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ostiary.control.client import connect
from ostiary.control.messages import ListCalls, Quit
from ostiary.domain.call import Outcome
from ostiary.domain.server import ServerView
from ostiary.gateway.supervise.template import MODULE
from ostiary_connect.endpoint import locate
from tests.support.children.stage import survivors
from tests.support.commands import DEADLINE_S, Ended
from tests.support.gateway_process import OSTIARY, GatewayProcess, Household, running_gateway
from tests.support.line_host import ending, line_host
from tests.support.person import define, person_at
from tests.support.shared_gateway import place as place
from tests.support.shims import output_at_end

FAILED, RUNNING_ALREADY = 1, 75


def refused(place: Household) -> Ended:
    """How a gateway ends that should not start."""
    command = [OSTIARY, "--headless"]
    ended = subprocess.run(
        command, capture_output=True, stdin=subprocess.DEVNULL, env=place.environment, timeout=DEADLINE_S, check=False
    )
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


# What it does not start on


def newer_settings(place: Household) -> Path:
    return written(place.ostiary / "config" / "settings.json", b'{"version": 99}')


def newer_pins(place: Household) -> Path:
    return written(place.ostiary / "data" / "pins.json", b'{"version": 99}')


def newer_catalogue(place: Household) -> Path:
    return written(place.ostiary / "data" / "catalogue.json", b'{"version": 99}')


def newer_log(place: Household) -> Path:
    file = written(place.ostiary / "data" / "calls.sqlite3", b"")
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 99")
    return file


def written(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, mode=0o700)
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("make", [newer_settings, newer_pins, newer_catalogue, newer_log])
def test_a_file_that_it_cannot_understand_is_told_and_left_untouched(
    place: Household, make: Callable[[Household], Path]
) -> None:
    file = make(place)
    before = file.read_bytes()
    ended = refused(place)

    assert (ended.code, ended.out) == (FAILED, "")
    assert ended.err.startswith("ostiary: ")
    assert "newer" in ended.err or str(file) in ended.err
    assert "Traceback" not in ended.err
    assert file.read_bytes() == before


def test_a_second_gateway_is_told_that_one_runs_and_harms_nothing(place: Household) -> None:
    with running_gateway(place, front=True) as first:
        someone = person_at(first)
        someone.enable()
        second = refused(place)
        with line_host(first) as host:
            assert "read_text_file" in host.tools()

    assert second.code == RUNNING_ALREADY
    assert "already running" in second.err


def a_file(path: Path) -> None:
    path.write_text("mine")


def a_foreign_socket(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only the administrator can make a socket of another user")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
    os.chown(path, 65534, -1)


@pytest.mark.parametrize("put", [a_file, a_foreign_socket])
def test_what_is_not_ours_in_the_sockets_place_is_told_and_left(place: Household, put: Callable[[Path], None]) -> None:
    path = Path(locate(str(place.ostiary)).socket_path)
    path.parent.mkdir(mode=0o700)
    put(path)
    before = path.lstat()
    ended = refused(place)

    assert ended.code == FAILED
    assert "not ours" in ended.err
    assert str(path) in ended.err
    assert (path.lstat().st_ino, path.lstat().st_uid) == (before.st_ino, before.st_uid)


def test_a_runtime_folder_that_others_can_enter_is_not_used(place: Household) -> None:
    folder = Path(locate(str(place.ostiary)).folder)
    folder.mkdir()
    folder.chmod(0o755)
    ended = refused(place)

    assert ended.code == FAILED
    assert "cannot be trusted" in ended.err


def test_none_of_its_files_lets_others_in(place: Household) -> None:
    with running_gateway(place) as gateway:
        gateway.listed("servers", "list")
    ours = [path for path in place.ostiary.rglob("*") if path.is_file() and path.name != "stderr"]
    assert "ostiary.log" in {path.name for path in ours}
    assert [path for path in ours if path.stat().st_mode & 0o077] == []


def test_all_of_it_works_under_a_home_of_200_characters(place: Household) -> None:
    home = place.ostiary / ("h" * (200 - len(str(place.ostiary)) - 1))
    home.mkdir()
    assert len(str(home)) == 200
    with running_gateway(Household(home, place.person), front=True) as gateway:
        someone = person_at(gateway)
        someone.approve(place.person / "docs")
        someone.enable()
        with line_host(gateway) as host:
            number = host.call("write_file", path=str(place.person / "docs" / "new.txt"), content="far\n")
            someone.allow(someone.question())
            assert not ending(host.answer(number))[0]

    assert (place.person / "docs" / "new.txt").read_text() == "far\n"


# What a killed one leaves


def has_pid(view: ServerView) -> bool:
    return view.pid is not None


def test_after_a_kill_the_next_start_ends_what_was_left_and_shows_the_calls_as_cut_off(place: Household) -> None:
    definitions = define(place.person / "none.json", [])
    with running_gateway(place, front=True) as gateway:
        someone = person_at(gateway)
        docs = place.person / "docs"
        someone.approve(docs)
        someone.enable()
        someone.add("stubborn", definitions, "stubborn")
        someone.enable("stubborn")
        children = psutil.Process(gateway.process.pid).children(recursive=True)
        with line_host(gateway) as host:
            host.call("write_file", path=str(docs / "new.txt"), content="x")
            someone.question()
            someone.row(Outcome.RUNNING)
            gateway.process.kill()
            gateway.process.wait(DEADLINE_S)
    with running_gateway(place, front=True) as gateway:
        again = person_at(gateway)
        rows = again.rows()
        left = survivors(children)
        names = {name: again.server_as(name, has_pid).enabled for name in ("files", "stubborn")}
        tools = [record.name for record in (place.ostiary / "data" / "running").iterdir()]
        with line_host(gateway) as host:
            assert "write_file" in host.tools()

    assert len(children) >= 2
    assert left == []
    assert [(row.tool, row.outcome) for row in rows] == [("write_file", Outcome.CUT_OFF)]
    assert names == {"files": True, "stubborn": True}
    assert len(tools) == len(names)
    assert not (docs / "new.txt").exists()


def test_a_program_that_bears_a_left_servers_number_by_now_is_let_alone(place: Household) -> None:
    with running_gateway(place, front=True) as gateway:
        person_at(gateway).enable()
        gateway.process.kill()
        gateway.process.wait(DEADLINE_S)
        (record,) = (place.ostiary / "data" / "running").iterdir()
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        started_at = psutil.Process(stranger.pid).create_time() - 60
        record.write_text(json.dumps({"pid": stranger.pid, "started_at": started_at}))
        with running_gateway(place):
            lives = psutil.Process(stranger.pid).status() != psutil.STATUS_ZOMBIE
        stranger.kill()

    assert lives


@pytest.mark.skipif(sys.platform != "linux", reason="only there is a template")
def test_its_bundled_servers_come_from_the_template_and_others_do_not(place: Household) -> None:
    definitions = define(place.person / "none.json", [])
    with running_gateway(place, front=True) as gateway:
        someone = person_at(gateway)
        someone.add("polite", definitions)
        pids = [someone.enable("files").pid, someone.enable("polite").pid]
        keepers = [psutil.Process(pid).parent() for pid in pids]
        assert [MODULE in keeper.cmdline() for keeper in keepers if keeper] == [True, False]


# How it ends


def by_sigterm(gateway: GatewayProcess) -> None:
    gateway.process.terminate()


def by_sigint(gateway: GatewayProcess) -> None:
    gateway.process.send_signal(signal.SIGINT)


def by_quit(gateway: GatewayProcess) -> None:
    with connect(str(gateway.home)) as plain:
        plain.ask(Quit())


@pytest.mark.parametrize("end", [by_sigterm, by_sigint, by_quit])
def test_it_ends_with_everything_it_started(place: Household, end: Callable[[GatewayProcess], None]) -> None:
    with running_gateway(place, front=True) as gateway:
        someone = person_at(gateway)
        someone.approve(place.person / "docs")
        someone.enable()
        children = psutil.Process(gateway.process.pid).children(recursive=True)
        with line_host(gateway) as host, line_host(gateway, modern=True) as listening:
            stream = listening.start("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
            listening.told("notifications/subscriptions/acknowledged")
            host.call("write_file", path=str(place.person / "docs" / "new.txt"), content="x")
            someone.question()
            end(gateway)
            code = gateway.process.wait(DEADLINE_S)
            closed = listening.answer(stream)
            shims = [output_at_end(shim)[0] for shim in (host.shim, listening.shim)]
        said = gateway.said()

    assert (code, shims) == (0, [0, 0])
    assert survivors(children) == []
    assert closed["result"]["resultType"] == "complete"
    assert not (place.person / "docs" / "new.txt").exists()
    assert not Path(locate(str(place.ostiary)).socket_path).exists()
    assert "ERROR" not in said
    assert "Traceback" not in said
    with running_gateway(place) as gateway, connect(str(gateway.home)) as plain:
        (row,) = plain.ask(ListCalls())
    assert row.outcome in (Outcome.CANCELLED, Outcome.DENIED)
