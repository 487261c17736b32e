"""A pytest plugin (``-p tests.support.mirrored``): the window is laid out from right to left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def mirrored(request: pytest.FixtureRequest) -> None:
    """As in a language that is written so; there is no catalogue of one yet."""
    app = request.getfixturevalue("qapp")
    assert isinstance(app, QApplication)
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
