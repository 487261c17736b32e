"""The main job through the installed programs alone: what a person sees, clicks and types, and what a host hears."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import psutil
import pytest
from pytestqt.qtbot import QtBot

from tests.support.desktop import Screenshot, Xdotool
from tests.support.gateway_process import Household, household
from tests.support.host_program import HostProgram
from tests.support.installed import InstalledTray
from tests.support.typist import Typist

pytestmark = pytest.mark.desktop

BEFORE = "[server]\nport = 8080\n"
AFTER = "[server]\nport = 9090\n"
TYPED = "the quick brown fox jumps over the lazy dog and does not look up " * 4
END_DEADLINE_S = 20


@pytest.fixture
def place() -> Iterator[Household]:
    """A person with a folder of projects, and Cursor."""
    with household() as place:
        (place.person / ".cursor").mkdir()
        (place.person / "Projects").mkdir()
        (place.person / "Projects" / "config.toml").write_text(BEFORE)
        yield place


@pytest.fixture
def tray(
    place: Household, qtbot: QtBot, xdotool: Xdotool, tray_host: subprocess.Popen[bytes]
) -> Iterator[InstalledTray]:
    tray = InstalledTray(qtbot, xdotool, place)
    yield tray
    tray.close()


@pytest.fixture
def cursor(tray: InstalledTray, place: Household) -> Iterator[HostProgram]:
    """Cursor, connected and reading the folder: everything before it is done by clicks."""
    tray.see("Choose a folder…")
    added = tray.command("roots", "add", str(place.person / "Projects"))
    tray.click("Allow", "push button")
    tray.wait(lambda: added.poll() == 0)
    tray.click("Files: on or off")
    tray.wait(lambda: tray.see("Files: on or off").checked)
    tray.click("Hosts")
    tray.click("Cursor: Connect…")
    tray.click("Cursor: Write this change")
    tray.see("Cursor, Connected")
    entry = json.loads((place.person / ".cursor" / "mcp.json").read_text())["mcpServers"]["ostiary"]
    cursor = HostProgram(entry, {"HOME": str(place.person), "PATH": "/usr/bin:/bin"})
    try:
        tray.wait(lambda: "edit_file" in (cursor.tools or ()))
        yield cursor
    finally:
        cursor.close()


@pytest.fixture
def typist(cursor: HostProgram, qtbot: QtBot) -> Iterator[Typist]:
    typist = Typist(qtbot)
    yield typist
    typist.end()


def test_the_main_job_runs_from_the_first_click_to_quit(
    tray: InstalledTray, cursor: HostProgram, typist: Typist, place: Household, screenshot: Screenshot
) -> None:
    config = place.person / "Projects" / "config.toml"
    cursor.call("read_text_file", path=str(config))
    tray.wait(lambda: len(cursor.answers) == 1)
    assert "port = 8080" in cursor.answers[0]["text"]

    with subprocess.Popen(["xdotool", "type", "--delay", "15", TYPED]):
        cursor.call("edit_file", path=str(config), edits=[{"oldText": "8080", "newText": "9090"}])
        tray.see("Allow once")
        tray.wait(lambda: typist.has(TYPED))
    assert config.read_text() == BEFORE
    screenshot("installed-asked")
    tray.click("Allow once")
    tray.wait(lambda: len(cursor.answers) == 2)
    assert not cursor.answers[1]["is_error"]
    assert config.read_text() == AFTER

    tray.click("Activity")
    tray.see("edit_file", "cell")
    screenshot("installed-activity")

    everything = tray.everything()
    tray.open_menu()
    screenshot("installed-tray-menu")
    tray.press("Up", "Return")  # the last line is Quit
    assert tray.process.wait(END_DEADLINE_S) == 0
    assert psutil.wait_procs(everything, END_DEADLINE_S)[1] == []  # the system reaps orphans in its own time


def test_a_killed_gateway_is_started_again_with_its_servers(
    tray: InstalledTray, cursor: HostProgram, screenshot: Screenshot
) -> None:
    with tray.kill_gateway():
        tray.see_sentence("The gateway stopped")
        screenshot("installed-gateway-stopped")
        assert [program.pid for program in tray.trays()] == [tray.process.pid]
    tray.wait(lambda: tray.gateway() is not None)
    tray.click("Servers")
    tray.see("Files, Running")
    tray.wait(lambda: not tray.shows("The gateway stopped"))


def test_a_killed_tray_leaves_hosts_their_tools_and_the_next_one_the_questions(
    tray: InstalledTray, cursor: HostProgram, place: Household
) -> None:
    config = place.person / "Projects" / "config.toml"
    gateway = tray.gateway()
    tray.process.kill()
    tray.process.wait()
    cursor.call("read_text_file", path=str(config))
    tray.wait(lambda: len(cursor.answers) == 1)

    tray.start()
    tray.click_icon()
    tray.click("Activity")
    cursor.call("edit_file", path=str(config), edits=[{"oldText": "8080", "newText": "9090"}])
    tray.click("Allow once")
    tray.wait(lambda: len(cursor.answers) == 2)
    assert config.read_text() == AFTER
    assert tray.gateway() == gateway


def test_a_window_that_was_closed_comes_back_by_the_icon_and_by_a_second_start(tray: InstalledTray) -> None:
    tray.see("Servers")
    for come_back in (tray.click_icon, tray.start_again):
        tray.close_window()
        tray.wait(lambda: not tray.shows("Servers"))
        come_back()
        tray.see("Servers")
    assert tray.process.poll() is None


def test_the_quit_command_ends_the_tray_with_its_gateway(tray: InstalledTray) -> None:
    tray.see("Servers")
    everything = tray.everything()
    assert tray.command("quit").wait(END_DEADLINE_S) == 0
    assert tray.process.wait(END_DEADLINE_S) == 0
    assert psutil.wait_procs(everything, END_DEADLINE_S)[1] == []
    assert tray.gateway() is None
