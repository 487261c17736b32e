"""Hosts, Folders, Approvals, Secrets and the first minute through real clicks, over a gateway that obeys."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from ostiary.control.messages import (
    AddRoot,
    ApplyHostChange,
    EnableServer,
    PlanConnect,
    RemoveRoot,
    RemoveSecret,
    RestartServer,
    SetMode,
    SetSecret,
)
from ostiary.domain.approval import GateMode
from ostiary.domain.root import RootMode
from ostiary.gateway.watch import LATE
from ostiary.ui import words
from ostiary.ui.gateway_link import LinkState
from ostiary.ui.pages import first_words, folder_words, host_words
from ostiary.ui.pages.folder_row import FolderRow
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.pages.secret_row import SecretRow
from ostiary.ui.parts.switch import Switch
from tests.support.front import Front

SERVERS, HOSTS, FOLDERS, APPROVALS, SECRETS = 0, 1, 2, 4, 5


def drop(page: QWidget, *paths: Path) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        dropped,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)


def host_row(front: Front, name: str) -> HostRow:
    front.show_place(HOSTS)
    row = front.application.hosts.page.rows.row(name)
    assert isinstance(row, HostRow)
    return row


def test_change_to_a_hosts_file_is_shown_and_nothing_is_written_before_the_yes(front: Front) -> None:
    row = host_row(front, "cursor")
    front.click(row.connect_button)
    front.wait(lambda: row.plan.isVisible())
    assert '+    "ostiary": {' in front.words(row)
    assert front.asked == [PlanConnect(host="cursor")]
    assert row.plan.cancel.hasFocus()


def test_exactly_the_shown_change_is_written(front: Front) -> None:
    row = host_row(front, "cursor")
    front.click(row.connect_button)
    front.wait(lambda: row.plan.isVisible())
    front.click(row.plan.write)
    front.wait(lambda: any(isinstance(command, ApplyHostChange) for command in front.asked))
    front.wait(lambda: host_words.HOST_STATES[front.application.mirror.hosts[1].state] == "Connected")
    assert row.disconnect_button.hasFocus()
    assert "Cursor reads the change when it is opened." in front.words(row)
    assert not row.plan.isVisible()


def test_refused_write_says_why_and_shows_what_to_paste(make_front: Callable[..., Front]) -> None:
    front = make_front("--refuse-host-writes")
    row = host_row(front, "cursor")
    front.click(row.connect_button)
    front.wait(lambda: row.plan.isVisible())
    front.click(row.plan.write)
    front.wait(lambda: "The file was changed in the meantime" in front.words(row))
    assert '{"mcpServers": {"ostiary"' in front.words(row)
    assert host_words.SNIPPET in front.words(row)


def test_cancelled_change_is_forgotten(front: Front) -> None:
    row = host_row(front, "cursor")
    front.click(row.connect_button)
    front.wait(lambda: row.plan.isVisible())
    front.click(row.plan.cancel)
    assert not row.plan.isVisible()
    assert row.connect_button.isVisible()
    assert row.connect_button.hasFocus()


def test_room_that_a_row_gave_back_while_hidden_is_gone_in_the_first_picture_of_its_page(front: Front) -> None:
    row = host_row(front, "cursor")
    front.click(row.connect_button)
    front.wait(lambda: row.plan.isVisible() and row.height() > row.plan.height())
    front.show_place(SERVERS)
    row.plan.cancel.click()

    front.show_place(HOSTS)
    QApplication.processEvents()

    assert row.height() == row.column.totalHeightForWidth(row.width())


def test_entry_can_be_copied_to_paste_by_hand(front: Front) -> None:
    row = host_row(front, "cursor")
    front.click(row.connect_button)
    front.wait(lambda: row.plan.isVisible())
    front.click(row.plan.copy)
    assert "ostiary-connect" in QGuiApplication.clipboard().text()


def test_unreadable_host_says_where_and_offers_nothing(front: Front) -> None:
    row = host_row(front, "zed")
    assert "Line 14" in front.words(row)
    assert not row.connect_button.isVisible()


def test_dropped_folder_is_added(front: Front, tmp_path: Path) -> None:
    front.show_place(FOLDERS)
    drop(front.application.folders.page, tmp_path)
    front.wait_asked(AddRoot(path=str(tmp_path)))
    front.wait(lambda: str(tmp_path) in front.words(front.application.folders.page))


def test_a_folder_whose_changes_are_noticed_late_says_so_in_its_row(front: Front) -> None:
    front.show_place(FOLDERS)
    rows = front.application.folders.page.rows
    large, small = rows.row("/home/robin/Projects/website"), rows.row("/home/robin/Documents")
    assert large is not None
    assert small is not None
    assert LATE in front.words(large)
    assert LATE not in front.words(small)


def test_a_file_that_is_dropped_among_folders_is_refused_with_its_path_and_they_are_added(
    front: Front, tmp_path: Path
) -> None:
    front.show_place(FOLDERS)
    file = tmp_path / "a file"
    file.touch()
    drop(front.application.folders.page, file)
    assert folder_words.not_a_folder(str(file)) in front.words(front.application.folders.page)
    assert front.asked == []
    drop(front.application.folders.page, file, tmp_path)
    assert folder_words.not_a_folder(str(file)) in front.words(front.application.folders.page)
    front.wait_asked(AddRoot(path=str(tmp_path)))


def test_folder_is_chosen_in_a_dialog_that_nothing_waits_for(front: Front, tmp_path: Path) -> None:
    front.show_place(FOLDERS)
    page = front.application.folders.page
    front.click(front.button(page, words.ADD_FOLDER))
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(tmp_path))
    dialog.accept()
    front.wait_asked(AddRoot(path=str(tmp_path)))


def test_read_only_switch_takes_the_right_to_write(front: Front) -> None:
    front.show_place(FOLDERS)
    row = front.application.folders.page.rows.row("/home/robin/Projects/website")
    assert isinstance(row, FolderRow)
    front.click(row.read_only)
    front.wait_asked(AddRoot(path="/home/robin/Projects/website", mode=RootMode.READ_ONLY))
    front.wait(row.read_only.isChecked)


def test_removed_folder_can_be_put_back_as_it_was(front: Front) -> None:
    front.show_place(FOLDERS)
    page = front.application.folders.page
    row = page.rows.row("/home/robin/Documents")
    assert isinstance(row, FolderRow)
    front.click(row.remove)
    front.wait_asked(RemoveRoot(path="/home/robin/Documents"))
    front.wait(page.undo.isVisible)
    assert page.undo.button.hasFocus()
    front.click(page.undo.button)
    front.wait_asked(AddRoot(path="/home/robin/Documents", mode=RootMode.READ_ONLY))


def test_waiting_question_opens_the_prompt(front: Front) -> None:
    front.show_place(APPROVALS)
    front.click(front.button(front.application.approvals.page, words.REVIEW))
    front.wait(front.application.prompt.isVisible)


def test_question_of_a_gateway_that_has_gone_cannot_be_reviewed(front: Front) -> None:
    front.show_place(APPROVALS)
    front.button(front.application.approvals.page, words.REVIEW)

    front.application.link.state_changed.emit(LinkState.RESTARTING)

    assert words.REVIEW not in front.words(front.application.approvals.page)
    assert words.NOBODY_WAITS in front.words(front.application.approvals.page)


def test_block_shows_above_every_page_and_resume_ends_it(front: Front) -> None:
    front.show_place(APPROVALS)
    front.click(front.button(front.application.approvals.page, words.MODES[GateMode.BLOCK_ALL]))
    front.wait_asked(SetMode(mode=GateMode.BLOCK_ALL))
    front.wait(lambda: words.MODE_BANNERS[GateMode.BLOCK_ALL] in front.words(front.window.banners))
    front.click(front.button(front.window.banners, words.RESUME))
    front.wait_asked(SetMode(mode=GateMode.NORMAL))
    front.wait(lambda: words.MODE_BANNERS[GateMode.BLOCK_ALL] not in front.words(front.window.banners))


def test_secret_goes_to_the_gateway_and_is_shown_nowhere(front: Front) -> None:
    front.show_place(SECRETS)
    page = front.application.secrets.page
    row = page.rows.row("GITHUB_TOKEN")
    assert isinstance(row, SecretRow)
    front.click(row.set_button)
    row.value.setText("tok-5577")
    assert "tok-5577" not in front.words(page)
    front.click(front.button(row, words.KEEP_SECRET))
    front.wait_asked(SetSecret(name="GITHUB_TOKEN", value="tok-5577"))
    assert row.value.text() == ""


def test_locked_keyring_is_told_and_what_was_typed_stays(make_front: Callable[..., Front]) -> None:
    front = make_front("--fresh", "--lock-keyring")
    front.show_place(SECRETS)
    page = front.application.secrets.page
    assert "The keyring is locked" in front.words(page)
    front.click(page.add_button)
    page.form.name.setText("NEW_TOKEN")
    page.form.value.setText("tok-1")
    front.click(page.form.keep)
    front.wait(lambda: "The keyring is locked" in front.words(page.form))
    assert page.form.value.text() == "tok-1"
    front.click(front.button(page.form, words.CANCEL))
    assert page.form.value.text() == ""
    assert words.NO_SECRETS_TEACH in front.words(page)


def test_changed_secret_offers_to_restart_who_uses_it(front: Front) -> None:
    front.show_place(SECRETS)
    page = front.application.secrets.page
    row = page.rows.row("GITHUB_TOKEN")
    assert isinstance(row, SecretRow)
    front.click(row.set_button)
    row.value.setText("tok-5577")
    front.click(front.button(row, words.KEEP_SECRET))
    front.wait(page.offer.isVisible)
    front.click(page.offer.button)
    front.wait_asked(RestartServer(name="github"))


def test_removing_a_secret_says_who_loses_it_and_asks_first(front: Front) -> None:
    front.show_place(SECRETS)
    row = front.application.secrets.page.rows.row("GITHUB_TOKEN")
    assert row is not None
    front.click(front.button(row, words.REMOVE_ASK))
    assert words.remove_secret("GITHUB_TOKEN", ("GitHub",)) in front.words(row)
    front.click(front.button(row, words.REMOVE))
    front.wait_asked(RemoveSecret(name="GITHUB_TOKEN"))


def test_a_secret_that_is_not_set_can_be_set_and_not_removed(front: Front) -> None:
    front.show_place(SECRETS)
    row = front.application.secrets.page.rows.row("WEATHER_KEY")
    assert isinstance(row, SecretRow)
    assert words.NOT_SET in front.words(row)
    assert words.SET_SECRET in front.words(row)
    assert words.REMOVE_ASK not in front.words(row)


def test_first_start_leads_from_folder_to_server_to_host(make_front: Callable[..., Front], tmp_path: Path) -> None:
    front = make_front("--fresh")
    page = front.application.first_start.page
    assert page.isVisible()
    page.add(str(tmp_path))
    front.wait_asked(AddRoot(path=str(tmp_path)))
    row = page.servers.row("files")
    assert row is not None
    front.click(next(iter(row.findChildren(Switch))))
    front.wait_asked(EnableServer(name="files"))
    host = page.hosts.row("cursor")
    assert isinstance(host, HostRow)
    page.area.ensureWidgetVisible(host)
    front.click(host.connect_button)
    front.wait(host.plan.isVisible)
    front.click(host.plan.write)
    front.wait(lambda: first_words.try_it(tmp_path.name) in front.words(page))
    front.click(page.finish)
    assert front.application.servers.page.isVisible()


def test_first_start_promises_as_many_steps_as_it_has(make_front: Callable[..., Front]) -> None:
    front = make_front("--fresh")
    lines = front.words(front.application.first_start.page).splitlines()
    numbers = [int(found[1]) for line in lines if (found := re.match(r"(\d)\.  ", line))]
    assert numbers == [1, 2, 3, 4]
    assert any(line.startswith("Four steps") for line in lines)


def test_first_start_can_be_put_off(make_front: Callable[..., Front]) -> None:
    front = make_front("--fresh")
    front.click(front.application.first_start.page.finish)
    assert not front.application.first_start.page.isVisible()
    assert front.application.servers.page.isVisible()
    assert front.asked == []


@pytest.mark.parametrize(("place", "teaching"), [(FOLDERS, words.NO_FOLDERS_TEACH), (SECRETS, words.NO_SECRETS_TEACH)])
def test_empty_page_teaches(make_front: Callable[..., Front], place: int, teaching: str) -> None:
    front = make_front("--fresh")
    front.show_place(place)
    assert teaching in front.words(front.window)
