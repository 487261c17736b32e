"""A window that stood still while thousands of calls passed shows afterwards what one that is new shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ostiary.control.messages import AddRoot, EnableServer
from ostiary.domain.root import RootMode
from ostiary.domain.server import ServerState
from ostiary.ui.gateway_link import GatewayLink, LinkState
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages.activity import ActivityPage
from ostiary.ui.theme import Theme
from tests.support.gateway_process import OSTIARY, Household
from tests.support.line_host import LineHost
from tests.support.many_calls import CALLS, call_often
from tests.support.shared_gateway import place as place
from tests.support.shims import started_shim

WAIT_MS = 20_000


@pytest.fixture
def link(qtbot: QtBot, place: Household) -> Iterator[GatewayLink]:
    """To a real gateway, which it starts."""
    moved = (f"HOME={place.person}", f"OSTIARY_HOME={place.ostiary}")
    made = GatewayLink("env", (*moved, OSTIARY, "--headless", "--front-stdio"), place.ostiary / "gateway.err")
    yield made
    made.quit()
    qtbot.waitUntil(lambda: made.state is LinkState.ENDED, timeout=WAIT_MS)


@pytest.fixture
def mirror(link: GatewayLink) -> Mirror:
    made = Mirror(link)
    link.snapshot.connect(made.take_snapshot)
    link.happened.connect(made.take_event)
    return made


def new_page(qtbot: QtBot, link: GatewayLink) -> ActivityPage:
    page = ActivityPage(Theme(), link.ask)
    qtbot.addWidget(page)
    return page


def shown(page: ActivityPage) -> list[object]:
    """Every line of the table that is in memory; where it is not, that it is not."""
    return [page.model.line_at(line) for line in range(page.model.rowCount())]


def is_whole(page: ActivityPage) -> bool:
    for line in range(page.model.rowCount()):
        page.model.data(page.model.index(line, 0), Qt.ItemDataRole.UserRole)
    return page.feed.is_whole and page.feed.is_quiet and None not in shown(page)


def settle(qtbot: QtBot, *pages: ActivityPage) -> None:
    """Until all of the log was looked through and every line is there, in all of them at the same moment.

    The gateway may pass over what happened more than once, and tell all anew each time: a page that was whole begins
    again then.
    """
    qtbot.waitUntil(lambda: all(is_whole(page) for page in pages), timeout=WAIT_MS)


def files_run(mirror: Mirror) -> bool:
    return any(server.name == "files" and server.state is ServerState.RUNNING for server in mirror.servers)


def test_a_window_that_hung_shows_what_a_new_one_shows(
    qtbot: QtBot, place: Household, link: GatewayLink, mirror: Mirror
) -> None:
    page = new_page(qtbot, link)
    mirror.calls_reset.connect(page.restart)
    mirror.calls_arrived.connect(page.add_rows)
    with qtbot.waitSignal(link.snapshot, timeout=WAIT_MS):
        link.open()
    link.ask(AddRoot(path=str(place.person), mode=RootMode.READ_ONLY))
    link.ask(EnableServer(name="files"))
    qtbot.waitUntil(lambda: files_run(mirror), timeout=WAIT_MS)

    with (
        started_shim(place.ostiary, "--no-start", "--host", "cursor") as shim,
        qtbot.waitSignal(link.snapshot, timeout=WAIT_MS),
    ):
        call_often(LineHost(shim, modern=True), place.ostiary)  # Qt deals with nothing meanwhile: the window hangs

    settle(qtbot, page)
    fresh = new_page(qtbot, link)
    fresh.restart()
    settle(qtbot, page, fresh)

    assert page.model.calls == CALLS
    assert shown(page) == shown(fresh)
    assert not mirror.busy
