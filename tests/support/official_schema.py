"""The protocol's own JSON schema, one file for each revision, and messages of a server held against it.

The SDK's models are generated from these files (``schema/README.md`` in its sources), which have the last word. They
are in the SDK's source distribution, not in what is installed of it: they are taken from there once and kept between
test runs. It holds the last of either generation; of the three before, the models are all that is asked.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
from mcp_types import methods as official

INSTALL_DEADLINE_S: Final = 60.0
SDK: Final = f"mcp-{importlib.metadata.version('mcp')}"
FOLDER: Final = (
    Path(tempfile.gettempdir()) / f"ostiary-tests-schema-{os.getuid() if hasattr(os, 'getuid') else 0}" / SDK
)
REVISIONS: Final = ("2025-11-25", "2026-07-28")

Message = Mapping[str, Any]


class OfficialSchema:
    """Of one revision."""

    def __init__(self, definitions: Message) -> None:
        self._definitions = definitions
        self._validators: dict[str, jsonschema.Draft202012Validator] = {}
        requests = {name: each for name, each in definitions.items() if name.endswith("Request")}
        self._answers = {
            method: name.removesuffix("Request") + "Result"
            for name, each in requests.items()
            if (method := each.get("properties", {}).get("method", {}).get("const"))
        }

    def check_line(self, message: Message) -> None:
        """AssertionError for what no server may write. A result is looked at by ``check_result``."""
        self._check("JSONRPCMessage", message)
        if "method" in message:
            self._check("ServerRequest" if "id" in message else "ServerNotification", message)

    def check_result(self, method: str, result: Message) -> None:
        """The same, for the answer to a request of that method."""
        self._check(self._definition_for(method, result), result)

    def _definition_for(self, method: str, result: Message) -> str:
        if result.get("resultType") == "input_required":
            return "InputRequiredResult"
        name = self._answers[method]
        return name if name in self._definitions else "EmptyResult"

    def _check(self, definition: str, instance: Message) -> None:
        assert definition in self._definitions, f"this revision has no {definition}"
        if definition not in self._validators:
            schema = {"$defs": self._definitions, "$ref": f"#/$defs/{definition}"}
            self._validators[definition] = jsonschema.Draft202012Validator(schema)
        for error in self._validators[definition].iter_errors(instance):
            raise AssertionError(f"it is no {definition}: {error.message[:500]}")


def check_line(message: Message, version: str) -> None:
    """A line of a server, by the SDK's models and by the schema; not yet its result. ValueError or AssertionError."""
    if "method" in message:
        parse = official.parse_server_request if "id" in message else official.parse_server_notification
        parse(message["method"], version, message.get("params"))
    if (schema := official_schema(version)) is not None:
        schema.check_line(message)


def check_result(method: str, version: str, result: Message) -> None:
    """The answer to a request of that method."""
    official.validate_server_result(method, version, result)
    if (schema := official_schema(version)) is not None:
        schema.check_result(method, result)


@cache
def official_schema(revision: str) -> OfficialSchema | None:
    """None for an earlier revision, and where the sources of the SDK cannot be had."""
    if revision not in REVISIONS or problem():
        return None
    return OfficialSchema(json.loads((FOLDER / f"{revision}.json").read_bytes())["$defs"])


@cache
def problem() -> str:
    """Why there are no schemas; empty when there are."""
    if all((FOLDER / f"{revision}.json").exists() for revision in REVISIONS):
        return ""
    FOLDER.parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "mcp", "--retries", "1"]
        wanted = SDK.replace("mcp-", "mcp==")
        try:
            ended = subprocess.run(
                [*command, "--dest", scratch, wanted],
                capture_output=True,
                text=True,
                timeout=INSTALL_DEADLINE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"pip did not end within {INSTALL_DEADLINE_S:.0f} s"
        if ended.returncode:
            return ended.stderr
        _take_out(Path(scratch) / f"{SDK}.tar.gz")
    return ""


def _take_out(archive: Path) -> None:
    """Each file at once, because tests of another process look for it."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    with tarfile.open(archive) as sources:
        for revision in REVISIONS:
            member = sources.extractfile(f"{SDK}/schema/{revision}.json")
            assert member is not None
            taken = archive.with_name(revision)
            taken.write_bytes(member.read())
            taken.replace(FOLDER / f"{revision}.json")
