"""Every rule about approvals, bound to the tests that drive it.

What a call is, which rules there are, what the prompt does and shows, what an agent hears, who may answer, the modes,
the log, undo: each rule in a few words of its own. One that names no test fails, and so does one whose test is gone.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

RULES = "unit/test_policy_rules.py"
MATRIX = "unit/test_policy_rule_matrix.py"
GRANTS = "unit/test_policy_grants.py"
PINS = "unit/test_policy_pins.py"
QUEUE = "unit/test_policy_approvals.py"
LATE = "unit/test_policy_late_answers.py"
IDENTITY = "unit/test_policy_identity.py"
DEADLINE = "unit/test_policy_host_deadline.py"
PREVIEW = "unit/test_policy_preview.py"
SENSITIVE = "unit/test_policy_sensitive.py"
PROCESSES = "unit/test_processes.py"
PATHS = "unit/test_path_gate.py"
LOG = "unit/test_calllog_log.py"
STORE = "unit/test_calllog_store.py"
REDACT = "unit/test_redact.py"
GATEWAY_RULES = "integration/test_gateway_rules.py"
GATEWAY_GRANTS = "integration/test_gateway_grants.py"
QUESTIONS = "integration/test_gateway_questions.py"
FOLDERS = "integration/test_gateway_folders.py"
HOUSE = "integration/test_gateway_house_rules.py"
UNDO = "integration/test_gateway_undo.py"
ELICITING = "integration/test_eliciting.py"
CLI_WIDENING = "integration/test_cli_widening.py"
GUARD = "ui/test_approval_guard.py"
WINDOW = "ui/test_approval_window.py"
ANSWERS = "ui/test_approval_answers.py"
FOCUS = "ui/test_approval_focus.py"
WORDING = "ui/test_approval_wording.py"
VISIBLE = "ui/test_approval_visible.py"
LINES = "ui/test_approval_lines.py"
HOSTILE = "ui/test_hostile_questions.py"
NOTIFY = "ui/test_notifications.py"
TRAY = "ui/test_tray.py"
RULES_PAGE = "ui/test_rules_page.py"
MAIN = "ui/test_main_window.py"
SCREEN_READER = "ui/test_screen_reader_walk.py"
PICTURES = "ui/test_pages_screenshots.py"
ACTIVITY = "ui/test_activity_page.py"
EXPORT = "ui/test_call_export.py"

BOUND: dict[str, tuple[str, ...]] = {
    # What a call is
    "a tool without a believed read-only hint is a write": (
        f"{RULES}::test_only_a_read_of_a_believed_server_passes_without_being_asked_for",
        f"{GATEWAY_RULES}::test_the_hint_of_a_server_that_is_not_trusted_counts_for_nothing",
    ),
    "a definition is pinned as it was sent": (
        f"{PINS}::test_a_behavioural_change_stays_one_until_exactly_it_is_accepted",
        f"{PINS}::test_an_unknown_field_counts_as_behaviour_whatever_its_value",
    ),
    "a cosmetic change is noted and passes": (
        f"{PINS}::test_a_cosmetic_change_is_noted_once",
        f"{PINS}::test_key_order_and_white_space_are_cosmetic",
        f"{GATEWAY_RULES}::test_a_tool_that_only_looks_otherwise_goes_on_passing",
    ),
    "a behavioural change suspends and asks, old beside new": (
        f"{PINS}::test_what_a_tool_does_or_is_told_to_do_is_behavioural",
        f"{MATRIX}::test_a_rule_about_one_tool_is_bound_to_its_definition",
        f"{GATEWAY_RULES}::test_a_tool_that_behaves_otherwise_than_accepted_asks_with_old_and_new",
        f"{LINES}::test_two_definitions_stand_at_equal_heights",
    ),
    "a tool that appears later asks": (f"{GATEWAY_RULES}::test_a_tool_that_appears_later_asks",),
    "never a silent reset of everything": (
        f"{GATEWAY_RULES}::test_a_changed_definition_is_accepted_as_it_was_compared_and_not_as_it_became",
        f"{PINS}::test_a_server_that_lists_nothing_at_first_gains_nothing_by_it",
    ),
    "a bundled server's definitions are accepted with each release": (
        f"{PINS}::test_a_bundled_server_is_believed_with_each_release",
    ),
    "a call from a cached list waits for the live definition": (
        f"{GATEWAY_RULES}::test_a_call_from_a_list_of_before_is_held_against_what_the_server_says_now",
    ),
    "a disabled tool is invisible and not callable": (
        f"{GATEWAY_RULES}::test_a_disabled_tool_is_neither_listed_nor_callable",
        f"{GATEWAY_RULES}::test_a_tool_that_is_disabled_while_it_is_asked_about_is_not_called",
    ),
    "resources and prompts pass the same rules; sensitive files ask": (
        f"{RULES}::test_only_a_read_of_a_believed_server_passes_without_being_asked_for",
        f"{SENSITIVE}::test_a_harmless_name_that_links_to_a_secret_is_found",
        f"{PREVIEW}::test_a_call_is_told_in_one_sentence_with_the_servers_words_in_quotes",
    ),
    # Rules
    "the most specific wins; deny beats ask beats allow": (
        f"{MATRIX}::test_the_most_specific_rule_wins",
        f"{MATRIX}::test_among_equals_deny_beats_ask_beats_allow",
    ),
    "each scope covers what it says": (
        f"{MATRIX}::test_each_scope_covers_what_it_says_and_nothing_else",
        f"{GATEWAY_GRANTS}::test_a_folder_that_was_allowed_is_written_without_asking_and_one_beside_it_is_not",
        f"{GATEWAY_GRANTS}::test_a_link_out_of_the_allowed_folder_is_asked_about",
    ),
    "bound to the host unless the person widens it": (
        f"{RULES}::test_a_grant_does_not_let_pass_what_differs_from_what_was_granted",
        f"{MATRIX}::test_a_rule_for_every_host_is_for_the_verified_ones",
    ),
    "each duration ends when it says": (
        f"{GRANTS}::test_a_rule_counts_until_its_time_runs_out",
        f"{GRANTS}::test_the_end_of_a_connection_ends_what_was_bound_to_it",
        f"{GRANTS}::test_only_what_is_for_always_is_met_again_by_the_next_gateway",
        f"{GATEWAY_GRANTS}::test_a_lasting_rule_is_met_again_after_a_restart_and_one_until_quit_is_not",
    ),
    "always needs a second step, and is not for what may destroy": (
        f"{ANSWERS}::test_always_takes_a_second_step_that_arms_anew_and_leads_back",
        f"{MATRIX}::test_always_is_offered_for_the_verified_and_the_tame_unless_settings_say_otherwise",
    ),
    "a rule is bound to identities; a change suspends it": (
        f"{MATRIX}::test_no_rule_outlives_a_change_of_who_asks_or_who_serves",
        f"{GRANTS}::test_a_rule_says_why_it_is_suspended_until_it_counts_again",
    ),
    "a host is its claim and its nearest program": (
        f"{IDENTITY}::test_a_caller_is_verified_only_by_the_nearest_program_that_is_no_launcher",
        f"{IDENTITY}::test_a_name_that_a_process_gave_itself_does_not_verify_it",
        f"{PROCESSES}::test_a_process_is_described_with_its_program_its_script_and_its_start",
    ),
    "lasting rules do not apply to the unverified": (
        f"{MATRIX}::test_an_unverified_host_is_offered_nothing_that_outlives_its_connection",
        f"{GATEWAY_GRANTS}::test_an_unverified_host_gets_nothing_that_outlives_its_connection",
    ),
    "live grants show time left, use and count, and are revoked": (
        f"{GRANTS}::test_use_is_counted_with_its_time",
        f"{RULES_PAGE}::test_the_time_left_counts_down_and_never_below_nothing",
        f"{RULES_PAGE}::test_a_rule_is_revoked_by_a_click_and_stands_among_the_ended",
        f"{RULES_PAGE}::test_revoking_all_leaves_the_page_that_teaches",
    ),
    "a row links to its rule; a denied one can be allowed next time": (
        f"{RULES_PAGE}::test_a_call_leads_to_the_rule_that_decided_it",
        f"{RULES_PAGE}::test_a_denied_call_can_be_allowed_next_time_and_one_that_passed_cannot",
        f"{GATEWAY_GRANTS}::test_what_was_denied_passes_once_when_it_is_allowed_from_the_log",
    ),
    # The prompt
    "no answer denies once and writes no rule": (
        f"{QUEUE}::test_a_question_times_out_when_nobody_answers",
        f"{QUEUE}::test_a_denial_is_remembered_for_the_identical_call_for_a_minute",
        f"{WINDOW}::test_a_closed_window_answers_nothing_and_keeps_the_question",
        f"{HOSTILE}::test_quitting_with_questions_open_answers_none_of_them",
        f"{QUESTIONS}::test_what_waits_is_denied_when_the_front_dies_and_no_other_program_takes_its_place",
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
    "a prompt that has the focus is safe too": (f"{FOCUS}::test_a_prompt_that_is_asked_for_gets_the_keyboard",),
    "the countdown stands on Deny": (
        f"{WORDING}::test_the_countdown_stands_on_deny",
        f"{WINDOW}::test_the_countdown_reaches_zero_and_answers_nothing",
    ),
    "it waits for a person at work, never past the host's deadline": (
        f"{QUEUE}::test_holding_moves_the_deadline_but_never_past_the_hosts_own",
        f"{WINDOW}::test_a_person_who_moves_the_mouse_holds_the_question_once_a_second",
        f"{DEADLINE}::test_a_question_ends_before_its_host_gives_up",
        f"{DEADLINE}::test_a_patient_host_gives_the_person_as_long_as_it_waits",
    ),
    "progress is sent to a host that gave a token": (
        f"{QUESTIONS}::test_a_host_hears_progress_while_the_person_thinks",
    ),
    "a late answer counts for the identical retry": (
        f"{LATE}::test_a_late_allow_counts_once_for_the_identical_retry",
        f"{LATE}::test_a_late_allow_lapses_after_ten_minutes",
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
    ),
    "at most ten wait; after three unanswered silence with a banner": (
        f"{QUEUE}::test_at_most_ten_calls_of_a_host_wait",
        f"{QUEUE}::test_after_three_unanswered_in_a_row_a_host_is_denied_for_five_minutes",
        f"{MAIN}::test_notice_of_a_silenced_host_ends_the_silence_and_goes",
    ),
    "shows who asks, with a warning where that is odd": (
        f"{IDENTITY}::test_the_caller_comes_first_and_its_parents_follow",
        f"{IDENTITY}::test_an_odd_program_is_warned_about",
        f"{WORDING}::test_what_is_unusual_is_a_warning_with_a_word",
    ),
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
    # What the agent hears
    "a denial says who denied and no way around": (
        f"{GRANTS}::test_an_agent_hears_which_tool_was_denied_and_never_a_way_around_it",
        f"{GRANTS}::test_an_agent_can_tell_a_person_from_a_rule_and_from_nobody",
        f"{QUESTIONS}::test_a_denied_write_is_not_done_and_not_asked_about_again_within_the_minute",
    ),
    "after a timeout it may ask again": (f"{QUEUE}::test_a_question_times_out_when_nobody_answers",),
    # The channel is out of the agent's reach
    "only the front may answer": (
        f"{QUESTIONS}::test_only_the_front_may_answer",
        f"{GATEWAY_GRANTS}::test_no_command_line_may_write_rules",
    ),
    "what widens is confirmed, refused headless, or kept for review": (
        f"{GATEWAY_RULES}::test_a_command_that_widens_is_put_to_the_person",
        f"{GATEWAY_RULES}::test_without_a_front_what_widens_is_refused",
        f"{GATEWAY_RULES}::test_what_a_trusted_command_widened_is_kept_for_review",
        f"{CLI_WIDENING}::test_with_a_window_the_person_decides_what_is_widened",
    ),
    "bundled servers never write in our folders or a host's": (
        f"{PATHS}::test_what_is_denied_is_never_written_under_any_of_its_names",
        f"{PATHS}::test_a_denied_name_is_never_written_in_any_folder_and_nothing_is_moved_to_where_it_would_be",
        f"{FOLDERS}::test_a_hosts_file_in_an_approved_project_is_not_written_and_nobody_is_asked",
        f"{FOLDERS}::test_servers_are_told_never_to_write_in_ostiarys_own_folders",
    ),
    "headless: elicited, denied or allowed as it was started": (
        f"{HOUSE}::test_write_without_a_tray_is_treated_as_chosen_unless_the_start_says_otherwise",
        f"{ELICITING}::test_an_allowed_write_is_shown_once_with_its_plan_and_has_one_row",
        f"{ELICITING}::test_a_write_of_a_host_that_cannot_ask_is_denied",
    ),
    # Panic and pause
    "ask for everything, block everything, pause": (
        f"{GATEWAY_RULES}::test_blocking_everything_takes_the_tools_away_and_denies_every_call",
        f"{GATEWAY_RULES}::test_a_pause_denies_what_would_be_asked_and_lets_reads_pass",
        f"{GATEWAY_RULES}::test_asking_for_everything_asks_about_reads_too",
        f"{TRAY}::test_pausing_has_its_lengths",
    ),
    "shown in the icon by shape": (f"{TRAY}::test_two_states_differ_in_shape_at_16_pixels",),
    # Call log
    "every call has a row with its decision and end": (
        f"{LOG}::test_an_entry_is_kept_with_its_decision_and_its_end",
        f"{LOG}::test_a_call_has_its_number_at_once_and_arrives_in_the_window_in_batches",
    ),
    "what may write is committed before it goes out": (
        f"{LOG}::test_a_committed_call_is_in_the_file_for_another_connection_to_see",
        f"{LOG}::test_a_decision_that_could_not_be_written_fails_the_commit_of_a_call_that_was",
    ),
    "redacted before it is written": (
        f"{LOG}::test_neither_raw_bodies_nor_secrets_are_in_any_file",
        f"{REDACT}::test_no_known_value_gets_through_in_any_surroundings",
    ),
    "bodies up to a limit, off by a switch": (
        f"{LOG}::test_no_body_is_kept_when_that_is_switched_off_or_when_it_is_too_long",
    ),
    "retention by age, rows and bytes": (
        f"{STORE}::test_old_calls_are_deleted_by_age",
        f"{STORE}::test_old_calls_are_deleted_by_number_of_rows",
        f"{STORE}::test_old_calls_are_deleted_by_size",
    ),
    "repeats grouped, failures only, search, export": (
        f"{ACTIVITY}::test_a_click_on_the_mark_and_the_arrow_keys_open_and_close_repeats",
        f"{STORE}::test_failures_only_leaves_out_what_went_well_and_what_was_decided",
        f"{ACTIVITY}::test_typing_into_the_search_looks_through_bodies_once_when_the_person_pauses",
        f"{EXPORT}::test_every_call_is_in_the_file_once_the_newest_first",
        f"{EXPORT}::test_csv_has_a_head_and_a_time_that_can_be_read",
    ),
    "calls cut off by a crash are shown": (
        f"{LOG}::test_a_call_that_was_committed_survives_a_kill_and_is_shown_as_cut_off",
    ),
    # Undo
    "an approved write is undone, and not when the file changed": (
        f"{UNDO}::test_an_undone_write_leaves_the_bytes_as_they_were_before_and_is_a_call_of_its_own",
        f"{UNDO}::test_a_file_that_changed_since_is_left_as_it_is_and_the_person_is_told",
    ),
}


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_"))


@pytest.mark.parametrize("rule", BOUND)
def test_every_rule_has_a_test(rule: str) -> None:
    assert BOUND[rule]
    for test in BOUND[rule]:
        file, name = test.split("::")
        assert name in names_in(file), f"{test} is gone"
