"""Over stdio a call that is done beside the SDK cannot be told from one that the SDK does, and none holds up others."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

from tests.support.line_host import ENVELOPE
from tests.support.server_client import SERVE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there the SDK's own streams are used")

CHILDREN = Path(__file__).parents[1] / "support" / "children"
DEADLINE_S = 30
MODERN = "2026-07-28"
VERSIONS = (*HANDSHAKE_PROTOCOL_VERSIONS, MODERN)
HALF_A_CHARACTER = '{"jsonrpc":"2.0","id":"half","method":"tools/call","params":{"name":"read_file\\ud800"}}'


@contextmanager
def running(*command: str | Path) -> "Iterator[subprocess.Popen[bytes]]":
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def say(process: "subprocess.Popen[bytes]", *lines: str) -> None:
    assert process.stdin is not None
    process.stdin.write("".join(f"{line}\n" for line in lines).encode())
    process.stdin.flush()


def hear(process: "subprocess.Popen[bytes]", count: int) -> dict[str, bytes]:
    """So many answers by their ids, as bytes."""
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(count)]
    return {json.dumps(json.loads(line).get("id")): line for line in lines}


def message(id_: Any, method: str, params: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": id_, "method": method, "params": params})


def opening(version: str) -> str:
    if version == MODERN:
        return message("open", "server/discover", {"_meta": ENVELOPE})
    client = {"name": "test", "version": "0"}
    return message("open", "initialize", {"protocolVersion": version, "capabilities": {}, "clientInfo": client})


def requests(folder: Path, version: str) -> Sequence[str]:
    """All of them are answered; so many ids, so many answers."""
    envelope = {"_meta": ENVELOPE} if version == MODERN else {}
    other_envelope = {} if version == MODERN else {"_meta": ENVELOPE}

    def call(id_: Any, name: str, _more: dict[str, Any] | None = None, **arguments: Any) -> str:
        return message(id_, "tools/call", {"name": name, "arguments": arguments, **envelope, **(_more or {})})

    text, picture = str(folder / "text.txt"), str(folder / "picture.png")
    edits = [{"oldText": "äöü", "newText": "x"}]
    meta = envelope.get("_meta", {})
    return [
        call(1, "read_text_file", path=text),
        call(-1, "read_text_file", path=text, head=1),
        call("7", "read_media_file", path=picture),
        call("", "list_directory", path=str(folder)),
        call(2**70, "read_multiple_files", paths=[text, str(folder / "gone")]),
        call("large", "read_text_file", path=str(folder / "large.txt")),
        call("link", "read_multiple_files", paths=[str(folder / "large.txt")]),
        call(10, "search_files", path=str(folder), pattern="*"),
        call(11, "search_text", path=str(folder), query="line 77"),
        call(12, "list_allowed_directories"),
        call(13, "edit_file", path=str(folder / "gone"), edits=edits, dryRun=True),
        call(14, "read_text_file", path="/etc/passwd"),
        call(15, "read_text_file", path=text, unknown=1),
        call(16, "read_text_file", path=7),
        call(17, "read_text_file"),
        call(18, "no_such_tool", path=text),
        call(19, "read_text_file", {"arguments": None}),
        call(20, "read_text_file", {"arguments": []}),
        call(21, "read_text_file", {"name": None}),
        call(22, "read_text_file", {"extra": 1}, path=text),
        call(23, "read_text_file", {"_meta": {**meta, "progressToken": 1}}, path=text),
        call(24, "read_text_file", {"_meta": {**meta, "progressToken": [1]}}, path=text),
        call(25, "read_text_file", {"_meta": {**meta, "ostiary/plan": 1}}, path=text),
        call(26, "read_text_file", {"_meta": None}, path=text),
        call(27, "read_text_file", {"_meta": {}}, path=text),
        call(28, "read_text_file", other_envelope, path=text),
        call(29, "read_text_file", {"_meta": {**ENVELOPE, "io.modelcontextprotocol/protocolVersion": "1"}}, path=text),
        message(30, "tools/call", None),
        message(31, "tools/call", {}),
        message(32, "tools/nothing", {}),
        call(33, "read_text_file", path=text).replace('"jsonrpc"', '"extra": 1, "jsonrpc"'),
        call(34, "read_text_file", path=text).replace("tools/call", "tools\\/call"),
        call(35, "write_file", path=str(folder / "new"), content="x"),
        call(36, "write_file", {"requestState": "x"}, path=str(folder / "new"), content="x"),
        HALF_A_CHARACTER,
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Projects"
    folder.mkdir()
    (folder / "text.txt").write_text("äöü 🗝\nlast\n")
    (folder / "large.txt").write_text("".join(f"line {number}\n" for number in range(20_000)))
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    return folder


@pytest.mark.parametrize("version", VERSIONS)
def test_every_answer_is_the_sdks_to_the_byte(folder: Path, version: str) -> None:
    asked = requests(folder, version)
    heard = []
    commands: tuple[tuple[str | Path, ...], ...] = (
        (SERVE, "files", "--root"),
        (sys.executable, CHILDREN / "files_by_sdk.py"),
    )
    for command in commands:
        with running(*command, folder) as process:
            say(process, opening(version))
            greeting = hear(process, 1)
            say(process, *asked)
            heard.append({**greeting, **hear(process, len(asked))})
    assert heard[0] == heard[1]
    assert len(heard[0]) == len(asked) + 1


@pytest.mark.parametrize("version", [MODERN, "2025-11-25"])
def test_calls_that_come_with_the_greeting_are_answered_in_its_generation(folder: Path, version: str) -> None:
    meta = {"_meta": ENVELOPE} if version == MODERN else {}
    call = {"name": "list_directory", "arguments": {"path": str(folder)}, **meta}
    with running(SERVE, "files", "--root", folder) as process:
        say(process, opening(version), *(message(number, "tools/call", call) for number in range(30)))
        answers = [json.loads(line) for line in hear(process, 31).values()]
    assert {("resultType" in answer["result"]) for answer in answers} == {version == MODERN}
    assert {str(answer["id"]) for answer in answers} == {"open", *map(str, range(30))}


WAYS = pytest.mark.parametrize("way", ["direct", "sdk"])


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@contextmanager
def on_a_hung_disk(pipe: Path, way: str) -> "Iterator[subprocess.Popen[bytes]]":
    with running(sys.executable, CHILDREN / "on_a_hung_disk.py", pipe, way) as process:
        say(process, opening("2025-11-25"))
        hear(process, 1)
        yield process


def end(process: "subprocess.Popen[bytes]") -> bytes:
    """What is said from here on to the end, when the client closes its ends."""
    said, _ = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 0
    return said


def tool(id_: int, name: str) -> str:
    return message(id_, "tools/call", {"name": name, "arguments": {}})


@WAYS
def test_what_hangs_is_told_in_time_holds_up_nobody_and_keeps_no_server_from_ending(pipe: Path, way: str) -> None:
    with on_a_hung_disk(pipe, way) as process:
        say(process, tool(1, "look"), tool(2, "call"))
        assert json.loads(hear(process, 1)["2"])["result"]["structuredContent"] == {}
        assert json.loads(hear(process, 1)["1"])["result"]["structuredContent"]["code"] == "timeout"
        assert end(process) == b""


@WAYS
def test_a_call_that_was_cancelled_is_not_answered(pipe: Path, way: str) -> None:
    cancelled = json.dumps({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}})
    with on_a_hung_disk(pipe, way) as process:
        say(process, tool(1, "change"))
        with pipe.open("wb"):  # waits for the reader
            say(process, cancelled, tool(2, "call"))
            assert set(hear(process, 1)) == {"2"}
        assert end(process) == b""
    assert (pipe.parent / "changed").read_text() == "whole"


@WAYS
def test_a_change_that_was_begun_is_finished_though_the_client_has_gone(pipe: Path, way: str) -> None:
    with on_a_hung_disk(pipe, way) as process:
        say(process, tool(1, "change"))
        with pipe.open("wb"):  # waits for the reader
            assert process.stdin is not None
            process.stdin.close()
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
        assert process.wait(DEADLINE_S) == 0
    assert said == {"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": "Connection closed"}}
    assert (pipe.parent / "changed").read_text() == "whole"
