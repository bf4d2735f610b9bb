"""The dark and the light theme: every colour round the canvas, which itself stays neutral.

Whatever is written in a theme has a contrast of at least 4.5 to what it stands on (WCAG 2.1,
1.4.3), and no two meanings differ by colour alone.
"""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget

_USUAL_HEIGHT = 15
"""Pixels of a line of usual letters."""
_PX = 11.0
"""Point size where the platform's font has none of its own."""


@dataclass(frozen=True)
class Theme:
    """quiet: of what is said in passing. mark: of keys and of the landmark asked for.

    box, tick: of what is ticked. new, started, accepted: of the three states. problem, note:
    what messages stand on, with the edge that tells them apart beside their words.
    """

    name: str
    window: str
    base: str
    alternate: str
    button: str
    box: str
    tick: str
    line: str
    text: str
    quiet: str
    disabled: str
    mark: str
    link: str
    new: str
    started: str
    accepted: str
    problem: str
    problem_edge: str
    note: str
    note_edge: str
    chosen: str = "#00659e"
    on_chosen: str = "#ffffff"


DARK = Theme(
    "dark",
    window="#2d2d2f",
    base="#242426",
    alternate="#29292b",
    button="#3a3a3c",
    box="#626266",
    tick="#ffffff",
    line="#1c1c1d",
    text="#e2e2e2",
    quiet="#b4b4b6",
    disabled="#8c8c8e",
    mark="#faec50",
    link="#56b4e9",
    new="#b4b4b6",
    started="#ffa51e",
    accepted="#00cd96",
    problem="#5a2f12",
    problem_edge="#e08a3c",
    note="#23384a",
    note_edge="#56b4e9",
)

LIGHT = Theme(
    "light",
    window="#f0f0f1",
    base="#ffffff",
    alternate="#f6f6f7",
    button="#e2e2e4",
    box="#ffffff",
    tick="#000000",
    line="#c4c4c8",
    text="#1c1c1e",
    quiet="#55555a",
    disabled="#87878c",
    mark="#6b4e00",
    link="#005a8f",
    new="#55555a",
    started="#8a4b00",
    accepted="#00654a",
    problem="#ffe6d1",
    problem_edge="#b85c00",
    note="#dcedf8",
    note_edge="#0072b2",
)

_current = DARK


def current() -> Theme:
    """The theme that the window has now."""
    return _current


def letters(widget: QWidget) -> float:
    """How large the letters are, for what is as wide as they need: 1 for usual ones."""
    return max(widget.fontMetrics().height() / _USUAL_HEIGHT, 0.8)


def quiet(label: QLabel) -> QLabel:
    """Writes it in the quiet colour of whatever theme there is."""
    label.setProperty("tone", "quiet")
    return label


