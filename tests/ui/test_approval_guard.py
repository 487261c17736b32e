"""When the prompt's buttons may be pressed, second by second."""

from __future__ import annotations

import pytest

from ostiary.ui.approval.guard import ARM_AFTER_S, Guard, Key, seconds_left

SPACE, A_KEY = 0x20, 0x41
SOON, READY = ARM_AFTER_S / 2, ARM_AFTER_S + 0.001  # past a sum's rounding


def armed() -> Guard:
    return Guard().exposed(visible=True, now=0.0)


def test_buttons_work_only_after_the_window_was_visible_for_long_enough() -> None:
    assert not Guard().armed(now=1e9)
    assert not armed().armed(SOON)
    assert armed().armed(READY)


def test_a_window_that_was_covered_starts_anew() -> None:
    again = armed().exposed(visible=False, now=5.0).exposed(visible=True, now=6.0)
    assert not again.armed(6.0 + SOON)
    assert again.armed(6.0 + READY)


def test_a_repaint_of_a_visible_window_does_not_start_anew() -> None:
    assert armed().exposed(visible=True, now=SOON).armed(READY)


def test_new_content_starts_anew() -> None:
    changed = armed().content_changed(now=10.0)
    assert not changed.armed(10.0 + SOON)
    assert changed.armed(10.0 + READY)


def test_new_content_does_not_arm_a_hidden_window() -> None:
    assert not Guard().content_changed(now=0.0).armed(1e9)


@pytest.mark.parametrize("key", Key)
def test_no_key_counts_before_the_buttons_are_armed(key: Key) -> None:
    assert armed().key_down(A_KEY, key, repeat=False, now=SOON)[1] is False


def test_enter_and_space_press_nothing_before_the_person_tabbed_or_clicked() -> None:
    assert armed().key_down(SPACE, Key.PRESSES, repeat=False, now=READY)[1] is False


def test_enter_and_space_press_once_the_person_tabbed() -> None:
    guard, moved = armed().key_down(A_KEY, Key.MOVES, repeat=False, now=READY)
    assert moved
    assert guard.key_down(SPACE, Key.PRESSES, repeat=False, now=READY)[1]


def test_enter_and_space_press_once_the_person_clicked() -> None:
    assert armed().clicked(now=READY).key_down(SPACE, Key.PRESSES, repeat=False, now=READY)[1]


def test_a_click_before_arming_does_not_engage() -> None:
    assert armed().clicked(now=SOON).key_down(SPACE, Key.PRESSES, repeat=False, now=READY)[1] is False


def test_engagement_ends_with_the_content_it_was_meant_for() -> None:
    guard = armed().clicked(now=READY).content_changed(now=2.0)
    assert guard.key_down(SPACE, Key.PRESSES, repeat=False, now=9.0)[1] is False


def test_a_key_held_from_before_is_ignored_until_it_is_released() -> None:
    guard, _ = armed().key_down(SPACE, Key.PRESSES, repeat=False, now=SOON)
    guard = guard.clicked(now=READY)
    guard, passes = guard.key_down(SPACE, Key.PRESSES, repeat=False, now=2.0)
    assert not passes
    guard = guard.key_up(SPACE, repeat=True)
    assert guard.key_down(SPACE, Key.PRESSES, repeat=False, now=2.0)[1] is False
    guard = guard.key_up(SPACE, repeat=False)
    assert guard.key_down(SPACE, Key.PRESSES, repeat=False, now=2.0)[1]


def test_a_repeating_key_never_presses() -> None:
    assert armed().clicked(now=READY).key_down(SPACE, Key.PRESSES, repeat=True, now=READY)[1] is False


def test_the_gateway_hears_of_the_person_at_most_once_a_second() -> None:
    guard, told = Guard().touched(now=0.0)
    assert told
    guard, told = guard.touched(now=0.9)
    assert not told
    assert guard.touched(now=1.0)[1]


@pytest.mark.parametrize(("now", "left"), [(0.0, 45), (0.1, 45), (44.2, 1), (45.0, 0), (99.0, 0)])
def test_the_countdown_rounds_up_and_stops_at_zero(now: float, left: int) -> None:
    assert seconds_left(deadline=45.0, now=now) == left
