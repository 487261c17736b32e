"""The lines of the call table: as many as the log has, few of them in memory, grouped, and right while calls come."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ostiary.control.messages import IndexCalls, PageCalls
from ostiary.domain.approval import Decision
from ostiary.domain.call import CallFilter, CallRow, Outcome
from ostiary.domain.call_index import BLOCK_IDS
from ostiary.ui.models.call_feed import MOST_A_DRAIN, MOST_WAITING, CallFeed
from ostiary.ui.models.call_lines import Fold
from ostiary.ui.models.call_match import matches
from ostiary.ui.models.call_shelf import MOST_HELD
from ostiary.ui.models.calls import CallsModel, Column
from ostiary.ui.pages import activity_words as words
from tests.support.call_book import Asked, CallBook
from tests.ui.activity_cases import call, calls


@dataclass
class Table:
    """A model, its feed, and the log behind them."""

    qtbot: QtBot
    book: CallBook
    ask: Asked
    model: CallsModel
    feed: CallFeed

    def show(self, wanted: CallFilter | None = None, *, grouped: bool = False) -> None:
        self.feed.restart(wanted or CallFilter(), grouped=grouped)
        self.qtbot.waitUntil(lambda: not self.feed.is_searching)

    def happen(self, rows: tuple[CallRow, ...]) -> None:
        """The gateway writes them down, then tells."""
        self.book.note(rows)
        self.feed.take(rows)

    def read(self) -> list[int]:
        """The number that each line shows, as a person who scrolls through all of it would see them."""
        numbers: list[int] = []
        while (line := len(numbers)) < self.model.rowCount():
            self.qtbot.waitUntil(partial(self._painted, line))
            if line < self.model.rowCount() and (shown := self.model.line_at(line)) is not None:
                numbers.append(shown.row.id)
        return numbers

    def wait_for(self, numbers: list[int]) -> None:
        self.qtbot.waitUntil(lambda: self.read() == numbers)

    def _painted(self, line: int) -> bool:
        return line >= self.model.rowCount() or self.model.index(line, 0).data() is not None


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[Table]:
    with closing(CallBook()) as book:
        ask = Asked(book, lambda answer: QTimer.singleShot(0, answer))
        model = CallsModel(words.HEADINGS, words.line_cell, words.spoken)
        yield Table(qtbot, book, ask, model, CallFeed(model, ask))


ENDS = (Outcome.OK, Outcome.FAILED, Outcome.DENIED, Outcome.UNANSWERED, Outcome.RUNNING, Outcome.CUT_OFF)


def alike(first: int, count: int, outcome: Outcome = Outcome.OK) -> tuple[CallRow, ...]:
    return tuple(replace(call(4, outcome), id=number) for number in range(first, first + count))


def test_a_log_of_many_calls_has_its_whole_length_and_little_in_memory(table: Table) -> None:
    count = (MOST_HELD + 30) * BLOCK_IDS
    table.book.note(calls(1, count))
    table.show()
    assert table.model.rowCount() == table.model.calls == count
    assert table.read() == list(range(1, count + 1))
    assert len(tuple(table.model.held())) <= MOST_HELD * BLOCK_IDS


def test_only_what_is_looked_at_is_fetched(table: Table) -> None:
    table.book.note(calls(1, 20 * BLOCK_IDS))
    table.show()
    assert not any(isinstance(command, PageCalls) for command in table.ask.commands)
    table.qtbot.waitUntil(lambda: table.model.index(10 * BLOCK_IDS, 0).data() is not None)
    assert [command.blocks for command in table.ask.commands if isinstance(command, PageCalls)] == [(10,)]


def test_calls_of_one_drain_come_in_one_insertion(table: Table) -> None:
    table.show()
    insertions: list[tuple[int, int]] = []
    table.model.rowsInserted.connect(lambda _, first, last: insertions.append((first, last)))
    with table.qtbot.waitSignal(table.model.came):
        for row in calls(1, 1_000):
            table.feed.take((row,))
    assert insertions == [(0, 999)]


def test_a_drain_takes_no_more_than_its_share(table: Table) -> None:
    table.show()
    sizes: list[int] = []
    table.model.came.connect(sizes.append)
    table.feed.take(calls(1, 2 * MOST_A_DRAIN + 1))
    table.qtbot.waitUntil(lambda: table.model.rowCount() == 2 * MOST_A_DRAIN + 1)
    assert sizes == [MOST_A_DRAIN, MOST_A_DRAIN, 1]


def test_a_call_that_ends_changes_its_line_and_adds_none(table: Table) -> None:
    table.book.note(calls(1, 3))
    table.show()
    table.wait_for([1, 2, 3])
    with table.qtbot.waitSignal(table.model.dataChanged):
        table.happen((replace(call(2), outcome=Outcome.ERROR),))
    line = table.model.line_at(1)
    assert line is not None
    assert (table.model.rowCount(), line.row.outcome) == (3, Outcome.ERROR)


def test_of_two_states_in_one_drain_the_last_stands(table: Table) -> None:
    table.show()
    table.feed.take((call(1, Outcome.RUNNING), call(1, Outcome.OK)))
    table.wait_for([1])
    assert [row.outcome for row in table.model.held()] == [Outcome.OK]


def test_calls_that_come_while_the_log_is_looked_through_are_there_once(table: Table) -> None:
    table.book.note(calls(1, 300))
    table.ask.holds = True
    table.feed.restart(CallFilter(), grouped=False)
    table.happen((call(300, Outcome.FAILED), *calls(301, 400)))
    table.ask.let_go()
    table.wait_for(list(range(1, 701)))
    assert {row.id: row.outcome for row in table.model.held()}[300] is Outcome.FAILED


def test_an_answer_that_is_older_than_what_happened_meanwhile_does_not_stay(table: Table) -> None:
    table.book.note((*calls(1, 2), call(3, Outcome.RUNNING)))
    table.show()
    table.ask.holds = True
    assert table.model.index(0, 0).data() is None
    table.qtbot.waitUntil(lambda: isinstance(table.ask.commands[-1], PageCalls))
    table.happen((call(3, Outcome.OK),))
    with table.qtbot.waitSignal(table.feed.progressed):
        pass
    table.ask.let_go()
    table.qtbot.waitUntil(lambda: {row.id: row.outcome for row in table.model.held()}.get(3) is Outcome.OK)


def test_an_old_answer_about_a_block_in_memory_does_not_undo_what_happened_meanwhile(table: Table) -> None:
    table.book.note(calls(1, 100))
    table.show()
    table.wait_for(list(range(1, 101)))
    table.ask.holds = True
    asked = len(table.ask.commands)
    table.happen((call(1, Outcome.FAILED),))
    table.happen(calls(BLOCK_IDS, MOST_WAITING))  # so many that the first is forgotten, and its block asked for
    table.qtbot.waitUntil(lambda: table.model.index(0, 0).data() is not None and len(table.ask.commands) > asked)
    table.happen((call(1, Outcome.DENIED),))
    table.qtbot.waitUntil(lambda: table.model.index(0, 0).data() is not None and table.feed.is_drained)
    table.ask.let_go()
    table.qtbot.waitUntil(lambda: table.feed.is_quiet)
    line = table.model.line_at(0)
    assert line is not None
    assert line.row.outcome is Outcome.DENIED


def test_a_call_in_a_part_of_the_log_that_was_not_looked_at_waits_for_the_look(table: Table) -> None:
    count = 80 * BLOCK_IDS
    table.book.note(calls(1, count))
    table.ask.holds = True
    table.feed.restart(CallFilter(), grouped=False)
    table.feed.stop()
    table.ask.let_go()
    table.qtbot.waitUntil(lambda: table.model.calls > 0)
    table.happen((call(600, Outcome.DENIED),))
    table.qtbot.waitUntil(lambda: table.feed.is_drained)
    assert table.model.row_of(600) == -1
    table.feed.go_on()
    table.qtbot.waitUntil(lambda: table.feed.is_quiet)
    assert table.model.calls == count


@pytest.mark.parametrize(
    "wanted",
    [
        CallFilter(outcome=Outcome.OK),
        CallFilter(server="github"),
        CallFilter(host="claude-desktop", failures=True),
        CallFilter(decision=Decision.DENY),
        CallFilter(tool="outline"),
        CallFilter(anywhere="plan.md"),
        CallFilter(anywhere="sought in a body"),
    ],
)
@pytest.mark.parametrize("grouped", [False, True])
def test_order_and_length_stay_right_under_a_filter_while_calls_come(
    table: Table, wanted: CallFilter, grouped: bool
) -> None:
    """Calls begin, go on and end in any order; what is shown in the end is what the log would show from the start."""
    random.seed(7)
    table.book.note(calls(1, 700))
    table.show(wanted, grouped=grouped)
    for _ in range(6):
        new = [call(random.randint(650, 1_500), random.choice(ENDS)) for _ in range(150)]
        rows = tuple({row.id: row for row in new}.values())
        table.book.note(rows, arguments=random.choice(("", '{"a":"sought in a body"}')))
        table.feed.take(rows)
        table.read()
    table.qtbot.waitUntil(lambda: table.feed.is_quiet)
    shown, length = table.read(), table.model.calls
    table.show(wanted, grouped=grouped)
    assert (table.read(), table.model.calls) == (shown, length)


def test_qt_is_told_of_every_line_that_comes_and_goes(table: Table) -> None:
    """Qt's own tester looks at the whole model after each change, and ends the test where the two disagree."""
    table.book.note(alike(1, 20))
    QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal, table.model)
    table.show(CallFilter(outcome=Outcome.OK), grouped=True)
    table.wait_for([20])
    table.model.set_open(0, True)
    table.happen((*alike(5, 1, Outcome.DENIED), *alike(21, 3)))
    table.qtbot.waitUntil(lambda: table.model.calls == 22)
    table.happen(alike(5, 1))
    table.qtbot.waitUntil(lambda: table.feed.is_quiet)
    assert table.model.calls == 23


