"""Paints how sure the model is of where landmarks are: their 95 % ellipses."""

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from landmark_annotator.annotator.gui.canvas.geometry.viewport import ellipses_95
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary.arrays import Floats

_CALM = 20.0
"""Screen pixels of a semi-axis above which an ellipse is drawn the fainter, the larger it is."""
_CENTRE = QPointF(0, 0)


def paint_ellipses(
    painter: QPainter,
    points: Floats,
    covariances: Floats,
    *,
    asked: int | None,
    hovered: int | None,
    every: bool,
) -> None:
    """Where they are larger than the point itself.

    points (L, 2) and covariances (L, 2, 2) in screen pixels, NaN where unknown. every: whether
    landmarks that are neither asked for nor hovered show theirs.
    """
    prominent = {asked, hovered} - {None}
    if not every and not prominent:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    axes = ellipses_95(covariances)
    large = np.isfinite(points[:, 0]) & (axes[:, 0] > canvas_colours.POINT_RADIUS + 1.5)
    # Many large ellipses would hide the image that they are about.
    calm = np.clip(_CALM / np.maximum(axes[:, 0], 1.0), 0.25, 1.0)
    faint = np.minimum(150 * calm * canvas_colours.ELLIPSES, 255)
    usual, strands = painter.transform(), _strands(painter)
    places, shapes = points.tolist(), axes.tolist()
    for landmark in np.flatnonzero(large).tolist():
        ellipse = (places[landmark], shapes[landmark])
        if landmark in prominent:
            is_asked = landmark == asked
            colour = QColor(canvas_colours.ASKED if is_asked else canvas_colours.INFERRED)
            colour.setAlpha(235)
            for pen in (
                QPen(canvas_colours.HALO, 1.2 * canvas_colours.LINES + 1.8),
                QPen(colour, 1.2 * canvas_colours.LINES),
            ):
                painter.setPen(pen)
                _paint_ellipse(painter, usual, *ellipse)
        elif every:
            painter.setPen(_hairline(canvas_colours.INFERRED.rgb(), int(faint[landmark])))
            for wider in strands:
                _paint_ellipse(painter, usual, *ellipse, wider)
    painter.setTransform(usual)


def _paint_ellipse(
    painter: QPainter,
    usual: QTransform,
    place: list[float],
    axes: list[float],
    wider: float = 0.0,
) -> None:
    """axes: both semi-axes and the angle; with the pen that is set."""
    major, minor, angle = axes
    cos, sin = math.cos(angle), math.sin(angle)
    painter.setTransform(QTransform(cos, sin, -sin, cos, *place) * usual)
    painter.drawEllipse(_CENTRE, major + wider, minor + wider)


@lru_cache(maxsize=512)
def _hairline(rgb: int, alpha: int) -> QPen:
    """One device pixel wide: Qt draws such a line in a quarter of the time of any wider one."""
    colour = QColor(rgb)
    colour.setAlpha(alpha)
    pen = QPen(colour, 1.0)
    pen.setCosmetic(True)
    return pen


def _strands(painter: QPainter) -> list[float]:
    """Where hairlines lie that together are as wide as one pixel at a ratio of one."""
    ratio = painter.device().devicePixelRatio()
    count = max(round(ratio), 1)
    return [(place - (count - 1) / 2) / ratio for place in range(count)]
