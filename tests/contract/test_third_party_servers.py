"""Servers that others make say through the gateway what they say directly, message by message."""

from __future__ import annotations

import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from tests.support.gateway_process import GatewayProcess, household, running_gateway
from tests.support.line_host import LineHost, Message, transport
from tests.support.shims import started_shim
from tests.support.third_party import PYTHON_SERVERS, Step, command, directly, greeted, recorded, settled, tool

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]

LISTS = (Step("tools/list"), Step("prompts/list"))
RESOURCES = (Step("resources/list"), Step("resources/templates/list"))


@dataclass(frozen=True)
class Case:
    """A server, what it is started with, and what is said to it. It finds the folder as ``fill`` makes it."""

    server: str
    folder: Path
    script: Sequence[Step]
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def fill(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        (self.folder / "notes.txt").write_bytes("one\ntwo\nthree\nénd\n".encode())
        (self.folder / "sub").mkdir()
        (self.folder / "sub" / "deep.md").write_text("# Deep\n")
        os.utime(self.folder / "notes.txt", (1_700_000_000, 1_700_000_000))
        if self.server == "git":
            _make_repository(self.folder, self.environment)


def _make_repository(folder: Path, environment: dict[str, str]) -> None:
    for arguments in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "first")):
        subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **environment}, check=True)


def everything(folder: Path) -> Case:
    at = "demo://resource"
    return Case(
        "everything",
        folder,
        (
            *LISTS,
            *RESOURCES,
            tool("echo", message="héllo"),
            tool("echo"),
            tool("get-annotated-message", messageType="error", includeImage=True),
            tool("get-resource-links", count=3),
            tool("get-resource-reference", resourceType="Text", resourceId=1),
            tool("get-structured-content", location="Chicago"),
            tool("get-sum", a=2, b=3),
            tool("get-sum", a="x"),
            tool("get-tiny-image"),
            tool("trigger-long-running-operation", duration=0.2, steps=4),
            tool("trigger-elicitation-request"),
            tool("trigger-sampling-request", prompt="Say yes", maxTokens=5),
            Step("prompts/get", {"name": "simple-prompt"}),
            Step("prompts/get", {"name": "args-prompt", "arguments": {"city": "Oslo", "state": "x"}}),
            Step("prompts/get", {"name": "args-prompt"}),
            Step("prompts/get", {"name": "resource-prompt", "arguments": {"resourceType": "Text", "resourceId": "1"}}),
            Step(
                "completion/complete",
                {
                    "ref": {"type": "ref/prompt", "name": "completable-prompt"},
                    "argument": {"name": "department", "value": "E"},
                },
            ),
            Step("resources/read", {"uri": f"{at}/static/document/features.md"}),
            Step("resources/read", {"uri": f"{at}/dynamic/text/7"}),
            Step("resources/read", {"uri": "demo://nothing"}),
        ),
    )


def filesystem(folder: Path) -> Case:
    note, deep = str(folder / "notes.txt"), str(folder / "sub" / "deep.md")
    return Case(
        "filesystem",
        folder,
        (
            Step("tools/list"),
            tool("read_text_file", path=note),
            tool("read_text_file", path=note, head=2),
            tool("read_text_file", path=str(folder / "missing")),
            tool("read_text_file", path="/etc/hostname"),
            tool("read_multiple_files", paths=[note, deep, "/etc/passwd"]),
            tool("list_directory", path=str(folder)),
            tool("directory_tree", path=str(folder)),
            tool("search_files", path=str(folder), pattern="**/*.md"),
            tool("list_allowed_directories"),
            tool("edit_file", path=note, edits=[{"oldText": "two", "newText": "2"}], dryRun=True),
            tool("edit_file", path=note, edits=[{"oldText": "two", "newText": "2"}]),
            tool("write_file", path=str(folder / "new.txt"), content="new ☃"),
            tool("create_directory", path=str(folder / "made")),
            tool("move_file", source=str(folder / "new.txt"), destination=str(folder / "made" / "new.txt")),
            tool("read_text_file", path=str(folder / "made" / "new.txt")),
        ),
        arguments=(str(folder),),
    )


def memory(folder: Path) -> Case:
    ada = {"name": "Ada", "entityType": "person", "observations": ["counts"]}
    return Case(
        "memory",
        folder,
        (
            Step("tools/list"),
            *RESOURCES,
            tool("create_entities", entities=[ada, {"name": "Engine", "entityType": "thing", "observations": []}]),
            tool("create_relations", relations=[{"from": "Ada", "to": "Engine", "relationType": "programs"}]),
            tool("add_observations", observations=[{"entityName": "Ada", "contents": ["writes"]}]),
            tool("add_observations", observations=[{"entityName": "Nobody", "contents": ["x"]}]),
            tool("search_nodes", query="engine"),
            tool("open_nodes", names=["Ada"]),
            tool("delete_entities", entityNames=["Engine"]),
            tool("read_graph"),
        ),
        environment={"MEMORY_FILE_PATH": str(folder / "memory.json")},
    )