def test_a_filter_that_finds_nothing_leaves_nothing(table: Table) -> None:
    table.book.note(calls(1, 300))
    table.show(CallFilter(anywhere="nowhere at all"))
    assert (table.model.rowCount(), table.feed.is_whole) == (0, True)


def test_a_search_can_be_stopped_and_gone_on_with(table: Table) -> None:
    count = 80 * BLOCK_IDS
    table.book.note(calls(1, count))
    table.ask.holds = True
    table.feed.restart(CallFilter(anywhere="config"), grouped=False)
    table.feed.stop()
    table.ask.let_go()
    table.qtbot.waitUntil(lambda: table.model.calls > 0)
    assert not table.feed.is_whole
    assert 0.5 < table.feed.share < 1
    asked = len([command for command in table.ask.commands if isinstance(command, IndexCalls)])
    table.feed.go_on()
    table.qtbot.waitUntil(lambda: table.feed.is_whole)
    assert len([command for command in table.ask.commands if isinstance(command, IndexCalls)]) == asked + 1
    assert table.model.calls == count // 4


def test_calls_that_retention_deleted_leave_their_lines(table: Table) -> None:
    table.book.note(calls(1, 2 * BLOCK_IDS))
    table.show()
    table.book.keep_newest(100)
    table.wait_for(list(range(2 * BLOCK_IDS - 99, 2 * BLOCK_IDS + 1)))


