"""What comes back after the person has gone on: it is told about what was asked, and changes nothing else."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ostiary.control.messages import (
    AddServer,
    CompareDefinition,
    Done,
    PlanDisconnect,
    RemoveRoot,
    RemoveServer,
    RestartServer,
    RestoreServer,
    SearchToolsForHost,
    SetSecret,
    TrustServer,
)
from ostiary.domain.errors import UnreachableError
from ostiary.domain.events import Hosts, Roots, Servers
from ostiary.domain.host import HostAction, HostChange, HostState, HostView
from ostiary.domain.root import RootMode, RootView
from ostiary.domain.secret import SecretView
from ostiary.domain.server import ServerOrigin, ServerState, ServerView, ToolView
from ostiary.ui import words
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages import host_words
from ostiary.ui.pages.changed_tool import ChangedToolRow
from ostiary.ui.pages.folder_row import FolderRow
from ostiary.ui.pages.folders import FoldersPage
from ostiary.ui.pages.host_detail import HostDetail
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.pages.hosts import HostsPage
from ostiary.ui.pages.secrets import SecretsPage
from ostiary.ui.pages.servers import ServersPage
from ostiary.ui.theme import Theme
from tests.support.server_views import server_view
from tests.support.slow_gateway import SlowGateway

CHANGED = ToolView(name="search", own_name="search", changed=True)
FOLDER = RootView(path="/home/robin/Projects", label="Projects", mode=RootMode.READ_ONLY)
GONE = UnreachableError("The gateway stopped", "What you asked for may not have been done.")


@pytest.fixture
def gateway() -> SlowGateway:
    return SlowGateway()


@pytest.fixture
def mirror(qtbot: QtBot) -> Mirror:
    return Mirror()


@pytest.fixture
def servers(qtbot: QtBot, dressed: Theme, mirror: Mirror, gateway: SlowGateway) -> ServersPage:
    """With two servers, each with a tool of the same name that is no longer what it was."""
    page = ServersPage(dressed, mirror, gateway)
    qtbot.addWidget(page)
    show(mirror, server_view("notes", tools=(CHANGED,)), server_view("weather", tools=(CHANGED,)))
    return page


def show(mirror: Mirror, *servers: ServerView) -> None:
    mirror.take_event(Servers(servers=servers))


def press(within: QWidget, word: str) -> None:
    next(one for one in within.findChildren(QPushButton) if one.text() == word and one.isVisibleTo(within)).click()


def told_on(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page) and label.text()]


def told_of(name: str) -> str:
    """How a page says what it is that was refused."""
    return f"{name}: {GONE.title}."


def remove(page: ServersPage, gateway: SlowGateway, name: str) -> int:
    """Wish it, and say yes; gives the wish's place among what was asked."""
    page.open_server(name)
    for word in (words.REMOVE_ASK, words.REMOVE):
        next(one for one in page.detail.findChildren(QPushButton) if one.text() == word).click()
    assert gateway.asked[-1] == RemoveServer(name=name)
    return len(gateway.asked) - 1


def test_a_server_that_is_gone_at_last_does_not_close_the_one_that_was_opened_meanwhile(
    servers: ServersPage, gateway: SlowGateway
) -> None:
    place = remove(servers, gateway, "notes")
    servers.open_server("weather")

    gateway.answer(Done(), place)

    assert servers.shows_detail
    assert servers.detail.name == "weather"
    assert not servers.undo.isHidden()


def test_a_server_that_is_gone_at_last_leaves_the_keyboard_where_the_person_has_gone(
    qtbot: QtBot, servers: ServersPage, mirror: Mirror, gateway: SlowGateway
) -> None:
    with qtbot.waitExposed(servers):
        servers.show()
    place = remove(servers, gateway, "notes")
    servers.add_button.setFocus()
    show(mirror, server_view("weather"))

    gateway.answer(Done(), place)

    assert servers.focusWidget() is servers.add_button


def test_what_is_there_again_is_not_offered_to_be_put_back(
    qtbot: QtBot, dressed: Theme, servers: ServersPage, mirror: Mirror, gateway: SlowGateway
) -> None:
    gateway.answer(Done(), remove(servers, gateway, "notes"))
    show(mirror, server_view("weather"))
    assert not servers.undo.isHidden()
    show(mirror, server_view("weather"), server_view("notes"))
    assert servers.undo.isHidden()

    page = FoldersPage(dressed, mirror, gateway)
    qtbot.addWidget(page)
    page.undo.offer("removed", FOLDER)
    mirror.take_event(Roots(roots=(FOLDER,)))
    assert page.undo.isHidden()


def test_a_server_that_was_not_put_back_can_still_be(
    servers: ServersPage, mirror: Mirror, gateway: SlowGateway
) -> None:
    gateway.answer(Done(), remove(servers, gateway, "notes"))
    servers.undo.button.click()
    assert servers.undo.isHidden()

    gateway.refuse(GONE)
    assert not servers.undo.isHidden()
    servers.undo.button.click()

    assert gateway.asked.count(RestoreServer(name="notes")) == 2


