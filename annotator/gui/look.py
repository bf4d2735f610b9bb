"""Colours and sizes of the window: the one place that knows them.

The colours of landmarks are Okabe and Ito's, which people with any colour vision tell apart
(Color Universal Design, 2008); every one of them also goes with a shape of its own.
"""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

SURROUND = QColor(32, 32, 33)
"""Neutral and dark round the photograph, so that it is judged by nothing but itself."""

INFERRED = QColor(86, 180, 233)
PLACED = QColor(255, 165, 30)
IMPORTED = QColor(0, 205, 150)
ABSENT = QColor(225, 225, 225)
ASKED = QColor(250, 236, 80)
EDGE = QColor(205, 228, 245, 165)
HALO = QColor(0, 0, 0, 150)
OTHER = QColor(190, 190, 192, 170)
HEAT = QColor(204, 121, 167)
BOX = QColor(240, 240, 240, 150)
BOX_HALO = QColor(0, 0, 0, 110)
LABEL_BACKGROUND = QColor(18, 18, 19, 225)
LABEL_TEXT = QColor(245, 245, 245)

PROBLEM_BACKGROUND = "#5a2f12"
PROBLEM_EDGE = "#e08a3c"
NOTE_BACKGROUND = "#23384a"
NOTE_EDGE = "#56b4e9"

POINT_RADIUS = 3.6
"""Of a landmark, in device-independent pixels; Qt scales them with the screen."""
HIT_RADIUS = 8.0
DRAG_THRESHOLD = 3.0
ASKED_RADIUS = 11.0

_WINDOW = QColor(45, 45, 47)
_BASE = QColor(36, 36, 38)
_TEXT = QColor(226, 226, 226)
_FAINT = QColor(140, 140, 142)

_STYLE = """
QToolTip { color: #f0f0f0; background: #2a2a2c; border: 1px solid #606064; padding: 4px; }
QHeaderView::section { background: #2d2d2f; color: #b4b4b6; border: none; padding: 5px 6px; }
QTableView, QTreeView { border: none; outline: none; }
QTableView::item, QTreeView::item { padding: 3px 4px; }
QSplitter::handle { background: #202021; }
QStatusBar { background: #262628; border-top: 1px solid #202021; }
QStatusBar::item { border: none; }
QMenuBar { background: #2d2d2f; }
QPushButton#accept {
    background: #00659e; color: white; border: none; border-radius: 5px;
    padding: 10px 12px; font-weight: 600;
}
QPushButton#accept:hover { background: #0072b2; }
QPushButton#accept:pressed { background: #005584; }
QPushButton#accept:disabled { background: #3a3a3d; color: #8a8a8c; }
"""


def apply(app: QApplication) -> None:
    """Fusion with a dark, neutral palette, the same on every platform."""
    app.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, _WINDOW),
        (QPalette.ColorRole.WindowText, _TEXT),
        (QPalette.ColorRole.Base, _BASE),
        (QPalette.ColorRole.AlternateBase, QColor(41, 41, 43)),
        (QPalette.ColorRole.Text, _TEXT),
        (QPalette.ColorRole.Button, QColor(58, 58, 60)),
        (QPalette.ColorRole.ButtonText, _TEXT),
        (QPalette.ColorRole.BrightText, QColor(255, 255, 255)),
        (QPalette.ColorRole.ToolTipBase, _BASE),
        (QPalette.ColorRole.ToolTipText, _TEXT),
        (QPalette.ColorRole.PlaceholderText, _FAINT),
        (QPalette.ColorRole.Highlight, QColor(0, 101, 158)),
        (QPalette.ColorRole.HighlightedText, QColor(255, 255, 255)),
        (QPalette.ColorRole.Link, INFERRED),
    ):
        palette.setColor(role, colour)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, _FAINT)
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText, _FAINT)
    app.setPalette(palette)
    app.setStyleSheet(_STYLE)
