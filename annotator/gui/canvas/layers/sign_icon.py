"""The sign that the canvas draws for a landmark, for lists and legends."""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from landmark_annotator.annotator.gui.canvas.layers.signs import paint_sign
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary import Provenance

_USUAL = 16


def sign_icon(
    provenance: Provenance | None,
    visibility: int,
    ratio: float,
    size: int = _USUAL,
    *,
    suggested: bool = False,
) -> QIcon:
    """provenance: None for what the model placed. ratio: device pixels a pixel. size: pixels.
    suggested: it is probably hidden, as the model says."""
    return _icon(provenance, visibility, suggested, ratio, size, canvas_colours.current())


@lru_cache(maxsize=128)
def _icon(
    provenance: Provenance | None,
    visibility: int,
    suggested: bool,
    ratio: float,
    size: int,
    _look: canvas_colours.CanvasLook,
) -> QIcon:
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / _USUAL, size / _USUAL)
        place = (_USUAL / 2, _USUAL / 2)
        radius = canvas_colours.USUAL_RADIUS
        paint_sign(painter, place, radius, provenance, visibility, suggested=suggested)
    icon = QIcon(pixmap)
    # Qt would tint it in a selected row, and it would look like another sign.
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
