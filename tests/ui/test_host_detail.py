"""What a host sees, as a person sets it: with real clicks and keys, and what each of them asks of the gateway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ostiary.control.messages import (
    Command,
    PinToolForHost,
    PlanConnect,
    SearchToolsForHost,
    SetToolForHost,
    ShowServerToHost,
)
from ostiary.domain import events
from ostiary.domain.errors import OstiaryError, UsageError
from ostiary.domain.host import HostAction, HostChange, HostLimits, HostOffer, HostState, HostView
from ostiary.domain.host_choice import EntryMode, HostChoice
from ostiary.domain.server import ServerView, ToolState, ToolView
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages import host_words
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.pages.host_tree import ToolOfHost
from ostiary.ui.pages.hosts import HostsPage
from ostiary.ui.theme import Scheme, Theme
from tests.support.desktop import Screenshot
from tests.support.server_views import server_view

WIDE, NARROW = (960, 860), (360, 860)
OFFER = HostOffer(tools=60, tokens=14_200, all_tools=60, all_tokens=14_200, most_tools=40)


def server(name: str, *tools: str, state: ToolState = ToolState.ENABLED, enabled: bool = True) -> ServerView:
    views = tuple(ToolView(name=tool, own_name=tool, state=state) for tool in tools)
    return server_view(name, enabled=enabled, tools=views)


SERVERS = (
    server("files", "read_file", "write_file", "list_directory"),
    server("github", "create_issue", "merge_pull_request", state=ToolState.ASKS),
    server("weather", "forecast_for_the_next_days", enabled=False),
)
CURSOR = HostView(
    name="cursor",
    title="Cursor",
    state=HostState.CONNECTED,
    config_path="/home/robin/.cursor/mcp.json",
    sessions=1,
    offer=OFFER,
)
CHANGE = HostChange(
    host="cursor",
    action=HostAction.CONNECT,
    path="/x",
    before_exists=True,
    diff="--- a\n+++ b\n@@ -1 +1 @@\n-{}\n+{1}\n",
    token="t",
    entries=EntryMode.EACH,
)


class Desk:
    """The page over a mirror that the test fills; the gateway answers what it is asked with what stands here."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self.asked: list[Command[Any]] = []
        self.refusal: OstiaryError | None = None
        self.mirror = Mirror()
        self.page = HostsPage(theme, self.mirror, self._ask)
        qtbot.addWidget(self.page)
        self.tell(CURSOR)
        self.mirror.take_event(events.Servers(servers=SERVERS))
        self.page.resize(*WIDE)
        with qtbot.waitExposed(self.page):
            self.page.show()

    @property
    def row(self) -> HostRow:
        row = self.page.rows.row("cursor")
        assert isinstance(row, HostRow)
        return row

    def tell(self, host: HostView) -> None:
        """The gateway says how a host stands."""
        self.mirror.take_event(events.Hosts(hosts=(host,)))

    def choose(self, choice: HostChoice, offer: HostOffer = OFFER) -> None:
        self.tell(replace(CURSOR, choice=choice, offer=offer))

    def tool(self, server: str, own_name: str) -> ToolOfHost:
        return self.page.detail.tree.row(server).tool(own_name)

    def said(self, within: QWidget) -> str:
        words = [one.text() for one in within.findChildren(QLabel) if one.isVisible()]
        return "\n".join(words + [one.text() for one in within.findChildren(QPushButton) if one.isVisible()])

    def _ask(
        self,
        command: Command[Any],
        on_result: Callable[[Any], None] | None = None,
        on_error: Callable[[Any], None] | None = None,
    ) -> None:
        self.asked.append(command)
        if self.refusal is not None and on_error is not None:
            on_error(self.refusal)
        elif on_result is not None:
            on_result(CHANGE if isinstance(command, PlanConnect) else CURSOR)


@pytest.fixture
def desk(qtbot: QtBot, dressed: Theme) -> Desk:
    return Desk(qtbot, dressed)