def apply(app: QApplication, theme: str = "system", font_scale: int = 100) -> None:
    """Fusion with our own palette, the same on every platform.

    theme: "dark", "light" or "system", which is dark where the system does not say. font_scale:
    in % of the platform's own size.
    """
    global _current
    hints = app.styleHints()
    wanted = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
    scheme = wanted.get(theme, Qt.ColorScheme.Unknown)
    # For what the platform draws itself: title bars and file dialogs.
    hints.setColorScheme(scheme)
    if scheme is Qt.ColorScheme.Unknown:
        scheme = hints.colorScheme()
    _current = LIGHT if scheme is Qt.ColorScheme.Light else DARK
    # Beneath a style sheet no style tells its name, and Fusion is there.
    if not app.styleSheet() and app.style().name() != "fusion":
        app.setStyle("Fusion")
    usual = app.property("usual_points")
    if usual is None:
        size = app.font().pointSizeF()
        usual = size if size > 0 else _PX
        app.setProperty("usual_points", usual)
    points = float(usual) * font_scale / 100
    font = app.font()
    font.setPointSizeF(points)
    app.setFont(font)
    palette = _palette(_current)
    app.setPalette(palette)
    # Fusion draws the empty ones in the colour of lists, which is hard to see on the window's.
    palette.setColor(QPalette.ColorRole.Base, QColor(_current.box))
    palette.setColor(QPalette.ColorRole.Text, QColor(_current.tick))
    for switch in ("QRadioButton", "QCheckBox"):
        # The stub asks for bytes, which PySide itself refuses.
        app.setPalette(palette, switch)  # type: ignore[arg-type]
    # Each setting of it polishes every widget of every window anew.
    if (sheet := _style(_current, points)) != app.styleSheet():
        app.setStyleSheet(sheet)


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for roles, colour in (
        ((role.Window,), theme.window),
        ((role.Base, role.ToolTipBase), theme.base),
        ((role.AlternateBase,), theme.alternate),
        ((role.Button,), theme.button),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), theme.text),
        ((role.BrightText, role.HighlightedText), theme.on_chosen),
        ((role.PlaceholderText,), theme.quiet),
        ((role.Highlight, role.Accent), theme.chosen),
        ((role.Link, role.LinkVisited), theme.link),
    ):
        for one in roles:
            palette.setColor(one, QColor(colour))
    for one in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(theme.disabled))
    return palette


def _style(theme: Theme, points: float) -> str:
    return f"""
QToolTip {{
    color: {theme.text}; background: {theme.base}; border: 1px solid {theme.line}; padding: 4px;
}}
QHeaderView::section {{
    background: {theme.window}; color: {theme.quiet}; border: none; padding: 5px 6px;
}}
QTableView, QTreeView {{ border: 1px solid transparent; outline: none; }}
QTableView:focus, QTreeView:focus {{ border-color: {theme.link}; }}
QTableView::item, QTreeView::item {{ padding: 3px 4px; }}
QSplitter::handle {{ background: {theme.line}; }}
QStatusBar {{ background: {theme.alternate}; border-top: 1px solid {theme.line}; }}
QStatusBar::item {{ border: none; }}
QMenuBar {{ background: {theme.window}; }}
QLabel[tone="quiet"] {{ color: {theme.quiet}; }}
QLabel[tone="key"] {{ color: {theme.mark}; }}
QLabel[tone="waiting"] {{ font-size: {points * 1.15:.1f}pt; font-weight: bold; }}
QLabel[tone="title"] {{ font-size: {points * 1.7:.1f}pt; font-weight: 600; }}
QLabel[tone="heading"] {{ font-size: {points * 1.15:.1f}pt; font-weight: 600; }}
RecentList::item {{ border: 2px solid transparent; border-radius: 6px; }}
RecentList::item:selected {{ background: {theme.button}; border: 2px solid {theme.link}; }}
Banner[kind="problem"] {{
    background: {theme.problem}; border-left: 4px solid {theme.problem_edge};
}}
Banner[kind="note"] {{ background: {theme.note}; border-left: 4px solid {theme.note_edge}; }}
Banner QLabel {{ background: transparent; }}
Tour {{ background: {theme.note}; border: 2px solid {theme.note_edge}; border-radius: 8px; }}
Tour QLabel {{ background: transparent; }}
QPushButton#accept, QPushButton[tone="chosen"] {{
    background: {theme.chosen}; color: {theme.on_chosen}; border: 2px solid {theme.chosen};
    border-radius: 5px; padding: 8px 10px; font-weight: 600;
}}
QPushButton#accept:hover, QPushButton[tone="chosen"]:hover {{
    background: #0072b2; border-color: #0072b2;
}}
QPushButton#accept:pressed, QPushButton[tone="chosen"]:pressed {{
    background: #005584; border-color: #005584;
}}
QPushButton[tone="chosen"]:focus {{ border-color: {theme.mark}; }}
QPushButton#accept:disabled, QPushButton[tone="chosen"]:disabled {{
    background: {theme.button}; color: {theme.disabled}; border-color: {theme.button};
}}
"""
