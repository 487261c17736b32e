"""A page of rows with the detail of one of them beside it, or in its place where the page is narrow."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ostiary.ui.parts.page import Page

D = TypeVar("D", bound=QWidget)

BESIDE_FROM_PX: Final = 680
"""From this width of the page on, list and detail stand side by side."""


class DetailPage(Page, Generic[D]):
    """``detail`` is there from ``put_beside`` on, and hidden until ``show_detail``."""

    detail: D

    def put_beside(self, detail: D) -> None:
        """Once, when the page has its rows: in the order of Tab the detail comes after them."""
        self.detail = detail
        detail.hide()
        row = QHBoxLayout()
        row.setSpacing(0)
        self.outer.removeWidget(self.area)
        row.addWidget(self.area, 1)
        row.addWidget(detail, 1)
        self.outer.addLayout(row, 1)

    @property
    def shows_detail(self) -> bool:
        """Also while the page itself is not in view."""
        return self.detail.isVisibleTo(self)

    def show_detail(self) -> None:
        self.detail.show()
        self._arrange()

    def hide_detail(self) -> None:
        self.detail.hide()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        beside = self.width() >= BESIDE_FROM_PX
        self.area.setVisible(beside or not self.shows_detail)
