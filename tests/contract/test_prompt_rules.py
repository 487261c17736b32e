"""Every rule about the prompt, bound to the tests that drive it.

When it comes and goes, what it shows and what an answer to it means, each in a few words of its own.
"""

import pytest

from tests.support.bound_tests import gone

RULES = "unit/test_policy_rules.py"
QUEUE = "unit/test_policy_approvals.py"
LATE = "unit/test_policy_late_answers.py"
LOCKED = "unit/test_policy_locked_screen.py"
IDENTITY = "unit/test_policy_identity.py"
DEADLINE = "unit/test_policy_host_deadline.py"
PREVIEW = "unit/test_policy_preview.py"
GATEWAY_GRANTS = "integration/test_gateway_grants.py"
QUESTIONS = "integration/test_gateway_questions.py"
UNANSWERED = "integration/test_gateway_unanswered.py"
GATEWAY_LOCKED = "integration/test_gateway_locked_screen.py"
GUARD = "ui/test_approval_guard.py"
WINDOW = "ui/test_approval_window.py"
ANSWERS = "ui/test_approval_answers.py"
FOCUS = "ui/test_approval_focus.py"
WORDING = "ui/test_approval_wording.py"
VISIBLE = "ui/test_visible.py"
LINES = "ui/test_approval_lines.py"
HOSTILE = "ui/test_hostile_questions.py"
NOTIFY = "ui/test_notifications.py"
SCREEN = "ui/test_locked_screen.py"
TRAY = "ui/test_tray.py"
MAIN = "ui/test_main_window.py"
SCREEN_READER = "ui/test_screen_reader_walk.py"
PICTURES = "ui/test_pages_screenshots.py"

