"""The ``files`` server alone asks before it writes: through its client, in both eras, over both transports."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
import mcp_types as types
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.support.files_server import folder as folder
from tests.support.files_server import root as root
from tests.support.http_server import HttpServer, http_server
from tests.support.server_client import ANSWER_DEADLINE_S, ERAS, SERVE, UNASKED, WAYS, Era, ServerClient, Way, connected
from tests.support.sitter import ALLOW, DECLINE, Sitter

pytestmark = pytest.mark.anyio


@pytest.fixture(params=WAYS, ids=str)
def way(request: pytest.FixtureRequest) -> Way:
    assert isinstance(request.param, Way)
    return request.param


@pytest.fixture(scope="module")
def one_sitter() -> Sitter:
    return Sitter()


@pytest.fixture
def sitter(one_sitter: Sitter) -> Sitter:
    """Who sits in front of ``files``, without memories of other tests."""
    one_sitter.told(ALLOW)
    return one_sitter


@pytest.fixture(scope="module", params=WAYS, ids=str)
async def files(root: Path, one_sitter: Sitter, request: pytest.FixtureRequest) -> AsyncIterator[ServerClient]:
    async with connected("files", "--root", root, person=one_sitter, **request.param._asdict()) as client:
        yield client


@pytest.fixture
def notes(folder: Path) -> Path:
    path = folder / "notes.txt"
    path.write_text("one\ntwo\n")
    return path


def edit(path: Path, old: str = "two", new: str = "2") -> dict[str, Any]:
    return {"path": str(path), "edits": [{"oldText": old, "newText": new}]}


def text_in(path: Path) -> str:
    return path.read_text()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_the_person_sees_the_plan_and_what_they_allow_is_written(
    files: ServerClient, sitter: Sitter, notes: Path
) -> None:
    outcome = await files.succeed("edit_file", **edit(notes))
    assert text_in(notes) == "one\n2\n"
    assert (outcome["applied"], outcome["dryRun"]) == (True, False)
    (form,) = sitter.forms
    assert form.message.split("\n") == [
        "Edit 1 file in Projects",
        "1 path, +1 −1",
        f"edit {notes}",
        f"--- {notes}",
        f"+++ {notes}",
        "@@ -1,2 +1,2 @@",
        " one",
        "-two",
        "+2",
    ]
    assert form.requested_schema["properties"]["allow"]["default"] is False


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (DECLINE, "declined"),
        (types.ElicitResult(action="accept", content={"allow": False}), "declined"),
        (types.ElicitResult(action="accept", content={"allow": 1}), "declined"),
        (types.ElicitResult(action="accept", content={}), "declined"),
        (types.ElicitResult(action="accept"), "declined"),
        (types.ElicitResult(action="cancel"), "unanswered"),
        (types.ElicitResult(action="cancel", content={"allow": True}), "unanswered"),
    ],
)
async def test_without_a_ticked_form_nothing_is_written(
    files: ServerClient, sitter: Sitter, folder: Path, reply: types.ElicitResult, code: str
) -> None:
    sitter.told(reply)
    failed = await files.fail("write_file", path=str(folder / "new"), content="x")
    assert (failed["code"], len(sitter.forms), names_in(folder)) == (code, 1, [])


async def test_a_client_that_cannot_ask_is_told_how_to_start_the_server_otherwise(way: Way, notes: Path) -> None:
    async with connected("files", "--root", notes.parent, **way._asdict()) as files:
        failed = await files.fail("trash_path", path=str(notes))
    assert failed["code"] == "approval_required"
    assert "--writes allow" in failed["hint"]
    assert text_in(notes) == "one\ntwo\n"


async def test_nobody_is_asked_for_a_dry_run_a_fault_or_when_nothing_would_change(
    files: ServerClient, sitter: Sitter, notes: Path
) -> None:
    planned = await files.succeed("edit_file", **edit(notes), dryRun=True)
    assert (planned["dryRun"], planned["applied"]) == (True, False)
    same = await files.succeed("write_file", path=str(notes), content="one\ntwo\n")
    assert (same["dryRun"], same["applied"]) == (False, False)
    assert (await files.fail("edit_file", **edit(notes.parent / "gone")))["code"] == "not_found"
    for odd in (0, None, "no"):
        assert (await files.fail("edit_file", **edit(notes), dryRun=odd))["code"] == "invalid_arguments"
    assert (sitter.forms, text_in(notes)) == ([], "one\ntwo\n")


async def test_a_client_that_names_a_plan_itself_is_asked_all_the_same(
    files: ServerClient, sitter: Sitter, folder: Path
) -> None:
    sitter.told(DECLINE)
    meta = {"ostiary/plan": {"before": [{"realPath": str((folder / "new").resolve()), "sha256": None}]}}
    failed = await files.fail("write_file", path=str(folder / "new"), content="x", meta=meta)
    assert (failed["code"], len(sitter.forms)) == ("declined", 1)


async def test_what_changed_while_the_person_was_asked_is_not_overwritten(
    files: ServerClient, sitter: Sitter, notes: Path
) -> None:
    sitter.told(ALLOW, meanwhile=lambda: notes.write_text("two, and more\n"))
    assert (await files.fail("edit_file", **edit(notes)))["code"] == "stale_plan"
    assert text_in(notes) == "two, and more\n"


async def test_an_open_question_holds_up_neither_reads_nor_other_writes(
    files: ServerClient, sitter: Sitter, notes: Path
) -> None:
    slow, quick = notes.parent / "slow", notes.parent / "quick"
    sitter.told(ALLOW, waits_for="/slow")
    async with anyio.create_task_group() as beside:
        beside.start_soon(write, files, slow)
        await sitter.was_asked.wait()
        await files.succeed("read_text_file", path=str(notes))
        await write(files, quick)
        assert not slow.exists()
        sitter.goes_on.set()
    assert slow.read_text() == quick.read_text() == "x"


@pytest.mark.parametrize("era", ERAS)
async def test_an_open_question_holds_up_no_other_session(era: Era, folder: Path) -> None:
    waiting, quick = Sitter(), Sitter()
    waiting.told(ALLOW, waits_for="/slow")
    with http_server(SERVE, "files", "--root", folder) as served:
        async with (
            served.http_client() as http,
            session(served, http, era, waiting) as one,
            session(served, http, era, quick) as other,
            anyio.create_task_group() as beside,
        ):
            beside.start_soon(write, one, folder / "slow")
            await waiting.was_asked.wait()
            await write(other, folder / "quick")
            assert names_in(folder) == ["quick"]
            waiting.goes_on.set()
    assert (names_in(folder), len(waiting.forms), len(quick.forms)) == (["quick", "slow"], 1, 1)


@asynccontextmanager
async def session(
    served: HttpServer, http: httpx2.AsyncClient, era: Era, person: Sitter
) -> AsyncIterator[ServerClient]:
    transport = streamable_http_client(served.url, http_client=http)
    async with Client(
        transport, mode=era, elicitation_callback=person, read_timeout_seconds=ANSWER_DEADLINE_S
    ) as client:
        yield ServerClient(client)


async def test_a_call_that_its_client_gave_up_while_asked_is_not_applied(
    files: ServerClient, sitter: Sitter, notes: Path
) -> None:
    new = notes.parent / "new"
    sitter.told(ALLOW, waits_for="/new")
    async with anyio.create_task_group() as beside:
        beside.start_soon(write, files, new)
        await sitter.was_asked.wait()
        beside.cancel_scope.cancel()
    sitter.goes_on.set()
    await files.succeed("read_text_file", path=str(notes))
    await write(files, notes.parent / "later")  # a write that was still to come would come before this one
    assert not new.exists()


async def test_a_client_that_left_while_asked_has_written_nothing(way: Way, folder: Path) -> None:
    sitter = Sitter()
    sitter.told(ALLOW, waits_for="/new")
    with anyio.CancelScope() as gone:
        async with (
            connected("files", "--root", folder, person=sitter, **way._asdict()) as files,
            anyio.create_task_group() as beside,
        ):
            beside.start_soon(write, files, folder / "new")
            await sitter.was_asked.wait()
            gone.cancel()
    assert gone.cancelled_caught
    assert names_in(folder) == []


async def write(files: ServerClient, path: Path) -> None:
    await files.succeed("write_file", path=str(path), content="x")


async def test_a_long_change_is_shown_by_its_beginning_and_what_hides_in_it_is_named(
    files: ServerClient, sitter: Sitter, folder: Path
) -> None:
    sitter.told(DECLINE)
    content = "evil\u202etxt\u2028\x1b[2K" + "y" * 1000 + "\n" + "".join(f"line {number}\n" for number in range(100))
    await files.fail("write_file", path=str(folder / "a\u200bb"), content=content)
    lines = sitter.forms[0].message.split("\n")
    assert lines[1:3] == ["1 path, +101 −0", f"create {folder}/a⟨U+200B⟩b"]
    (first,) = [line for line in lines if line.startswith("+evil")]
    assert first.startswith("+evil⟨U+202E⟩txt⟨U+2028⟩⟨U+001B⟩[2Kyyy")
    assert first.endswith("more characters")
    assert lines[-1] == "… 84 more lines"
    assert len(lines) == 3 + 20 + 1


async def test_a_warning_of_the_plan_is_shown(files: ServerClient, sitter: Sitter, notes: Path) -> None:
    (notes.parent / notes.name).write_bytes(b"one\r\ntwo\r\n")
    await files.succeed("write_file", path=str(notes), content="three\n")
    assert "Warning: Line endings stay CRLF." in sitter.forms[0].message.split("\n")


class Modern:
    """The rounds of a call of 2026-07-28, one by one."""

    def __init__(self, files: ServerClient) -> None:
        self._session = files.client.session

    async def ask(self, tool: str, **arguments: Any) -> str:
        """The state of a call that is to be allowed."""
        asked = await self._session.call_tool(tool, arguments, allow_input_required=True)
        assert isinstance(asked, types.InputRequiredResult)
        assert asked.request_state
        return asked.request_state

    async def answer(self, state: str, tool: str, /, **arguments: Any) -> str | None:
        """The code with which the retry fails, having allowed it; None for one that is done."""
        result = await self._session.call_tool(
            tool, arguments, input_responses={"confirm": ALLOW}, request_state=state, allow_input_required=True
        )
        assert isinstance(result, types.CallToolResult)
        code: str | None = result.structured_content["code"] if result.is_error else None
        return code


@pytest.mark.parametrize("way", [way for way in WAYS if way.era == "auto"], ids=str)
async def test_an_answer_counts_once_and_for_its_own_call_alone(way: Way, folder: Path) -> None:
    path, other = str(folder / "new"), str(folder / "other")
    async with connected("files", "--root", folder, person=Sitter(), **way._asdict()) as files:
        modern = Modern(files)
        for tool, arguments in (
            ("write_file", {"path": other, "content": "x"}),
            ("write_file", {"path": path, "content": "y"}),
            ("create_directory", {"path": path}),
        ):
            state = await modern.ask("write_file", path=path, content="x")
            assert await modern.answer(state, tool, **arguments) == "bad_confirmation"
            assert await modern.answer(state, "write_file", path=path, content="x") == "bad_confirmation"
        for made_up in ("", "x", state[:-1]):
            assert await modern.answer(made_up, "write_file", path=path, content="x") == "bad_confirmation"
        assert names_in(folder) == []
        state = await modern.ask("write_file", path=path, content="x")
        assert await modern.answer(state, "write_file", content="x", path=path) is None
        (folder / "new").unlink()
        assert await modern.answer(state, "write_file", path=path, content="x") == "bad_confirmation"
        state = await modern.ask("write_file", path=path, content="x")
        retried = await files.client.session.call_tool(
            "write_file", {"path": path, "content": "x"}, request_state=state
        )
        assert retried.structured_content is not None
        assert retried.structured_content["code"] == "unanswered"
    assert names_in(folder) == []


async def test_writes_that_are_refused_answer_at_once_and_dry_runs_are_done(way: Way, notes: Path) -> None:
    sitter = Sitter()
    options = ("--root", notes.parent, "--writes", "refuse")
    async with connected("files", *options, person=sitter, **way._asdict()) as files:
        failed = await files.fail("edit_file", **edit(notes))
        planned = await files.succeed("edit_file", **edit(notes), dryRun=True)
    assert failed["code"] == "denied_by_policy"
    assert (planned["dryRun"], planned["plan"]["items"][0]["added"], sitter.forms) == (True, 1, [])
    assert text_in(notes) == "one\ntwo\n"


@pytest.mark.parametrize(
    ("options", "sees_first"),
    [((), True), (("--writes", "ask"), True), (UNASKED, False), (("--writes", "refuse"), False)],
)
async def test_the_model_is_told_that_the_person_sees_a_change_only_where_they_do(
    options: tuple[str, ...], sees_first: bool, notes: Path
) -> None:
    sitter = Sitter()
    async with connected("files", "--root", notes.parent, *options, person=sitter) as files:
        tools = (await files.client.list_tools()).tools
        instructions = files.client.instructions or ""
        await files.call("edit_file", **edit(notes))
    writing = [tool.description or "" for tool in tools if tool.annotations and not tool.annotations.read_only_hint]
    assert len(writing) == 6
    assert {"The person sees the change first." in said for said in writing} == {sees_first}
    assert ("Every write shows the person a diff first" in instructions) is sees_first
    assert bool(sitter.forms) is sees_first
