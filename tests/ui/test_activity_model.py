"""The rows of the call table: batched, bounded, filtered."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from ostiary.domain.call import CallFilter, CallRow, Outcome
from ostiary.ui.models.calls import MOST_A_DRAIN, MOST_KEPT, CallsModel, Column, matches
from ostiary.ui.pages import activity_words as words
from tests.ui.activity_cases import call, calls


@pytest.fixture
def model(qtbot: QtBot) -> CallsModel:
    return CallsModel(words.HEADINGS, words.cell)


def ids(model: CallsModel) -> list[int]:
    return [model.row_at(row).id for row in range(model.rowCount())]


def add(qtbot: QtBot, model: CallsModel, rows: Iterable[CallRow]) -> None:
    """Add rows and wait until the model took them in."""
    with qtbot.waitSignal(model.drained):
        model.add(rows)


def test_rows_of_one_drain_come_in_one_insertion(qtbot: QtBot, model: CallsModel) -> None:
    insertions: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: insertions.append((first, last)))
    with qtbot.waitSignal(model.drained):
        for row in calls(1, 500):
            model.add((row,))
    assert insertions == [(0, 499)]


def test_a_drain_takes_no_more_than_its_share(qtbot: QtBot, model: CallsModel) -> None:
    sizes: list[int] = []
    model.drained.connect(sizes.append)
    model.add(calls(1, 2 * MOST_A_DRAIN + 1))
    qtbot.waitUntil(lambda: model.rowCount() == 2 * MOST_A_DRAIN + 1)
    assert sizes == [MOST_A_DRAIN, MOST_A_DRAIN, 1]


def test_a_call_that_ends_changes_its_row_and_adds_none(qtbot: QtBot, model: CallsModel) -> None:
    add(qtbot, model, calls(1, 3))
    ended = msgspec.structs.replace(call(2), outcome=Outcome.ERROR)
    with qtbot.waitSignal(model.dataChanged):
        model.add((ended,))
    assert ids(model) == [1, 2, 3]
    assert model.row_at(1).outcome is Outcome.ERROR


def test_of_two_states_in_one_drain_the_last_stands(qtbot: QtBot, model: CallsModel) -> None:
    add(qtbot, model, (call(1, Outcome.RUNNING), msgspec.structs.replace(call(1), outcome=Outcome.OK)))
    assert [row.outcome for row in model.kept] == [Outcome.OK]


def test_memory_is_bounded_and_the_oldest_go(qtbot: QtBot, model: CallsModel) -> None:
    model.replace(calls(1, MOST_KEPT))
    add(qtbot, model, calls(MOST_KEPT + 1, 10))
    assert len(model.kept) == model.rowCount() == MOST_KEPT
    assert ids(model)[0] == 11


def test_a_filter_hides_without_asking_anyone(qtbot: QtBot, model: CallsModel) -> None:
    add(qtbot, model, calls(1, 50))
    model.set_filter(CallFilter(server="github"))
    assert {model.row_at(row).server for row in range(model.rowCount())} == {"github"}
    model.set_filter(CallFilter())
    assert ids(model) == list(range(1, 51))


def test_live_rows_pass_the_filter_too(qtbot: QtBot, model: CallsModel) -> None:
    model.set_filter(CallFilter(outcome=Outcome.DENIED))
    add(qtbot, model, calls(1, 50))
    assert {model.row_at(row).outcome for row in range(model.rowCount())} == {Outcome.DENIED}


def test_a_row_that_no_longer_matches_leaves_the_table(qtbot: QtBot, model: CallsModel) -> None:
    model.set_filter(CallFilter(outcome=Outcome.RUNNING))
    add(qtbot, model, (call(1, Outcome.RUNNING), call(2, Outcome.RUNNING)))
    with qtbot.waitSignal(model.rowsRemoved):
        model.add((call(1, Outcome.OK),))
    assert ids(model) == [2]


def test_a_row_that_begins_to_match_enters_at_its_place(qtbot: QtBot, model: CallsModel) -> None:
    model.set_filter(CallFilter(outcome=Outcome.OK))
    add(qtbot, model, (call(1, Outcome.OK), call(2, Outcome.RUNNING), call(3, Outcome.OK)))
    with qtbot.waitSignal(model.rowsInserted):
        model.add((call(2, Outcome.OK),))
    assert ids(model) == [1, 2, 3]


def test_an_answer_of_the_log_does_not_lose_newer_live_rows(qtbot: QtBot, model: CallsModel) -> None:
    add(qtbot, model, calls(90, 11))
    model.replace(calls(1, 95))
    assert ids(model) == list(range(1, 101))


def test_older_rows_come_before_and_never_twice(qtbot: QtBot, model: CallsModel) -> None:
    model.replace(calls(50, 10))
    assert model.prepend(calls(45, 10)) == 5
    assert ids(model) == list(range(45, 60))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (CallFilter(), True),
        (CallFilter(host="cursor"), True),
        (CallFilter(host="claude-desktop"), False),
        (CallFilter(server="files"), False),
        (CallFilter(outcome=Outcome.OK), True),
        (CallFilter(outcome=Outcome.FAILED), False),
        (CallFilter(text="ISSUE"), True),
        (CallFilter(text="nowhere"), False),
        (CallFilter(host="cursor", text="create_issue"), True),
    ],
)
def test_a_filter_passes_what_it_names(wanted: CallFilter, expected: bool) -> None:
    row = msgspec.structs.replace(call(2, Outcome.OK), host="cursor")
    assert matches(row, wanted) is expected


def test_every_column_of_every_outcome_has_words() -> None:
    for outcome in Outcome:
        row = msgspec.structs.replace(call(1), outcome=outcome)
        texts = [words.cell(row, column) for column in Column]
        assert all(text for text, column in zip(texts, Column, strict=True) if column is not Column.DURATION)


def test_names_from_outside_show_their_hidden_characters() -> None:
    row = msgspec.structs.replace(call(1), item="a\u202eb", tool="x\ny")
    assert words.cell(row, Column.ITEM) == "a⟨U+202E⟩b"
    assert words.cell(row, Column.TOOL) == "x⟨LF⟩y"
