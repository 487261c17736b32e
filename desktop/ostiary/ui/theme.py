"""How the window looks: one table of colours for light and dark, the spacing, the type, and one small style sheet.

Widgets take colours from ``Theme.tokens`` and nowhere else. What a token is used for is the widgets' matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

SPACE_XS: Final = 4
"""Spacing, in device-independent pixels: 4, 8, 12, 16, 24 and nothing between."""
SPACE_S: Final = 8
SPACE_M: Final = 12
SPACE_L: Final = 16
SPACE_XL: Final = 24
ROW_HEIGHT: Final = 32
RADIUS: Final = 8
FOCUS_PX: Final = 2
"""Of the frame around a table, which shows while it has the focus and is room at any time."""

BODY_PX: Final = 13
DIM_PX: Final = 11
TITLE_PX: Final = 15


class Scheme(StrEnum):
    """Which table to use. SYSTEM follows the desktop where it says what it wants, and is light elsewhere."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme. Every one that carries text or a mark reads at 4.5:1 on the three grounds."""

    window: QColor
    surface: QColor
    raised: QColor
    line: QColor
    edge: QColor
    """Around what a person writes into or chooses from: 3:1 on the three grounds."""
    text: QColor
    text_dim: QColor
    accent: QColor
    """A button filled with it has text in ``surface``."""
    ok: QColor
    busy: QColor
    ask: QColor
    problem: QColor
    added: QColor
    removed: QColor


LIGHT: Final = Tokens(
    window=QColor("#f5f4f1"),
    surface=QColor("#ffffff"),
    raised=QColor("#eceae5"),
    line=QColor("#d6d3cb"),
    edge=QColor("#827e75"),
    text=QColor("#1d1c1a"),
    text_dim=QColor("#5c5952"),
    accent=QColor("#1d5bb8"),
    ok=QColor("#1a6b35"),
    busy=QColor("#7d5200"),
    ask=QColor("#7a3bb0"),
    problem=QColor("#ae231b"),
    added=QColor("#1a6b35"),
    removed=QColor("#ae231b"),
)

DARK: Final = Tokens(
    window=QColor("#1a1b1e"),
    surface=QColor("#232428"),
    raised=QColor("#2d2f34"),
    line=QColor("#3f4248"),
    edge=QColor("#80838b"),
    text=QColor("#ececee"),
    text_dim=QColor("#a9acb4"),
    accent=QColor("#82b1ff"),
    ok=QColor("#71d08c"),
    busy=QColor("#e6b65c"),
    ask=QColor("#d0a0f7"),
    problem=QColor("#ff8f85"),
    added=QColor("#71d08c"),
    removed=QColor("#ff8f85"),
)


class Theme(QObject):
    """The scheme in use.

    Signals:
        changed: The tokens are others now; whoever painted with the old ones paints again.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._scheme = Scheme.SYSTEM

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    def apply(self, app: QApplication, scheme: Scheme = Scheme.SYSTEM) -> None:
        """Dress the application, and keep following the desktop when the scheme is SYSTEM."""
        self._scheme = scheme
        QGuiApplication.styleHints().colorSchemeChanged.connect(
            self._follow_desktop, Qt.ConnectionType.UniqueConnection
        )
        app.setStyle("Fusion")
        app.setFont(body_font())
        self._dress(app)

    def _follow_desktop(self) -> None:
        app = QApplication.instance()
        if self._scheme is Scheme.SYSTEM and isinstance(app, QApplication):
            self._dress(app)

    def _dress(self, app: QApplication) -> None:
        self._tokens = DARK if _wants_dark(self._scheme) else LIGHT
        app.setPalette(palette(self._tokens))
        for boxes in ("QCheckBox", "QMenu"):
            app.setPalette(box_palette(self._tokens), boxes)  # type: ignore[arg-type]  # the stub wants bytes, Qt refuses them
        app.setStyleSheet(style_sheet(self._tokens))
        self.changed.emit()


def palette(tokens: Tokens) -> QPalette:
    """The whole of Fusion's palette from the table; Fusion derives nothing by itself any more."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.problem,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.text_dim,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.surface,
        role.Link: tokens.accent,
        role.Accent: tokens.accent,
        role.Mid: tokens.line,
        role.Dark: tokens.line,
        role.Light: tokens.raised,
    }
    made = QPalette()
    for which, colour in colours.items():
        made.setColor(which, colour)
    for which in (role.Text, role.ButtonText, role.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, which, tokens.text_dim)
    return made


def box_palette(tokens: Tokens) -> QPalette:
    """Of check boxes, in menus too: Fusion outlines them in their window's colour, 1.4 times as dark.

    In a dark window that would hide them.
    """
    made = palette(tokens)
    made.setColor(QPalette.ColorRole.Window, tokens.edge.lighter(140))
    return made


def body_font() -> QFont:
    """The system's font at 13 px."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(BODY_PX)
    return font


def dim_font() -> QFont:
    """The system's font at 11 px, for what may be passed over."""
    font = body_font()
    font.setPixelSize(DIM_PX)
    return font


