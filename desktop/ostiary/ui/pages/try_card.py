"""The last step of the first minute: one real call, its answer, and the way to where it stands in the log."""

from __future__ import annotations

from PySide6.QtCore import Signal

from ostiary.domain.call import CallRow
from ostiary.ui.models.mirror import Mirror
from ostiary.ui.pages import first_words as words
from ostiary.ui.parts.buttons import ButtonRow, button
from ostiary.ui.parts.card import Card
from ostiary.ui.parts.problem import Problem
from ostiary.ui.parts.text import Text
from ostiary.ui.theme import SPACE_S, Theme
from ostiary.ui.try_it import HOST, Tried, TryIt

SERVER = "files"
TOOL = "list_directory"


class TryCard(Card):
    """Can be tried as soon as there is a folder and the server of files is on.

    Signals:
        call_wanted(int): The person wants to see the call of that number in the log.
    """

    call_wanted = Signal(int)

    def __init__(self, theme: Theme, mirror: Mirror, try_it: TryIt) -> None:
        super().__init__()
        self._mirror, self._try_it = mirror, try_it
        self._number: int | None = None
        self._hint, self.answer = Text(words.NEEDS_FOLDER_AND_FILES, "dim"), Text(role="name")
        self._problem = Problem(theme)
        self.button = button(words.TRY, self._start, role="primary")
        self.show_call = button(words.SHOW_IN_LOG, self._wish_call)
        self.column.setSpacing(SPACE_S)
        for widget in (Text(words.STEP_TRY, "title"), Text(words.STEP_TRY_TEACH, "dim"), self._hint, self.answer):
            self.column.addWidget(widget)
        self.column.addWidget(self._problem)
        self.column.addWidget(ButtonRow(self.button, self.show_call))
        self.answer.hide()
        self.show_call.hide()
        try_it.ended.connect(self._end)
        mirror.calls_arrived.connect(self._note)
        for changed in (mirror.roots_changed, mirror.servers_changed):
            changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        able = bool(self._mirror.roots) and self._tool() is not None
        self.button.setEnabled(able)
        self._hint.setVisible(not able)

    def _tool(self) -> str | None:
        """The tool by the name that hosts see; None while its server is off."""
        server = next((one for one in self._mirror.servers if one.name == SERVER and one.enabled), None)
        if server is None:
            return None
        return next((tool.name for tool in server.tools if tool.own_name == TOOL), TOOL)

    def _start(self) -> None:
        tool = self._tool()
        if tool is None or not self._mirror.roots or self._try_it.is_trying:
            return  # a second press is not a second call
        self._number = None
        self._problem.clear()
        self.show_call.hide()
        self._say(words.TRYING)
        self._try_it.start(tool, {"path": self._mirror.roots[0].path})

    def _end(self, tried: Tried) -> None:
        if tried.failed or not self._mirror.roots:
            self._say("")
            self._problem.say(words.failed(tried.text))
        else:
            self._say(words.listed(self._mirror.roots[0].label, tried.text))

    def _note(self, rows: tuple[CallRow, ...]) -> None:
        for row in rows:
            if row.host == HOST and row.method == "tools/call":
                self._number = row.id
                self.show_call.show()

    def _say(self, sentence: str) -> None:
        self.answer.setText(sentence)
        self.answer.setVisible(bool(sentence))

    def _wish_call(self) -> None:
        if self._number is not None:
            self.call_wanted.emit(self._number)
