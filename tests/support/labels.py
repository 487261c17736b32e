"""What a person can read in a part of the window, for tests of that part by itself."""

from PySide6.QtWidgets import QLabel, QWidget


def said(within: QWidget) -> str:
    """The text of every label that is visible in there, a line each."""
    return "\n".join(label.text() for label in within.findChildren(QLabel) if label.isVisible())
