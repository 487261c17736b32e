"""The splicer against Microsoft's own parser: it reads every edit as what was there plus our entry."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from ostiary.gateway.hosts.edit import remove_entry, set_entry
from ostiary.gateway.hosts.tolerance import JSONC
from tests.support.json_documents import documents
from tests.support.node_tools import installed

pytestmark = pytest.mark.node

ORACLE = Path(__file__).parents[1] / "support" / "jsonc_oracle.mjs"
PATH, ENTRY = ("mcpServers",), {"command": "/opt/ostiary/ostiary-connect", "args": ["--host", "cursor"]}
IN_THE_SUITE = 300
SOAK_PARTS, IN_A_PART = 50, 2_000
"""A hundred thousand, in parts with seeds of their own: one that fails, or was cut off, is run again alone."""


class Oracle:
    """The other parser, in a process of its own."""

    def __init__(self, sends: IO[str], answers: IO[str]) -> None:
        self._sends, self._answers = sends, answers

    def fault(self, before: bytes, after: bytes) -> str:
        """What is wrong with an edit; empty when it is right."""
        said = {"before": _text(before), "after": _text(after), "path": [*PATH, "ostiary"], "entry": ENTRY}
        self._sends.write(json.dumps(said) + "\n")
        self._sends.flush()
        found = json.loads(self._answers.readline())
        assert isinstance(found, str)
        return found


@contextlib.contextmanager
def running() -> Iterator[Oracle]:
    command = ["node", str(ORACLE), str(installed("jsonc-parser"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Oracle(process.stdin, process.stdout)
        process.stdin.close()
        process.wait(20)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with running() as found:
        yield found


def judge(oracle: Oracle, before: bytes) -> None:
    after = set_entry(before, PATH, "ostiary", ENTRY, JSONC)
    assert oracle.fault(before, after) == ""
    assert remove_entry(after, PATH, "ostiary", JSONC, drop_empty=b'"mcpServers"' not in before) == before


def test_the_other_parser_notices_a_wrong_edit(oracle: Oracle) -> None:
    right = set_entry(b'{"a": 1}', PATH, "ostiary", ENTRY)
    assert oracle.fault(b'{"a": 1}', right) == ""
    assert "before plus the entry" in oracle.fault(b'{"a": 1}', right.replace(b'"a": 1', b'"a": 2'))
    assert "not valid" in oracle.fault(b'{"a": 1}', right[:-1])


@settings(max_examples=IN_THE_SUITE, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=documents(jsonc=True))
def test_every_edit_reads_as_before_plus_the_entry(oracle: Oracle, before: bytes) -> None:
    judge(oracle, before)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(SOAK_PARTS))
def test_a_hundred_thousand_edits_read_as_before_plus_the_entry(oracle: Oracle, part: int) -> None:
    @seed(part)
    @settings(
        max_examples=IN_A_PART,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(before=documents(jsonc=True))
    def every_edit_of_this_part(before: bytes) -> None:
        judge(oracle, before)

    every_edit_of_this_part()


def _text(raw: bytes) -> str:
    return raw.decode("utf-8-sig")
