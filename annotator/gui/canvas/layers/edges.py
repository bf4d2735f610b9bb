"""The lines between landmarks."""

from functools import partial

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPainter

from landmark_annotator.annotator.gui.canvas.layers.signs import stroke
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary.arrays import Floats

_DASHES = 5.0, 4.0
"""Screen pixels of a dash, and of what lies between two."""


def paint_edges(
    painter: QPainter,
    points: Floats,
    edges: tuple[tuple[int, int], ...],
    suggested: frozenset[int],
) -> None:
    """points: (L, 2) on the screen, NaN where there is none. What leads to a landmark that is
    suggested to be hidden is dashed, as hidden edges are in drawings of machines."""
    places, known = points.tolist(), np.isfinite(points[:, 0]).tolist()
    there = [edge for edge in edges if known[edge[0]] and known[edge[1]]]
    for dashed in (False, True):
        lines = [
            QLineF(*places[a], *places[b])
            for a, b in there
            if (a in suggested or b in suggested) == dashed
        ]
        if lines:
            draw = _dashed if dashed else QPainter.drawLines
            stroke(painter, canvas_colours.EDGE, 1.0, partial(draw, painter, lines))


def _dashed(painter: QPainter, lines: list[QLineF]) -> None:
    pen = painter.pen()
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    # In pixels, whatever the pen's width, so that the halo has the dashes of its line.
    pen.setDashPattern([length / pen.widthF() for length in _DASHES])
    painter.setPen(pen)
    painter.drawLines(lines)
