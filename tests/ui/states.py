"""Every state and form of every page, and how a person comes to it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ostiary.domain.call import CallFilter
from ostiary.ui import words
from ostiary.ui.call_export import CallExport
from ostiary.ui.pages.activity_charts import CallChartsPane
from ostiary.ui.pages.changed_tool import ChangedToolRow
from ostiary.ui.pages.folder_row import FolderRow
from ostiary.ui.pages.host_row import HostRow
from ostiary.ui.pages.rule_row import RuleRow
from ostiary.ui.pages.secret_row import SecretRow
from ostiary.ui.pages.server_detail import ServerDetail
from ostiary.ui.try_it import HOST, Tried
from tests.support import fake_world
from tests.support.front import Front

LONG_COMMAND = "npx -y @example/server-with-a-long-name@1.4.2 --root '/home/robin/Documents/A long name' --verbose"
PLACES = ("servers", "hosts", "folders", "activity", "approvals", "secrets", "rules", "doctor", "settings")


def show(front: Front, page: str) -> None:
    front.show_place(PLACES.index(page))


def servers_tools(front: Front) -> None:
    show(front, "servers")
    front.application.servers.page.open_server("files")


def servers_changed(front: Front) -> None:
    front.application.servers.page.open_server("weather")


def servers_removal(front: Front) -> None:
    front.application.servers.page.open_server("github")
    detail = front.window.findChild(ServerDetail)
    assert detail is not None
    front.click(front.button(detail, words.REMOVE_ASK))


def servers_add(front: Front) -> None:
    page = front.application.servers.page
    QTest.keyClick(page, Qt.Key.Key_Escape)
    page.form.open_form()
    page.form.name.setText("long-one")
    page.form.command.setText(LONG_COMMAND)
    front.click(page.form.go_on)


def servers_paste(front: Front) -> None:
    page = front.application.servers.page
    front.click(page.form.paste)
    page.pasting.paste.setPlainText('{"mcpServers": {"git": {"command": "uvx", "args": ["mcp-server-git"]}}}')
    front.click(page.pasting.show_pasted)
    front.wait(page.pasting.go.isVisible)
    page.area.ensureWidgetVisible(page.pasting.cancel)


def hosts_plan(front: Front) -> None:
    show(front, "hosts")
    row = front.application.hosts.page.rows.row("cursor")
    assert isinstance(row, HostRow)
    front.click(row.connect_button)
    front.wait(row.plan.isVisible)
    front.application.hosts.page.area.ensureWidgetVisible(row.plan)


def hosts_undo(front: Front) -> None:
    page = front.application.hosts.page
    row = page.rows.row("claude-desktop")
    assert isinstance(row, HostRow)
    front.click(row.undo_button)
    front.wait(row.plan.isVisible)
    page.area.ensureWidgetVisible(row.plan)


def hosts_import(front: Front) -> None:
    page = front.application.hosts.page
    front.click(page.bring_in)
    front.click(page.import_form.from_hosts)
    front.wait(page.import_form.go.isVisible)
    page.area.ensureWidgetVisible(page.import_form, 0, 0)


def hosts_bundle_progress(front: Front) -> None:
    form = front.application.hosts.page.import_form
    form.progress.begin()
    form.progress.clock.setInterval(0)
    front.wait(form.progress.isVisible)
    form.progress.clock.stop()
    front.application.hosts.page.area.ensureWidgetVisible(form.progress)


def hosts_imported(front: Front) -> None:
    form = front.application.hosts.page.import_form
    form.progress.end()
    front.click(form.go)
    front.wait(form.undo.isVisible)
    front.application.hosts.page.area.ensureWidgetVisible(form.undo)


def hosts_import_undone(front: Front) -> None:
    form = front.application.hosts.page.import_form
    front.click(form.undo)
    front.wait(lambda: not form.undo.isVisible())
    front.application.hosts.page.area.ensureWidgetVisible(form.cancel)


def hosts_detail(front: Front) -> None:
    page = front.application.hosts.page
    page.import_form.close_form()
    page.open_host("claude-desktop")
    page.detail.tree.row("files").opener.setChecked(True)


def folders_removed(front: Front) -> None:
    show(front, "folders")
    page = front.application.folders.page
    row = page.rows.row("/home/robin/Documents")
    assert isinstance(row, FolderRow)
    front.click(front.button(row, words.REMOVE))
    front.wait(page.undo.isVisible)


def activity_rows(front: Front) -> None:
    show(front, "activity")
    front.wait(lambda: front.application.activity.feed.is_whole)
    QApplication.processEvents()


def activity_detail(front: Front) -> None:
    page = front.application.activity
    page.table.setFocus()
    page.open_call(1)
    front.wait(page.pane.isVisible)


def activity_no_match(front: Front) -> None:
    page = front.application.activity
    page.pane.closed.emit()
    page.filters.search_for("nowhere")
    front.wait(lambda: page.model.filter.anywhere == "nowhere" and page.feed.is_whole)


def activity_exporting(front: Front) -> None:
    page = front.application.activity
    page.filters.clear()
    path = front.folder / "calls.jsonl"
    export = CallExport(path, CallFilter(), lambda *_: None, page)
    page.export_bar.follow(export, path)
    export.progressed.emit(12_400, 0.38)
    front.wait(lambda: page.feed.is_whole)


def activity_exported(front: Front) -> None:
    page = front.application.activity
    page.export_wanted.emit(front.folder / "calls.csv", CallFilter())
    front.wait(page.export_bar.close_button.isVisible)


def activity_charts(front: Front) -> None:
    page = front.application.activity
    front.click(page.export_bar.close_button)
    front.click(page.charts_button)
    charts = page.findChild(CallChartsPane)
    assert charts is not None
    front.wait(lambda: charts.is_counted)


def secrets_forms(front: Front) -> None:
    show(front, "secrets")
    page = front.application.secrets.page
    front.click(page.add_button)
    row = page.rows.row("GITHUB_TOKEN")
    assert isinstance(row, SecretRow)
    front.click(row.set_button)


def rules_compared(front: Front) -> None:
    show(front, "rules")
    (row,) = front.application.rules.page.findChildren(ChangedToolRow)
    front.click(row.compare)
    front.wait(row.accept.isVisible)


def rules_history(front: Front) -> None:
    page = front.application.rules.page
    row = page.rules.row("7")
    assert isinstance(row, RuleRow)
    row.revoke.click()
    front.wait(lambda: page.rules.row("7") is None)


def doctor_found(front: Front) -> None:
    show(front, "doctor")
    page = front.application.doctor.page
    front.wait(lambda: page.again.isEnabled() and page.right.isVisible())
    page.right.button.setChecked(True)


def doctor_saved(front: Front) -> None:
    page = front.application.doctor.page
    page.right.button.setChecked(False)
    page.save_report(str(front.folder / "ostiary-report.txt"))
    front.wait(lambda: "ostiary-report.txt" in front.words(page))
    page.area.ensureWidgetVisible(page.again)


def first_trying(front: Front) -> None:
    front.window.show_start()
    page = front.application.first_start.page
    front.click(page.trying.button)
    page.area.ensureWidgetVisible(page.trying)


def first_tried(front: Front) -> None:
    page = front.application.first_start.page
    front.try_it.stop()
    front.try_it.ended.emit(Tried("config.toml\nindex.html"))
    front.application.mirror.calls_arrived.emit((replace(fake_world.call(9), host=HOST),))
    front.wait(page.trying.show_call.isVisible)
    page.area.ensureWidgetVisible(page.trying)


def first_failed(front: Front) -> None:
    page = front.application.first_start.page
    front.try_it.ended.emit(Tried("", failed=True))
    page.area.ensureWidgetVisible(page.trying)


STATES: tuple[Callable[[Front], None], ...] = (
    servers_tools,
    servers_changed,
    servers_removal,
    servers_add,
    servers_paste,
    hosts_plan,
    hosts_undo,
    hosts_import,
    hosts_bundle_progress,
    hosts_imported,
    hosts_import_undone,
    hosts_detail,
    folders_removed,
    activity_rows,
    activity_detail,
    activity_no_match,
    activity_exporting,
    activity_exported,
    activity_charts,
    secrets_forms,
    rules_compared,
    rules_history,
    doctor_found,
    doctor_saved,
    first_trying,
    first_tried,
    first_failed,
)
"""In this order, in one window: some begin where the one before ended."""