def title_font() -> QFont:
    """The system's font at 15 px, semibold."""
    font = body_font()
    font.setPixelSize(TITLE_PX)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def mono_font() -> QFont:
    """The system's fixed-width font: commands, paths, JSON and diffs."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(BODY_PX - 1)
    return font


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2 contrast ratio of two opaque colours, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def style_sheet(tokens: Tokens) -> str:
    """What a palette cannot say. A widget opts in by its ``role`` property: card, title, dim, mono, primary, flat."""
    t = {name: getattr(tokens, name).name() for name in Tokens.__slots__}
    return f"""
    QToolTip {{ border: 1px solid {t["line"]}; padding: {SPACE_XS}px; }}
    QFrame[role="card"] {{ background: {t["surface"]}; border: 1px solid {t["line"]}; border-radius: {RADIUS}px; }}
    QFrame[role="card"][selected="true"] {{ border-color: {t["accent"]}; }}
    QFrame[role="card"]:focus {{ border: 2px solid {t["accent"]}; }}
    QLabel[role="name"] {{ font-weight: 600; }}
    QLabel[role="title"] {{ font-size: {TITLE_PX}px; font-weight: 600; }}
    QLabel[role="dim"] {{ font-size: {DIM_PX}px; color: {t["text_dim"]}; }}
    QLabel[role="problem"] {{ color: {t["problem"]}; }}
    QLabel[role="busy"] {{ color: {t["busy"]}; }}
    QPushButton {{ background: {t["surface"]}; border: 1px solid {t["line"]}; border-radius: 6px;
        padding: 0 {SPACE_M}px; min-height: 26px; }}
    QPushButton:hover {{ background: {t["raised"]}; }}
    QPushButton:pressed {{ background: {t["line"]}; }}
    QPushButton:disabled {{ color: {t["text_dim"]}; background: {t["window"]}; }}
    QPushButton:focus {{ border: 2px solid {t["accent"]}; padding: 0 {SPACE_M - 1}px; min-height: 24px; }}
    QPushButton[role="primary"] {{ background: {t["accent"]}; color: {t["surface"]}; border-color: {t["accent"]}; }}
    QPushButton[role="primary"]:focus {{ border-color: {t["text"]}; }}
    QPushButton[role="primary"]:disabled {{ background: {t["raised"]}; color: {t["text_dim"]};
        border-color: {t["line"]}; }}
    QPushButton[role="flat"] {{ background: transparent; border-color: transparent; color: {t["accent"]};
        padding: 0 {SPACE_XS}px; }}
    QPushButton[role="flat"]:hover {{ background: {t["raised"]}; }}
    QPushButton[role="flat"]:focus {{ border-color: {t["accent"]}; padding: 0 {SPACE_XS - 1}px; }}
    QPushButton[role="choice"] {{ border-radius: 0; border-left: none; padding: 0 {SPACE_S}px; min-height: 22px; }}
    QPushButton[role="choice"][first="true"] {{ border-left: 1px solid {t["line"]}; }}
    QPushButton[role="choice"]:checked {{ background: {t["text_dim"]}; color: {t["surface"]};
        border-color: {t["text_dim"]}; }}
    QPushButton[role="pick"]:checked {{ border: 2px solid {t["accent"]}; min-height: 24px;
        padding: 0 {SPACE_M - 1}px; }}
    QPushButton[role="pick"]:checked:focus {{ border-color: {t["text"]}; }}
    QPushButton[role="choice"]:focus {{ border: 2px solid {t["accent"]}; padding: 0 {SPACE_S - 1}px;
        min-height: 20px; }}
    QPushButton[role="icon"] {{ background: transparent; border-color: transparent; padding: 0; min-width: 26px; }}
    QPushButton[role="icon"]:hover {{ background: {t["raised"]}; }}
    QPushButton[role="icon"]:focus {{ border-color: {t["accent"]}; }}
    QLineEdit, QPlainTextEdit {{ background: {t["surface"]}; border: 1px solid {t["edge"]}; border-radius: 6px;
        padding: 3px {SPACE_XS + 2}px; selection-background-color: {t["accent"]};
        selection-color: {t["surface"]}; }}
    QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {t["accent"]}; padding: 2px {SPACE_XS + 1}px; }}
    QComboBox {{ background: {t["surface"]}; border: 1px solid {t["edge"]}; border-radius: 6px;
        padding: 0 {SPACE_S}px; min-height: 26px; }}
    QComboBox:hover {{ background: {t["raised"]}; }}
    QComboBox:focus {{ border: 2px solid {t["accent"]}; padding: 0 {SPACE_S - 1}px; min-height: 24px; }}
    QComboBox:disabled {{ color: {t["text_dim"]}; background: {t["window"]}; }}
    QComboBox::drop-down {{ border: none; width: 20px; }}
    QComboBox::down-arrow {{ width: 0; height: 0; margin-right: {SPACE_XS}px; border-left: 4px solid {t["surface"]};
        border-right: 4px solid {t["surface"]}; border-top: 5px solid {t["text_dim"]}; }}
    QComboBox::down-arrow:hover {{ border-left-color: {t["raised"]}; border-right-color: {t["raised"]}; }}
    QComboBox QAbstractItemView {{ background: {t["surface"]}; border: 1px solid {t["line"]};
        selection-background-color: {t["accent"]}; selection-color: {t["surface"]}; outline: none; }}
    QCheckBox {{ border: 2px solid transparent; border-radius: 4px; padding: 1px 2px; }}
    QCheckBox:focus {{ border-color: {t["accent"]}; }}
    QTableView {{ border: {FOCUS_PX}px solid transparent; }}
    QTableView:focus {{ border-color: {t["accent"]}; }}
    QFrame[role="strip"] {{ background: {t["raised"]}; border: none; border-bottom: 1px solid {t["line"]}; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle {{ background: {t["line"]}; border-radius: 3px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {t["text_dim"]}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QScrollArea {{ background: transparent; border: none; }}
    QScrollArea > QWidget > QWidget[role="page"] {{ background: transparent; }}
    """


def _wants_dark(scheme: Scheme) -> bool:
    if scheme is Scheme.SYSTEM:
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return scheme is Scheme.DARK


def _luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
