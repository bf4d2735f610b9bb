"""Evidence: what has been observed of one landmark."""

import math
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats, floats, whole
from landmark_annotator.projects.vocabulary.errors import ActionableError

_ELONGATED = 1.01
"""Ratio of variances up to which an ellipse is taken for a circle."""
_ROUNDING = 1e-6
"""Of its variances, by which a covariance may miss what it has to be: in single precision, too."""

BY_NUMBER = "project.scheme.index(name) is the number of the landmark of that name."


@dataclass(frozen=True, eq=False)
class Evidence:
    """The observed position of one landmark, by its number in the scheme, from 0.

    position: (2,), covariance: (2, 2), in one frame that the holder knows (image or box).
    A click has a tiny covariance; a detector's heat map has a large one.
    """

    landmark: int
    position: Floats
    covariance: Floats

    def __post_init__(self) -> None:
        if type(self.landmark) is not int or self.landmark < 0:
            number = whole(self.landmark, "The number of a landmark", least=0, remedy=BY_NUMBER)
            object.__setattr__(self, "landmark", number)
        position = floats(self.position, "The position of evidence")
        covariance = floats(self.covariance, "The covariance of evidence")
        if position.shape != (2,) or not np.isfinite(position).all():
            raise ActionableError(f"Evidence needs a finite (x, y), not {self.position}.")
        if covariance.shape != (2, 2) or not _is_covariance(*covariance.ravel().tolist()):
            raise ActionableError(
                "Evidence needs a symmetric 2 x 2 covariance without negative variance, not "
                f"{covariance.tolist()}."
            )
        for array in (position, covariance):
            array.setflags(write=False)
        object.__setattr__(self, "position", position)
        object.__setattr__(self, "covariance", covariance)

    @classmethod
    def click(cls, landmark: int, position: Floats, deviation: float) -> "Evidence":
        """A click whose error is round, with this standard deviation along each axis."""
        return cls(landmark, position, np.eye(2) * deviation**2)

    @classmethod
    def on_contour(
        cls, landmark: int, position: Floats, direction: Floats, across: float, along: float
    ) -> "Evidence":
        """A contour passes here in this direction (2,), and where along it the landmark lies
        is hardly known: standard deviations across it and along it."""
        if not np.any(direction):
            raise ActionableError("A contour has a direction other than (0, 0).")
        unit = np.asarray(direction) / np.linalg.norm(direction)
        own = np.outer(unit, unit)
        return cls(landmark, position, across**2 * (np.eye(2) - own) + along**2 * own)

    @property
    def free_along(self) -> Floats | None:
        """(2,) the unit direction in which the position says little; None of one that is as sure in
        all directions, which pins the place."""
        (xx, xy), (_, yy) = self.covariance.tolist()
        middle, half = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
        if middle + half <= _ELONGATED * (middle - half):
            return None
        angle = math.atan2(2 * xy, xx - yy) / 2
        return np.array([math.cos(angle), math.sin(angle)])


def _is_covariance(xx: float, xy: float, yx: float, yy: float) -> bool:
    """False of NaN and infinity too."""
    spare = _ROUNDING * (xx + yy)
    return (
        xx >= 0
        and yy >= 0
        and abs(xy - yx) <= spare
        and math.isfinite(spare)
        and xx * yy - xy * yx >= -spare * (xx + yy)
    )
