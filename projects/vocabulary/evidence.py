"""Evidence: what has been observed of one landmark."""

import math
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

_ELONGATED = 1.01
"""Ratio of variances up to which an ellipse is taken for a circle."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """The observed position of one landmark.

    position: (2,), covariance: (2, 2), in one frame that the holder knows (image or box).
    A click has a tiny covariance; a detector's heat map has a large one.
    """

    landmark: int
    position: Floats
    covariance: Floats

    def __post_init__(self) -> None:
        position = np.array(self.position, dtype=np.float64)
        covariance = np.array(self.covariance, dtype=np.float64)
        if position.shape != (2,) or not np.isfinite(position).all():
            raise ActionableError(f"Evidence needs a finite (x, y), not {self.position}.")
        if covariance.shape != (2, 2) or np.linalg.eigvalsh(covariance)[0] < 0:
            raise ActionableError("Evidence needs a 2 x 2 covariance without negative variance.")
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
        """A contour passes here in this unit direction (2,), and where along it the landmark lies
        is hardly known: standard deviations across it and along it."""
        own = np.outer(direction, direction)
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
