"""The hosts as a page shows them: those that are here first, what was done to one of them, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ostiary.control.messages import ApplyHostChange, PlanConnect, PlanDisconnect, PlanRepair, PlanUndo
from ostiary.domain.host import HostAction, HostChange, HostOffer, HostState, HostView
from ostiary.ui.pages import host_words
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.parts.problem import Problem
from ostiary.ui.theme import Theme
from tests.support.front import Front
from tests.support.labels import said
from tests.support.prepared_gateway import PreparedGateway

HOSTS = 1
GONE = "Another program took Ostiary's entry out of it."


def host(state: HostState, **more: Any) -> HostView:
    return HostView(name="cursor", title="Cursor", state=state, config_path="/home/robin/.cursor/mcp.json", **more)


def change(action: HostAction, diff: str, note: str = "") -> HostChange:
    return HostChange(host="cursor", action=action, path="/x", before_exists=True, diff=diff, token="t", note=note)


@pytest.fixture
def show(qtbot: QtBot, dressed: Theme) -> Callable[[HostView, PreparedGateway], HostRow]:
    def make(view: HostView, gateway: PreparedGateway) -> HostRow:
        row = HostRow(dressed, gateway, view)
        qtbot.addWidget(row)
        row.show()
        return row

    return make


@pytest.fixture
def show_seeing(qtbot: QtBot, dressed: Theme) -> Callable[[HostView, PreparedGateway], HostRow]:
    """Shows rows with a detail beside them."""

    def make(view: HostView, gateway: PreparedGateway) -> HostRow:
        row = HostRow(dressed, gateway, view, sees=True)
        qtbot.addWidget(row)
        row.show()
        return row

    return make


@pytest.mark.parametrize(
    ("running", "word"), [(True, "Connected · running"), (False, "Connected")], ids=["running", "not running"]
)
def test_whether_a_host_runs_stands_beside_its_name(
    show: Callable[[HostView, PreparedGateway], HostRow], running: bool, word: str
) -> None:
    row = show(host(HostState.CONNECTED, running=running), PreparedGateway())
    assert word in said(row).split("\n")
    assert row.accessibleName() == f"Cursor, {word}"


def test_what_keeps_a_host_from_its_tools_is_told_once_and_with_a_mark(
    show: Callable[[HostView, PreparedGateway], HostRow],
) -> None:
    for view, sentence in (
        (host(HostState.CONNECTED, restart_needed="Restart Cursor."), "Restart Cursor."),
        (host(HostState.UNREADABLE, detail="Line 14 is not valid."), "Line 14 is not valid."),
    ):
        row = show(view, PreparedGateway())
        (told,) = [label for label in row.findChildren(QLabel) if label.isVisible() and label.text() == sentence]
        assert isinstance(told.parentWidget(), Problem)


def test_what_was_done_to_a_file_is_said_and_a_repair_is_shown_before_it_is_made(
    show: Callable[[HostView, PreparedGateway], HostRow],
) -> None:
    gateway = PreparedGateway(PlanRepair=change(HostAction.REPAIR, "--- a\n+++ b\n@@ -1 +1 @@\n-{}\n+{1}\n"))
    row = show(host(HostState.UNREADABLE, harm="It cannot be read.", detail="Line 1."), gateway)
    assert "It cannot be read. Line 1." in said(row)
    row.repair_button.click()
    assert gateway.asked == [PlanRepair(host="cursor")]
    assert row.plan.isVisible()
    assert not row.repair_button.isVisible()


def test_an_entry_that_is_gone_can_be_left_so(show: Callable[[HostView, PreparedGateway], HostRow]) -> None:
    nothing = change(HostAction.DISCONNECT, "")
    gateway = PreparedGateway(PlanDisconnect=nothing, ApplyHostChange=host(HostState.AVAILABLE))
    row = show(host(HostState.AVAILABLE, harm=GONE), gateway)
    assert GONE in said(row)
    assert row.disconnect_button.text() == host_words.LEAVE_IT
    row.disconnect_button.click()
    assert gateway.asked == [PlanDisconnect(host="cursor"), ApplyHostChange(change=nothing)]
    assert GONE not in said(row)
    assert not row.repair_button.isVisible()


def test_a_restart_that_is_needed_is_said_until_it_is_not(show: Callable[[HostView, PreparedGateway], HostRow]) -> None:
    row = show(host(HostState.CONNECTED, restart_needed="Cursor has been running since before."), PreparedGateway())
    assert "Cursor has been running since before." in said(row)
    row.show_value(host(HostState.CONNECTED, sessions=1))
    assert "has been running" not in said(row)
    assert not row.repair_button.isVisible()


def test_hosts_that_are_not_here_are_folded_away(front: Front) -> None:
    front.show_place(HOSTS)
    page = front.application.hosts.page
    assert page.rows.row("vscode") is None
    assert "Visual Studio Code" not in front.words(page)
    front.click(page.not_here.button)
    assert "Visual Studio Code" in front.words(page)


def test_a_row_that_has_no_detail_beside_it_offers_none(show: Callable[[HostView, PreparedGateway], HostRow]) -> None:
    row = show(host(HostState.AVAILABLE, offer=HostOffer(tools=60, all_tools=60, most_tools=40)), PreparedGateway())
    assert not row.sees_button.isVisible()
    assert not row.choose_button.isVisible()
    assert row.connect_button.isVisible()


def test_the_last_change_is_taken_back_after_it_was_shown_and_not_once_the_file_is_another(
    show: Callable[[HostView, PreparedGateway], HostRow],
) -> None:
    undoing = change(HostAction.UNDO, "--- a\n+++ b\n@@ -1 +1 @@\n-{1}\n+{}\n", note="It was an import.")
    gateway = PreparedGateway(PlanUndo=undoing, ApplyHostChange=host(HostState.AVAILABLE))
    row = show(host(HostState.CONNECTED, can_undo=True), gateway)
    row.undo_button.click()
    assert gateway.asked == [PlanUndo(host="cursor")]
    assert row.plan.isVisible()
    assert any(label.text().endswith("\nIt was an import.") for label in row.plan.findChildren(QLabel))
    assert not row.undo_button.isVisible()
    row.plan.write.click()
    assert gateway.asked[1:] == [ApplyHostChange(change=undoing)]
    assert not row.undo_button.isVisible()


def test_a_change_is_written_once_however_often_the_button_is_pressed(make_front: Callable[..., Front]) -> None:
    front = make_front("--fresh")
    front.show_place(HOSTS)
    row = front.application.hosts.page.rows.row("cursor")
    assert isinstance(row, HostRow)
    front.click(row.connect_button)
    front.wait(row.plan.isVisible)
    row.plan.write.setFocus()
    QTest.mouseClick(row.plan.write, Qt.MouseButton.LeftButton)
    QTest.mouseClick(row.plan.write, Qt.MouseButton.LeftButton)
    QTest.keyClick(front.window.focusWidget(), Qt.Key.Key_Space)
    assert row.plan.isVisible()
    front.wait(row.plan.isHidden)
    front.wait(row.disconnect_button.isVisible)
    assert [type(command) for command in front.asked].count(ApplyHostChange) == 1


def test_a_host_is_connected_in_a_project_from_its_row_which_stays_its_own(
    show_seeing: Callable[[HostView, PreparedGateway], HostRow],
) -> None:
    planned = change(HostAction.CONNECT, "--- a\n+++ b\n@@ -0,0 +1 @@\n+{1}\n")
    made = HostView(name="cursor@1", title="Cursor (site)", state=HostState.CONNECTED, project_of="cursor")
    gateway = PreparedGateway(PlanConnect=planned, ApplyHostChange=made)
    row = show_seeing(host(HostState.AVAILABLE, takes_projects=True), gateway)
    assert row.project_button.isVisible()
    row.plan_in("/home/robin/site")
    assert gateway.asked == [PlanConnect(host="cursor", project="/home/robin/site")]
    row.plan.write.click()
    assert row.accessibleName().startswith("Cursor, ")


def test_the_row_of_a_project_says_whose_choices_it_has_and_opens_those(
    show_seeing: Callable[[HostView, PreparedGateway], HostRow], qtbot: QtBot
) -> None:
    row = show_seeing(
        HostView(name="cursor@1", title="x", state=HostState.CONNECTED, project_of="cursor"), PreparedGateway()
    )
    assert host_words.OF_A_PROJECT in said(row)
    assert not row.project_button.isVisible()
    with qtbot.waitSignal(row.opened) as opened:
        row.sees_button.click()
    assert opened.args == ["cursor"]
