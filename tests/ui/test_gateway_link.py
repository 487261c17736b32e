"""The link against a real gateway-like process: snapshot, commands, death, quitting."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QObject, QProcess
from PySide6.QtNetwork import QLocalSocket

from ostiary.control.messages import DisableServer, RestartServer
from ostiary.domain.errors import OstiaryError, RefusedError, UnreachableError, UsageError
from ostiary.domain.events import Servers, Snapshot
from ostiary.domain.server import ServerState, ServerView
from ostiary.ui.gateway_link import GatewayLink, LinkState
from ostiary_connect.endpoint import locate
from tests.support.gateway_process import household, running_gateway

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

MakeLink = Callable[..., GatewayLink]
FAKE = ("-m", "tests.support.fake_gateway")


@pytest.fixture
def make_link(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeLink]:
    made: list[GatewayLink] = []

    def make(*options: str, program: str = sys.executable) -> GatewayLink:
        made.append(GatewayLink(program, (*FAKE, *options), tmp_path / "gateway.err", pauses_ms=(20, 40)))
        return made[-1]

    yield make
    for link in made:
        link.quit()
        qtbot.waitUntil(lambda link=link: link.state is LinkState.ENDED)  # type: ignore[misc]  # binds the loop's link


def ready(qtbot: QtBot, link: GatewayLink) -> Snapshot:
    with qtbot.waitSignal(link.snapshot) as got:
        link.open()
    assert got.args is not None
    snapshot = got.args[0]
    assert isinstance(snapshot, Snapshot)
    return snapshot


def test_snapshot_arrives_and_the_link_is_ready(qtbot: QtBot, make_link: MakeLink) -> None:
    link = make_link()
    assert ready(qtbot, link).servers[0].name == "files"
    assert link.state is LinkState.READY


def test_result_comes_back_and_its_event_follows(qtbot: QtBot, make_link: MakeLink) -> None:
    link = make_link()
    ready(qtbot, link)
    results: list[ServerView] = []
    with qtbot.waitSignal(link.happened) as told:
        link.ask(DisableServer(name="files"), results.append)
    assert results[0].state is ServerState.STOPPED
    assert told.args is not None
    assert isinstance(told.args[0], Servers)


def test_error_reaches_who_asked_and_no_one_else(qtbot: QtBot, make_link: MakeLink) -> None:
    link = make_link()
    ready(qtbot, link)
    errors: list[OstiaryError] = []
    with qtbot.assertNotEmitted(link.failed):
        link.ask(RestartServer(name="nobody"), on_error=errors.append)
        qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], UsageError)


def test_error_that_nobody_takes_is_told(qtbot: QtBot, make_link: MakeLink) -> None:
    link = make_link()
    ready(qtbot, link)
    with qtbot.waitSignal(link.failed):
        link.ask(RestartServer(name="nobody"))


def test_asking_without_a_gateway_fails_later_and_not_at_once(qtbot: QtBot, make_link: MakeLink) -> None:
    errors: list[OstiaryError] = []
    make_link().ask(DisableServer(name="files"), on_error=errors.append)
    assert not errors
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], UnreachableError)


class Row(QObject):
    """Asks, and may be gone before the answer comes."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def hear(self, answer: object) -> None:
        self.setObjectName("heard")  # which one that is gone cannot
        self.heard.append(answer)


def gone_row() -> Row:
    row = Row()
    shiboken6.delete(row)
    return row


def test_answer_for_a_row_that_is_gone_is_for_nobody_and_others_get_theirs(qtbot: QtBot, make_link: MakeLink) -> None:
    link = make_link()
    ready(qtbot, link)
    gone, there = gone_row(), Row()
    with qtbot.waitSignal(link.failed):
        link.ask(DisableServer(name="files"), gone.hear)
        link.ask(RestartServer(name="nobody"), on_error=gone.hear)
        link.ask(DisableServer(name="files"), there.hear)
    qtbot.waitUntil(lambda: bool(there.heard))
    assert gone.heard == []


def test_a_fault_in_one_that_asked_takes_no_other_answer_along(qtbot: QtBot, make_link: MakeLink) -> None:
    link = make_link()
    ready(qtbot, link)
    there = Row()

    def fail(_: object) -> None:
        raise ValueError("a fault of a page")

    with qtbot.captureExceptions() as faults:
        link.ask(DisableServer(name="files"), fail)
        for _ in range(3):
            link.ask(DisableServer(name="files"), there.hear)
        qtbot.waitUntil(lambda: len(there.heard) == 3)
    assert [str(fault[1]) for fault in faults] == ["a fault of a page"]


def test_a_gateway_that_dies_is_started_again_whatever_is_wrong_with_who_waited_for_it(
    qtbot: QtBot, make_link: MakeLink
) -> None:
    link = make_link("--deaf")
    states: list[LinkState] = []
    ready(qtbot, link)
    link.state_changed.connect(states.append)

    def fail(_: OstiaryError) -> None:
        raise ValueError("a fault of a page")

    with qtbot.captureExceptions():
        link.ask(DisableServer(name="files"), on_error=fail)
        link.ask(DisableServer(name="files"), on_error=gone_row().hear)
        (process,) = link.findChildren(QProcess)
        process.kill()
        qtbot.waitUntil(lambda: states == [LinkState.RESTARTING, LinkState.READY])


def test_gateway_that_dies_is_started_again_and_its_words_are_kept(
    qtbot: QtBot, make_link: MakeLink, tmp_path: Path
) -> None:
    link = make_link("--die-once", str(tmp_path / "died"))
    states: list[LinkState] = []
    link.state_changed.connect(states.append)
    with qtbot.waitSignals([link.snapshot, link.snapshot]):
        link.open()
    assert states == [LinkState.READY, LinkState.RESTARTING, LinkState.READY]
    assert "about to die" in link.error_tail()
    assert (tmp_path / "gateway.err").stat().st_mode & 0o777 == 0o600


def test_gateway_that_never_starts_is_lost_in_the_end_and_can_be_tried_again(qtbot: QtBot, make_link: MakeLink) -> None:
    link = make_link(program="/nonexistent/ostiary")
    with qtbot.waitSignal(link.state_changed, check_params_cb=lambda state: state is LinkState.LOST):
        link.open()
    with qtbot.waitSignal(link.state_changed, check_params_cb=lambda state: state is LinkState.RESTARTING):
        link.retry()


def test_link_that_a_gateway_refuses_lets_go_of_it_and_quits_alone(qtbot: QtBot, tmp_path: Path) -> None:
    """A test is no window of Ostiary's, so the gateway does not take it for one."""
    with household() as place, running_gateway(place) as gateway:
        link = GatewayLink("/nonexistent/ostiary", (), tmp_path / "gateway.err", locate(str(gateway.home)))
        for begin in (link.open, link.retry, link.retry):
            with qtbot.waitSignal(link.failed) as refused:
                begin()
            assert isinstance(refused.args and refused.args[0], RefusedError)
            assert link.state is LinkState.LOST
        qtbot.waitUntil(lambda: not link.findChildren(QLocalSocket))
        link.quit()
        assert link.state is LinkState.ENDED
        assert gateway.run("status").code == 0


def test_quit_ends_even_a_gateway_that_does_not_listen(qtbot: QtBot, make_link: MakeLink) -> None:
    link = make_link("--deaf")
    ready(qtbot, link)
    with qtbot.waitSignal(link.state_changed, check_params_cb=lambda state: state is LinkState.ENDED):
        link.quit()
