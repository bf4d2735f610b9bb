"""Where an object may be that somebody has drawn a box around."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Bools, Floats
from landmark_annotator.projects.vocabulary.box import Box

_BESIDE = 0.25
"""Sides of the object by which a box may be drawn off it."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Of a drawn box, in its frame: least, most: (2,) across and down, within which its object is;
    beside: by how much it may be off."""

    drawn: Box
    least: Floats
    most: Floats
    beside: float

    @classmethod
    def of(cls, drawn: Box, usual: Floats, side: float) -> "Surroundings":
        """usual: (L, 2) in image pixels, where landmarks of an object in the box are, of which some
        may always be outside; side: of that object."""
        least, most = _extent(drawn.to_frame(usual))
        beside = _BESIDE * side / drawn.side
        return cls(drawn, np.minimum(least, -drawn.half), np.maximum(most, drawn.half), beside)

    def hold(self, points: Floats, shifts: Floats | None = None) -> Bools:
        """(...) whether objects that have their landmarks (..., L, 2) there, in image pixels, may
        be what the box was drawn around; else they are beside it. shifts: (S, 2), also in image
        pixels, each of which the objects are moved by: then (..., S)."""
        least, most = _extent(self.drawn.to_frame(points))
        if shifts is not None:
            moved = self.drawn.to_frame(shifts) - self.drawn.to_frame(np.zeros(2))
            least, most = least[..., None, :] + moved, most[..., None, :] + moved
        before, behind = self.least - least, most - self.most
        # What is larger than its box, which was drawn too small, is out of it at both ends.
        off = (behind - before) / 2
        out = np.maximum(np.minimum(behind, off), np.minimum(before, -off))
        return np.asarray((out <= self.beside).all(axis=-1))


def room(points: Floats, drawn: Box) -> Floats:
    """(2, 2) second moments, in squared image pixels, of how far the middle of an object that has
    its landmarks (L, 2) there is from it, were it anywhere in the box."""
    least, most = _extent(drawn.to_frame(points))
    left = np.maximum(2 * drawn.half - (most - least), 0.0)
    away = (least + most) / 2
    return drawn.covariance_to_image(np.diag(left**2 / 12) + np.outer(away, away))


def _extent(points: Floats) -> tuple[Floats, Floats]:
    return points.min(axis=-2), points.max(axis=-2)
