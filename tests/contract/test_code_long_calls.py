"""Calls that take long: they tell how far they are, and end when nobody waits for them any more."""

import sys
import threading
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from mcp import Client
from mcp.server import Server

from ostiary_servers.code.arguments import SummarizeFilePurpose
from ostiary_servers.code.programs import running
from ostiary_servers.code.purpose.answers import FilePurpose
from ostiary_servers.code.server import build
from ostiary_servers.code.work import ReportingToolbox
from ostiary_servers.common.answer import Answer
from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.common.tool_server import READS, Tool
from tests.support.code_server import analysis_of, write
from tests.support.server_client import ERAS, Era, connected

pytestmark = pytest.mark.anyio

BOMB = "\n".join("(" * 400 for _ in range(500))
"""Holds a query of tree-sitter for half a minute, and looks like text that a person wrote."""

DEADLINE_S = 30


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


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
    assert told
    assert all(total == 9 for _, total in told)


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
