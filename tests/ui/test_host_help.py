"""A host is restarted after a yes, and a bundle for it is saved."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ostiary.control.messages import HostBundle, MakeHostBundle, RestartHost
from ostiary.domain.errors import RefusedError
from ostiary.domain.host import HostState, HostView
from ostiary.ui.pages import host_help_words as words
from ostiary.ui.pages.host_help import HostHelp
from ostiary.ui.theme import Theme
from tests.support.labels import said
from tests.support.prepared_gateway import PreparedGateway


def host(**more: Any) -> HostView:
    return HostView(**{"name": "devin", "title": "Devin", "state": HostState.CONNECTED, **more})


@pytest.fixture
def gateway() -> PreparedGateway:
    return PreparedGateway()


@pytest.fixture
def show(qtbot: QtBot, dressed: Theme, gateway: PreparedGateway) -> Callable[[HostView], HostHelp]:
    def make(view: HostView) -> HostHelp:
        made = HostHelp(dressed, gateway, view)
        qtbot.addWidget(made)
        return made

    return make


def yes(shown: HostHelp) -> QPushButton:
    return next(one for one in shown.findChildren(QPushButton) if one.text() == words.restart_now("Devin"))


def test_a_restart_is_asked_about_and_the_button_goes_when_none_is_needed(
    show: Callable[[HostView], HostHelp], gateway: PreparedGateway
) -> None:
    shown = show(host(restart_needed="Quit it.", can_restart=True))
    shown.restart.click()
    assert gateway.asked == []
    gateway.prepare(RestartHost=host())
    yes(shown).click()
    assert gateway.asked == [RestartHost(host="devin")]
    assert not shown.isVisible()


def test_a_host_that_stays_is_said(show: Callable[[HostView], HostHelp], gateway: PreparedGateway) -> None:
    shown = show(host(restart_needed="Quit it.", can_restart=True))
    gateway.prepare(RestartHost=RefusedError("Devin did not quit", "Quit it there."))
    shown.restart.click()
    yes(shown).click()
    assert "Devin did not quit.\nQuit it there." in said(shown)


@pytest.mark.parametrize(
    "more",
    [{"can_restart": True}, {"restart_needed": "Quit it."}, {"takes_bundles": True, "state": HostState.NOT_FOUND}],
)
def test_no_restart_is_offered_where_it_is_not_needed_or_not_safe(
    show: Callable[[HostView], HostHelp], more: dict[str, Any]
) -> None:
    assert show(host(**more)).isHidden()


def test_a_bundle_is_saved_for_the_person_alone(
    show: Callable[[HostView], HostHelp], gateway: PreparedGateway, tmp_path: Path
) -> None:
    shown = show(host(takes_bundles=True))
    gateway.prepare(MakeHostBundle=HostBundle(file_name="ostiary.mcpb", content=b"PK"))
    file = tmp_path / "ostiary.mcpb"
    shown.save_bundle(str(file))
    assert gateway.asked == [MakeHostBundle(host="devin")]
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"PK", 0o600)
    shown.save_bundle(str(tmp_path / "none" / "x"))
    assert "could not be written" in said(shown)