BOUND: dict[str, tuple[str, ...]] = {
    "no answer denies once and writes no rule": (
        f"{QUEUE}::test_a_question_times_out_when_nobody_answers",
        f"{QUEUE}::test_a_denial_is_remembered_for_the_identical_call_for_a_minute",
        f"{WINDOW}::test_a_closed_window_answers_nothing_and_keeps_the_question",
        f"{HOSTILE}::test_quitting_with_questions_open_answers_none_of_them",
        f"{QUESTIONS}::test_what_waits_is_denied_when_the_front_dies_and_no_other_program_takes_its_place",
    ),
    "a locked screen denies once, writes no rule and silences nobody": (
        f"{LOCKED}::test_every_open_question_is_denied_once_when_the_screen_is_locked",
        f"{LOCKED}::test_nobody_is_asked_until_the_screen_is_unlocked",
        f"{LOCKED}::test_a_locked_screen_neither_silences_a_host_nor_takes_its_place_in_the_count",
        f"{GATEWAY_LOCKED}::test_what_waits_is_denied_once_when_the_screen_is_locked_and_its_retry_can_be_allowed_from_the_log",
        f"{GATEWAY_LOCKED}::test_while_the_screen_is_locked_a_write_is_denied_at_once_and_a_read_passes",
        f"{GATEWAY_LOCKED}::test_writes_that_pass_without_a_window_are_denied_while_its_screen_is_locked",
        f"{SCREEN}::test_the_screen_savers_of_all_desktops_are_heard",
        f"{SCREEN}::test_what_is_asked_on_a_screen_that_is_locked_is_denied_once_and_after_it_the_person_is_asked_again",
    ),
    "no default button, and focus on a neutral widget": (
        f"{WINDOW}::test_focus_starts_on_no_button",
        f"{WINDOW}::test_focus_leaves_the_buttons_when_the_content_changes",
    ),
    "buttons arm after a while and after every change": (
        f"{GUARD}::test_buttons_work_only_after_the_window_was_visible_for_long_enough",
        f"{GUARD}::test_new_content_starts_anew",
        f"{WINDOW}::test_buttons_disarm_when_the_content_changes",
        f"{WINDOW}::test_a_press_that_began_on_one_question_does_not_answer_the_next",
    ),
    "keys held from before are ignored": (
        f"{WINDOW}::test_a_key_held_from_before_answers_nothing_until_it_is_pressed_anew",
        f"{GUARD}::test_a_repeating_key_never_presses",
    ),
    "Enter and Space do nothing until the person tabbed or clicked": (
        f"{WINDOW}::test_enter_and_space_do_nothing_until_the_person_tabbed",
        f"{FOCUS}::test_keys_of_the_keyboard_answer_after_tab_and_not_before",
    ),
    "accelerators need a modifier": (f"{WINDOW}::test_accelerators_answer_with_alt_only",),
    "Esc means later": (f"{WINDOW}::test_escape_means_later_and_answers_nothing",),
    "shown on top, on the screen in use, without the keyboard": (
        f"{FOCUS}::test_not_one_key_of_a_person_who_types_elsewhere_reaches_a_prompt",
        f"{FOCUS}::test_the_prompt_stays_above_and_on_the_screen_in_use",
    ),
    "with a notification and in the tray": (
        f"{NOTIFY}::test_a_question_is_told_with_two_buttons_and_none_allows",
        f"{TRAY}::test_menu_begins_with_the_state_and_those_who_wait",
        f"{TRAY}::test_what_needs_the_person_shows_first",
    ),
    "a prompt that has the focus is safe too, and is reached from the tray": (
        f"{FOCUS}::test_a_prompt_that_is_asked_for_gets_the_keyboard",
        f"{FOCUS}::test_keys_of_the_keyboard_answer_after_tab_and_not_before",
        f"{TRAY}::test_menu_begins_with_the_state_and_those_who_wait",
    ),
    "the countdown stands on Deny": (
        f"{WORDING}::test_the_countdown_stands_on_deny",
        f"{WINDOW}::test_the_countdown_reaches_zero_and_answers_nothing",
    ),
    "it waits for a person at work, never past the host's deadline": (
        f"{QUEUE}::test_holding_moves_the_deadline_but_never_past_the_hosts_own",
        f"{WINDOW}::test_a_person_who_moves_the_mouse_holds_the_question_once_a_second",
        f"{WINDOW}::test_a_prompt_nobody_touches_is_not_held",
        f"{HOSTILE}::test_the_gateway_is_told_that_a_person_is_at_the_question",
        f"{DEADLINE}::test_a_question_ends_before_its_host_gives_up",
        f"{DEADLINE}::test_a_patient_host_gives_the_person_as_long_as_it_waits",
    ),
    "progress is sent to a host that gave a token": (
        f"{QUESTIONS}::test_a_host_hears_progress_while_the_person_thinks",
    ),
    "a late answer counts for the identical retry": (
        f"{LATE}::test_a_late_allow_counts_once_for_the_identical_retry",
        f"{LATE}::test_a_late_allow_lapses_after_ten_minutes",
        f"{UNANSWERED}::test_an_answer_after_the_time_ran_out_lets_the_identical_retry_pass_once",
        f"{RULES}::test_what_the_person_said_about_the_identical_call_beats_every_rule_but_a_block",
        f"{GATEWAY_GRANTS}::test_what_was_denied_passes_once_when_it_is_allowed_from_the_log",
        f"{GATEWAY_GRANTS}::test_what_is_allowed_from_the_log_is_asked_about_where_two_plans_of_it_were_shown",
    ),
    "withdrawn when the host cancels or goes": (
        f"{QUESTIONS}::test_a_host_that_cancels_takes_its_question_back_and_hears_nothing",
        f"{QUESTIONS}::test_a_host_that_leaves_takes_its_question_back",
        f"{WINDOW}::test_a_withdrawn_question_gives_way_to_the_next_and_says_so",
    ),
    "what is allowed passes while a prompt is open": (
        f"{QUESTIONS}::test_a_read_passes_while_a_write_is_asked_about",
        f"{QUESTIONS}::test_what_waits_passes_when_another_answer_covers_it",
    ),
    "identical calls merge; a tool's calls group": (
        f"{QUESTIONS}::test_identical_calls_share_one_question_and_both_are_answered",
        f"{QUEUE}::test_identical_calls_with_different_plans_are_asked_about_one_by_one",
        f"{ANSWERS}::test_calls_of_one_tool_are_answered_together_and_only_those_that_stand_there",
        f"{ANSWERS}::test_calls_with_a_warning_are_denied_together_and_allowed_one_by_one",
    ),
    "at most ten wait; after three unanswered silence with a banner": (
        f"{QUEUE}::test_at_most_ten_calls_of_a_host_wait",
        f"{QUEUE}::test_after_three_unanswered_in_a_row_a_host_is_denied_for_five_minutes",
        f"{QUEUE}::test_resuming_ends_the_silence_at_once",
        f"{UNANSWERED}::test_a_host_whose_three_calls_nobody_answered_is_denied_at_once_until_the_person_is_back",
        f"{MAIN}::test_notice_of_a_silenced_host_ends_the_silence_and_goes",
    ),
    "shows who asks, with a warning where that is odd": (
        f"{IDENTITY}::test_the_caller_comes_first_and_its_parents_follow",
        f"{IDENTITY}::test_an_odd_program_is_warned_about",
        f"{WORDING}::test_what_is_unusual_is_a_warning_with_a_word",
    ),
    "shows where the server comes from": (f"{WORDING}::test_a_server_says_where_its_program_comes_from",),
    "shows both names, and hints as claims": (
        f"{WINDOW}::test_both_names_and_the_servers_claim_are_shown",
        f"{WORDING}::test_hints_are_what_the_server_says",
    ),
    "arguments are ordered and complete": (
        f"{PREVIEW}::test_paths_come_first_then_addresses_then_recipients_then_the_rest_as_it_came",
        f"{PREVIEW}::test_arguments_are_complete_and_masked",
        f"{WINDOW}::test_long_arguments_are_complete_behind_their_line",
    ),
    "the buttons are always on screen": (
        f"{WINDOW}::test_the_buttons_stay_on_the_screen",
        f"{HOSTILE}::test_buttons_stay_on_the_screen_and_can_be_pressed",
    ),
    "hidden characters are made visible": (
        f"{VISIBLE}::test_no_character_of_unicode_that_is_a_control_or_a_format_passes",
        f"{VISIBLE}::test_hidden_characters_are_named_and_others_stay",
    ),
    "plain text only": (f"{WINDOW}::test_no_text_is_ever_rich",),
    "each path resolved, with a badge": (
        f"{PREVIEW}::test_each_path_is_shown_as_it_resolves_with_the_folder_it_lies_in",
        f"{WORDING}::test_a_path_says_where_it_really_leads",
        f"{HOSTILE}::test_a_path_is_marked_where_nothing_is_and_only_there",
    ),
    "a unified diff for writes": (
        f"{QUESTIONS}::test_the_question_shows_what_would_be_done_and_allowing_does_exactly_that",
        f"{LINES}::test_a_diff_keeps_numbers_marks_and_order",
    ),
    "Deny and Allow once as equals, longer ones in a menu": (
        f"{WINDOW}::test_deny_and_allow_once_are_equal_in_size_and_dress",
        f"{ANSWERS}::test_the_menu_allows_as_far_and_as_long_as_was_chosen",
    ),
    "a notification cannot allow; the tray opens the window for what widens": (
        f"{NOTIFY}::test_what_another_program_claims_to_have_pressed_allows_nothing",
        f"{TRAY}::test_no_line_of_the_menu_sets_a_looser_mode",
        f"{TRAY}::test_server_line_opens_the_window_and_switches_nothing",
    ),
    "accessible: named, announced, in contrast, at 200 %": (
        f"{WINDOW}::test_every_control_has_a_name",
        f"{SCREEN_READER}::test_a_question_is_announced_though_its_window_takes_no_keyboard",
        f"{WINDOW}::test_text_and_marks_read_on_tinted_lines",
        f"{WINDOW}::test_lines_say_their_mark_in_words",
        f"{PICTURES}::test_the_same_pictures_are_taken_at_200_percent",
    ),
}


@pytest.mark.parametrize("rule", BOUND)
def test_every_rule_has_a_test(rule: str) -> None:
    assert BOUND[rule]
    assert not gone(BOUND[rule])
