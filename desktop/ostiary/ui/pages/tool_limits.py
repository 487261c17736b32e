"""Time limits of single tools: one tool is chosen, then its limit; those that differ are listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QComboBox, QWidget

from ostiary.domain.server import ServerView
from ostiary.ui.pages import server_words as words
from ostiary.ui.parts.column import column_in
from ostiary.ui.parts.drop_down import DropDown, name_list
from ostiary.ui.parts.setting import Setting
from ostiary.ui.parts.text import Text
from ostiary.ui.visible import reveal_line

LIKE_THE_OTHERS: Final = 0.0


class ToolLimits(QWidget):
    """``wanted`` gets a tool's own name and its limit, ``LIKE_THE_OTHERS`` for none. Hidden while no tool is known."""

    def __init__(self, wanted: Callable[[str, float], None]) -> None:
        super().__init__()
        self._wanted = wanted
        self._limits: dict[str, float] = {}
        self.tool = QComboBox()
        name_list(self.tool, words.WHICH_TOOL)
        self.tool.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.tool.setMinimumContentsLength(14)
        self.tool.currentIndexChanged.connect(self._show_limit)
        self.limit = DropDown(words.TOOL_LIMIT, (LIKE_THE_OTHERS, *words.TIMEOUTS_S), words.tool_limit, self._choose)
        self._listed = Text(role="dim")
        setting = Setting(words.TOOL_LIMIT, words.TOOL_LIMIT_MEANS, self.tool, self.limit)
        column_in(self, setting, self._listed, spacing=0)

    def show_server(self, server: ServerView) -> None:
        self._limits = server.flow.tool_timeouts_s
        names = [tool.own_name for tool in server.tools]
        names += [name for name in self._limits if name not in names]
        if names != [self.tool.itemData(place) for place in range(self.tool.count())]:
            self.tool.clear()
            for name in names:
                self.tool.addItem(reveal_line(name), name)
        self._listed.setText(words.tool_limits(self._limits))
        self._listed.setVisible(bool(self._limits))
        self._show_limit()
        self.setVisible(bool(names))

    def _show_limit(self) -> None:
        self.limit.show_value(self._limits.get(self.tool.currentData(), LIKE_THE_OTHERS))

    def _choose(self, limit_s: float) -> None:
        self._wanted(self.tool.currentData(), limit_s)
