"""The colour table: everything reads, in both schemes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from ostiary.ui.theme import DARK, LIGHT, Scheme, Theme, Tokens, contrast

GROUNDS = ("window", "surface", "raised")
MARKS = ("text", "text_dim", "accent", "ok", "busy", "ask", "problem", "added", "removed")
READABLE = 4.5  # WCAG 2.2, 1.4.3


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_reads_on_every_ground(tokens: Tokens, ground: str, mark: str) -> None:
    assert contrast(getattr(tokens, mark), getattr(tokens, ground)) >= READABLE


def test_grounds_and_marks_are_the_whole_table() -> None:
    assert {*GROUNDS, *MARKS, "line"} == set(Tokens.__slots__)


def test_applying_a_scheme_dresses_the_application_and_says_so(qapp: QApplication) -> None:
    theme = Theme()
    changes: list[bool] = []
    theme.changed.connect(lambda: changes.append(theme.tokens is DARK))
    theme.apply(qapp, Scheme.DARK)
    assert qapp.palette().window().color() == DARK.window
    theme.apply(qapp, Scheme.LIGHT)
    assert qapp.palette().window().color() == LIGHT.window
    assert changes == [True, False]