def test_a_folder_that_was_not_put_back_can_still_be(
    qtbot: QtBot, dressed: Theme, mirror: Mirror, gateway: SlowGateway
) -> None:
    page = FoldersPage(dressed, mirror, gateway)
    qtbot.addWidget(page)
    mirror.take_event(Roots(roots=(FOLDER,)))
    row = page.rows.row(FOLDER.path)
    assert isinstance(row, FolderRow)
    row.remove.click()
    assert gateway.asked[-1] == RemoveRoot(path=FOLDER.path)
    gateway.answer(Done())
    page.undo.button.click()

    gateway.refuse(GONE)

    assert not page.undo.isHidden()


def test_a_changed_tool_is_compared_with_its_own_servers_older_one(servers: ServersPage, gateway: SlowGateway) -> None:
    servers.open_server("notes")
    servers.open_server("weather")

    rows = servers.detail.findChildren(ChangedToolRow)
    shown = [row for row in rows if row.isVisibleTo(servers.detail)]
    assert len(shown) == 1
    shown[0].compare.click()

    assert gateway.asked[-1] == CompareDefinition(name="weather", own_name="search")


def test_what_a_host_may_see_is_named_after_the_host_that_is_shown(
    qtbot: QtBot, dressed: Theme, gateway: SlowGateway
) -> None:
    detail = HostDetail(dressed, gateway)
    qtbot.addWidget(detail)
    seen = (server_view("notes"),)
    for name in ("cursor", "zed"):
        detail.show_host(HostView(name=name, title=name.title(), state=HostState.CONNECTED), seen)

    assert detail.tree.row("notes").switch.accessibleName() == host_words.show_to("Notes", "Zed")


@pytest.fixture
def secrets(qtbot: QtBot, dressed: Theme, mirror: Mirror, gateway: SlowGateway) -> SecretsPage:
    """With its form open, and one secret given that the keyring has not taken yet."""
    page = SecretsPage(dressed, mirror, gateway)
    qtbot.addWidget(page)
    page.add_button.click()
    page.form.name.setText("GITHUB_TOKEN")
    page.form.value.setText("s3cret")
    page.form.keep.click()
    return page


def test_a_secret_is_given_once_however_often_enter_is_pressed(secrets: SecretsPage, gateway: SlowGateway) -> None:
    secrets.form.value.returnPressed.emit()
    assert gateway.asked == [SetSecret(name="GITHUB_TOKEN", value="s3cret")]
    gateway.refuse(GONE)
    secrets.form.value.returnPressed.emit()
    assert len(gateway.asked) == 2


def test_a_secret_that_is_kept_at_last_leaves_the_next_one_that_is_typed(
    secrets: SecretsPage, gateway: SlowGateway
) -> None:
    secrets.form.close_form()
    secrets.add_button.click()
    secrets.form.name.setText("WEATHER_KEY")

    gateway.answer(SecretView(name="GITHUB_TOKEN", is_set=True))

    assert not secrets.form.isHidden()
    assert secrets.form.name.text() == "WEATHER_KEY"


def test_a_secret_that_is_refused_after_its_form_was_closed_is_told_on_the_page(
    secrets: SecretsPage, gateway: SlowGateway
) -> None:
    secrets.form.close_form()
    gateway.refuse(GONE)
    assert told_of("GITHUB_TOKEN") in told_on(secrets)


@pytest.mark.parametrize("state", [ServerState.RUNNING, ServerState.FATAL])
def test_a_restart_for_a_secret_is_offered_until_its_servers_have_been_started(
    secrets: SecretsPage, mirror: Mirror, gateway: SlowGateway, state: ServerState
) -> None:
    show(mirror, server_view("notes", state=state))
    gateway.answer(SecretView(name="GITHUB_TOKEN", used_by=("notes",)))
    show(mirror, server_view("notes", state=state, stale=state is ServerState.RUNNING))
    assert "GITHUB_TOKEN is kept. Notes uses it after a restart." in told_on(secrets)

    show(mirror, server_view("notes", state=ServerState.STARTING))
    assert not secrets.offer.isHidden()
    show(mirror, server_view("notes"))
    assert secrets.offer.isHidden()


def test_no_restart_is_offered_for_a_server_that_reads_the_secret_when_it_starts(
    secrets: SecretsPage, mirror: Mirror, gateway: SlowGateway
) -> None:
    show(mirror, server_view("notes", state=ServerState.IDLE))
    gateway.answer(SecretView(name="GITHUB_TOKEN", used_by=("notes",)))
    assert secrets.offer.isHidden()


@pytest.fixture
def adding(servers: ServersPage, gateway: SlowGateway) -> ServersPage:
    """With a server wished for that is not there yet."""
    servers.add_button.click()
    servers.form.name.setText("clock")
    servers.form.command.setText("clock-mcp")
    servers.form.go_on.click()
    press(servers.form, words.ADD_CONFIRM)
    assert gateway.asked == [AddServer(name="clock", command=("clock-mcp",))]
    return servers


