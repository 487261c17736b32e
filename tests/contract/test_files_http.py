"""A bundled server over HTTP: who gets to it, where it listens, and how it ends.

That its tools answer there as they do over stdio is shown by the tests of the tools, which go over both.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from anyio.streams.memory import MemoryObjectReceiveStream
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from ostiary_servers.common.http import REQUEST_LIMIT_BYTES
from tests.support.http_server import DEADLINE_S, HttpServer, http_server
from tests.support.server_client import ERAS, SERVE, Era, connected
from tests.support.subscriber import subscriber

pytestmark = pytest.mark.anyio

EX_USAGE = 64
EX_UNAVAILABLE = 69
TOKEN = "0123456789abcdef0123456789abcdef"

Header = tuple[str, str]
ACCEPT: Header = ("Accept", "application/json, text/event-stream")
GREETING: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}},
}
VERSION_OF: dict[Era, list[Header]] = {"auto": [("MCP-Protocol-Version", "2026-07-28")], "legacy": []}
"""By this header the server tells the eras apart, before it has read anything."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("root")


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[HttpServer]:
    with http_server(SERVE, "files", "--root", root) as server:
        yield server


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(f"{TOKEN}\n")
    return file


async def post(url: str, *headers: Header, content: bytes | None = None) -> httpx2.Response:
    """The answer to a greeting, or to this content, sent with nothing but these headers."""
    async with httpx2.AsyncClient(timeout=DEADLINE_S, trust_env=False) as client:
        sent = {"json": GREETING} if content is None else {"content": content}
        return await client.post(url, headers=[ACCEPT, *headers], **sent)


def bearing(token: str) -> Header:
    return ("Authorization", f"Bearer {token}")


@asynccontextmanager
async def listener(server: HttpServer) -> AsyncIterator[tuple[Client, MemoryObjectReceiveStream[str]]]:
    """A client of the older era, and the addresses of what it was told has changed."""
    async with (
        server.http_client() as http,
        subscriber(streamable_http_client(server.url, http_client=http)) as opened,
    ):
        yield opened


def run(root: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(SERVE), "files", "--root", str(root), *map(str, arguments)]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )


async def test_a_client_with_the_token_is_served(served: HttpServer) -> None:
    for scheme in ("Bearer", "bearer"):
        assert (await post(served.url, ("Authorization", f"{scheme} {served.token}"))).status_code == 200


@pytest.mark.parametrize("path", ["/mcp", "/", "/other"])
@pytest.mark.parametrize("era", ERAS)
async def test_without_the_token_every_path_is_refused(served: HttpServer, era: Era, path: str) -> None:
    refused: list[list[Header]] = [
        [],
        [("Authorization", "Bearer")],
        [bearing(TOKEN)],
        [bearing(served.token[:-1])],
        [bearing(f"{served.token}x")],
        [("Authorization", f"Basic {served.token}")],
        [("Authorization", served.token)],
        [bearing(served.token), bearing(TOKEN)],
        [("X-Authorization", f"Bearer {served.token}")],
    ]
    for headers in refused:
        answer = await post(served.url.removesuffix("/mcp") + path, *VERSION_OF[era], *headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), headers


@pytest.mark.parametrize("era", ERAS)
async def test_a_web_page_gets_nowhere_even_with_the_token(served: HttpServer, era: Era) -> None:
    port = httpx2.URL(served.url).port
    foreign: dict[Header, int] = {
        ("Host", "evil.example"): 421,
        ("Host", f"evil.example:{port}"): 421,
        ("Host", f"127.0.0.1.evil.example:{port}"): 421,
        ("Host", "127.0.0.1:1"): 421,
        ("Origin", "https://evil.example"): 403,
        ("Origin", "http://127.0.0.1:1"): 403,
        ("Origin", f"http://localhost.evil.example:{port}"): 403,
        ("Origin", "null"): 403,
    }
    for header, status in foreign.items():
        answer = await post(served.url, *VERSION_OF[era], bearing(served.token), header)
        assert answer.status_code == status, header


async def test_its_own_names_are_no_foreign_ones(served: HttpServer) -> None:
    authority = f"localhost:{httpx2.URL(served.url).port}"
    own = (("Host", authority), ("Origin", f"http://{authority}"))
    assert (await post(served.url, bearing(served.token), *own)).status_code == 200


@pytest.mark.parametrize("era", ERAS)
async def test_a_request_that_is_too_large_is_refused(served: HttpServer, era: Era) -> None:
    content = b" " * (REQUEST_LIMIT_BYTES + 1)
    json = ("Content-Type", "application/json")
    answer = await post(served.url, *VERSION_OF[era], bearing(served.token), json, content=content)
    assert answer.status_code == 413


