"""A command names a folder by a link: the person sees where it leads, and what they allow is that and nothing else."""

import threading
from pathlib import Path

import pytest

from ostiary.control.client import connect
from ostiary.control.messages import AddRoot, ListRoots, RemoveRoot
from ostiary.domain.errors import OstiaryError, RefusedError
from tests.support.commands import DEADLINE_S
from tests.support.gateway_process import GatewayProcess
from tests.support.person import Person
from tests.support.shared_gateway import gateway as gateway
from tests.support.shared_gateway import person as person


@pytest.mark.parametrize("swapped", ["nothing", "the link", "the folder"])
def test_the_folder_that_was_shown_is_approved_or_none(
    gateway: GatewayProcess, person: Person, tmp_path: Path, swapped: str
) -> None:
    meant, other, link = tmp_path / "meant", tmp_path / "other", tmp_path / "link"
    meant.mkdir()
    other.mkdir()
    link.symlink_to(meant)
    ends: list[object] = []

    def give() -> None:
        with connect(str(gateway.home)) as plain:
            try:
                ends.append(plain.ask(AddRoot(path=str(link)), DEADLINE_S).path)
            except OstiaryError as error:
                ends.append(type(error))

    thread = threading.Thread(target=give)
    thread.start()
    asked = person.question()
    if swapped == "the link":
        link.unlink()
        link.symlink_to(other)
    elif swapped == "the folder":
        meant.rmdir()
        meant.symlink_to(other)
    person.allow(asked)
    thread.join(DEADLINE_S)
    approved = [root.path for root in person.do(ListRoots())]
    if str(meant) in approved:
        person.do(RemoveRoot(path=str(meant)))

    assert str(meant) in asked.sentence
    assert [argument.text for argument in asked.arguments] == [str(meant)]
    assert ends == [RefusedError if swapped == "the folder" else str(meant)]
    assert str(other) not in approved
