"""Colours and sizes on the canvas, which is the same in every theme.

What `use` sets is read anew at every painting: read it as `canvas_colours.NAME`.

The usual colours of landmarks are Okabe and Ito's, which people with any colour vision tell apart
(Color Universal Design, 2008); every one of them also goes with a shape of its own.
"""

from dataclasses import dataclass

from PySide6.QtGui import QColor

SURROUND = QColor(32, 32, 33)
"""Neutral and dark round the photograph, so that it is judged by nothing but itself."""

INFERRED = QColor(86, 180, 233)
PLACED = QColor(255, 165, 30)
IMPORTED = QColor(0, 205, 150)
FILLED = QColor(224, 150, 192)
ABSENT = QColor(225, 225, 225)
SUGGESTED = QColor(245, 245, 245)
ASKED = QColor(250, 236, 80)
EDGE = QColor(205, 228, 245, 165)
HALO = QColor(0, 0, 0, 150)
OTHER = QColor(190, 190, 192, 170)
HEAT = QColor(204, 121, 167)
BOX = QColor(240, 240, 240, 150)
BOX_HALO = QColor(0, 0, 0, 110)
BAND = QColor(240, 240, 240, 30)
LABEL_BACKGROUND = QColor(18, 18, 19, 225)
LABEL_TEXT = QColor(245, 245, 245)

USUAL_RADIUS = 3.6
POINT_RADIUS = USUAL_RADIUS
"""Of a landmark, in device-independent pixels; Qt scales them with the screen."""
LINES = 1.0
"""How much wider than usual lines are."""
ELLIPSES = 1.0
"""How much stronger than usual the ellipses of points are that are not asked for."""
HIT_RADIUS = 8.0
USUAL_SIGN_RADIUS = 4.5
SIGN_RADIUS = USUAL_SIGN_RADIUS
"""Of a landmark's sign as the eye sees it, outline and all."""
REACH = 28.0
"""How far from a landmark a click can be that is meant for it and not for the one asked for."""
DRAG_THRESHOLD = 3.0
FAR_DRAG_THRESHOLD = 6.0
"""Where a click is about another landmark than a drag, so that no trembling hand drags."""
ASKED_RADIUS = 11.0

PALETTES: dict[str, dict[str, str]] = {
    "usual": {
        "INFERRED": "#56b4e9",
        "PLACED": "#ffa51e",
        "IMPORTED": "#00cd96",
        "FILLED": "#e096c0",
        "ASKED": "#faec50",
    },
    "vivid": {
        "INFERRED": "#00e5ff",
        "PLACED": "#ff5a00",
        "IMPORTED": "#39ff14",
        "FILLED": "#ff4dff",
        "ASKED": "#ffff00",
    },
    "lightness": {
        "INFERRED": "#8cb4ff",
        "PLACED": "#ffffff",
        "IMPORTED": "#9a9a9a",
        "FILLED": "#6f6f6f",
        "ASKED": "#fff38a",
    },
}
"""Of landmarks. usual: for any colour vision. vivid: for grey photographs such as X-rays.
lightness: told apart without seeing colours."""


@dataclass(frozen=True)
class CanvasLook:
    """point_size, line_width, ellipse_strength: in % of what is usual. palette: of PALETTES."""

    point_size: int = 100
    line_width: int = 100
    ellipse_strength: int = 100
    palette: str = "usual"


_LANDMARKS = {
    "INFERRED": INFERRED,
    "PLACED": PLACED,
    "IMPORTED": IMPORTED,
    "FILLED": FILLED,
    "ASKED": ASKED,
}
_look = CanvasLook()


def use(look: CanvasLook) -> None:
    """From the next painting on."""
    global POINT_RADIUS, SIGN_RADIUS, LINES, ELLIPSES, _look
    _look = look
    POINT_RADIUS = USUAL_RADIUS * look.point_size / 100
    SIGN_RADIUS = USUAL_SIGN_RADIUS * look.point_size / 100
    LINES, ELLIPSES = look.line_width / 100, look.ellipse_strength / 100
    for name, colour in PALETTES[look.palette].items():
        _LANDMARKS[name].setRgba(QColor(colour).rgba())


def current() -> CanvasLook:
    """What pictures that are kept are kept for."""
    return _look
