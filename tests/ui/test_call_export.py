"""Calls written to a file: all that match, whole or not at all, in two forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ostiary.domain.call import CallFilter, CallRow
from ostiary.domain.call_index import BLOCK_IDS
from ostiary.ui.call_export import PAGE_BLOCKS, CallExport, csv_lines
from ostiary.ui.pages import activity_words as words
from tests.support import fake_world
from tests.support.call_book import Asked, CallBook
from tests.support.front import Front

MANY = 20_000
"""More than one step of the log's index."""


class Log(Asked):
    """A log of so many calls that answers as the gateway does; it may fail at a command."""

    def __init__(self, book: CallBook, count: int, fails_at: int = 0) -> None:
        super().__init__(book, lambda answer: QTimer.singleShot(0, answer), fails_at)
        book.note(replace(fake_world.call(1), id=number, item=f"/{number}") for number in range(1, count + 1))


@pytest.fixture
def book() -> Iterator[CallBook]:
    with closing(CallBook()) as opened:
        yield opened


def exported(qtbot: QtBot, path: Path, log: Log, wanted: CallFilter = CallFilter()) -> str:  # noqa: B008 - frozen
    """Exports to the end; gives the reason it failed for, or nothing."""
    export = CallExport(path, wanted, log)
    with qtbot.waitSignal(export.ended) as ended:
        export.start()
    return str(ended.args[0])


def test_every_call_is_in_the_file_once_the_newest_first(qtbot: QtBot, tmp_path: Path, book: CallBook) -> None:
    path = tmp_path / "calls.jsonl"
    assert exported(qtbot, path, Log(book, MANY)) == ""
    found = [json.loads(line)["id"] for line in path.read_text().splitlines()]
    assert found == list(range(MANY, 0, -1))


def test_only_what_matches_is_in_the_file_wherever_in_the_log_it_is(
    qtbot: QtBot, tmp_path: Path, book: CallBook
) -> None:
    path, log = tmp_path / "calls.jsonl", Log(book, MANY)
    book.note((fake_world.call(7),), arguments='{"q":"needle"}')
    assert exported(qtbot, path, log, CallFilter(anywhere="needle")) == ""
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == [7]


def test_an_export_tells_how_far_it_is(qtbot: QtBot, tmp_path: Path, book: CallBook) -> None:
    export = CallExport(tmp_path / "calls.csv", CallFilter(), Log(book, MANY))
    told: list[tuple[int, float]] = []
    export.progressed.connect(lambda count, share: told.append((count, share)))
    with qtbot.waitSignal(export.ended):
        export.start()
    assert told == sorted(told)
    assert told[-1] == (MANY, 1.0)
    assert len(told) > MANY // (PAGE_BLOCKS * BLOCK_IDS)


def test_a_log_without_calls_makes_a_file_without_lines(qtbot: QtBot, tmp_path: Path, book: CallBook) -> None:
    assert exported(qtbot, tmp_path / "calls.jsonl", Log(book, 0)) == ""
    assert (tmp_path / "calls.jsonl").read_text() == ""


def test_csv_has_a_head_and_a_time_that_can_be_read(qtbot: QtBot, tmp_path: Path, book: CallBook) -> None:
    path = tmp_path / "calls.csv"
    exported(qtbot, path, Log(book, 2))
    head, first, second = csv.reader(io.StringIO(path.read_text()))
    assert head == [*CallRow.__struct_fields__, "time"]
    assert (first[0], second[0]) == ("2", "1")
    assert first[-1].startswith("20")


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx"])
def test_no_name_becomes_a_formula(name: str) -> None:
    (line,) = csv.reader(io.StringIO(csv_lines((replace(fake_world.call(1), tool=name),)).decode()))
    assert line[CallRow.__struct_fields__.index("tool")] == f"'{name}"


def test_a_file_that_was_there_stays_when_the_export_fails_or_is_cancelled(
    qtbot: QtBot, tmp_path: Path, book: CallBook
) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text("mine")
    assert "The gateway stopped" in exported(qtbot, path, Log(book, MANY, fails_at=3))
    export = CallExport(path, CallFilter(), Log(book, MANY))
    with qtbot.waitSignal(export.progressed):
        export.start()
    export.cancel()
    assert path.read_text() == "mine"
    assert [found.name for found in tmp_path.iterdir()] == ["calls.jsonl"]


def test_a_folder_that_is_not_there_is_told(qtbot: QtBot, tmp_path: Path, book: CallBook) -> None:
    assert exported(qtbot, tmp_path / "nowhere" / "calls.csv", Log(book, 1))


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
