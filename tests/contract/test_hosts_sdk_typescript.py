"""Hosts with the TypeScript SDK: most hosts are, and it takes no member too many and no answer too odd."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

from ostiary.control.messages import DisableServer, GetStatus
from tests.support.commands import DEADLINE_S
from tests.support.gateway_process import GatewayProcess
from tests.support.node_packages import node_packages
from tests.support.person import Person, person_at
from tests.support.shared_gateway import gateway as gateway
from tests.support.shims import SHIM

pytestmark = pytest.mark.node

HOST = Path(__file__).parents[1] / "support" / "ts_host.mjs"
FIRST, SECOND = "@modelcontextprotocol/sdk", "@modelcontextprotocol/client"


@pytest.fixture(scope="module")
def person(gateway: GatewayProcess) -> Person:
    return person_at(gateway)


@pytest.fixture
def file(gateway: GatewayProcess, person: Person) -> Path:
    """In an approved folder; ``files`` runs."""
    folder = gateway.household.person / "docs"
    if not folder.exists():
        person.approve(folder)
    person.enable()
    file = folder / "notes.txt"
    file.write_text("old\n")
    return file


@dataclass(frozen=True)
class Host:
    """A host at work."""

    process: subprocess.Popen[str]
    steps: IO[str]

    def step(self, name: str) -> dict[str, Any]:
        """What it says of its next step, which must be this one."""
        line = self.steps.readline()
        assert line, f"it ended before {name!r}"
        said = json.loads(line)
        assert said.pop("step") == name
        assert isinstance(said, dict)
        return said


@contextlib.contextmanager
def host(gateway: GatewayProcess, package: str, mode: str, file: Path) -> Iterator[Host]:
    shim = (SHIM, "--home", str(gateway.home), "--no-start", "--host", "cursor")
    command = ["node", str(HOST), str(node_packages()), package, mode, str(file), *shim]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield Host(process, process.stdout)
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("package", "mode", "era"), [(FIRST, "legacy", "legacy"), (SECOND, "legacy", "legacy"), (SECOND, "auto", "modern")]
)
def test_a_host_lists_reads_writes_after_a_yes_and_hears_that_a_server_went(
    gateway: GatewayProcess, person: Person, file: Path, package: str, mode: str, era: str
) -> None:
    with host(gateway, package, mode, file) as at_work:
        listed = at_work.step("tools")["names"]
        read = at_work.step("read")
        resource = at_work.step("resource")
        asked = person.question()
        before = file.read_text()
        person.allow(asked)
        written = at_work.step("written")
        sessions = person.do(GetStatus()).sessions
        person.do(DisableServer(name="files"))
        changed = at_work.step("changed")
        code = at_work.process.wait(DEADLINE_S)

    assert "write_file" in listed
    assert read == {"isError": False, "text": "old\n"}
    assert resource == {"text": "old\n"}
    assert (asked.tool, before) == ("write_file", "old\n")
    assert (written["isError"], file.read_text()) == (False, "new\n")
    assert [(session.era, session.client) for session in sessions] == [(era, "ts-host")]
    assert changed == {"names": []}
    assert code == 0
