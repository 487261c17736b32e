"""Our last change to a host's file is taken back byte for byte, as long as the file is what that change made of it."""

import sys
from datetime import timedelta

import pytest

from ostiary.domain.errors import HostFileError
from ostiary.domain.host import HostAction, HostState
from ostiary.domain.host_choice import EntryMode
from tests.support.host_machine import OTHERS, Machine
from tests.support.host_machine import machine as machine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine in these tests is a POSIX one")

CONNECT, DISCONNECT, UNDO = HostAction.CONNECT, HostAction.DISCONNECT, HostAction.UNDO


def test_a_connection_is_taken_back_and_then_made_again(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    connected = machine.cursor.read_bytes()
    assert machine.view().can_undo
    machine.make(UNDO)
    assert machine.cursor.read_bytes() == OTHERS
    assert (machine.state(), machine.view().harm) == (HostState.AVAILABLE, "")
    machine.make(UNDO)
    assert machine.cursor.read_bytes() == connected
    assert (machine.state(), machine.view().harm) == (HostState.CONNECTED, "")


def test_a_change_is_taken_back_though_the_clock_was_set_back(machine: Machine) -> None:
    """Ten copies from the future are as many as are kept: one with a name of today would be the oldest."""
    for number in range(11):
        machine.cursor.write_bytes(OTHERS + b" " * number)
        machine.make(CONNECT)
    machine.time -= timedelta(days=365)
    machine.cursor.write_bytes(OTHERS + b"\n")
    machine.make(CONNECT)
    machine.make(UNDO)
    assert machine.cursor.read_bytes() == OTHERS + b"\n"
    assert OTHERS + b"\n" in machine.kept()


def test_a_file_that_we_made_goes(machine: Machine) -> None:
    machine.make(CONNECT)
    machine.make(UNDO)
    assert not machine.cursor.exists()


def test_a_disconnection_is_taken_back(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    connected = machine.cursor.read_bytes()
    machine.make(DISCONNECT)
    machine.make(UNDO)
    assert machine.cursor.read_bytes() == connected


def test_a_repair_is_taken_back_to_what_another_program_made(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    machine.cursor.write_bytes(b"{broken")
    assert not machine.view().can_undo
    machine.make(HostAction.REPAIR)
    machine.make(UNDO)
    assert machine.cursor.read_bytes() == b"{broken"


def test_what_is_no_longer_what_we_made_of_it_is_left_alone(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    changed = machine.cursor.read_bytes() + b"\n"
    machine.cursor.write_bytes(changed)
    assert not machine.view().can_undo
    with pytest.raises(HostFileError, match="has changed since"):
        machine.hosts.plan("cursor", UNDO)
    assert machine.cursor.read_bytes() == changed


def test_where_nothing_was_written_there_is_nothing_to_undo(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    assert not machine.view().can_undo
    with pytest.raises(HostFileError):
        machine.hosts.plan("cursor", UNDO)


def test_connecting_again_without_a_change_keeps_the_undo_of_the_change_before(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    machine.make(CONNECT)
    machine.make(UNDO)
    assert machine.cursor.read_bytes() == OTHERS


def test_a_change_of_the_file_between_plan_and_undo_stops_it(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    change = machine.hosts.plan("cursor", UNDO)
    machine.cursor.write_bytes(machine.cursor.read_bytes() + b" ")
    with pytest.raises(HostFileError):
        machine.hosts.apply(change)
    assert machine.cursor.read_bytes().endswith(b" ")


def test_the_plan_says_how_we_stand_in_the_file_afterwards(machine: Machine) -> None:
    machine.cursor.write_bytes(OTHERS)
    machine.make(CONNECT)
    machine.make(DISCONNECT)
    assert machine.hosts.plan("cursor", UNDO).entries is EntryMode.ONE
