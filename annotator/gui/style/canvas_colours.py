"""Colours and sizes on the canvas, which is the same in every theme.

The colours of landmarks are Okabe and Ito's, which people with any colour vision tell apart
(Color Universal Design, 2008); every one of them also goes with a shape of its own.
"""

from PySide6.QtGui import QColor

SURROUND = QColor(32, 32, 33)
"""Neutral and dark round the photograph, so that it is judged by nothing but itself."""

INFERRED = QColor(86, 180, 233)
PLACED = QColor(255, 165, 30)
IMPORTED = QColor(0, 205, 150)
FILLED = QColor(224, 150, 192)
ABSENT = QColor(225, 225, 225)
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

POINT_RADIUS = 3.6
"""Of a landmark, in device-independent pixels; Qt scales them with the screen."""
HIT_RADIUS = 8.0
SIGN_RADIUS = 4.5
"""Of a landmark's sign as the eye sees it, outline and all."""
REACH = 28.0
"""How far from a landmark a click can be that is meant for it and not for the one asked for."""
DRAG_THRESHOLD = 3.0
FAR_DRAG_THRESHOLD = 6.0
"""Where a click is about another landmark than a drag, so that no trembling hand drags."""
ASKED_RADIUS = 11.0
