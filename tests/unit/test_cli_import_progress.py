"""A command that waits for a large bundle says how far it is; one that is soon over says nothing."""

from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from ostiary.cli.import_progress import progress_line, telling
from ostiary.control.messages import GetImportProgress
from ostiary.domain.host_import import ImportProgress
from tests.support.fake_control import FakeControl

DEADLINE_S = 20.0


@pytest.fixture
def gateway(home: Path) -> Iterator[FakeControl]:
    with FakeControl(home) as gateway:
        yield gateway


def test_a_line_is_said_while_it_takes_its_time(gateway: FakeControl, home: Path) -> None:
    said = Queue[str]()
    with telling(str(home), said.put, first_after_s=0):
        assert said.get(timeout=DEADLINE_S) == "40 of 300 MB of the bundle are done."


def test_what_is_soon_over_is_not_asked_about(gateway: FakeControl, home: Path) -> None:
    said = Queue[str]()
    with telling(str(home), said.put, first_after_s=DEADLINE_S):
        pass
    assert said.empty()
    assert not any(isinstance(command, GetImportProgress) for command in gateway.asked)


def test_a_gateway_that_cannot_be_reached_is_the_commands_own_to_tell(home: Path) -> None:
    said = Queue[str]()
    with telling(str(home), said.put, first_after_s=0):
        pass
    assert said.empty()


def test_nothing_is_said_where_no_bundle_is_under_way() -> None:
    assert progress_line(ImportProgress()) == ""
