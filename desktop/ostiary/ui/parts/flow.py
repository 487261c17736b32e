"""A layout that puts widgets side by side and goes on in the next line, as words in a paragraph."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt

from ostiary.ui.parts.wrapping import Wrapping


class Flow(Wrapping):
    """Items keep their size hint; a line is as high as its highest item."""

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line_height = 0, 0, 0
        mirrored = self._direction is Qt.LayoutDirection.RightToLeft
        for item in self._shown:
            size = item.sizeHint().boundedTo(QSize(max(1, rect.width()), item.sizeHint().height()))
            if x and x + size.width() > rect.width():
                x, y, line_height = 0, y + line_height + self.spacing(), 0
            if move:
                left = rect.right() + 1 - x - size.width() if mirrored else rect.x() + x
                item.setGeometry(QRect(QPoint(left, rect.y() + y), size))
            x += size.width() + self.spacing()
            line_height = max(line_height, size.height())
        return y + line_height