def test_a_server_that_is_refused_after_its_form_was_closed_is_told_on_the_page(
    adding: ServersPage, gateway: SlowGateway
) -> None:
    adding.form.close_form()
    gateway.refuse(GONE)
    assert told_of("clock") in told_on(adding)


def test_a_server_that_is_there_at_last_leaves_the_next_one_that_is_typed(
    adding: ServersPage, mirror: Mirror, gateway: SlowGateway
) -> None:
    adding.form.name.setText("weather-two")
    show(mirror, server_view("clock"))

    gateway.answer(server_view("clock"))

    assert not adding.form.isHidden()
    assert adding.form.name.text() == "weather-two"
    assert not adding.shows_detail


def test_a_server_that_is_there_after_its_form_was_closed_leaves_the_form_empty_and_the_person_where_they_are(
    adding: ServersPage, mirror: Mirror, gateway: SlowGateway
) -> None:
    adding.form.close_form()
    show(mirror, server_view("clock"))

    gateway.answer(server_view("clock"))

    assert adding.form.name.text() == ""
    assert not adding.shows_detail


@pytest.mark.parametrize("wish", [RestartServer(name="notes"), TrustServer(name="notes")], ids=["restart", "trust"])
def test_what_is_refused_of_a_server_is_not_told_under_the_one_that_is_opened_by_then(
    servers: ServersPage, mirror: Mirror, gateway: SlowGateway, wish: RestartServer | TrustServer
) -> None:
    notes = server_view("notes", origin=ServerOrigin.ADDED, enabled=True)
    show(mirror, notes, server_view("weather"))
    servers.open_server("notes")
    if isinstance(wish, TrustServer):
        servers.detail.trust.click()
    else:
        press(servers.detail, words.RESTART)
    assert gateway.asked[-1] == wish
    servers.open_server("weather")

    gateway.refuse(GONE)

    assert f"{GONE.title}." not in told_on(servers.detail)
    assert told_of("Notes") in told_on(servers.area)


def test_what_is_refused_of_the_server_that_is_shown_is_told_there(servers: ServersPage, gateway: SlowGateway) -> None:
    servers.open_server("notes")
    press(servers.detail, words.RESTART)
    gateway.refuse(GONE)
    assert f"{GONE.title}." in told_on(servers.detail)


def test_what_is_refused_of_a_server_in_the_list_names_it(servers: ServersPage, gateway: SlowGateway) -> None:
    servers.row("weather").switched.emit("weather", True)
    gateway.refuse(GONE)
    assert told_of("Weather") in told_on(servers.area)


def test_what_is_refused_of_a_host_is_told_on_the_page_once_another_one_is_open(
    qtbot: QtBot, dressed: Theme, mirror: Mirror, gateway: SlowGateway
) -> None:
    page = HostsPage(dressed, mirror, gateway)
    qtbot.addWidget(page)
    hosts = tuple(HostView(name=name, title=name.title(), state=HostState.CONNECTED) for name in ("cursor", "zed"))
    mirror.take_event(Hosts(hosts=hosts))
    page.open_host("cursor")
    page.detail.search.click()
    assert gateway.asked[-1] == SearchToolsForHost(host="cursor", on=True)
    page.open_host("zed")

    gateway.refuse(GONE)

    assert f"{GONE.title}." not in told_on(page.detail)
    assert told_of("Cursor") in told_on(page.area)


@pytest.fixture
def row(qtbot: QtBot, dressed: Theme, gateway: SlowGateway) -> HostRow:
    """Of a host with an entry of ours that is no longer what it should be."""
    made = HostRow(dressed, gateway, HostView(name="cursor", title="Cursor", state=HostState.CHANGED))
    qtbot.addWidget(made)
    return made


def planned(diff: str) -> HostChange:
    return HostChange(
        host="cursor", action=HostAction.CONNECT, path="/x", before_exists=True, diff=diff, token=diff, snippet="s"
    )


def test_a_plan_that_comes_after_the_person_went_back_stays_closed(row: HostRow, gateway: SlowGateway) -> None:
    row.connect_button.click()
    row.disconnect_button.click()
    assert gateway.asked[-1] == PlanDisconnect(host="cursor")
    gateway.answer(planned("+two"))
    row.plan.cancel.click()
    assert row.plan.isHidden()

    for place in (0, 1):
        gateway.answer(planned("+one"), place)

    assert row.plan.isHidden()


def test_a_change_that_is_written_at_last_leaves_the_plan_that_is_shown_by_then(
    row: HostRow, gateway: SlowGateway
) -> None:
    row.connect_button.click()
    gateway.answer(planned("+one"))
    row.plan.write.click()
    writing = len(gateway.asked) - 1
    row.plan.cancel.click()
    row.disconnect_button.click()
    gateway.answer(planned("+two"))

    gateway.answer(HostView(name="cursor", title="Cursor", state=HostState.CONNECTED), writing)

    assert not row.plan.isHidden()
