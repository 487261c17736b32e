"""Every rule about approvals but those of the prompt, bound to the tests that drive it.

What a call is, which rules there are, what an agent hears, who may answer, the modes, the log, undo: each rule in a few
words of its own. One that names no test fails, and so does one whose test is gone.
"""

import pytest

from tests.support.bound_tests import gone

RULES = "unit/test_policy_rules.py"
MATRIX = "unit/test_policy_rule_matrix.py"
GRANTS = "unit/test_policy_grants.py"
PINS = "unit/test_policy_pins.py"
QUEUE = "unit/test_policy_approvals.py"
IDENTITY = "unit/test_policy_identity.py"
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
ANSWERS = "ui/test_approval_answers.py"
LINES = "ui/test_approval_lines.py"
TRAY = "ui/test_tray.py"
RULES_PAGE = "ui/test_rules_page.py"
ACTIVITY = "ui/test_activity_page.py"
EXPORT = "ui/test_call_export.py"
SPOILT_LOG = "ui/test_spoilt_log.py"
SPOILT_SETTINGS = "ui/test_spoilt_settings.py"
ACTIVITY_UNDO = "ui/test_activity_undo.py"
SETTINGS = "unit/test_settings.py"
SECRETS = "integration/test_gateway_secrets.py"
OFFERS = "integration/test_gateway_offers.py"
LIFE = "integration/test_gateway_life.py"
JOURNAL = "unit/test_files_undoing.py"
HOST_FILES = "unit/test_files_host_files.py"

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
        f"{GATEWAY_RULES}::test_a_yes_is_not_for_a_tool_that_changed_while_it_was_asked_about",
        f"{RULES_PAGE}::test_a_changed_tool_is_accepted_only_after_both_definitions_were_shown",
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
        f"{QUESTIONS}::test_what_may_hold_secrets_is_asked_about_before_it_is_read_in_whatever_way",
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
    "one for the connection ends with the gateway, though its host goes on": (
        f"{GRANTS}::test_only_what_is_for_always_is_met_again_by_the_next_gateway",
        f"{RULES}::test_a_grant_to_an_unverified_host_holds_on_that_connection_only",
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
        f"{QUESTIONS}::test_a_grant_lets_the_tool_pass_until_it_is_revoked",
        f"{GRANTS}::test_a_revoked_lasting_rule_does_not_come_back",
    ),
    "a row links to its rule; a denied one can be allowed next time": (
        f"{RULES_PAGE}::test_a_call_leads_to_the_rule_that_decided_it",
        f"{GATEWAY_GRANTS}::test_a_rule_that_denies_is_obeyed_told_and_revoked",
        f"{RULES_PAGE}::test_a_denied_call_can_be_allowed_next_time_and_one_that_passed_cannot",
        f"{GATEWAY_GRANTS}::test_what_was_denied_passes_once_when_it_is_allowed_from_the_log",
    ),
    # What the agent hears
    "a denial says who denied and no way around": (
        f"{GRANTS}::test_an_agent_hears_which_tool_was_denied_and_never_a_way_around_it",
        f"{GRANTS}::test_an_agent_can_tell_a_person_from_a_rule_and_from_nobody",
    ),
    "the same call is denied again for a minute after a person denied it": (
        f"{QUEUE}::test_a_denial_is_remembered_for_the_identical_call_for_a_minute",
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
        f"{HOST_FILES}::test_a_folder_with_a_hosts_file_in_it_is_neither_moved_nor_copied_nor_trashed",
        f"{HOST_FILES}::test_nothing_whole_comes_to_where_hosts_read_whatever_is_in_it",
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
        f"{OFFERS}::test_a_prompt_is_got_and_completed",
        f"{QUESTIONS}::test_what_may_hold_secrets_is_asked_about_before_it_is_read_in_whatever_way",
        f"{LOG}::test_an_entry_is_kept_with_its_decision_and_its_end",
        f"{LOG}::test_a_call_has_its_number_at_once_and_arrives_in_the_window_in_batches",
    ),
    "what may write is committed before it goes out": (
        f"{QUESTIONS}::test_a_write_that_cannot_be_noted_before_is_not_made_though_it_was_allowed",
        f"{LOG}::test_a_committed_call_is_in_the_file_for_another_connection_to_see",
        f"{LOG}::test_a_decision_that_could_not_be_written_fails_the_commit_of_a_call_that_was",
    ),
    "redacted before it is written": (
        f"{LOG}::test_neither_raw_bodies_nor_secrets_are_in_any_file",
        f"{REDACT}::test_no_known_value_gets_through_in_any_surroundings",
        f"{REDACT}::test_a_well_known_secret_is_masked_within_any_text",
        f"{REDACT}::test_everything_under_a_telling_name_is_masked_whatever_its_kind",
        f"{SECRETS}::test_a_secret_reaches_its_server_and_no_file_log_argument_or_host_configuration",
    ),
    "bodies up to a limit, off by a switch": (
        f"{LOG}::test_no_body_is_kept_when_that_is_switched_off_or_when_it_is_too_long",
    ),
    "retention by age, rows and bytes": (
        f"{STORE}::test_old_calls_are_deleted_by_age",
        f"{STORE}::test_old_calls_are_deleted_by_number_of_rows",
        f"{STORE}::test_old_calls_are_deleted_by_size",
        f"{LOG}::test_retention_holds_while_calls_come_in",
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
        f"{LIFE}::test_after_a_kill_the_next_start_ends_what_was_left_and_shows_the_calls_as_cut_off",
    ),
    "a damaged log is kept aside and told, and a new one begins": (
        f"{LOG}::test_a_damaged_file_is_kept_aside_and_told",
        f"{STORE}::test_a_damaged_database_is_kept_aside",
        f"{STORE}::test_each_of_several_damaged_databases_within_a_second_is_kept",
        f"{SPOILT_LOG}::test_window_opens_and_says_where_the_log_is_kept",
    ),
    "settings that make no sense are kept aside and told, and let nothing in": (
        f"{SETTINGS}::test_file_that_makes_no_sense_is_kept_to_the_letter_and_told_until_it_is_read",
        f"{HOUSE}::test_spoilt_settings_are_kept_aside_and_told_and_nothing_is_on",
        f"{SPOILT_SETTINGS}::test_window_opens_and_says_where_the_file_is_kept_while_nothing_is_on",
    ),
    # Undo
    "an approved write is undone, and not when the file changed": (
        f"{UNDO}::test_an_undone_write_leaves_the_bytes_as_they_were_before_and_is_a_call_of_its_own",
        f"{UNDO}::test_a_file_that_changed_since_is_left_as_it_is_and_the_person_is_told",
        f"{ACTIVITY_UNDO}::test_a_write_is_undone_by_a_click_and_has_nothing_left_to_undo",
    ),
    "what was there before is kept in a bounded journal": (
        f"{JOURNAL}::test_the_journal_lets_go_of_the_oldest_when_it_is_full",
        f"{JOURNAL}::test_the_journal_lets_go_of_what_is_too_old",
    ),
}


@pytest.mark.parametrize("rule", BOUND)
def test_every_rule_has_a_test(rule: str) -> None:
    assert BOUND[rule]
    assert not gone(BOUND[rule])
