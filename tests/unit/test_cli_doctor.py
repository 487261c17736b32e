"""What the command of the doctor adds to what the gateway found."""

import json
from pathlib import Path

import pytest

from ostiary.control.messages import Diagnose, MakeReport
from tests.support.commands import run
from tests.support.fake_control import FakeControl


@pytest.mark.parametrize(("front", "said"), [(True, "The tray application runs"), (False, "does not run")])
def test_the_doctor_tells_whether_a_tray_runs(home: Path, front: bool, said: str) -> None:
    with FakeControl(home, front=front) as gateway:
        found = {finding["code"]: finding for finding in json.loads(run(home, "doctor", "--json").out)}
        run(home, "doctor", "--report", str(home / "report"))
    assert said in found["tray"]["sentence"]
    assert found["tray"]["ok"]
    assert any(isinstance(command, Diagnose) for command in gateway.asked)
    (report,) = (command for command in gateway.asked if isinstance(command, MakeReport))
    assert [finding.code for finding in report.own] == ["tray"]
