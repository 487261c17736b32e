"""The parts a question is shown in: who asks, what should stop the eye, each change, two definitions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ostiary.domain.approval import Process, Question, ResolvedPath
from ostiary.domain.plan import PlannedChange
from ostiary.ui.approval import plan_words, spoken, wording
from ostiary.ui.approval.json_text import indent_json, looks_like_json
from ostiary.ui.approval.labels import PlainLabel, dim
from ostiary.ui.approval.lines import diff_lines, side_by_side
from ostiary.ui.approval.lines_view import LinesView, framed
from ostiary.ui.language import said
from ostiary.ui.parts.column import column_in
from ostiary.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Theme, body_font, mono_font
from ostiary.ui.visible import reveal_line

DIFF_ROWS: Final = 16
DEFINITION_ROWS: Final = 24
DEFINITION_COLUMNS: Final = 44
BESIDE_FROM_PX: Final = 360
"""From this width on there is room for two definitions side by side."""
BESIDE_CHARACTERS: Final = 48
"""With more than these a tool's title stands below its name, which nothing may squeeze."""


class WhoSection(QWidget):
    """Host, server and tool, each under its own caption. The claims of a server are marked as claims."""

    def __init__(self, theme: Theme, question: Question) -> None:
        super().__init__()
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_M)
        self._grid.setVerticalSpacing(SPACE_XS)
        self._grid.setColumnStretch(1, 1)
        self._host(question)
        if question.server:
            self._row(wording.SERVER, PlainLabel(theme, wording.server(question)))
        if question.tool:
            self._tool(question)

    def _host(self, question: Question) -> None:
        caller = question.caller
        name = PlainLabel(self._theme, wording.host_in_full(caller), font=strong_font())
        verified = PlainLabel(self._theme, wording.VERIFIED, "ok")
        mark = verified if caller.verified else PlainLabel(self._theme, wording.UNVERIFIED, "problem")
        self._row(wording.HOST, _beside(name, mark))
        if caller.processes:
            self._row("", dim(self._theme, wording.process(caller.processes[0])))

    def _tool(self, question: Question) -> None:
        name = PlainLabel(self._theme, reveal_line(question.tool), font=mono_font())
        claimed = wording.tool_title(question)
        title = [PlainLabel(self._theme, claimed, "text_dim")] if claimed else []
        if len(name.text()) + len(claimed) <= BESIDE_CHARACTERS:
            self._row(wording.TOOL, _beside(name, *title))
        else:
            self._row(wording.TOOL, name)
            for below in title:
                self._row("", below)
        self._row("", dim(self._theme, wording.hints(question.hints)))

    def _row(self, caption: str, widget: QWidget) -> None:
        row = self._grid.rowCount()
        if caption:
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(PlainLabel(self._theme, caption, "text_dim"), row, 0, top)
        self._grid.addWidget(widget, row, 1)


class WarningsSection(QFrame):
    """Warnings, each with ▲ and a word."""

    def __init__(self, theme: Theme, warnings: Iterable[wording.Warn]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        column = column_in(self, spacing=SPACE_S)
        column.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        for warning in warnings:
            if warning.word:
                column.addWidget(PlainLabel(theme, f"▲ {warning.word}", "problem", strong_font()))
                if warning.text:
                    column.addWidget(PlainLabel(theme, warning.text))
            else:
                column.addWidget(PlainLabel(theme, f"▲ {warning.text}", "problem"))


class PathSection(QWidget):
    """A path, where it really leads, whether that is inside the approved folders (None: not the question) and there."""

    def __init__(self, theme: Theme, path: ResolvedPath, inside: bool | None) -> None:
        super().__init__()
        column = column_in(self, spacing=SPACE_XS)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(PlainLabel(theme, reveal_line(path.path), font=mono_font()), 1)
        if inside is not None:
            row.addWidget(PlainLabel(theme, wording.place(path.root, inside), "ok" if inside else "problem"))
        column.addLayout(row)
        if leads := wording.resolved(path):
            column.addWidget(dim(theme, leads))
        if path.missing:
            column.addWidget(PlainLabel(theme, wording.MISSING, "text_dim"))


class ChangeSection(QWidget):
    """One planned change: its path, what is kept, its warnings, its diff."""

    def __init__(self, theme: Theme, item: PlannedChange) -> None:
        super().__init__()
        column = column_in(self, spacing=SPACE_XS)
        path = ResolvedPath(path=item.path, real_path=item.real_path, root=item.root)
        column.addWidget(PathSection(theme, path, item.inside))
        column.addWidget(dim(theme, plan_words.change(item)))
        for warning in item.warnings:
            column.addWidget(PlainLabel(theme, f"▲ {said(reveal_line(warning))}", "problem"))
        if lines := diff_lines(item.diff):
            column.addWidget(framed(LinesView(theme, lines, spoken.changes_to(item.path), DIFF_ROWS)))


class ChainSection(QWidget):
    """The processes behind a call, nearest first."""

    def __init__(self, theme: Theme, processes: tuple[Process, ...]) -> None:
        super().__init__()
        column = column_in(self, spacing=SPACE_XS)
        if not processes:
            column.addWidget(dim(theme, wording.NO_PROCESS))
        for distance, process in enumerate(processes):
            column.addWidget(PlainLabel(theme, wording.process_name(process, distance), font=strong_font()))
            column.addWidget(PlainLabel(theme, wording.process(process), "text_dim", mono_font()))


class DefinitionsSection(QWidget):
    """The accepted and the present definition of a tool, side by side; they scroll together.

    Where the width is too short for two, one stands below the other.
    """

    def __init__(self, theme: Theme, old: str, new: str) -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE_S)
        sides = side_by_side(_laid_out(old), _laid_out(new), DEFINITION_COLUMNS)
        views = []
        for name, lines in zip((wording.OLD_DEFINITION, wording.NEW_DEFINITION), sides, strict=True):
            column = QVBoxLayout()
            column.setSpacing(SPACE_XS)
            column.addWidget(PlainLabel(theme, name, font=strong_font()))
            view = LinesView(theme, lines, name, DEFINITION_ROWS)
            column.addWidget(framed(view), 1)  # as high as the other, which may have a bar
            self._box.addLayout(column, 1)
            views.append(view.verticalScrollBar())
        views[0].valueChanged.connect(views[1].setValue)
        views[1].valueChanged.connect(views[0].setValue)

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = event.size().width() >= BESIDE_FROM_PX
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)


def strong_font() -> QFont:
    """The body font, semibold."""
    font = body_font()
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _laid_out(definition: str) -> str:
    return indent_json(definition) if looks_like_json(definition) else definition or wording.NOTHING


def _beside(*widgets: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_S)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return box
