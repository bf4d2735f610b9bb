"""The sign of one landmark: its shape says who placed it and whether it is seen.

A square was clicked by a person, a diamond confirmed, a disc imported, a triangle filled in; a
short line says that only the contour across it was clicked; a ring is the model's. What is hidden
is hollow with a stroke through it; what the model takes to be hidden, and nobody has marked so, is
two halves of a wider ring, nearly white, apart where that stroke would be; what is not in the image
is a cross.
"""

import math
from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QPolygonF

from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary import Provenance, Visibility

_COLOURS = {
    Provenance.CLICKED: canvas_colours.PLACED,
    Provenance.CONFIRMED: canvas_colours.PLACED,
    Provenance.TRACED: canvas_colours.PLACED,
    Provenance.IMPORTED: canvas_colours.IMPORTED,
    Provenance.FILLED: canvas_colours.FILLED,
    Provenance.RULED: canvas_colours.FILLED,
}
"""Where the scheme gives a landmark none of its own; all others are the model's."""

_ARC, _WIDE = 100, 1.45
"""Degrees of each half of a broken ring, and how much wider than a whole one it is."""

_PHASES = 4
"""Places within a device pixel, along each axis, at which a stamp of its own is kept."""


def stamp_sign(
    painter: QPainter,
    position: tuple[float, float],
    radius: float,
    provenance: Provenance | None,
    visibility: int,
    own: str | None = None,
    across: float = 0.0,
    suggested: bool = False,
) -> None:
    """As `paint_sign`, from a small picture that is kept: a tenth of the time.

    Right to an eighth of a device pixel, and of a line to three degrees.
    """
    across = round(across * 60 / math.pi) % 60 * math.pi / 60
    ratio = painter.device().devicePixelRatio()
    right, down = (round(v * ratio * _PHASES) for v in position)
    radius = round(radius, 1)
    middle = _stamp_middle(radius, ratio)
    phases, look = (right % _PHASES, down % _PHASES), canvas_colours.current()
    pixmap = _stamp(radius, provenance, visibility, own, across, suggested, ratio, *phases, look)
    corner = QPointF(right // _PHASES - middle, down // _PHASES - middle) / ratio
    painter.drawPixmap(corner, pixmap)


def _stamp_middle(radius: float, ratio: float) -> int:
    """Device pixels from a stamp's corner to its sign, with room for strokes and their halos."""
    return math.ceil((1.6 * radius + 3.0) * ratio)


@lru_cache(maxsize=2048)
def _stamp(
    radius: float,
    provenance: Provenance | None,
    visibility: int,
    own: str | None,
    across: float,
    suggested: bool,
    ratio: float,
    right: int,
    down: int,
    _look: canvas_colours.CanvasLook,
) -> QPixmap:
    middle = _stamp_middle(radius, ratio)
    pixmap = QPixmap(2 * middle + 1, 2 * middle + 1)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    place = ((middle + right / _PHASES) / ratio, (middle + down / _PHASES) / ratio)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_sign(painter, place, radius, provenance, visibility, own, across, suggested)
    return pixmap


def paint_sign(
    painter: QPainter,
    position: tuple[float, float],
    radius: float,
    provenance: Provenance | None,
    visibility: int,
    own: str | None = None,
    across: float = 0.0,
    suggested: bool = False,
) -> None:
    """At a screen position. NOT_LABELLED: the landmark is not in the image. own: the colour that
    the scheme gives it, "#rrggbb", in place of that of the sign, whose shape says the same.
    across: the angle in radians of the line that says where a contour passes. suggested: the model
    takes it to be hidden, and no person has said anything of it."""
    centre = QPointF(*position)
    if visibility == Visibility.NOT_LABELLED:
        _cross(painter, centre, radius)
        return
    occluded = visibility == Visibility.OCCLUDED
    usual = canvas_colours.INFERRED
    if provenance is not None:
        usual = _COLOURS.get(provenance, usual)
    suggested = suggested and provenance is None and not occluded
    if suggested:
        usual = canvas_colours.SUGGESTED
    colour = usual if own is None else QColor(own)
    if provenance is not None and provenance.is_evidence:
        if provenance is Provenance.TRACED:
            reach = QPointF(math.cos(across), math.sin(across)) * radius * 1.5
            width = 1.3 if occluded else 2.6
            stroke(painter, colour, width, lambda: painter.drawLine(centre - reach, centre + reach))
            return
        if provenance is Provenance.CONFIRMED:
            side = radius * 1.4
            corners = ((0.0, -side), (side, 0.0), (0.0, side), (-side, 0.0))
        else:
            side = radius * 1.05
            corners = ((-side, -side), (side, -side), (side, side), (-side, side))
        polygon = QPolygonF([centre + QPointF(*corner) for corner in corners])
        _fill(painter, colour, occluded, lambda: painter.drawPolygon(polygon))
    elif provenance is Provenance.IMPORTED:
        disc = radius * 0.9
        _fill(painter, colour, occluded, lambda: painter.drawEllipse(centre, disc, disc))
    elif provenance is Provenance.FILLED:
        side = radius * 1.35
        foot = 0.65 * side
        tips = ((0.0, -side), (0.9 * side, foot), (-0.9 * side, foot))
        triangle = QPolygonF([centre + QPointF(*tip) for tip in tips])
        _fill(painter, colour, occluded, lambda: painter.drawPolygon(triangle))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = _broken_ring if suggested else _ring
        stroke(painter, colour, 1.7, lambda: ring(painter, centre, radius))
    if occluded:
        reach = QPointF(radius, -radius) * 1.5
        stroke(painter, colour, 1.5, lambda: painter.drawLine(centre - reach, centre + reach))


def _ring(painter: QPainter, centre: QPointF, radius: float) -> None:
    painter.drawEllipse(centre, radius, radius)


def _broken_ring(painter: QPainter, centre: QPointF, radius: float) -> None:
    """Two arcs, apart along the line by which a hidden landmark's sign is struck through."""
    half = QPointF(radius, radius) * _WIDE
    around = QRectF(centre - half, centre + half)
    pen = painter.pen()
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)  # others would fill the gaps
    painter.setPen(pen)
    for middle in (-45, 135):
        painter.drawArc(around, (middle - _ARC // 2) * 16, _ARC * 16)


def stroke(painter: QPainter, colour: QColor, width: float, draw: Callable[[], None]) -> None:
    """Draws twice: a wide dark halo, then the light line, so that it reads on any image."""
    width *= canvas_colours.LINES
    painter.setPen(QPen(canvas_colours.HALO, width + 2.0))
    draw()
    painter.setPen(QPen(colour, width))
    draw()


def _cross(painter: QPainter, centre: QPointF, radius: float) -> None:
    lines = [
        QLineF(centre - QPointF(radius, side), centre + QPointF(radius, side))
        for side in (radius, -radius)
    ]
    stroke(painter, canvas_colours.ABSENT, 1.8, lambda: painter.drawLines(lines))


def _fill(painter: QPainter, colour: QColor, occluded: bool, draw: Callable[[], None]) -> None:
    """A filled sign with a dark rim; one that the subject hides is left hollow."""
    painter.setBrush(Qt.BrushStyle.NoBrush if occluded else QBrush(colour))
    painter.setPen(QPen(canvas_colours.HALO, 3.0))
    draw()
    painter.setPen(QPen(colour, 1.5) if occluded else QPen(QColor(25, 18, 5), 1.0))
    draw()
