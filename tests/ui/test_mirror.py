"""The mirror: whatever the gateway tells, the lists are its newest."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from ostiary.domain import events
from ostiary.domain.approval import GateMode, QuestionEnd
from ostiary.domain.call import Outcome
from ostiary.domain.events import Notice, Severity
from ostiary.domain.host import HostState, HostView
from ostiary.domain.server import ServerState
from ostiary.ui.models.mirror import Mirror
from tests.support import fake_world
from tests.support.fake_gateway import FakeGateway
from tests.support.server_views import server_view


@pytest.fixture
def mirror(qtbot: QtBot) -> Mirror:
    mirror = Mirror()
    mirror.take_snapshot(FakeGateway(fake_world.lived_in(), lambda _: None).snapshot())
    return mirror


def test_question_that_changes_takes_the_place_of_its_older_self(mirror: Mirror, qtbot: QtBot) -> None:
    changed = msgspec.structs.replace(mirror.questions[0], repeats=3)
    with qtbot.waitSignal(mirror.question_opened) as told:
        mirror.take_event(events.QuestionOpened(question=changed))
    assert mirror.questions == (changed,)
    assert told.args == [changed]


def test_question_that_ends_is_gone_and_its_end_is_told(mirror: Mirror, qtbot: QtBot) -> None:
    with qtbot.waitSignal(mirror.question_closed) as told:
        mirror.take_event(events.QuestionClosed(id=1, end=QuestionEnd.WITHDRAWN))
    assert mirror.questions == ()
    assert told.args == [1, QuestionEnd.WITHDRAWN]


@pytest.mark.parametrize(("outcomes", "busy"), [([Outcome.RUNNING], True), ([Outcome.RUNNING, Outcome.OK], False)])
def test_busy_lasts_from_a_calls_first_row_to_its_last(mirror: Mirror, outcomes: list[Outcome], busy: bool) -> None:
    for outcome in outcomes:
        mirror.take_event(events.Calls(rows=(fake_world.call(9, outcome),)))
    assert mirror.busy is busy


def test_call_that_runs_and_ends_in_one_batch_leaves_nothing_busy(mirror: Mirror) -> None:
    mirror.take_event(events.Calls(rows=(fake_world.call(9, Outcome.RUNNING), fake_world.call(9, Outcome.OK))))
    assert not mirror.busy


def test_same_notice_twice_is_shown_once(mirror: Mirror) -> None:
    notice = Notice(severity=Severity.NOTE, title="Once")
    mirror.take_event(events.Noticed(notice=notice))
    mirror.take_event(events.Noticed(notice=notice))
    assert mirror.notices.count(notice) == 1


def test_new_snapshot_replaces_everything(mirror: Mirror, qtbot: QtBot) -> None:
    mirror.take_event(events.Mode(mode=GateMode.BLOCK_ALL))
    with qtbot.waitSignals([mirror.servers_changed, mirror.mode_changed, mirror.calls_reset, mirror.was_reset]):
        mirror.take_snapshot(FakeGateway(fake_world.fresh(), lambda _: None).snapshot())
    assert mirror.mode is GateMode.NORMAL
    assert mirror.questions == ()
    assert mirror.first_start


def test_nobody_waits_and_no_call_runs_once_the_gateway_has_gone(mirror: Mirror, qtbot: QtBot) -> None:
    mirror.take_event(events.Calls(rows=(fake_world.call(9, Outcome.RUNNING),)))
    with qtbot.waitSignals([mirror.questions_changed, mirror.busy_changed]):
        mirror.take_end()
    assert mirror.questions == ()
    assert not mirror.busy


def test_no_server_runs_and_no_session_is_open_once_the_gateway_has_gone(mirror: Mirror) -> None:
    off = server_view("off", enabled=False, state=ServerState.STOPPED)
    mirror.take_event(events.Servers(servers=(server_view("notes", running_calls=1), off)))
    mirror.take_event(events.Hosts(hosts=(HostView(name="x", title="X", state=HostState.CONNECTED, sessions=2),)))
    mirror.take_end()
    assert [server.state for server in mirror.servers] == [ServerState.EXITED, ServerState.STOPPED]
    assert mirror.servers[0].running_calls == 0
    assert [host.sessions for host in mirror.hosts] == [0]
    assert mirror.sessions == ()