def git(folder: Path) -> Case:
    at = str(folder)
    person = {"NAME": "Ada", "EMAIL": "ada@example.org", "DATE": "2024-01-02T03:04:05+0000"}
    return Case(
        "git",
        folder,
        (
            *LISTS,
            tool("git_status", repo_path=at),
            tool("git_log", repo_path=at),
            tool("git_show", repo_path=at, revision="HEAD"),
            tool("git_create_branch", repo_path=at, branch_name="side"),
            tool("git_checkout", repo_path=at, branch_name="side"),
            tool("git_branch", repo_path=at, branch_type="local"),
            tool("git_diff", repo_path=at, target="no-such-branch"),
            tool("git_status", repo_path="/nowhere"),
            tool("git_status"),
        ),
        environment={f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in person.items()},
    )


def time(folder: Path) -> Case:
    return Case(
        "time",
        folder,
        (
            *LISTS,
            *RESOURCES,
            tool("get_current_time", timezone="UTC"),
            tool("convert_time", source_timezone="Europe/Oslo", time="10:00", target_timezone="Asia/Tokyo"),
            tool("convert_time", source_timezone="Nowhere", time="10:00", target_timezone="Asia/Tokyo"),
        ),
    )


def fetch(folder: Path, site: str) -> Case:
    return Case(
        "fetch",
        folder,
        (
            *LISTS,
            tool("fetch", url=f"{site}/notes.txt"),
            tool("fetch", url=f"{site}/notes.txt", max_length=4, start_index=2),
            tool("fetch", url=f"{site}/missing.txt"),
            tool("fetch", url="no address"),
            Step("prompts/get", {"name": "fetch", "arguments": {"url": f"{site}/notes.txt"}}),
        ),
        environment={"NO_PROXY": "127.0.0.1"},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def case(request: pytest.FixtureRequest, folder: Path) -> Iterator[Case]:
    if request.param is not fetch:
        yield request.param(folder)
        return
    with _site(folder) as address:
        yield fetch(folder, address)


@contextmanager
def _site(folder: Path) -> Iterator[str]:
    """The folder as a web site on a port of this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayProcess]:
    with household() as place, running_gateway(place, "--trust-cli", "--writes", "allow") as running:
        yield running


@pytest.mark.parametrize("case", [everything, filesystem, memory, git, fetch, time], indirect=True)
def test_a_legacy_host_hears_what_the_server_says(gateway: GatewayProcess, case: Case) -> None:
    _assert_same(gateway, case, modern=False)


@pytest.mark.parametrize("case", [git, fetch, time], indirect=True)
def test_a_modern_host_hears_what_the_server_says(gateway: GatewayProcess, case: Case) -> None:
    assert case.server in PYTHON_SERVERS  # the others speak legacy alone, so there is nothing to compare with
    _assert_same(gateway, case, modern=True)


def _assert_same(gateway: GatewayProcess, case: Case, *, modern: bool) -> None:
    started = command(case.server, *case.arguments)
    environment = {**gateway.household.environment, **case.environment}
    case.fill()
    with directly(started, environment, modern=modern) as host:
        direct = recorded(host, case.script)
    case.fill()
    through = _through(gateway, case, started, modern=modern)
    for step, said, heard in zip(case.script, direct, through, strict=True):
        assert settled(heard, case.server) == settled(said, case.server), step


def _through(gateway: GatewayProcess, case: Case, started: Sequence[str], *, modern: bool) -> list[list[Message]]:
    """The host comes first: a server hears of sampling when a host that can do it is there."""
    given = [part for item in case.environment.items() for part in ("--env", "=".join(item))]
    assert gateway.run("servers", "add", case.server, *given, "--", *started).code == 0
    chosen = ("--no-start", "--host", "cursor", "--servers", case.server)
    try:
        with started_shim(gateway.home, *chosen, environment=transport()) as shim:
            host = greeted(LineHost(shim, modern=modern))
            assert gateway.run("servers", "enable", case.server).code == 0
            offered = set(host.tools())
            return recorded(host, case.script, lambda name: name if name in offered else f"{case.server}__{name}")
    finally:
        gateway.run("servers", "remove", case.server)
