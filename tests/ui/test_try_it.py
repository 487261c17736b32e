"""The first minute's call: real, through the shim, the gateway and the server, and in the log."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

from ostiary.control.messages import AddRoot, EnableServer
from ostiary.domain.call import DecidedBy, Outcome
from ostiary.domain.server import ServerState
from ostiary.ui.pages.try_card import TOOL
from ostiary.ui.try_it import HOST, Tried, TryIt
from tests.support.front import Front
from tests.support.gateway_process import GatewayProcess
from tests.support.person import Person, person_at
from tests.support.shared_gateway import gateway as gateway
from tests.support.shims import SHIM

WAIT_MS = 30_000


@pytest.fixture(scope="module")
def person(gateway: GatewayProcess) -> Person:
    """Has approved a folder with two files, and switched the server of files on."""
    someone = person_at(gateway)
    docs = gateway.household.person / "docs"
    docs.mkdir()
    for name in ("one.txt", "two.txt"):
        (docs / name).touch()
    someone.do(AddRoot(path=str(docs)))
    someone.do(EnableServer(name="files"))
    someone.server_in("files", ServerState.RUNNING)
    return someone


def tried(qtbot: QtBot, try_it: TryIt, tool: str, path: Path) -> Tried:
    with qtbot.waitSignal(try_it.ended, timeout=WAIT_MS) as ended:
        try_it.start(tool, {"path": str(path)})
    (found,) = ended.args
    assert isinstance(found, Tried)
    return found


def test_call_goes_the_whole_way_and_stands_in_the_log(qtbot: QtBot, gateway: GatewayProcess, person: Person) -> None:
    try_it = TryIt((SHIM, "--no-start", "--home", str(gateway.home)))
    answer = tried(qtbot, try_it, TOOL, gateway.household.person / "docs")
    assert not answer.failed, answer.text
    assert "one.txt" in answer.text
    row = person.row(Outcome.OK)
    assert (row.host, row.tool, row.decided_by) == (HOST, TOOL, DecidedBy.DEFAULT)


def test_refused_call_says_why(qtbot: QtBot, gateway: GatewayProcess, person: Person) -> None:
    try_it = TryIt((SHIM, "--no-start", "--home", str(gateway.home)))
    answer = tried(qtbot, try_it, TOOL, gateway.household.person)
    assert answer.failed
    assert answer.text


@pytest.mark.parametrize("command", [("/nonexistent/shim",), (sys.executable, "-c", "exit('no gateway')")])
def test_shim_that_does_not_come_up_is_told(qtbot: QtBot, tmp_path: Path, command: tuple[str, ...]) -> None:
    answer = tried(qtbot, TryIt(command), TOOL, tmp_path)
    assert answer.failed
    assert answer.text


def test_button_waits_for_a_folder_and_a_server(front: Front) -> None:
    trying = front.application.first_start.page.trying
    assert trying.button.isEnabled()
    front.application.mirror.roots = ()
    front.application.mirror.roots_changed.emit()
    assert not trying.button.isEnabled()


def test_a_second_press_is_not_a_second_call(front: Front) -> None:
    front.window.show_start()
    trying = front.application.first_start.page.trying
    trying.button.click()
    calls = front.try_it.findChildren(QProcess)
    trying.button.click()
    assert front.try_it.findChildren(QProcess) == calls
    front.try_it.stop()


def test_row_of_the_call_is_shown_in_the_log(front: Front) -> None:
    front.window.show_start()
    trying = front.application.first_start.page.trying
    trying.call_wanted.emit(2)
    assert front.application.activity.isVisible()
    front.wait(front.application.activity.pane.isVisible)
