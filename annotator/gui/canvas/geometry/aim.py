"""What a press on the canvas is about: one pure function, asked by hands, keys and labels alike."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landmark_annotator.annotator.gui.canvas.geometry.hit_testing import nearest_point, taker
from landmark_annotator.projects.vocabulary.arrays import Floats

Flags = npt.NDArray[np.bool_]
Point = tuple[float, float]

_MAY_WELL_BE = 9.0
"""Squared standard deviations."""


@dataclass(frozen=True)
class Aim:
    """What would happen at one place of the screen.

    clicked: the landmark that a click is about; it is placed there if `places`, else only asked
    for. under: the landmark whose point a drag moves and a key acts on; None where there is no
    point, so that a drag places what a click does and keys act on the one asked for.
    """

    clicked: int
    places: bool
    under: int | None


@dataclass(frozen=True)
class Radii:
    """Screen pixels. hit: within it a point is taken. tight: the sign itself. reach: how far a
    click may be from the landmark that it is meant for."""

    hit: float
    tight: float
    reach: float


def aimed_at(
    points: Floats,
    covariances: Floats,
    position: Point,
    asked: int,
    open_: Flags,
    free: Flags,
    chosen: Flags,
    radii: Radii,
    *,
    offered: bool,
) -> Aim:
    """What a press at `position` is about while a landmark is asked for.

    points (L, 2) and covariances (L, 2, 2) in screen pixels, NaN where unknown. (L,) each: open_,
    nobody has said anything of them; free, those that may take a click beside them where the
    asked one is only offered; chosen, those selected by hand.

    A point under the cursor is taken. But while nobody has placed the asked one, every click
    where it may well be is for it, on another's point too: on closed lips two landmarks are at one
    place, and the one that is asked for is the one that is meant. A drag from the sign of the
    other one still moves that one, however near the asked one is, unless their signs overlap there.
    Only where the asked one is shown far away is a click on a sign for that sign.
    """
    if nearest_point(points[[asked]], position, radii.hit) is not None:
        beside = nearest_point(points, position, radii.tight)
        on_its_own = nearest_point(points[[asked]], position, radii.tight) is not None
        return Aim(asked, True, asked if on_its_own or beside is None else beside)
    other = nearest_point(points, position, radii.hit)
    if other is None:
        if offered:
            meant = taker(points, covariances, position, asked, free, radii.reach)
            return Aim(meant, True, None)
        return Aim(asked, True, None)
    if chosen[other] or not open_[asked]:
        return Aim(other, False, other)
    known = bool(np.isfinite(points[asked, 0]))
    if known and not _may_well_be(points[asked], covariances[asked], position, radii.hit):
        return Aim(other, False, other)
    on_sign = nearest_point(points[[other]], position, radii.tight) is not None
    near = not known or float(np.hypot(*(points[asked] - position))) <= radii.reach
    if on_sign and not near:
        return Aim(other, False, other)
    return Aim(asked, True, other if on_sign else None)


def _may_well_be(point: Floats, covariance: Floats, position: Point, hit: float) -> bool:
    """A landmark that is known exactly may be as far off as a point is hit from."""
    spread = np.where(np.isfinite(covariance), covariance, 0.0) + np.eye(2) * (hit / 3) ** 2
    offset = np.asarray(position) - point
    return float(offset @ np.linalg.solve(spread, offset)) <= _MAY_WELL_BE
