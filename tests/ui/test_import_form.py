"""A person brings servers in: over the real gateway with a mouse, and each state of the form by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ostiary.control.messages import ApplyImport, Command, GetImportProgress, PlanImport, StopImport, UndoImport
from ostiary.domain.errors import HostFileError, OstiaryError
from ostiary.domain.host_import import Candidate, Imported, ImportPlan, ImportProgress, ImportRequest, Wanted
from ostiary.ui.pages import import_words as words
from ostiary.ui.pages.import_candidate import CandidateRow
from ostiary.ui.pages.import_form import ImportForm
from ostiary.ui.theme import Scheme, Theme
from tests.support.bundles import bundle, manifest
from tests.support.desk import Desk
from tests.support.desktop import Screenshot, Xdotool
from tests.support.gateway_process import household
from tests.support.labels import said

HOSTS = 1
TOKEN = "ghp_" + "a1B2" * 9
BEFORE = json.dumps({"mcpServers": {"git": {"command": "git-mcp", "env": {"GITHUB_TOKEN": TOKEN}}}}, indent=2)


class Gateway:
    """Keeps what it is asked; a test answers when it likes."""

    def __init__(self) -> None:
        self.asked: list[tuple[Command[Any], Callable[[Any], None], Callable[[OstiaryError], None]]] = []

    def __call__(
        self,
        command: Command[Any],
        on_result: Callable[[Any], None] | None = None,
        on_error: Callable[[OstiaryError], None] | None = None,
    ) -> None:
        assert on_result is not None
        assert on_error is not None
        self.asked.append((command, on_result, on_error))

    @property
    def requests(self) -> list[ImportRequest]:
        return [command.request for command, _, _ in self.asked if isinstance(command, PlanImport)]

    def answer(self, result: object, number: int = -1) -> None:
        self.asked[number][1](result)


def candidate(name: str, **more: Any) -> Candidate:
    return Candidate(**{"name": name, "found_in": ("Cursor",), "command": (f"{name}-mcp",), "chosen": True, **more})


def plan(*candidates: Candidate, token: str = "t") -> ImportPlan:
    return ImportPlan(candidates=candidates, token=token)


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def form(qtbot: QtBot, dressed: Theme, gateway: Gateway) -> ImportForm:
    form = ImportForm(dressed, gateway)
    qtbot.addWidget(form)
    form.open_form()
    return form


def row(form: ImportForm, name: str) -> CandidateRow:
    found = form.rows.row(name)
    assert isinstance(found, CandidateRow)
    return found


def test_what_would_run_is_shown_whole_and_what_cannot_come_says_why(form: ImportForm, gateway: Gateway) -> None:
    form.from_hosts.click()
    exact = ("git-mcp", "--root", "/a path", "x" * 300)
    gateway.answer(
        plan(
            candidate("git", command=exact, environment={"T": "‹masked›"}, secrets={"T": "T"}, note="Seen by others."),
            candidate("far", problem="It is far away.", chosen=False),
        )
    )
    for sentence in ("git-mcp --root '/a path' " + "x" * 300, "T=‹masked›", words.kept("T", "T"), "Seen by others."):
        assert sentence in said(form)
    assert "It is far away." in said(form)
    assert not row(form, "far").tick.isEnabled()
    assert form.go.text() == words.bring_in(1)


def test_a_yes_is_bound_to_the_newest_plan_whatever_arrives_late(form: ImportForm, gateway: Gateway) -> None:
    form.from_hosts.click()
    gateway.answer(plan(candidate("a"), candidate("b")))
    row(form, "b").tick.click()
    assert gateway.requests[-1].names == ("a",)
    assert not form.go.isEnabled()
    gateway.answer(plan(candidate("a"), candidate("b"), token="late"), 0)
    assert not form.go.isEnabled()
    gateway.answer(plan(candidate("a"), candidate("b", chosen=False), token="new"))
    form.go.click()
    assert gateway.asked[-1][0] == ApplyImport(request=ImportRequest(names=("a",)), token="new")


def test_with_nothing_ticked_nothing_can_be_brought_in(form: ImportForm, gateway: Gateway) -> None:
    form.from_hosts.click()
    gateway.answer(plan(candidate("a")))
    row(form, "a").tick.click()
    assert not form.go.isVisible()
    assert len(gateway.requests) == 1
    row(form, "a").tick.click()
    assert gateway.requests[-1].names == ("a",)


def test_ticks_that_come_before_the_answer_all_count(form: ImportForm, gateway: Gateway) -> None:
    form.from_hosts.click()
    gateway.answer(plan(candidate("a"), candidate("b"), candidate("c")))
    row(form, "a").tick.click()
    row(form, "b").tick.click()
    assert gateway.requests[-1].names == ("c",)
    assert [row(form, name).tick.isChecked() for name in "abc"] == [False, False, True]


def test_what_was_unticked_stays_so_whatever_else_is_chosen(form: ImportForm, gateway: Gateway) -> None:
    form.from_hosts.click()
    gateway.answer(plan(candidate("a")))
    assert form.replace.isVisible()
    row(form, "a").tick.click()
    assert not form.replace.isVisible()
    row(form, "a").tick.click()
    gateway.answer(plan(candidate("a")))
    assert form.replace.isVisible()


def test_unticking_all_ends_the_wait_for_a_bundle(form: ImportForm, gateway: Gateway) -> None:
    form.look_at_file("/bundles/notes.mcpb")
    gateway.answer(plan(candidate("a"), candidate("b")))
    row(form, "a").tick.click()
    assert form.progress.clock.isActive()
    row(form, "b").tick.click()
    assert not form.progress.clock.isActive()


def test_what_a_bundle_asks_for_is_typed_unseen_where_it_is_a_secret_and_forgotten_at_the_end(
    form: ImportForm, gateway: Gateway
) -> None:
    form.look_at_file("/x/weather.mcpb")
    asked = (
        Wanted(key="key", title="Key", sensitive=True, required=True),
        Wanted(key="city", title="City", default="Graz"),
    )
    gateway.answer(plan(candidate("weather", wanted=asked, problem="It asks for: Key.", chosen=False)))
    field = form.answers.fields["key"]
    assert isinstance(field, QLineEdit)
    assert field.echoMode() is QLineEdit.EchoMode.Password
    field.setText("s3cret")
    form.answers.use.click()
    assert gateway.requests[-1] == ImportRequest(file="/x/weather.mcpb", answers={"key": "s3cret", "city": "Graz"})
    form.close_form()
    assert not form.answers.fields
    assert not form.isVisible()


def test_a_refusal_is_said_where_it_happened_and_keeps_what_was_chosen(form: ImportForm, gateway: Gateway) -> None:
    form.from_hosts.click()
    gateway.answer(plan(candidate("a")))
    form.go.click()
    gateway.asked[-1][2](HostFileError("A host's file has changed", "Look once more."))
    assert "A host's file has changed.\nLook once more." in said(form)
    assert row(form, "a").isVisible()


def test_what_is_ticked_while_it_is_brought_in_neither_counts_nor_hides_that_it_failed(
    form: ImportForm, gateway: Gateway
) -> None:
    form.from_hosts.click()
    gateway.answer(plan(candidate("a"), candidate("b")))
    form.go.click()
    asked = len(gateway.asked)

    row(form, "a").tick.click()
    form.replace.click()

    assert len(gateway.asked) == asked
    gateway.asked[-1][2](HostFileError("A host's file has changed", "Look once more."))
    assert "A host's file has changed.\nLook once more." in said(form)
    row(form, "a").tick.click()
    assert gateway.requests[-1].names == ("b",)


def test_what_was_done_is_said_with_a_way_back(form: ImportForm, gateway: Gateway) -> None:
    form.from_hosts.click()
    gateway.answer(plan(candidate("a")))
    form.go.click()
    gateway.answer(Imported(servers=("a",), secrets=("TOKEN",)))
    assert "In your keyring now: TOKEN." in said(form)
    form.undo.click()
    gateway.answer(Imported(servers=("a",)))
    assert said(form).endswith(words.TAKEN_BACK)
    assert form.cancel.text() == words.CLOSE


def test_a_way_back_is_gone_once_however_often_it_is_pressed(form: ImportForm, gateway: Gateway) -> None:
    form.from_hosts.click()
    gateway.answer(plan(candidate("a")))
    form.go.click()
    gateway.answer(Imported(servers=("a",)))

    form.undo.click()
    form.undo.click()

    assert [type(command) for command, _, _ in gateway.asked].count(UndoImport) == 1
    gateway.asked[-1][2](HostFileError("A host's file has changed", "Look once more."))
    form.undo.click()
    assert [type(command) for command, _, _ in gateway.asked].count(UndoImport) == 2


def test_what_a_way_back_leaves_is_said(form: ImportForm, gateway: Gateway) -> None:
    form.from_hosts.click()
    gateway.answer(plan(candidate("a")))
    form.go.click()
    gateway.answer(Imported(servers=("a",)))
    form.undo.click()
    gateway.answer(Imported(servers=(), kept=("a stays: it was changed since it was brought in.",)))
    assert said(form).endswith(f"{words.TAKEN_BACK_BUT}\na stays: it was changed since it was brought in.")


def test_while_a_bundle_is_read_it_is_told_how_far_it_is(qtbot: QtBot, form: ImportForm, gateway: Gateway) -> None:
    form.look_at_file("/x/large.mcpb")
    qtbot.waitUntil(lambda: isinstance(gateway.asked[-1][0], GetImportProgress))
    gateway.answer(ImportProgress(done_bytes=40_000_000, total_bytes=300_000_000))
    assert "40 of 300 MB of the bundle are done." in said(form)
    gateway.answer(plan(candidate("a")), 0)
    assert not form.progress.isVisible()
    assert not form.progress.clock.isActive()


def test_closing_the_form_while_a_bundle_is_read_stops_that(form: ImportForm, gateway: Gateway) -> None:
    form.look_at_file("/x/large.mcpb")
    form.cancel.click()
    assert isinstance(gateway.asked[-1][0], StopImport)
    form.open_form()
    form.from_hosts.click()
    form.cancel.click()
    assert isinstance(gateway.asked[-1][0], PlanImport), "there is nothing to stop"


@pytest.fixture
def desk(qtbot: QtBot, dressed: Theme, xdotool: Xdotool) -> Iterator[Desk]:
    with household() as place:
        desk = Desk(qtbot, dressed, place, xdotool)
        desk.cursor_file.write_text(BEFORE)
        desk.open()
        yield desk
        desk.close()


@pytest.mark.desktop
def test_a_hosts_servers_are_brought_in_with_their_secret_and_taken_back_byte_for_byte(
    qapp: QApplication, desk: Desk, dressed: Theme, screenshot: Screenshot
) -> None:
    desk.window.show_place(HOSTS)
    page = desk.application.hosts.page
    form = page.import_form
    desk.click(page.bring_in)
    desk.click(form.from_hosts)
    desk.click(form.replace)
    desk.wait(lambda: form.diff.isVisible() and form.go.isEnabled())
    assert TOKEN not in said(form) + form.diff.toPlainText()
    picture(screenshot, qapp, desk, dressed, "import-plan")

    desk.click(form.go)
    desk.wait(form.undo.isVisible)
    after = json.loads(desk.cursor_file.read_text())["mcpServers"]
    assert list(after) == ["ostiary"]
    desk.wait(lambda: "git" in [server.name for server in desk.application.mirror.servers])

    desk.click(form.undo)
    desk.wait(lambda: words.TAKEN_BACK in said(form))
    assert desk.cursor_file.read_text() == BEFORE


@pytest.mark.desktop
def test_a_bundle_asks_and_is_brought_in(
    qapp: QApplication, desk: Desk, dressed: Theme, screenshot: Screenshot, tmp_path: Path
) -> None:
    asked = {
        "key": {"type": "string", "title": "API key", "description": "", "sensitive": True, "required": True},
        "folders": {"type": "directory", "title": "Folders", "description": "What it may see.", "multiple": True},
        "quiet": {"type": "boolean", "title": "Quiet", "description": "", "default": True},
    }
    config = {"command": "python", "args": ["${__dirname}/server/main.py"], "env": {"PLAIN": "${user_config.key}"}}
    server = {"type": "python", "entry_point": "server/main.py", "mcp_config": config}
    path = bundle(tmp_path, manifest(server=server, user_config=asked))
    desk.window.show_place(HOSTS)
    page = desk.application.hosts.page
    form = page.import_form
    desk.click(page.bring_in)
    form.look_at_file(str(path))
    desk.wait(form.answers.isVisible)
    picture(screenshot, qapp, desk, dressed, "import-bundle")
    desk.click(form.answers.fields["key"])
    desk.type("quiet-value")
    desk.click(form.answers.use)
    desk.click(form.go)
    desk.wait(form.undo.isVisible)
    assert "In your keyring now: PLAIN." in said(form)


def picture(screenshot: Screenshot, qapp: QApplication, desk: Desk, theme: Theme, name: str) -> None:
    """Light, dark, and as narrow as the window goes."""
    size = desk.window.size()
    for scheme in (Scheme.DARK, Scheme.LIGHT):
        theme.apply(qapp, scheme)
        screenshot(f"{name}-{scheme}", desk.window)
    desk.window.resize(360, 640)
    desk.wait(lambda: desk.window.width() == 360)
    screenshot(f"{name}-narrow", desk.window)
    desk.window.resize(size)
    desk.wait(lambda: desk.window.size() == size)
