"""Programs and folders with names that are no text: what is asked about them can be put to the person all the same."""

import os
import sys
from pathlib import Path

import pytest

from ostiary.control.messages import RemoveServer, Subscribe
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import line_host
from tests.support.person import Person, define, tool
from tests.support.shared_gateway import gateway as gateway
from tests.support.shared_gateway import person as person

STARTS = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_what_a_host_asks_whose_script_has_a_name_that_is_no_text_is_put_to_the_person(
    gateway: GatewayProcess, person: Person, tmp_path: Path
) -> None:
    script = os.fsdecode(os.fsencode(tmp_path) + b"/odd-\xff")
    Path(script).write_text(STARTS)
    with line_host(gateway, through=(sys.executable, script)) as host:
        host.call("write_file", path=str(gateway.household.person / "docs" / "odd.txt"), content="x")
        asked = person.question()
        assert asked.caller.processes[0].script == f"{tmp_path}/odd-\\xff"
        assert asked in person.do(Subscribe()).questions
        person.deny(asked)


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
@pytest.mark.parametrize("server", ["files", "mine"])
def test_a_path_that_leads_to_a_name_that_is_no_text_is_put_to_the_person(
    gateway: GatewayProcess, person: Person, server: str
) -> None:
    docs = gateway.household.person / "docs"
    odd, link = Path(os.fsdecode(os.fsencode(docs / f"of-{server}") + b"\xff")), docs / server
    odd.mkdir()
    link.symlink_to(odd)
    person.add("mine", define(gateway.household.person / "mine.json", [tool("echo")]))
    person.enable("mine")
    with line_host(gateway) as host:
        host.call("write_file" if server == "files" else "echo", path=str(link / "new.txt"), content="x")
        asked = person.question()
        assert asked.paths[0].real_path.startswith(f"{docs}/of-{server}")
        person.deny(asked)
    person.do(RemoveServer(name="mine"))
