"""The table of a server's states, transition by transition."""

import itertools

import pytest

from ostiary.domain.server import ServerState
from ostiary.gateway.supervise.states import AT_REST, WITH_PROCESS, may

STOPPED, STARTING, RUNNING, BACKOFF, STOPPING, EXITED, FATAL, _SHOWN_ONLY = ServerState

LEGAL = {
    (STOPPED, STARTING): "a start was asked for",
    (STARTING, RUNNING): "the first words were exchanged",
    (STARTING, BACKOFF): "the start failed",
    (STARTING, FATAL): "the start failed for good",
    (STARTING, STOPPING): "a stop was asked for while it started",
    (RUNNING, EXITED): "the process ended by itself",
    (RUNNING, STOPPING): "a stop was asked for",
    (EXITED, BACKOFF): "it will be started again",
    (EXITED, FATAL): "it ended too soon too often",
    (EXITED, STOPPING): "a stop was asked for while its remains were cleaned up",
    (BACKOFF, STARTING): "the wait is over",
    (BACKOFF, STOPPED): "a stop was asked for while it waited",
    (FATAL, STARTING): "somebody asked for another try",
    (FATAL, STOPPED): "it was switched off",
    (STOPPING, STOPPED): "the process is gone",
}


@pytest.mark.parametrize(("old", "new"), LEGAL, ids=[f"{old}-{new}" for old, new in LEGAL])
def test_transition_is_legal(old: ServerState, new: ServerState) -> None:
    assert may(old, new)


@pytest.mark.parametrize(("old", "new"), sorted(set(itertools.product(ServerState, repeat=2)) - set(LEGAL)))
def test_every_other_transition_is_illegal(old: ServerState, new: ServerState) -> None:
    assert not may(old, new)


def test_a_server_at_rest_leaves_that_state_only_by_a_start_or_a_stop() -> None:
    assert {new for old in AT_REST for new in ServerState if may(old, new)} == {STARTING, STOPPED}


def test_a_stop_leads_every_state_with_a_process_through_stopping() -> None:
    assert {old for old in ServerState if may(old, STOPPING)} | {STOPPING} == WITH_PROCESS