def test_calls_alike_in_a_row_are_one_line_that_opens(table: Table) -> None:
    table.book.note((*alike(1, 5), *alike(6, 1, Outcome.FAILED), *alike(7, 3)))
    table.show(grouped=True)
    table.wait_for([5, 6, 9])
    line = table.model.line_at(0)
    assert line is not None
    assert (line.calls, line.fold) == (5, Fold.CLOSED)
    table.model.set_open(0, True)
    assert table.read() == [5, 1, 2, 3, 4, 5, 6, 9]
    table.model.set_open(0, False)
    assert table.read() == [5, 6, 9]


def test_calls_alike_with_another_between_them_are_no_group_also_where_that_is_not_shown(table: Table) -> None:
    table.book.note((*alike(1, 1), *alike(2, 1, Outcome.FAILED), *alike(3, 1)))
    table.show(CallFilter(outcome=Outcome.OK), grouped=True)
    assert table.model.rowCount() == 2
    table.wait_for([1, 3])


def test_an_open_group_grows_with_what_comes(table: Table) -> None:
    table.book.note(alike(1, 2))
    table.show(grouped=True)
    table.wait_for([2])
    table.model.set_open(0, True)
    table.happen(alike(3, 2))
    table.wait_for([4, 1, 2, 3, 4])


