"""Calls that take long: they tell how far they are, and end when nobody waits for them any more."""

import os
import shutil
import sys
import threading
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import psutil
import pytest
from mcp import Client
from mcp.server import Server

from ostiary_servers.code.arguments import SummarizeFilePurpose
from ostiary_servers.code.dependencies.files import LOCK_TIMEOUT_S
from ostiary_servers.code.programs import running
from ostiary_servers.code.purpose.answers import FilePurpose
from ostiary_servers.code.server import build
from ostiary_servers.code.work import Progress, ReportingToolbox
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.tool_server import READS, Tool
from tests.support.code_server import analysis_of, commit, new_repository, write
from tests.support.server_client import ERAS, Era, connected

pytestmark = pytest.mark.anyio

BOMB = "\n".join("(" * 400 for _ in range(500))
"""Holds a query of tree-sitter for half a minute, and looks like text that a person wrote."""

DEADLINE_S = 30


@pytest.fixture
def bombs(tmp_path: Path) -> Path:
    return write(tmp_path / "app", {f"b{number}.py": BOMB for number in range(8)} | {"z.py": "def last(): pass\n"})


@pytest.mark.parametrize("era", ERAS)
async def test_a_long_call_tells_how_far_it_is_and_still_ends(bombs: Path, tmp_path: Path, era: Era) -> None:
    told: list[tuple[float, float | None]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total))

    async with connected("code", "--root", bombs, "--state-dir", tmp_path / "state", era=era) as code:
        with anyio.fail_after(DEADLINE_S):
            asked = {"function_name": "*"}
            result = await code.client.call_tool("search_for_function_definition", asked, progress_callback=note)
    assert result.structured_content is not None
    assert [each["name"] for each in result.structured_content["definitions"]] == ["last"]
    assert {each["reason"] for each in result.structured_content["files_skipped"]} == {"too_complex"}
    assert not result.structured_content["complete"]
    assert {total for _, total in told} - {None} == {9}
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(told))


@pytest.mark.skipif(os.name == "nt", reason="stands in for git with a program of the shell")
@pytest.mark.parametrize("era", ERAS)
async def test_a_call_whose_program_is_silent_tells_that_it_waits(tmp_path: Path, era: Era) -> None:
    repository = new_repository(tmp_path / "app")
    commit(repository, "one", {"a.py": "x = 1\n"})
    programs, gate = tmp_path / "programs", tmp_path / "gate"
    programs.mkdir()
    os.mkfifo(gate)
    slow = f"#!/bin/sh\nread go < '{gate}'\nexec '{shutil.which('git')}' \"$@\"\n"
    (programs / "git").write_text(slow)
    (programs / "git").chmod(0o700)
    told: list[tuple[float, str | None]] = []
    heard = anyio.Event()

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, message))
        if len(told) == 3:
            heard.set()

    async def open_the_gate() -> None:
        await heard.wait()
        await anyio.to_thread.run_sync(gate.write_text, "go\n")

    environment = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    async with connected("code", "--root", repository, era=era, environment=environment) as code:
        with anyio.fail_after(DEADLINE_S):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(open_the_gate)
                result = await code.client.call_tool("get_recent_commit_activity", {}, progress_callback=note)
    assert result.structured_content is not None
    assert result.structured_content["commits"] == 1
    assert {message for _, message in told} == {"Waiting for git"}
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(told))


def test_progress_grows_through_phases_that_each_count_from_the_start() -> None:
    progress = Progress()
    told = [progress.after(*counted) for counted in ((0, 9), (7, 9), (7, 9), (0, 3), (0, 0), (12, 20))]
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(told))
    assert [total for _, total in told] == [9, 9, 9, None, None, 20]


