"""The colour table: everything reads, in both schemes."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox

from ostiary.ui.theme import DARK, LIGHT, Scheme, Theme, Tokens, contrast, palette, style_sheet

GROUNDS = ("window", "surface", "raised")
MARKS = ("text", "text_dim", "accent", "ok", "busy", "ask", "problem", "added", "removed")
READABLE = 4.5  # WCAG 2.2, 1.4.3
NON_TEXT = 3.0  # WCAG 2.2, 1.4.11


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_reads_on_every_ground(tokens: Tokens, ground: str, mark: str) -> None:
    assert contrast(getattr(tokens, mark), getattr(tokens, ground)) >= READABLE


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["accent", "text_dim", "ask"])
def test_text_reads_on_what_is_filled(tokens: Tokens, ground: str) -> None:
    """A primary or chosen button, a selection, the count of what waits: their text is in ``surface``."""
    assert contrast(tokens.surface, getattr(tokens, ground)) >= READABLE


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("part", ["accent", "text_dim", "ok", "busy", "problem", "ask", "edge"])
def test_a_ring_a_knob_and_a_mark_stand_out_from_their_ground(tokens: Tokens, ground: str, part: str) -> None:
    """The keyboard's ring, the edge of a field, a switch in both states, the arrow of a list, a state's mark."""
    assert contrast(getattr(tokens, part), getattr(tokens, ground)) >= NON_TEXT


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_of_the_style_sheet_is_of_the_table_and_every_text_on_a_ground_reads(tokens: Tokens) -> None:
    sheet = style_sheet(tokens)
    table = {getattr(tokens, name).name() for name in Tokens.__slots__}
    assert set(re.findall(r"#[0-9a-f]{6}", sheet)) <= table
    rules = re.findall(r"\{([^{}]*)\}", sheet)
    pairs = [
        (text, ground)
        for rule in rules
        for text in re.findall(r"(?<![-\w])color: (#\w+)", rule)
        for ground in re.findall(r"(?<!-)background: (#\w+)", rule)
    ]
    assert len(pairs) >= 4
    assert [pair for pair in pairs if contrast(QColor(pair[0]), QColor(pair[1])) < READABLE] == []


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_of_the_palette_reads_on_its_ground(tokens: Tokens) -> None:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    grounds = {
        role.WindowText: role.Window,
        role.Text: role.Base,
        role.ButtonText: role.Button,
        role.ToolTipText: role.ToolTipBase,
        role.HighlightedText: role.Highlight,
        role.PlaceholderText: role.Base,
        role.Link: role.Window,
    }
    made = palette(tokens)
    faint = [
        (text, which)
        for which in (group.Active, group.Inactive, group.Disabled)
        for text, ground in grounds.items()
        if contrast(made.color(which, text), made.color(which, ground)) < READABLE
    ]
    assert faint == []


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_the_box_of_a_check_box_is_seen_in_both_schemes(qapp: QApplication, scheme: Scheme) -> None:
    theme = Theme()
    theme.apply(qapp, scheme)
    box = QCheckBox()
    picture = box.grab().toImage()
    colours = {picture.pixelColor(x, picture.height() // 2).name() for x in range(picture.width() // 2)}
    qapp.setStyleSheet("")
    assert max(contrast(QColor(colour), theme.tokens.window) for colour in colours) >= NON_TEXT


def test_grounds_and_marks_are_the_whole_table() -> None:
    assert {*GROUNDS, *MARKS, "line", "edge"} == set(Tokens.__slots__)


def test_applying_a_scheme_dresses_the_application_and_says_so(qapp: QApplication) -> None:
    theme = Theme()
    changes: list[bool] = []
    theme.changed.connect(lambda: changes.append(theme.tokens is DARK))
    theme.apply(qapp, Scheme.DARK)
    assert qapp.palette().window().color() == DARK.window
    theme.apply(qapp, Scheme.LIGHT)
    assert qapp.palette().window().color() == LIGHT.window
    assert changes == [True, False]
