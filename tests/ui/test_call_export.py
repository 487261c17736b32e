"""Calls written to a file: all that match, whole or not at all, in two forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ostiary.control.messages import Command, ListCalls
from ostiary.domain.call import CallFilter, CallRow
from ostiary.domain.errors import UnreachableError
from ostiary.ui.asking import OnError
from ostiary.ui.call_export import PAGE_ROWS, CallExport, csv_lines
from ostiary.ui.pages import activity_words as words
from tests.support import fake_world
from tests.support.front import Front

R = TypeVar("R")


class Log:
    """A log that answers as the gateway does, later and a page at a time; it may fail at a page."""

    def __init__(self, count: int, fails_at: int = 0) -> None:
        self.rows = [replace(fake_world.call(1), id=number, item=f"/{number}") for number in range(1, count + 1)]
        self.asked: list[ListCalls] = []
        self._fails_at = fails_at

    def ask(
        self, command: Command[R], on_result: Callable[[R], None] | None = None, on_error: OnError | None = None
    ) -> None:
        assert isinstance(command, ListCalls)
        assert on_result is not None
        assert on_error is not None
        self.asked.append(command)
        if len(self.asked) == self._fails_at:
            QTimer.singleShot(0, lambda: on_error(UnreachableError("The gateway stopped")))
            return
        found = [row for row in self.rows if not command.before or row.id < command.before]
        page = tuple(found[-command.limit :])
        QTimer.singleShot(0, lambda: on_result(cast("R", page)))


def exported(qtbot: QtBot, path: Path, log: Log, wanted: CallFilter = CallFilter()) -> str:  # noqa: B008 - frozen
    """Exports to the end; gives the reason it failed for, or nothing."""
    export = CallExport(path, wanted, log.ask)
    with qtbot.waitSignal(export.ended) as ended:
        export.start()
    return str(ended.args[0])


def test_every_call_is_in_the_file_once_the_newest_first(qtbot: QtBot, tmp_path: Path) -> None:
    path, log = tmp_path / "calls.jsonl", Log(2 * PAGE_ROWS + 3)
    assert exported(qtbot, path, log, CallFilter(host="cursor")) == ""
    found = [json.loads(line)["id"] for line in path.read_text().splitlines()]
    assert found == list(range(2 * PAGE_ROWS + 3, 0, -1))
    assert all(command.filter == CallFilter(host="cursor") for command in log.asked)


def test_csv_has_a_head_and_a_time_that_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    exported(qtbot, path, Log(2))
    head, first, second = csv.reader(io.StringIO(path.read_text()))
    assert head == [*CallRow.__struct_fields__, "time"]
    assert (first[0], second[0]) == ("2", "1")
    assert first[-1].startswith("20")


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx"])
def test_no_name_becomes_a_formula(name: str) -> None:
    (line,) = csv.reader(io.StringIO(csv_lines((replace(fake_world.call(1), tool=name),)).decode()))
    assert line[CallRow.__struct_fields__.index("tool")] == f"'{name}"


def test_a_file_that_was_there_stays_when_the_export_fails_or_is_cancelled(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text("mine")
    assert "The gateway stopped" in exported(qtbot, path, Log(3 * PAGE_ROWS, fails_at=2))
    export = CallExport(path, CallFilter(), Log(3 * PAGE_ROWS).ask)
    with qtbot.waitSignal(export.progressed):
        export.start()
    export.cancel()
    assert path.read_text() == "mine"
    assert [found.name for found in tmp_path.iterdir()] == ["calls.jsonl"]


def test_a_folder_that_is_not_there_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    assert exported(qtbot, tmp_path / "nowhere" / "calls.csv", Log(1))


def test_the_page_tells_how_many_calls_are_where(front: Front, tmp_path: Path) -> None:
    page = front.application.activity
    front.show_place(3)
    page.export_wanted.emit(tmp_path / "calls.jsonl", CallFilter())
    front.wait(page.export_bar.close_button.isVisible)
    assert words.exported(3, str(tmp_path / "calls.jsonl")) in front.words(page.export_bar)
    assert len((tmp_path / "calls.jsonl").read_text().splitlines()) == 3


def test_what_cannot_be_written_is_told_in_the_page(front: Front, tmp_path: Path) -> None:
    page = front.application.activity
    front.show_place(3)
    page.export_wanted.emit(tmp_path / "no" / "calls.jsonl", CallFilter())
    front.wait(page.export_bar.close_button.isVisible)
    assert "Nothing was exported" in front.words(page.export_bar)