async def test_a_cancelled_call_leaves_the_server_free_for_the_next(bombs: Path, tmp_path: Path) -> None:
    async with connected("code", "--root", bombs, "--state-dir", tmp_path / "state") as code:
        with anyio.move_on_after(0.5) as given_up:
            await code.call("search_for_function_definition", function_name="*")
        assert given_up.cancelled_caught
        with anyio.fail_after(DEADLINE_S):
            found = await code.succeed("search_for_function_definition", function_name="last")
    assert [each["name"] for each in found["definitions"]] == ["last"]


async def test_a_cancelled_call_ends_the_processes_that_parse_for_it(bombs: Path) -> None:
    with analysis_of(bombs, budget_s=600) as analysis:
        async with Client(build(analysis, "0", alone=False)) as client:
            with anyio.move_on_after(0.5) as given_up:
                await client.call_tool("search_for_function_definition", {"function_name": "*"})
            assert given_up.cancelled_caught
            with anyio.fail_after(DEADLINE_S):
                found = await client.call_tool("search_for_function_definition", {"function_name": "last"})
    assert found.structured_content is not None
    assert [each["name"] for each in found.structured_content["definitions"]] == ["last"]


async def test_a_cancelled_call_ends_the_program_that_it_runs(tmp_path: Path) -> None:
    started, ended = threading.Event(), threading.Event()

    def wait_for_ever(*_: object) -> Answer:
        program = "import threading; print(1, flush=True); threading.Event().wait()"
        with running([sys.executable, "-c", program], str(tmp_path), {}, timeout_s=600) as output:
            for _piece in output.pieces:
                started.set()
        ended.set()
        raise ToolError(ErrorCode.TIMEOUT, "Nobody waits for this.", "")

    tool: Tool[Any] = Tool("wait", "Wait", "Waits.", READS, SummarizeFilePurpose, FilePurpose, wait_for_ever)
    toolbox = ReportingToolbox((tool,))
    server: Server[Any] = Server("waits", on_list_tools=toolbox.list_tools, on_call_tool=toolbox.call_tool)
    async with Client(server) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(client.call_tool, "wait", {"file_path": "a"})
        assert await anyio.to_thread.run_sync(started.wait, DEADLINE_S)
        tasks.cancel_scope.cancel()
    assert ended.wait(DEADLINE_S)


async def test_a_file_that_was_given_up_once_is_not_tried_again(bombs: Path, tmp_path: Path) -> None:
    write(bombs, {f"b{number}.py": "x = 1\n" for number in range(1, 8)})
    async with connected("code", "--root", bombs, "--state-dir", tmp_path / "state") as code:
        with anyio.fail_after(DEADLINE_S):
            await code.succeed("search_for_function_definition", function_name="*")
            indexed = await code.succeed("search_for_function_definition", function_name="*")
    assert [each["reason"] for each in indexed["files_skipped"]] == ["too_complex"]


async def test_a_cancelled_call_ends_the_process_that_reads_a_long_lock_file(tmp_path: Path) -> None:
    write(tmp_path, {"package.json": "{}", "pnpm-lock.yaml": "a: [" + "[], " * 3_000_000 + "]\n"})
    waiting = anyio.Event()

    async def note(progress: float, total: float | None, message: str | None) -> None:
        if message == "Waiting for pnpm-lock.yaml":
            waiting.set()

    with analysis_of(tmp_path) as analysis:
        async with Client(build(analysis, "0", alone=False)) as client, anyio.create_task_group() as tasks:
            tasks.start_soon(partial(client.call_tool, "analyze_dependency_tree", {}, progress_callback=note))
            with anyio.fail_after(DEADLINE_S):
                await waiting.wait()
            readers = lock_readers()
            tasks.cancel_scope.cancel()
        assert len(readers) == 1
        _, alive = await anyio.to_thread.run_sync(psutil.wait_procs, readers, LOCK_TIMEOUT_S / 2)
        assert not alive


def lock_readers() -> list[psutil.Process]:
    """The processes of ours that read lock files."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if "ostiary_servers.code.dependencies.lock_worker" in child.cmdline()]
