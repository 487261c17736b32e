"""A tray that starts anew: the gateway and its hosts do not notice, and the new tray is the front."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator

from pytestqt.qtbot import QtBot

from ostiary.control.client import connect
from ostiary.control.messages import GetStatus, Status
from ostiary.ui.application import Application
from ostiary.ui.gateway_link import GatewayLink, LinkState
from ostiary.ui.theme import Theme
from ostiary.ui.try_it import TryIt
from ostiary_connect.endpoint import locate
from tests.support.gateway_process import OSTIARY, Household
from tests.support.line_host import LineHost, transport
from tests.support.own_settings import own_settings
from tests.support.shared_gateway import place as place
from tests.support.shims import started_shim

WAIT_MS = 20_000
"""For a gateway's start on a busy machine."""


def tray(theme: Theme, place: Household) -> Application:
    """The tray of this process, which starts a gateway of its own."""
    command = (f"HOME={place.person}", f"OSTIARY_HOME={place.ostiary}", OSTIARY, "--headless", "--front-stdio")
    link = GatewayLink("env", command, place.ostiary / "gateway.err", locate(str(place.ostiary)))
    return Application(theme, link, own_settings(place.ostiary), TryIt((OSTIARY,)))


@contextlib.contextmanager
def new_tray(place: Household) -> Iterator[subprocess.Popen[bytes]]:
    """The installed program, which alone may attach to a gateway that it did not start."""
    with subprocess.Popen([OSTIARY], env=place.environment) as started:
        try:
            yield started
        finally:
            started.kill()


def status(place: Household) -> Status:
    with connect(str(place.ostiary)) as client:
        return client.ask(GetStatus())


@contextlib.contextmanager
def connected_host(place: Household) -> Iterator[LineHost]:
    with started_shim(place.ostiary, "--no-start", "--host", "cursor", environment=transport()) as shim:
        host = LineHost(shim, modern=True)
        host.result("server/discover")
        yield host


def test_new_tray_is_the_front_of_the_same_gateway_and_a_hosts_session_goes_on(
    qtbot: QtBot, dressed: Theme, place: Household
) -> None:
    old = tray(dressed, place)
    old.open()
    qtbot.waitUntil(lambda: old.mirror.loaded, timeout=WAIT_MS)
    before = status(place)
    with connected_host(place) as host:
        names = host.tools()
        old.own.restart_wanted.emit()
        qtbot.waitUntil(lambda: old.link.state is LinkState.ENDED, timeout=WAIT_MS)
        old.close()
        assert old.starts_again

        with new_tray(place) as started:
            qtbot.waitUntil(lambda: status(place).front, timeout=WAIT_MS)
            assert status(place).pid == before.pid
            assert host.tools() == names
            started.terminate()
            assert started.wait(WAIT_MS / 1000) == 0
