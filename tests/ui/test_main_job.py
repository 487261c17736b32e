"""The main job in the real window over the real gateway: folder, server, host, a read, and a write that waits."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from ostiary.domain.call import Outcome
from ostiary.domain.root import RootMode
from ostiary.domain.server import ServerState
from ostiary.ui.pages import first_words as words
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.parts.switch import Switch
from tests.support.desk import Desk
from tests.support.desktop import Screenshot
from tests.support.host_program import HostProgram

pytestmark = pytest.mark.desktop

PAGES = ("servers", "hosts", "folders", "activity", "approvals", "secrets")
BEFORE = "[server]\nport = 8080\nworkers = 4\n"
AFTER = "[server]\nport = 9090\nworkers = 4\n"


@pytest.fixture
def config(desk: Desk) -> Path:
    """A file in a folder that the person has approved."""
    folder = desk.folder("Projects", **{"config.toml": BEFORE})
    desk.application.folders.page.add(str(folder))
    desk.wait(lambda: bool(desk.application.mirror.roots))
    return folder / "config.toml"


def choose_in_dialog(desk: Desk, folder: Path) -> None:
    """Type the path into the dialog that has opened, and press Enter."""
    page = desk.application.first_start.page
    desk.wait(lambda: bool(page.findChildren(QFileDialog)))
    (dialog,) = page.findChildren(QFileDialog)
    desk.wait(dialog.isActiveWindow)
    desk.type(str(folder))
    desk.wait(lambda: dialog.selectedFiles() == [str(folder)])
    desk.press("Return")


def switch_in(row: QWidget | None) -> Switch:
    assert row is not None
    (switch,) = row.findChildren(Switch)
    return switch


def change_port(host: HostProgram, config: Path) -> None:
    host.call("edit_file", path=str(config), edits=[{"oldText": "port = 8080", "newText": "port = 9090"}])


def shown_calls(desk: Desk) -> list[tuple[str, Outcome]]:
    """What the table of the page Activity shows: tool and outcome, oldest first."""
    model = desk.application.activity.model
    rows = sorted(model.held(), key=lambda row: row.id)
    return [(row.tool, row.outcome) for row in rows]


@pytest.mark.parametrize("era", ["auto", "legacy"])
def test_a_click_on_the_switch_reaches_a_host_that_is_connected(desk: Desk, config: Path, era: str) -> None:
    desk.connect_cursor()
    cursor = desk.start_cursor(era)
    desk.wait(lambda: cursor.tools == [])
    desk.switch_files(ServerState.RUNNING)
    desk.wait(lambda: "read_text_file" in (cursor.tools or ()))
    desk.switch_files(ServerState.STOPPED)
    desk.wait(lambda: cursor.tools == [])


@pytest.mark.parametrize("era", ["auto", "legacy"])
def test_a_click_on_allow_writes_the_file_and_the_host_hears_of_it(
    desk: Desk, config: Path, screenshot: Screenshot, era: str
) -> None:
    desk.connect_cursor()
    desk.switch_files(ServerState.RUNNING)
    cursor = desk.start_cursor(era)
    desk.wait(lambda: bool(cursor.tools))
    cursor.call("read_text_file", path=str(config))
    desk.wait(lambda: len(cursor.answers) == 1)
    assert "port = 8080" in cursor.answers[0]["text"]
    assert not desk.prompt.isVisible()

    change_port(cursor, config)
    desk.wait(desk.prompt.bar.allow_once.isEnabled)
    assert config.read_text() == BEFORE
    screenshot(f"main-job-{era}-asked")
    desk.click(desk.prompt.bar.allow_once)
    desk.wait(lambda: len(cursor.answers) == 2)

    assert not cursor.answers[1]["is_error"]
    assert config.read_text() == AFTER
    desk.wait(desk.prompt.isHidden)
    desk.wait(lambda: shown_calls(desk) == [("read_text_file", Outcome.OK), ("edit_file", Outcome.OK)])
    for place, page in enumerate(PAGES):
        desk.window.show_place(place)
        screenshot(f"main-job-{era}-{page}", desk.window)


def test_a_click_on_deny_leaves_the_file_and_tells_the_host(desk: Desk, config: Path) -> None:
    desk.connect_cursor()
    desk.switch_files(ServerState.RUNNING)
    cursor = desk.start_cursor()
    desk.wait(lambda: bool(cursor.tools))

    change_port(cursor, config)
    desk.click(desk.prompt.bar.deny)
    desk.wait(lambda: len(cursor.answers) == 1)

    assert cursor.answers[0]["is_error"]
    assert config.read_text() == BEFORE
    desk.wait(lambda: shown_calls(desk) == [("edit_file", Outcome.DENIED)])


def test_the_first_minute_leads_from_nothing_to_an_answer(desk: Desk, screenshot: Screenshot) -> None:
    page = desk.application.first_start.page
    folder = desk.folder("Projects", **{"config.toml": BEFORE})
    assert page.isVisible()
    desk.click(page.choose)
    choose_in_dialog(desk, folder)
    desk.wait(lambda: [root.path for root in desk.application.mirror.roots] == [str(folder)])
    assert desk.application.mirror.roots[0].mode is RootMode.READ_WRITE
    desk.click(switch_in(page.servers.row("files")))
    desk.wait(lambda: desk.files.state is ServerState.RUNNING)
    row = page.hosts.row("cursor")
    assert isinstance(row, HostRow)
    desk.click(row.connect_button)
    desk.wait(row.plan.isVisible)
    assert not desk.cursor_file.exists()
    desk.click(row.plan.write)
    desk.wait(desk.cursor_file.exists)

    cursor = desk.start_cursor()
    desk.wait(lambda: bool(cursor.tools))
    cursor.call("list_directory", path=str(folder))
    desk.wait(lambda: len(cursor.answers) == 1)
    assert "config.toml" in cursor.answers[0]["text"]
    screenshot("main-job-first-minute", desk.window)

    desk.click(page.trying.button)
    desk.wait(page.trying.show_call.isVisible)
    desk.wait(lambda: words.listed("Projects", "config.toml") in page.trying.answer.text())
    desk.click(page.trying.show_call)
    desk.wait(desk.application.activity.pane.isVisible)
    screenshot("main-job-tried", desk.window)
