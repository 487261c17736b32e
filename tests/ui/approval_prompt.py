"""The prompt with a person's hand: real clicks and keys, and what the window reported."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ostiary.domain.approval import Question
from ostiary.ui.approval.choice import Choice
from ostiary.ui.approval.window import ApprovalWindow
from ostiary.ui.theme import Theme

Answer = tuple[int, Choice]


class Prompt:
    """A window and what it reported."""

    def __init__(self, qtbot: QtBot) -> None:
        self.theme = Theme()
        self.window = ApprovalWindow(self.theme)
        self.answers: list[Answer] = []
        self.held: list[int] = []
        self.window.answered.connect(lambda *answer: self.answers.append(answer))
        self.window.held.connect(self.held.append)
        self._qtbot = qtbot
        qtbot.addWidget(self.window)

    def open(self, question: Question) -> None:
        """Open a question and wait until it is on the screen."""
        self.window.open_question(question)
        self._qtbot.waitUntil(self.window.windowHandle().isExposed)

    def open_armed(self, question: Question) -> None:
        """Open a question and wait until its buttons work."""
        self.open(question)
        self.wait_armed()

    def wait_armed(self) -> None:
        self._qtbot.waitUntil(self.window.bar.deny.isEnabled)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key of the keyboard, down and up."""
        QTest.keyClick(self.window.windowHandle(), key, modifiers)

    def click(self, button: QWidget) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def texts(self) -> list[str]:
        """Every text that a label shows."""
        return [label.text() for label in self.window.findChildren(QLabel) if label.isVisible()]
