"""Every message in every pairing of old and new, bound to the tests that drive it.

Pairings are host first: ``LL`` legacy host and server, ``LM`` legacy host and 2026-07-28 server, and so on. A row that
names no test for one of its pairings fails, and so does one whose test is gone.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ALL = ("LL", "MM", "LM", "ML")
LEGACY_HOSTS = ("LL", "LM")
MODERN_HOSTS = ("MM", "ML")

SESSION = "integration/test_session.py"
CALLS = "integration/test_session_calls.py"
SUBSCRIPTIONS = "integration/test_session_subscriptions.py"
CLIENT = "integration/test_client.py"
GREETING = "integration/test_client_greeting.py"
STREAMS = "integration/test_client_subscriptions.py"
OFFERS = "integration/test_gateway_offers.py"
ROUNDS = "integration/test_rounds.py"
GATE = "integration/test_rounds_gate.py"
LOGGING = "integration/test_logging.py"
APPS = "integration/test_apps.py"
ISOLATION = "integration/test_isolation.py"
TRANSLATE = "unit/test_translate.py"
CATALOGUE = "unit/test_catalogue.py"
PARKING = "unit/test_parking.py"
DOWNGRADE = "unit/test_downgrade.py"
SERVERS = "integration/test_gateway_servers.py"
QUESTIONS = "integration/test_gateway_questions.py"
FAULTS = "integration/test_wire_faults.py"
SEARCH = "integration/test_tool_search_calls.py"

Bound = dict[tuple[str, ...], tuple[str, ...]]

ROWS: dict[str, Bound] = {
    "opening": {
        LEGACY_HOSTS: (f"{SESSION}::test_every_legacy_version_is_spoken_as_it_was_asked_for",),
        MODERN_HOSTS: (
            f"{SESSION}::test_a_modern_host_may_begin_with_anything",
            f"{SESSION}::test_an_envelope_that_does_not_fit_is_refused",
        ),
        ("LL", "ML"): (f"{ROUNDS}::test_a_legacy_server_is_told_that_persons_can_be_asked_and_of_no_roots",),
        ("LM", "MM"): (f"{ROUNDS}::test_a_modern_server_is_told_what_its_host_can_do_and_we_relay",),
    },
    "initialized": {
        LEGACY_HOSTS: (f"{SUBSCRIPTIONS}::test_list_changes_reach_a_legacy_host_only_once_it_is_initialized",)
    },
    "ping": {
        LEGACY_HOSTS: (f"{SESSION}::test_ping_is_answered_before_the_handshake_too",),
        MODERN_HOSTS: (f"{SESSION}::test_what_2026_07_28_took_away_is_not_found_there",),
        ("LL", "ML"): (f"{CLIENT}::test_a_servers_requests_are_answered_here_where_no_host_waits",),
    },
    "unknown-request": {ALL: (f"{SESSION}::test_an_unknown_method_is_refused_in_few_words",)},
    "ids": {ALL: (f"{CALLS}::test_an_answer_bears_the_id_as_the_host_wrote_it",)},
    "meta": {
        ("LM",): (f"{TRANSLATE}::test_meta_lm_gets_an_envelope_without_capabilities_that_nobody_would_serve",),
        ("ML",): (f"{TRANSLATE}::test_meta_ml_loses_the_envelope_and_keeps_vendor_and_trace_keys",),
        ("LL", "MM"): (f"{TRANSLATE}::test_keys_of_ours_never_pass_from_a_host",),
    },
    "lists": {
        ALL: (
            f"{CATALOGUE}::test_every_page_is_valid_in_its_generation",
            f"{OFFERS}::test_everything_a_server_offers_is_listed",
        ),
        LEGACY_HOSTS: (
            f"{TRANSLATE}::test_legacy_hosts_see_only_object_output_schemas",
            f"{DOWNGRADE}::test_a_tool_keeps_its_title_where_the_revision_has_a_place_for_it",
        ),
        MODERN_HOSTS: (f"{TRANSLATE}::test_one_bad_input_schema_never_costs_the_list",),
    },
    "tools-call": {ALL: (f"{GATE}::test_a_write_with_two_rounds_is_asked_about_once_and_has_one_row",)},
    "call-found-by-search": {
        ALL: (
            f"{SEARCH}::test_what_a_server_asks_on_the_way_reaches_the_host_and_comes_back",
            f"{SEARCH}::test_a_tool_is_found_described_and_called",
        )
    },
    "get-read-complete": {
        ALL: (
            f"{OFFERS}::test_a_prompt_is_got_and_completed",
            f"{OFFERS}::test_a_resource_is_read_from_the_server_that_has_it",
        ),
        ("ML",): (f"{TRANSLATE}::test_an_errors_code_is_one_the_host_knows",),
    },
    "progress": {
        ALL: (
            f"{CLIENT}::test_progress_arrives_in_order_with_all_its_members_and_ends_with_the_answer",
            f"{CALLS}::test_progress_bears_the_hosts_token_and_ends_with_the_answer",
        )
    },
    "host-cancel": {
        ALL: (
            f"{CALLS}::test_a_cancelled_call_is_never_answered_and_its_server_is_told",
            f"{QUESTIONS}::test_a_host_that_cancels_takes_its_question_back_and_hears_nothing",
        ),
        LEGACY_HOSTS: (f"{ROUNDS}::test_a_host_that_cancels_takes_its_question_back",),
        ("LM", "MM"): (f"{FAULTS}::test_a_write_that_is_cancelled_while_its_host_is_asked_goes_no_further",),
        MODERN_HOSTS: (f"{PARKING}::test_a_cancelled_call_answers_its_server_and_not_its_host",),
    },
    "timeout": {ALL: (f"{CLIENT}::test_a_wait_that_is_too_long_is_told_to_the_server",)},
    "server-asks": {
        ("LL",): (
            f"{ROUNDS}::test_an_elicitation_reaches_the_host_and_its_answer_the_server",
            f"{ROUNDS}::test_a_legacy_hosts_refusal_reaches_a_legacy_server_as_it_is",
            f"{ROUNDS}::test_a_legacy_host_that_takes_no_questions_is_not_asked",
            f"{ROUNDS}::test_calls_take_turns_once_a_server_asked",
            f"{FAULTS}::test_a_question_of_a_cancelled_call_is_not_put_to_another_host",
            f"{FAULTS}::test_a_host_is_elicited_only_where_its_revision_knows_that",
        ),
        ("MM", "LM"): (f"{ROUNDS}::test_a_modern_server_that_asks_by_itself_is_not_answered",),
        ("ML",): (
            f"{ROUNDS}::test_a_ticket_is_good_for_its_own_call_only_and_once",
            f"{ROUNDS}::test_a_modern_host_that_takes_no_questions_declines",
            f"{PARKING}::test_a_host_that_never_comes_back_is_a_cancel_for_its_server_and_the_end_of_its_call",
            f"{PARKING}::test_what_is_asked_while_the_host_is_away_waits_for_the_next_round",
        ),
    },
    "input-required": {
        ("MM",): (
            f"{ROUNDS}::test_what_a_modern_server_needs_reaches_a_modern_host_to_the_letter",
            f"{ROUNDS}::test_a_state_of_a_dead_process_is_an_error_that_the_host_sees",
        ),
        ("LM",): (
            f"{ROUNDS}::test_a_modern_server_that_never_stops_asking_is_stopped_after_ten_rounds",
            f"{ROUNDS}::test_a_modern_server_that_only_wants_to_be_asked_later_is",
            f"{ROUNDS}::test_a_legacy_hosts_refusal_is_a_cancel_for_a_modern_servers_elicitation",
            f"{ROUNDS}::test_a_legacy_hosts_refusal_of_the_rest_ends_a_modern_servers_call",
        ),
    },
    "url-elicitation": {
        ALL: (f"{ROUNDS}::test_a_page_reaches_a_host_that_can_show_it",),
        ("LL",): (f"{ROUNDS}::test_a_legacy_host_gets_the_page_as_its_revision_says_and_calls_again",),
        ("LM",): (f"{ROUNDS}::test_a_modern_server_hears_of_no_pages_where_the_host_knows_none",),
        ("ML",): (f"{ROUNDS}::test_a_modern_host_visits_the_page_that_a_legacy_server_wants_first",),
    },
    "subscribe": {
        LEGACY_HOSTS: (f"{SUBSCRIPTIONS}::test_a_legacy_subscription_lasts_until_it_is_ended",),
        MODERN_HOSTS: (f"{SUBSCRIPTIONS}::test_a_listen_is_acknowledged_first_and_everything_bears_its_id",),
        ("LL", "ML"): (f"{STREAMS}::test_a_legacy_server_is_asked_for_each_resource",),
        ("LM", "MM"): (
            f"{STREAMS}::test_a_modern_server_is_listened_to_on_one_stream_that_is_opened_anew_for_each_change",
        ),
    },
    "resources-updated": {ALL: (f"{OFFERS}::test_a_resource_that_changes_is_told_to_who_subscribed",)},
    "list-changed": {
        LEGACY_HOSTS: (f"{SUBSCRIPTIONS}::test_list_changes_reach_a_legacy_host_only_once_it_is_initialized",),
        MODERN_HOSTS: (f"{SUBSCRIPTIONS}::test_each_listen_gets_its_own_copy",),
        ALL: (f"{GREETING}::test_a_list_that_changed_is_announced_and_fetched_anew",),
    },
    "set-level": {
        ("LL",): (f"{LOGGING}::test_a_legacy_server_is_set_to_the_most_verbose_level_that_anybody_wants",),
        ("MM",): (f"{LOGGING}::test_a_level_that_does_not_exist_is_refused",),
        ("LM",): (f"{LOGGING}::test_a_legacy_hosts_level_goes_with_its_calls_to_a_modern_server",),
        ("ML",): (f"{LOGGING}::test_a_legacy_server_is_set_to_what_a_modern_call_asks_for_while_it_runs",),
    },
    "log-message": {
        ("LL",): (f"{LOGGING}::test_a_legacy_host_hears_a_legacy_server_from_its_level_on",),
        ("LM",): (f"{LOGGING}::test_a_legacy_hosts_level_goes_with_its_calls_to_a_modern_server",),
        MODERN_HOSTS: (f"{LOGGING}::test_a_modern_host_hears_what_its_own_call_asked_for_and_nothing_else",),
    },
    "roots-list-changed": {("LL",): (f"{ISOLATION}::test_a_hosts_new_roots_are_told_to_its_own_servers",)},
    "tasks-and-extensions": {
        ("LM", "MM"): (f"{ROUNDS}::test_a_modern_server_is_told_what_its_host_can_do_and_we_relay",),
        ALL: (
            f"{APPS}::test_an_entry_of_several_servers_offers_no_extension",
            f"{APPS}::test_an_entry_of_one_server_offers_what_that_server_does",
        ),
    },
    "result-form": {
        ALL: (f"{TRANSLATE}::test_a_result_takes_the_form_of_the_hosts_generation",),
        LEGACY_HOSTS: (f"{DOWNGRADE}::test_content_that_a_revision_does_not_know_is_told_in_words",),
    },
    "server-exit": {
        ALL: (
            f"{CLIENT}::test_a_server_that_dies_ends_every_call_that_waits_and_every_later_one",
            f"{SERVERS}::test_a_server_that_dies_in_a_call_fails_that_call_and_is_started_again",
            f"{OFFERS}::test_a_subscription_outlives_a_restart_of_its_server",
        )
    },
    "host-leaves": {
        ALL: (f"{CALLS}::test_a_host_that_leaves_cancels_all_it_asked_for",),
        ("ML",): (f"{ROUNDS}::test_a_call_whose_host_leaves_is_given_up",),
    },
    "gateway-ends": {MODERN_HOSTS: (f"{SUBSCRIPTIONS}::test_when_we_end_each_listen_gets_its_result",)},
}

NOT_THERE = {
    "initialized": MODERN_HOSTS,
    "input-required": ("LL", "ML"),
    "roots-list-changed": ("MM", "LM", "ML"),
    "gateway-ends": LEGACY_HOSTS,
}
"""What cannot occur in a pairing: there is no such message, or nothing to do."""


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_"))


@pytest.mark.parametrize("pairing", ALL)
@pytest.mark.parametrize("row", ROWS)
def test_every_message_has_a_test_in_every_pairing(row: str, pairing: str) -> None:
    bound = [test for pairings, tests in ROWS[row].items() if pairing in pairings for test in tests]
    assert bool(bound) is (pairing not in NOT_THERE.get(row, ()))
    for test in bound:
        file, name = test.split("::")
        assert name in names_in(file), f"{test} is gone"