def test_a_call_that_ends_otherwise_parts_its_group(table: Table) -> None:
    table.book.note(alike(1, 5))
    table.show(grouped=True)
    table.wait_for([5])
    table.happen(alike(3, 1, Outcome.FAILED))
    table.wait_for([2, 3, 5])


def test_a_call_is_found_by_its_number_also_within_a_group(table: Table) -> None:
    table.book.note((*calls(1, 3), *alike(4, 5)))
    table.show(grouped=True)
    table.wait_for([1, 2, 3, 8])
    assert [table.model.row_of(number) for number in (2, 5, 8, 99)] == [1, 3, 3, -1]


def test_a_screen_reader_is_told_that_a_line_stands_for_several(table: Table) -> None:
    table.book.note(alike(1, 3))
    table.show(grouped=True)
    table.wait_for([3])
    spoken = table.model.index(0, Column.TOOL).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "3 calls alike in a row, closed" in spoken


def test_a_log_that_cannot_be_read_is_told_and_asked_again_by_a_wish_only(qtbot: QtBot) -> None:
    with closing(CallBook(calls(1, 5))) as book:
        ask = Asked(book, lambda answer: QTimer.singleShot(0, answer), fails_at=1)
        feed = CallFeed(CallsModel(words.HEADINGS, words.line_cell, words.spoken), ask)
        with qtbot.waitSignal(feed.failed) as failed:
            feed.restart(CallFilter(), grouped=True)
        assert failed.args == ["The gateway stopped"]
        assert (len(ask.commands), feed.is_searching, feed.is_whole) == (1, False, False)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (CallFilter(), True),
        (CallFilter(host="cursor"), True),
        (CallFilter(host="claude-desktop"), False),
        (CallFilter(server="files"), False),
        (CallFilter(tool="create_issue"), True),
        (CallFilter(tool="outline"), False),
        (CallFilter(decision=Decision.ALLOW), True),
        (CallFilter(decision=Decision.DENY), False),
        (CallFilter(outcome=Outcome.OK), True),
        (CallFilter(outcome=Outcome.FAILED), False),
        (CallFilter(failures=True), False),
        (CallFilter(since=2e9), False),
    ],
)
def test_a_filter_passes_what_it_names(wanted: CallFilter, expected: bool) -> None:
    row = replace(call(2, Outcome.OK), host="cursor", started_at=1e9)
    assert matches(row, wanted) is expected


def test_every_column_of_every_outcome_has_words() -> None:
    for outcome in Outcome:
        row = replace(call(1), outcome=outcome)
        texts = [words.cell(row, column) for column in Column]
        assert all(text for text, column in zip(texts, Column, strict=True) if column is not Column.DURATION)


def test_names_from_outside_show_their_hidden_characters() -> None:
    row = replace(call(1), item="a\u202eb", tool="x\ny")
    assert words.cell(row, Column.ITEM) == "a⟨U+202E⟩b"
    assert words.cell(row, Column.TOOL) == "x⟨LF⟩y"


def test_a_call_that_waits_for_the_person_is_not_said_to_run() -> None:
    waits = replace(call(1, Outcome.RUNNING), decision=Decision.ASK)
    assert words.cell(waits, Column.OUTCOME) == "▲ Asking you"
    assert words.timing(waits) == "It waits for your answer."
    assert words.cell(replace(waits, decision=Decision.ALLOW), Column.OUTCOME) == "◐ Running"
