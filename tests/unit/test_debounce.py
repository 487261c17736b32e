"""When a change is told, in times that the tests choose."""

from hypothesis import given
from hypothesis import strategies as st

from ostiary.gateway.roots.debounce import LONGEST_S, QUIET_S, Debounce


def test_a_single_change_is_told_after_a_tenth_of_a_second() -> None:
    debounce = Debounce[str]()
    debounce.changed("a", 10.0)
    assert debounce.next_due() == 10.1
    assert debounce.take_due(10.09) == []
    assert debounce.take_due(10.1) == ["a"]
    assert debounce.next_due() is None


def test_changes_in_quick_succession_are_told_once() -> None:
    debounce = Debounce[str]()
    for now in (0.0, 0.05, 0.1):
        debounce.changed("a", now)
    assert debounce.take_due(0.15) == []
    assert debounce.take_due(0.2) == ["a"]
    assert debounce.take_due(9.0) == []


def test_changes_without_a_pause_are_told_a_quarter_of_a_second_after_the_first() -> None:
    debounce = Debounce[str]()
    for step in range(25):
        debounce.changed("a", step / 100)
        assert debounce.take_due(step / 100) == []
    assert debounce.take_due(0.25) == ["a"]


def test_a_change_after_it_was_told_begins_anew() -> None:
    debounce = Debounce[str]()
    debounce.changed("a", 0.0)
    assert debounce.take_due(0.1) == ["a"]
    debounce.changed("a", 0.11)
    assert debounce.next_due() == 0.11 + QUIET_S


def test_one_busy_file_does_not_delay_another() -> None:
    debounce = Debounce[str]()
    debounce.changed("quiet", 0.0)
    debounce.changed("busy", 0.0)
    debounce.changed("busy", 0.09)
    assert debounce.take_due(0.1) == ["quiet"]


def test_a_forgotten_change_is_not_told() -> None:
    debounce = Debounce[str]()
    debounce.changed("a", 0.0)
    debounce.forget("a")
    debounce.forget("never there")
    assert debounce.next_due() is None
    assert debounce.take_due(9.0) == []


@given(st.lists(st.floats(0, 0.12), min_size=1, max_size=60))
def test_every_change_is_told_within_the_longest_delay_and_never_without_a_change(gaps: list[float]) -> None:
    debounce = Debounce[str]()
    now, waiting_since = 0.0, None
    for gap in gaps:
        while (due := debounce.next_due()) is not None and due <= now + gap:
            assert waiting_since is not None
            assert due <= waiting_since + LONGEST_S
            assert debounce.take_due(due) == ["a"]
            waiting_since = None
        now += gap
        debounce.changed("a", now)
        waiting_since = now if waiting_since is None else waiting_since
    assert debounce.next_due() is not None