@pytest.mark.parametrize("era", ERAS)
async def test_the_token_of_a_private_file_is_the_one_that_counts(root: Path, token_file: Path, era: Era) -> None:
    with http_server(SERVE, "files", "--root", root, "--token-file", token_file) as server:
        assert server.token_file is None
        async with (
            server.http_client(TOKEN) as http,
            Client(streamable_http_client(server.url, http_client=http), mode=era) as client,
        ):
            assert (await client.list_tools()).tools


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_made_token_is_long_and_in_a_file_for_this_user_alone(served: HttpServer) -> None:
    assert served.token_file is not None
    assert served.token_file.stat().st_mode & 0o777 == 0o600
    assert len(served.token) >= 43


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_token_file_that_others_can_reach_is_refused(root: Path, token_file: Path, mode: int) -> None:
    token_file.chmod(mode)
    ended = run(root, "--http", "127.0.0.1:0", "--token-file", token_file)
    assert (ended.returncode, ended.stdout) == (EX_UNAVAILABLE, "")
    assert f"the token file {token_file} is open to others" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
def test_what_is_no_plain_file_with_one_token_is_refused(root: Path, token_file: Path) -> None:
    folder = token_file.parent
    (folder / "link").symlink_to(token_file)
    os.mkfifo(folder / "pipe", 0o600)
    (folder / "folder").mkdir(mode=0o700)
    for name, content in {"empty": "", "short": "0123", "two": f"{TOKEN}\n{TOKEN}\n", "blank": "x" * 31 + " y"}.items():
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(content)
    for name in ("link", "pipe", "folder", "empty", "short", "two", "blank", "missing"):
        ended = run(root, "--http", "127.0.0.1:0", "--token-file", folder / name)
        assert (ended.returncode, ended.stdout) == (EX_UNAVAILABLE, ""), name
        assert str(folder / name) in ended.stderr
        assert "listening" not in ended.stderr


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0:0",
        "192.0.2.1:0",
        "[::]:0",
        "localhost:0",
        "example.org:0",
        "127.0.0.1",
        ":0",
        "127.0.0.1:65536",
        "x:-1",
    ],
)
def test_only_an_address_of_this_machine_alone_is_listened_on(root: Path, address: str) -> None:
    ended = run(root, "--http", address)
    assert (ended.returncode, ended.stdout) == (EX_USAGE, "")
    assert "--http" in ended.stderr
    assert "listening" not in ended.stderr


def test_a_port_that_is_taken_is_told(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = run(root, "--http", address)
    assert ended.returncode == EX_UNAVAILABLE
    assert ended.stderr == f"ostiary-serve: cannot listen on {address}: something else is listening there\n"


def test_a_token_file_without_http_is_wrong_usage(root: Path, token_file: Path) -> None:
    assert run(root, "--token-file", token_file).returncode == EX_USAGE


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
async def test_it_listens_on_ipv6_too(root: Path) -> None:
    with http_server(SERVE, "files", "--root", root, address="[::1]:0") as server:
        assert server.url.startswith("http://[::1]:")
        assert (await post(server.url, bearing(server.token))).status_code == 200


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_in_order_while_a_client_listens(root: Path, era: Era, number: signal.Signals) -> None:
    with http_server(SERVE, "files", "--root", root) as server:
        async with server.http_client() as http:
            transport = streamable_http_client(server.url, http_client=http, terminate_on_close=False)
            async with Client(transport, mode=era, read_timeout_seconds=DEADLINE_S) as client:
                await client.list_tools()
                server.process.send_signal(number)
                assert await anyio.to_thread.run_sync(server.process.wait, DEADLINE_S) == 0
        assert server.token_file is not None
        assert not server.token_file.exists()
        assert server.process.stderr is not None
        assert server.process.stderr.read() == ""


async def test_code_is_served_over_http_too(root: Path) -> None:
    async with connected("code", "--root", root, carrier="http") as code:
        assert (await code.client.list_tools()).tools


async def test_each_client_of_the_older_era_hears_of_what_it_subscribed_to_itself(
    served: HttpServer, root: Path
) -> None:
    file = root / "watched.txt"
    file.write_text("before")
    async with listener(served) as (first, first_heard), listener(served) as (second, second_heard):
        for client in (first, second):
            await client.subscribe_resource(file.as_uri())
        file.write_text("a new text")
        with anyio.fail_after(DEADLINE_S):
            assert {await first_heard.receive(), await second_heard.receive()} == {file.as_uri()}
        await second.unsubscribe_resource(file.as_uri())
        file.write_text("and a newer one")
        with anyio.fail_after(DEADLINE_S):
            assert await first_heard.receive() == file.as_uri()
        assert second_heard.statistics().current_buffer_used == 0
