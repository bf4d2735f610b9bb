"""What a place on the screen means for the landmarks that are shown there."""

import numpy as np
from PySide6.QtCore import QPointF

from landmark_annotator.annotator.gui.canvas.geometry.aim import Aim, Radii, aimed_at
from landmark_annotator.annotator.gui.canvas.geometry.hit_testing import likeliest, nearest_point
from landmark_annotator.annotator.gui.canvas.geometry.viewport import (
    Viewport,
    box_corners,
    ellipses_95,
)
from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary.arrays import Floats


def landmark_at(marks: Marks, viewport: Viewport, position: QPointF) -> int | None:
    """The landmark whose point is shown under a screen position, the asked one before others."""
    points = viewport.to_screen(marks.points)
    return nearest_point(points, _pair(position), canvas_colours.HIT_RADIUS, marks.asked)


def aim_at(
    marks: Marks, viewport: Viewport, position: QPointF, *, anywhere: bool = False
) -> Aim | None:
    """What a press there is about; None where nothing is.

    anywhere: the asked one is meant, whatever is under the cursor.
    """
    if marks.asked is None and marks.mends:
        under = landmark_at(marks, viewport, position)
        return _beside(marks, viewport, position) if under is None else Aim(under, False, under)
    if marks.asked is None or marks.to_look_at:
        under = None if anywhere else landmark_at(marks, viewport, position)
        return None if under is None else Aim(under, False, under)
    if anywhere:
        return Aim(marks.asked, True, None)
    chosen = np.zeros(len(marks.points), dtype=bool)
    chosen[list(marks.selected)] = True
    return aimed_at(
        viewport.to_screen(marks.points),
        viewport.spreads_to_screen(marks.covariances),
        _pair(position),
        marks.asked,
        marks.open,
        marks.free,
        chosen,
        _radii(),
        offered=marks.offered,
    )


def _beside(marks: Marks, viewport: Viewport, position: QPointF) -> Aim | None:
    """Where nothing is asked for, a click beside all points mends the one that is near."""
    found = likeliest(
        viewport.to_screen(marks.points),
        viewport.spreads_to_screen(marks.covariances),
        _pair(position),
        marks.free,
        canvas_colours.REACH / 2,
    )
    return None if found is None else Aim(found, True, None)


def _radii() -> Radii:
    return Radii(canvas_colours.HIT_RADIUS, canvas_colours.SIGN_RADIUS, canvas_colours.REACH)


def _pair(position: QPointF) -> tuple[float, float]:
    return position.x(), position.y()


def landmark_area(marks: Marks, landmark: int, share: float) -> Floats | None:
    """(4, 2) corners of a square round a landmark, in image pixels; None where it has no place.

    As wide as this share of the object's longer side, or half as wide again as its 95 % ellipse:
    where the landmark may be belongs into the view.
    """
    place = marks.points[landmark]
    if not np.isfinite(place).all():
        return None
    longest = float(np.nan_to_num(ellipses_95(marks.covariances[[landmark]])[0, 0]))
    radius = 1.5 * longest
    whole = object_places(marks)
    if whole is not None:
        radius = max(radius, share / 2 * float(np.ptp(whole, axis=0).max()))
    square = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    return np.asarray(place + radius * square)


def object_places(marks: Marks, beside: Floats | None = None) -> Floats | None:
    """(N, 2) the corners of the box and every known landmark, in image pixels.

    beside: (K, 2) further places that are to be seen, NaN where unknown. None where there are
    less than two, and of an object that may be anywhere: whoever looks for it sees all there is.
    """
    if marks.lost:
        return None
    points = marks.points if beside is None else np.concatenate([marks.points, beside])
    points = points[np.isfinite(points).all(axis=1)]
    if marks.box is not None:
        points = np.concatenate([points, box_corners(marks.box)])
    return None if len(points) < 2 else points
