"""What the system tells of processes, asked about real ones."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ostiary.domain.approval import Process
from ostiary.gateway.processes import (
    Usage,
    UsageSampler,
    ancestors,
    describe,
    family,
    running_programs,
    script_of,
    started_at,
)

NO_PROCESS = 2**22 + 1
"""Above the highest process id of Linux."""

CHILDREN = Path(__file__).parents[1] / "support" / "children"


def _started(program: str) -> Iterator[tuple[subprocess.Popen[bytes], bytes]]:
    command = [sys.executable, "-S", "-E", str(CHILDREN / program)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"ready\n")
        process.stdin.flush()
        first_line = process.stdout.readline()
        yield process, first_line


@pytest.fixture
def polite() -> Iterator[subprocess.Popen[bytes]]:
    for process, _ in _started("polite.py"):
        yield process


@pytest.fixture
def grandchild() -> Iterator[int]:
    for _, line in _started("parent.py"):
        pid = int(line)
        yield pid
        os.kill(pid, 9)


def test_a_process_is_described_with_its_program_its_script_and_its_start(polite: subprocess.Popen[bytes]) -> None:
    found = describe(polite.pid)
    assert found is not None
    assert found.pid == polite.pid
    assert found.name.startswith("python")
    assert Path(found.executable).samefile(sys.executable)
    assert found.script == str(CHILDREN / "polite.py")
    assert time.time() - 60 < found.started_at <= time.time() + 1


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_process_whose_script_has_a_name_that_is_no_text_can_be_told(tmp_path: Path) -> None:
    script = os.fsencode(tmp_path) + b"/odd-\xff"
    shutil.copy(CHILDREN / "polite.py", os.fsdecode(script))
    for process, _ in _started(os.fsdecode(script)):
        described = describe(process.pid)
        assert described is not None
        assert described.script == f"{tmp_path}/odd-\\xff"
        assert msgspec.json.decode(msgspec.json.encode(described), type=Process) == described


def test_a_process_that_is_not_there_has_no_description_start_or_ancestors() -> None:
    assert describe(NO_PROCESS) is None
    assert started_at(NO_PROCESS) is None
    assert ancestors(NO_PROCESS) == ()


def test_ancestors_come_nearest_first(grandchild: int) -> None:
    parent, us = ancestors(grandchild)[:2]
    assert parent.script == str(CHILDREN / "parent.py")
    assert us.pid == os.getpid()


def test_ancestors_are_at_most_sixteen() -> None:
    # Shells within shells, 20 deep; the innermost says who it is and waits for its input to end.
    script = "echo $$; read x"
    environment = {"PATH": os.environ["PATH"], "S": script, "D": "20"}
    nest = 'if [ "$D" = 0 ]; then eval "$S"; else D=$((D-1)); sh -c "$N"; true; fi'
    with subprocess.Popen(
        ["sh", "-c", nest], env=environment | {"N": nest}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as outermost:
        assert outermost.stdout is not None
        assert len(ancestors(int(outermost.stdout.readline()))) == 16


def test_running_processes_are_known_by_program_and_script(polite: subprocess.Popen[bytes]) -> None:
    programs = running_programs()
    assert any(program.endswith("polite.py") for program in programs)
    assert str(Path(f"/proc/{polite.pid}/exe").readlink()) in programs


@pytest.mark.parametrize(
    ("arguments", "script"),
    [
        (["/usr/bin/python3", "-X", "dev", "-u", "server.py", "--port", "1"], "server.py"),
        (["python", "-m", "some.module", "x"], "-m some.module"),
        (["python", "-m"], ""),
        (["python", "-c", "print()", "x"], ""),
        (["python"], ""),
        (["node", "--require", "hook.js", "/opt/app/cli.js"], "/opt/app/cli.js"),
        (["deno", "run", "--allow-read", "main.ts"], "main.ts"),
        (["/usr/bin/claude", "server.py"], ""),
        ([], ""),
        ([""], ""),
    ],
)
def test_the_script_is_found_among_an_interpreters_arguments(arguments: list[str], script: str) -> None:
    assert script_of(arguments) == script


def test_usage_counts_what_a_process_started_too(grandchild: int) -> None:
    (parent, *_) = ancestors(grandchild)
    sampler = UsageSampler()
    usage = sampler.sample([parent.pid, grandchild])
    assert usage[parent.pid].memory_bytes > usage[grandchild].memory_bytes > 0


SHARING = """
import os, sys
block = os.urandom(50_000_000)
child = os.fork()
if child:
    print(child, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what processes have in common")
def test_memory_that_two_processes_have_in_common_is_counted_once() -> None:
    command = [sys.executable, "-c", SHARING]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        usage = UsageSampler().sample([parent.pid, child])
    assert 50_000_000 < usage[parent.pid].memory_bytes < 90_000_000
    assert 25_000_000 < usage[child].memory_bytes < 45_000_000


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ({}, [1]),
        ({1: [2, 3], 3: [4], 5: [6]}, [1, 2, 3, 4]),
        ({1: [2], 2: [1, 3]}, [1, 2, 3]),
        ({1: [1]}, [1]),
    ],
    ids=["alone", "descendants", "a number used again below", "its own parent"],
)
def test_a_family_ends_though_numbers_are_used_again(children: dict[int, list[int]], expected: list[int]) -> None:
    assert family(1, children) == expected


def test_usage_of_a_process_that_is_not_there_is_left_out(polite: subprocess.Popen[bytes]) -> None:
    assert set(UsageSampler().sample([NO_PROCESS, polite.pid])) == {polite.pid}


def test_cpu_is_counted_between_samples_in_percent_of_one_core() -> None:
    times = iter([0.0, 10.0, 20.0])
    sampler = UsageSampler(clock=lambda: next(times))
    before = sampler.sample([os.getpid()])[os.getpid()]
    burn_until = time.process_time() + 0.2
    while time.process_time() < burn_until:
        pass
    after = sampler.sample([os.getpid()])[os.getpid()]
    assert before.cpu_percent == 0
    assert 1.5 < after.cpu_percent < 10  # 0.2 s of 10 s, and what the sample itself took


def test_a_process_that_is_gone_between_samples_is_left_out(polite: subprocess.Popen[bytes]) -> None:
    sampler = UsageSampler()
    assert sampler.sample([polite.pid])[polite.pid] != Usage()
    polite.kill()
    polite.wait()
    assert sampler.sample([polite.pid]) == {}
