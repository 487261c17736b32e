"""Hosts whose program has a name that is no text: they are served, and everything that names them can be shown."""

import os
import sys
from pathlib import Path

import pytest

from ostiary.control.messages import Subscribe
from tests.support.gateway_process import GatewayProcess
from tests.support.line_host import line_host
from tests.support.person import Person
from tests.support.shared_gateway import gateway as gateway
from tests.support.shared_gateway import person as person

STARTS = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
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
