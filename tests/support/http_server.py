"""A bundled server that was started to be reached over HTTP: where it listens, its token, and its end."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

DEADLINE_S = 30.0


@dataclass(frozen=True, slots=True)
class HttpServer:
    """A running ``ostiary-serve … --http``; ``token_file`` is None when it was told of one."""

    process: subprocess.Popen[str]
    url: str
    token_file: Path | None

    @property
    def token(self) -> str:
        """The token that the server made."""
        assert self.token_file is not None
        return self.token_file.read_text().strip()

    def http_client(self, token: str | None = None) -> httpx2.AsyncClient:
        """What the SDK's client speaks through: it sends the token and uses no proxy."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return httpx2.AsyncClient(headers=headers, timeout=DEADLINE_S, trust_env=False)


@contextmanager
def http_server(
    *command: str | Path, address: str = "127.0.0.1:0", environment: dict[str, str] | None = None
) -> Iterator[HttpServer]:
    """Starts the command with ``--http`` on a free port, waits until it listens, and ends it if it still runs."""
    told = [*map(str, command), "--http", address]
    with subprocess.Popen(told, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield _told(process)
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(DEADLINE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def _told(process: subprocess.Popen[str]) -> HttpServer:
    assert process.stderr is not None
    token_file = None
    for line in process.stderr:
        _, _, rest = line.strip().partition("ostiary-serve: ")
        if rest.startswith("the bearer token is in "):
            token_file = Path(rest.removeprefix("the bearer token is in "))
        elif rest.startswith("listening on "):
            return HttpServer(process, rest.removeprefix("listening on "), token_file)
    raise AssertionError("the server ended before it listened")
