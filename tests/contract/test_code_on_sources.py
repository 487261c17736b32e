"""Every tool of the ``code`` server on folders that nobody made for it: ``dev.py soak --sources FOLDER``, else our own.

What is asked is drawn at random, always the same. How long the answers took is printed with ``pytest -s``.
"""

import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
import pytest

from ostiary_servers.common.budget import RESULT_BUDGET_BYTES
from tests.support.code_server import SOURCES
from tests.support.server_client import connected

pytestmark = [pytest.mark.anyio, pytest.mark.soak, pytest.mark.timeout(3_600)]

OURS = Path(__file__).parents[2]
STRUCTURED_LIMIT_BYTES = 2 * RESULT_BUDGET_BYTES
"""The same once more: hosts that read what is structured read it in place of the text."""

SAMPLES = {
    "summarize_file_purpose": 80,
    "search_for_function_definition": 60,
    "get_recent_commit_activity": 25,
    "analyze_dependency_tree": 12,
}
DEADLINE_S = 30.0
NAME = re.compile(r"(?:def|func|function|class|fn|struct|interface|void|int)\s+(\w+)\s*[({:<]")

Call = tuple[str, dict[str, Any]]


def calls(folder: Path) -> list[Call]:
    """What is asked about a folder."""
    chance = random.Random(7)
    files = sorted(each for each in folder.rglob("*") if each.is_file() and ".git" not in each.parts)
    drawn = [str(path) for path in chance.sample(files, min(len(files), 400))]
    names = sorted({name for path in drawn for name in NAME.findall(Path(path).read_text("utf-8", "replace"))})
    chance.shuffle(names)
    folders = sorted({str(Path(path).parent) for path in drawn}, key=lambda path: (path.count("/"), path))
    asked = {
        "summarize_file_purpose": ({"file_path": path} for path in drawn),
        "search_for_function_definition": (
            {"function_name": name, "path": str(folder)} for name in ("*", "get*", "*.close", "no_such_name", *names)
        ),
        "get_recent_commit_activity": ({"file_path": path, "days": 365} for path in (str(folder), *drawn)),
        "analyze_dependency_tree": (
            {"path": path, "include_dev": True, "depth": 20} for path in (str(folder), *folders)
        ),
    }
    return [(tool, each) for tool, several in asked.items() for each in islice(several, SAMPLES[tool])]


def faults(result: types.CallToolResult) -> Iterator[str]:
    """What is wrong with an answer, whatever was asked."""
    texts = [block.text for block in result.content if isinstance(block, types.TextContent)]
    if (size := sum(len(text.encode()) for text in texts)) > RESULT_BUDGET_BYTES:
        yield f"a text of {size} bytes"
    if (size := len(json.dumps(result.structured_content, ensure_ascii=False).encode())) > STRUCTURED_LIMIT_BYTES:
        yield f"{size} bytes of structured content"
    said = result.structured_content or {}
    if result.is_error and (said.get("code") in {"internal", "timeout"} or not said.get("hint")):
        yield f"the error {said}"


@pytest.mark.parametrize("folder", SOURCES or [OURS], ids=lambda folder: folder.name)
async def test_whatever_is_asked_gets_an_answer_within_its_budget(folder: Path, tmp_path: Path) -> None:
    took, wrong = defaultdict[str, list[float]](list), list[str]()
    async with connected("code", "--root", folder, "--state-dir", tmp_path) as code:
        for tool, arguments in calls(folder):
            began = time.monotonic()
            with anyio.fail_after(DEADLINE_S):
                result = await code.call(tool, **arguments)
            took[tool].append(time.monotonic() - began)
            wrong += [f"{tool} {arguments}: {fault}" for fault in faults(result)]
    for tool, seconds in took.items():
        middle, longest = sorted(seconds)[len(seconds) // 2], max(seconds)
        print(f"{folder.name}: {tool}, {len(seconds)} calls, {middle * 1e3:.0f} ms, {longest * 1e3:.0f} ms at most")
    assert not wrong, "\n".join(wrong)
