"""A server's output: followed, searched, copied, cleared from view; and the small curve of its memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ostiary.control.messages import PlanImport, ServerOutput
from ostiary.domain.host_import import ImportRequest
from ostiary.domain.server import ServerOrigin, ServerState, ServerView, ToolView
from ostiary.ui import words
from ostiary.ui.pages import server_words
from ostiary.ui.pages.server_output import OVERLAP_CHARACTERS, ServerOutputView, since
from ostiary.ui.pages.server_row import ServerRow
from ostiary.ui.parts.sparkline import points
from ostiary.ui.theme import Theme
from tests.support.front import Front
from tests.support.server_views import server_view


class Server:
    """Writes, and answers those who ask for what it wrote."""

    def __init__(self) -> None:
        self.wrote = ""
        self.asked = 0

    def ask(self, command: object, on_result: Callable[[str], None], on_error: object = None) -> None:
        assert isinstance(command, ServerOutput)
        self.asked += 1
        on_result(self.wrote)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def view(qtbot: QtBot, dressed: Theme, server: Server) -> ServerOutputView:
    view = ServerOutputView(server.ask)  # type: ignore[arg-type]  # it answers this one command only
    qtbot.addWidget(view)
    return view


def test_what_a_server_writes_is_followed_while_it_shows(qtbot: QtBot, view: ServerOutputView, server: Server) -> None:
    server.wrote = "one\n"
    view.open_for("github", "GitHub")
    server.wrote += "two\n"
    qtbot.waitUntil(lambda: "two" in view.text.toPlainText())
    view.hide()
    asked = server.asked
    with qtbot.assertNotEmitted(view.text.textChanged, wait=1_500):
        server.wrote += "three\n"
    assert server.asked == asked


def test_one_who_scrolled_up_is_left_where_they_read(qtbot: QtBot, view: ServerOutputView, server: Server) -> None:
    server.wrote = "".join(f"line {number}\n" for number in range(300))
    view.open_for("github", "GitHub")
    view.text.verticalScrollBar().setValue(10)
    server.wrote += "newest\n"
    qtbot.waitUntil(lambda: "newest" in view.text.toPlainText())
    assert view.text.verticalScrollBar().value() == 10


def test_search_goes_on_and_back_and_around_the_end(view: ServerOutputView, server: Server) -> None:
    server.wrote = "Error a\nfine\nerror b\n"
    view.open_for("github", "GitHub")
    QTest.keyClicks(view.search, "error")
    assert view.text.textCursor().blockNumber() == 0
    assert view.text.textCursor().selectedText() == "Error"
    QTest.keyClick(view.search, Qt.Key.Key_Return)
    assert view.text.textCursor().blockNumber() == 2
    view.next.click()
    assert view.text.textCursor().blockNumber() == 0
    view.previous.click()
    assert view.text.textCursor().blockNumber() == 2


def test_what_was_found_and_marked_stays_so_while_the_server_goes_on(
    qtbot: QtBot, view: ServerOutputView, server: Server
) -> None:
    server.wrote = "error 😀 a\nerror b\nerror c\n" + "a line\n" * 100
    view.open_for("github", "GitHub")
    QTest.keyClicks(view.search, "error")
    server.wrote += "more\n"
    qtbot.waitUntil(lambda: "more" in view.text.toPlainText())

    view.next.click()
    assert view.text.textCursor().blockNumber() == 1

    server.wrote = server.wrote.partition("\n")[2] + "and its beginning has gone\n"
    qtbot.waitUntil(lambda: view.text.toPlainText() == server.wrote)
    assert view.text.textCursor().selectedText() == "error"
    assert view.text.textCursor().blockNumber() == 0
    view.next.click()
    assert view.text.textCursor().blockNumber() == 1


def test_characters_that_would_turn_the_output_around_are_named(
    qtbot: QtBot, view: ServerOutputView, server: Server
) -> None:
    server.wrote = "safe\u202egnihton\u2029a\xa0line\n"
    view.open_for("github", "GitHub")
    assert view.text.toPlainText() == "safe⟨U+202E⟩gnihton⟨U+2029⟩a⟨U+00A0⟩line\n"
    with qtbot.assertNotEmitted(view.text.textChanged, wait=1_500):
        pass


def test_cleared_view_shows_only_what_comes_after_and_nothing_is_lost(
    qtbot: QtBot, view: ServerOutputView, server: Server
) -> None:
    server.wrote = "old\n"
    view.open_for("github", "GitHub")
    view.clear.click()
    assert view.text.toPlainText() == server_words.NO_OUTPUT
    server.wrote += "new\n"
    qtbot.waitUntil(lambda: view.text.toPlainText() == "new\n")
    view.copy.click()
    assert QGuiApplication.clipboard().text() == "new\n"
    view.open_for("files", "Files")
    assert view.text.toPlainText() == "old\nnew\n"


def test_cleared_text_is_found_again_where_the_beginning_has_gone() -> None:
    long = "x" * OVERLAP_CHARACTERS + "the end\n"
    assert since("gone" + long, long + "new") == "new"
    assert since("", "all") == "all"
    assert since("tick\n" * 200, "tick\n" * 203) == "tick\n" * 3
    assert since("something else", "all") == "all"


def test_steady_memory_looks_steady_and_a_growing_one_grows() -> None:
    assert len({point.y() for point in points((5.0, 5.0, 5.0), 72, 18)}) == 1
    heights = [point.y() for point in points((1.0, 2.0, 4.0), 72, 18)]
    assert heights == sorted(heights, reverse=True)
    assert points((), 72, 18) == []


def running(memory_bytes: int, state: ServerState = ServerState.RUNNING) -> ServerView:
    tools = ToolView(name="a", own_name="a", tokens=1_200), ToolView(name="b", own_name="b", tokens=300)
    return server_view("files", origin=ServerOrigin.BUNDLED, state=state, memory_bytes=memory_bytes, tools=tools)


def test_row_draws_the_memory_of_a_server_while_it_runs(qtbot: QtBot, dressed: Theme) -> None:
    row = ServerRow(dressed, running(1_000_000))
    qtbot.addWidget(row)
    row.show()
    assert not row.memory.isVisible()
    row.show_value(running(2_000_000))
    assert row.memory.isVisible()
    assert "2 MB" in row.memory.accessibleName()
    row.show_value(running(0, ServerState.STOPPED))
    assert not row.memory.isVisible()


def test_row_says_what_the_definitions_cost() -> None:
    assert words.server_facts(running(0, ServerState.STOPPED), 0.0) == "2 tools ≈ 1,500 tokens"


def test_block_of_json_is_pasted_from_the_form_and_looked_at_before_anything_is_added(front: Front) -> None:
    page = front.application.servers.page
    front.click(front.button(page, words.ADD))
    front.click(page.form.paste)
    assert not page.form.isVisible()
    block = '{"mcpServers": {"tides": {"command": "uvx", "args": ["tides"], "env": {"TIDES_KEY": "s3cr3t"}}}}'
    page.pasting.paste.setPlainText(block)
    front.click(page.pasting.show_pasted)
    front.wait_asked(PlanImport(request=ImportRequest(pasted=block)))


def test_hidden_characters_of_a_command_are_made_visible_before_it_is_added() -> None:
    assert "\u202e" not in words.exact_command(("uvx", "x\u202e--good"))