def click(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def press(widget: QWidget, key: Qt.Key) -> None:
    widget.setFocus()
    QTest.keyClick(widget, key)


def opened(desk: Desk, *servers: str) -> None:
    """The detail, with the tools of these servers."""
    click(desk.row.sees_button)
    for one in servers:
        click(desk.page.detail.tree.row(one).opener)


def test_a_host_that_is_shown_more_than_it_takes_says_so_with_two_ways_out(desk: Desk) -> None:
    assert "60 tools ≈ 14.2k tokens" in desk.said(desk.row)
    assert "It is shown 60 tools; this host takes 40." in desk.said(desk.row)
    click(desk.row.search_button)
    assert desk.asked == [SearchToolsForHost(host="cursor", on=True)]
    click(desk.row.choose_button)
    assert desk.page.detail.isVisible()
    assert desk.page.detail.tree.row("files").opener.hasFocus()


def test_what_is_much_for_a_model_is_said_where_no_limit_is_known(desk: Desk) -> None:
    desk.choose(HostChoice(), HostOffer(tools=50, tokens=12_000, all_tools=50, all_tokens=12_000))
    assert "are much for a model" in desk.said(desk.row)
    desk.choose(HostChoice(), HostOffer(tools=5, tokens=900, all_tools=50, all_tokens=12_000))
    assert "are much for a model" not in desk.said(desk.row)
    assert "5 tools ≈ 900 tokens, of 50 tools ≈ 12.0k tokens" in desk.said(desk.row)
    assert not desk.row.search_button.isVisible()


def test_a_click_on_a_switch_hides_a_server_and_the_next_shows_it_again(desk: Desk) -> None:
    opened(desk)
    row = desk.page.detail.tree.row("files")
    click(row.switch)
    assert desk.asked[-1] == ShowServerToHost(host="cursor", server="files", shown=False)
    assert row.switch.isChecked()
    desk.choose(HostChoice(hidden_servers=("files",)))
    assert not row.switch.isChecked()
    assert host_words.HIDDEN_HERE in desk.said(row)
    press(row.switch, Qt.Key.Key_Space)
    assert desk.asked[-1] == ShowServerToHost(host="cursor", server="files", shown=True)


def test_how_long_a_host_waits_is_told_where_it_is_known(desk: Desk) -> None:
    opened(desk)
    assert "It waits" not in desk.said(desk.page.detail)
    for resets, words in ((False, "so decide within that"), (True, "longer while it hears of progress")):
        limits = HostLimits(tools=40, call_timeout_s=60, progress_resets_timeout=resets)
        desk.tell(replace(CURSOR, limits=limits))
        assert "Cursor takes 40 tools. It waits 1 min for an answer" in desk.said(desk.page.detail)
        assert words in desk.said(desk.page.detail)


def test_only_servers_that_are_on_can_be_chosen(desk: Desk) -> None:
    opened(desk)
    assert [name for name in ("files", "github", "weather") if desk.page.detail.tree.rows.row(name)] == [
        "files",
        "github",
    ]


def test_a_tool_is_hidden_by_a_click_and_told_as_the_gateway_says(desk: Desk) -> None:
    opened(desk, "files")
    row = desk.tool("files", "write_file")
    click(row.choice.button(ToolState.DISABLED))
    wish = SetToolForHost(host="cursor", server="files", own_name="write_file", state=ToolState.DISABLED)
    assert desk.asked == [wish]
    assert row.choice.button(ToolState.ENABLED).isChecked()
    desk.choose(HostChoice(tools={"files": {"write_file": ToolState.DISABLED}}))
    assert row.choice.button(ToolState.DISABLED).isChecked()
    assert "2 of 3 tools" in desk.said(desk.page.detail)
    click(row.choice.button(ToolState.ENABLED))
    assert desk.asked[-1] == replace(wish, state=ToolState.ENABLED)


def test_a_tool_that_asks_for_all_cannot_be_laxer_here_and_going_back_is_no_choice(desk: Desk) -> None:
    desk.choose(HostChoice(tools={"github": {"create_issue": ToolState.DISABLED}}))
    opened(desk, "github")
    row = desk.tool("github", "create_issue")
    assert not row.choice.button(ToolState.ENABLED).isEnabled()
    assert "It asks for all hosts." in desk.said(row)
    click(row.choice.button(ToolState.ASKS))
    assert desk.asked == [
        SetToolForHost(host="cursor", server="github", own_name="create_issue", state=ToolState.ENABLED)
    ]


def test_a_servers_name_is_shown_as_it_is(desk: Desk) -> None:
    named = replace(server("notes"), title="R&D \u202enotes")
    desk.mirror.take_event(events.Servers(servers=(named,)))
    desk.choose(HostChoice())
    opened(desk, "notes")
    assert desk.page.detail.tree.row("notes").opener.text().endswith("R&&D ⟨U+202E⟩notes")


def test_everything_in_the_tree_can_be_reached_and_done_by_keyboard(desk: Desk) -> None:
    press(desk.row.sees_button, Qt.Key.Key_Space)
    detail = desk.page.detail
    assert detail.close_button.hasFocus()
    row = detail.tree.row("files")
    press(row.opener, Qt.Key.Key_Right)
    assert desk.tool("files", "read_file").isVisible()
    reached = set()
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    tools = [desk.tool("files", name) for name in ("read_file", "write_file", "list_directory")]
    wanted: set[QWidget] = {tool.choice.button(state) for tool in tools for state in ToolState}
    wanted |= {row.opener, row.switch, detail.search, detail.entries.button(EntryMode.EACH)}
    assert wanted <= reached
    assert all(one.accessibleName() for one in wanted)
    press(tools[0].choice.button(ToolState.ASKS), Qt.Key.Key_Space)
    assert desk.asked[-1] == SetToolForHost(host="cursor", server="files", own_name="read_file", state=ToolState.ASKS)
    press(row.opener, Qt.Key.Key_Left)
    assert not row.tools.isVisible()


def test_tool_search_is_switched_and_tools_can_then_be_kept_in_the_list(desk: Desk) -> None:
    opened(desk, "files")
    assert not desk.tool("files", "read_file").pin.isVisible()
    click(desk.page.detail.search)
    assert desk.asked == [SearchToolsForHost(host="cursor", on=True)]
    found = HostOffer(tools=3, tokens=400, all_tools=60, all_tokens=14_200, found_tools=60, found_tokens=14_200)
    desk.choose(HostChoice(tool_search=True), found)
    assert "3 tools ≈ 400 tokens; 60 tools ≈ 14.2k tokens are found by search" in desk.said(desk.page.detail)
    click(desk.tool("files", "read_file").pin)
    assert desk.asked[-1] == PinToolForHost(host="cursor", server="files", own_name="read_file", pinned=True)
    desk.choose(HostChoice(tool_search=True, pinned={"files": ("read_file",)}), found)
    assert desk.tool("files", "read_file").pin.text() == host_words.PINNED
    click(desk.page.detail.search)
    assert desk.asked[-1:] == [SearchToolsForHost(host="cursor", on=False)]


def test_one_entry_or_several_is_a_change_that_is_shown_before_it_is_written(desk: Desk) -> None:
    opened(desk)
    click(desk.page.detail.entries.button(EntryMode.EACH))
    assert desk.asked == [PlanConnect(host="cursor", entries=EntryMode.EACH)]
    assert desk.page.detail.entries.button(EntryMode.ONE).isChecked()
    assert desk.row.plan.isVisible()
    assert not desk.page.detail.isVisible()


def test_a_refusal_stands_in_the_detail(desk: Desk) -> None:
    opened(desk)
    desk.refusal = UsageError("No host is named so", "Look again.")
    click(desk.page.detail.search)
    assert "No host is named so" in desk.said(desk.page.detail)


def test_a_host_that_is_gone_takes_its_detail_along(desk: Desk) -> None:
    opened(desk)
    desk.tell(replace(CURSOR, state=HostState.NOT_FOUND))
    assert not desk.page.detail.isVisible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_the_detail_fits_and_is_pictured(
    qapp: QApplication, dressed: Theme, desk: Desk, screenshot: Screenshot, scheme: Scheme, size: tuple[int, int]
) -> None:
    dressed.apply(qapp, scheme)
    chosen = {"files": {"write_file": ToolState.ASKS, "list_directory": ToolState.DISABLED}}
    searches = HostOffer(tools=4, tokens=700, all_tools=61, all_tokens=14_500, found_tools=60, found_tokens=14_200)
    choice = HostChoice(tools=chosen, pinned={"files": ("read_file",)}, tool_search=size == NARROW)
    desk.choose(choice, searches if size == NARROW else OFFER)
    desk.page.resize(*size)
    screenshot(f"host-row-{scheme}-{size[0]}", desk.page)
    opened(desk, "files", "github")
    screenshot(f"host-detail-{scheme}-{size[0]}", desk.page)
    detail = desk.page.detail
    assert desk.page.width() == size[0]
    assert detail.width() <= size[0]
    assert desk.page.area.isVisible() == (size == WIDE)
    for one in detail.tree.findChildren(ToolOfHost):
        assert one.width() <= detail.width()
