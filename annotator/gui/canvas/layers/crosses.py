"""A small cross at the box of what a model found: a click on it throws the object out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainter, QPen

from landmark_annotator.annotator.gui.canvas.geometry.hit_testing import nearest_point
from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport, box_corners
from landmark_annotator.annotator.gui.canvas.layers.landmarks import paint_box
from landmark_annotator.annotator.gui.canvas.layers.signs import stroke
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

NAME = "throw out this object"
"""What stands beside the cursor before such a click."""
_RADIUS = 7.0
_ARM = 3.0


@dataclass(frozen=True)
class FoundObject:
    """Found by a model, and touched by nobody. id: of the instance."""

    id: int
    box: Box


def found_at(
    found: Sequence[FoundObject],
    viewport: Viewport,
    position: tuple[float, float],
    size: tuple[float, float],
) -> FoundObject | None:
    """The one whose cross is under a screen position; size: (width, height) of the view."""
    if not found:
        return None
    nearest = nearest_point(_places(found, viewport, size), position, _RADIUS + 1.0)
    return None if nearest is None else found[nearest]


def paint_crosses(
    painter: QPainter,
    found: Sequence[FoundObject],
    viewport: Viewport,
    size: tuple[float, float],
    under: FoundObject | None,
) -> None:
    """under: the one whose cross is under the cursor; its box shows which object is meant."""
    if under is not None:
        paint_box(painter, under.box, viewport, drawn=True)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    places = _places(found, viewport, size)
    for each, (x, y) in zip(found, places.tolist(), strict=True):
        if not np.isfinite(x):
            continue
        colour = canvas_colours.ASKED if each == under else canvas_colours.LABEL_TEXT
        painter.setPen(QPen(colour, 1.0))
        painter.setBrush(canvas_colours.LABEL_BACKGROUND)
        painter.drawEllipse(QPointF(x, y), _RADIUS, _RADIUS)
        arms = [QLineF(x - _ARM, y + down, x + _ARM, y - down) for down in (-_ARM, _ARM)]
        stroke(painter, colour, 1.4, lambda arms=arms: painter.drawLines(arms))  # type: ignore[misc]


def _places(found: Sequence[FoundObject], viewport: Viewport, size: tuple[float, float]) -> Floats:
    """(N, 2) the corner of each box that is upper right on the screen, or where the view ends
    before it; NaN where the middle of the box is out of sight."""
    places = np.full((len(found), 2), np.nan)
    extent = np.array(size)
    for number, each in enumerate(found):
        corners = viewport.to_screen(box_corners(each.box))
        middle = corners.mean(axis=0)
        if ((middle >= 0) & (middle <= extent)).all():
            corner = corners[np.argmax(corners[:, 0] - corners[:, 1])]
            places[number] = np.clip(corner, _RADIUS + 1.0, extent - _RADIUS - 1.0)
    return places
