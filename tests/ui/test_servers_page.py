"""The Servers page through real clicks and keys, over a gateway that obeys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ostiary.control.messages import (
    AcceptDefinition,
    AddServer,
    CompareDefinition,
    DisableServer,
    EnableServer,
    RemoveServer,
    RestartServer,
    RestoreServer,
    SetToolState,
    TrustServer,
)
from ostiary.domain.server import ServerState, ToolState
from ostiary.ui import words
from ostiary.ui.pages import rule_words, server_words
from ostiary.ui.pages.server_detail import ServerDetail
from ostiary.ui.pages.servers import CLOCK_MS
from ostiary.ui.pages.tool_row import ToolRow
from ostiary.ui.parts.text import Text
from tests.support.desktop import Xdotool
from tests.support.fake_gateway import MEASURED
from tests.support.front import Front

SET_TOKEN = "Set the token that it needs on the page of secrets, then restart it."


def state_of(front: Front, name: str) -> ServerState:
    return next(server.state for server in front.application.mirror.servers if server.name == name)


def shown_in(widget: QWidget) -> set[str]:
    """What each label in it says by itself."""
    return {label.text() for label in widget.findChildren(Text) if label.isVisible()}


def detail_of(front: Front, name: str) -> ServerDetail:
    page = front.application.servers.page
    front.click(page.row(name))
    detail = page.findChild(ServerDetail)
    assert detail is not None
    assert detail.isVisible()
    return detail


def test_click_on_a_switch_turns_the_server_on(front: Front) -> None:
    row = front.application.servers.page.row("notes")
    front.click(row.switch)
    front.wait_asked(EnableServer(name="notes"))
    front.wait(lambda: state_of(front, "notes") is ServerState.RUNNING)
    assert row.switch.isChecked()
    assert words.SERVER_STATES[ServerState.RUNNING] in front.words(row)


def test_switch_stays_until_the_gateway_has_obeyed(front: Front) -> None:
    switch = front.application.servers.page.row("notes").switch
    front.click(switch)
    assert not switch.isChecked()
    front.wait(switch.isChecked)


def test_space_on_a_row_switches_it_and_enter_opens_it(front: Front) -> None:
    row = front.application.servers.page.row("files")
    front.press(row, Qt.Key.Key_Space)
    front.wait_asked(DisableServer(name="files"))
    front.press(row, Qt.Key.Key_Return)
    detail = front.application.servers.page.findChild(ServerDetail)
    assert detail is not None
    assert detail.name == "files"
    assert detail.isVisible()


def test_arrows_move_from_row_to_row(front: Front) -> None:
    page = front.application.servers.page
    front.press(page.row("files"), Qt.Key.Key_Down)
    assert page.row("github").hasFocus()
    front.press(page.row("github"), Qt.Key.Key_Up)
    assert page.row("files").hasFocus()


def test_failed_server_says_what_to_do_apart_from_why_in_its_detail_too(front: Front) -> None:
    detail = detail_of(front, "github")
    assert {"The server ended with exit code 1; its last words: Bad credentials (401).", SET_TOKEN} <= shown_in(detail)


def test_failed_server_says_why_and_restarts_by_a_click(front: Front) -> None:
    row = front.application.servers.page.row("github")
    assert "Bad credentials" in front.words(row)
    assert {"The server ended with exit code 1; its last words: Bad credentials (401).", SET_TOKEN} <= shown_in(row)
    front.click(row.restart)
    front.wait_asked(RestartServer(name="github"))
    front.wait(lambda: "Bad credentials" not in front.words(row))


def test_exact_command_is_shown_before_a_server_is_added(front: Front) -> None:
    page = front.application.servers.page
    front.click(front.button(page, words.ADD))
    page.form.name.setText("tides")
    page.form.command.setText("uvx tides-mcp --place 'Port Louis'")
    page.form.environment.setPlainText("TIDES_KEY=${secret:TIDES}")
    front.click(page.form.go_on)
    assert words.exact_command(("uvx", "tides-mcp", "--place", "Port Louis")) in front.words(page.form)
    assert front.asked == []
    front.click(front.button(page.form, words.ADD_CONFIRM))
    wish = AddServer(
        name="tides",
        command=("uvx", "tides-mcp", "--place", "Port Louis"),
        environment={"TIDES_KEY": "${secret:TIDES}"},
    )
    front.wait_asked(wish)
    front.wait(lambda: "tides" in front.words(page))


@pytest.mark.parametrize(
    ("name", "command", "environment"),
    [("Big Name", "uvx x", ""), ("fine", "", ""), ("fine", "uvx 'open", ""), ("fine", "uvx x", "no equals sign")],
)
def test_what_makes_no_sense_is_not_sent(front: Front, name: str, command: str, environment: str) -> None:
    page = front.application.servers.page
    front.click(front.button(page, words.ADD))
    page.form.name.setText(name)
    page.form.command.setText(command)
    page.form.environment.setPlainText(environment)
    front.click(page.form.go_on)
    shown = front.words(page.form)
    assert words.ADD_CONFIRM not in shown
    assert any(part in shown for part in (words.BAD_NAME, words.NO_COMMAND, words.OPEN_QUOTE, "NAME=value"))


def test_refusal_stands_in_the_form_it_is_about(front: Front) -> None:
    page = front.application.servers.page
    front.click(front.button(page, words.ADD))
    page.form.name.setText("files")
    page.form.command.setText("uvx another")
    front.click(page.form.go_on)
    front.click(front.button(page.form, words.ADD_CONFIRM))
    front.wait(lambda: "There is a server called files already" in front.words(page.form))


def test_tool_is_made_to_ask_by_one_click(front: Front) -> None:
    detail = detail_of(front, "files")
    tool = next(row for row in detail.findChildren(ToolRow) if "read_text_file" in front.words(row))
    front.click(front.button(tool, words.TOOL_STATES[ToolState.ASKS]))
    front.wait_asked(SetToolState(name="files", own_name="read_text_file", state=ToolState.ASKS))


def test_output_shows_where_the_server_is(front: Front) -> None:
    detail = detail_of(front, "github")
    front.click(front.button(detail, words.SHOW_OUTPUT))
    front.wait(lambda: "401 Bad credentials" in front.words(detail))


def test_stale_server_offers_the_restart_that_helps(front: Front) -> None:
    detail = detail_of(front, "github")
    front.click(front.button(detail, words.RESTART_FOR_SECRET))
    front.wait_asked(RestartServer(name="github"))


def test_trust_is_a_wish_until_the_gateway_grants_it(front: Front) -> None:
    detail = detail_of(front, "notes")
    front.click(detail.trust)
    assert not detail.trust.isChecked()
    front.wait_asked(TrustServer(name="notes", trusted=True))
    front.wait(detail.trust.isChecked)


def test_removal_names_the_server_and_asks_first(front: Front) -> None:
    detail = detail_of(front, "notes")
    front.click(front.button(detail, words.REMOVE_ASK))
    assert server_words.remove("Notes") in front.words(detail)
    assert front.asked == []
    front.click(front.button(detail, words.REMOVE))
    front.wait_asked(RemoveServer(name="notes"))
    front.wait(lambda: not detail.isVisible())


def test_what_is_asked_below_the_edge_comes_into_view(front: Front) -> None:
    detail = detail_of(front, "github")
    front.click(front.button(detail, words.REMOVE_ASK))
    cancel = front.button(detail, words.CANCEL)
    front.wait(lambda: cancel.visibleRegion().boundingRect() == cancel.rect())


def test_a_changed_tool_is_compared_where_it_stands(front: Front) -> None:
    detail = detail_of(front, "weather")
    front.click(front.button(detail, rule_words.COMPARE))
    front.wait_asked(CompareDefinition(name="weather", own_name="forecast"))
    front.wait(lambda: rule_words.ACCEPT in front.words(detail))
    front.click(front.button(detail, rule_words.ACCEPT))
    front.wait_asked(AcceptDefinition(name="weather", own_name="forecast", token="t1"))
    front.wait(lambda: rule_words.COMPARE not in front.words(detail))


def test_a_tool_says_what_its_definition_costs(front: Front) -> None:
    detail = detail_of(front, "files")
    assert "Says: reads only · ≈ 240 tokens" in front.words(detail)


def test_removed_server_is_put_back_by_the_key_under_the_finger(front: Front) -> None:
    page, detail = front.application.servers.page, detail_of(front, "notes")
    front.click(front.button(detail, words.REMOVE_ASK))
    front.click(front.button(detail, words.REMOVE))
    front.wait(page.undo.isVisible)
    assert server_words.removed("Notes") in front.words(page)
    QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_Space)
    front.wait_asked(RestoreServer(name="notes"))
    front.wait(lambda: page.row("notes").isVisible())
    assert not page.undo.isVisible()


@pytest.mark.desktop
def test_click_of_the_mouse_itself_turns_a_server_on(front: Front, xdotool: Xdotool) -> None:
    switch = front.application.servers.page.row("notes").switch
    middle = switch.mapToGlobal(switch.rect().center())
    xdotool("mousemove", middle.x(), middle.y(), "click", 1)
    front.wait_asked(EnableServer(name="notes"))
    front.wait(switch.isChecked)


def test_arrow_keys_pass_over_a_tools_states_without_choosing(front: Front) -> None:
    detail = detail_of(front, "files")
    tool = next(row for row in detail.findChildren(ToolRow) if "write_file" in front.words(row))
    front.press(front.button(tool, words.TOOL_STATES[ToolState.ASKS]), Qt.Key.Key_Left)
    on = front.button(tool, words.TOOL_STATES[ToolState.ENABLED])
    assert on.hasFocus()
    assert not on.isChecked()
    assert front.asked == []


def test_slash_moves_to_the_search_and_the_search_hides_the_rest(front: Front) -> None:
    page = front.application.servers.page
    front.press(page.row("files"), Qt.Key.Key_Slash)
    assert page.search is not None
    front.wait(page.search.hasFocus)
    page.search.setText("forecast")
    assert page.row("weather").isVisible()
    assert "GitHub" not in front.words(page)


def test_what_servers_use_is_looked_at_again_while_the_page_shows(front: Front, qtbot: QtBot) -> None:
    row = front.application.servers.page.row("files")
    shown = f"{MEASURED:.0f} % CPU"
    assert shown not in front.words(row)
    qtbot.waitUntil(lambda: shown in front.words(row), timeout=3 * CLOCK_MS)
