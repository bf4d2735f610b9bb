"""How an object goes on from frame to frame, by the places where it was."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box

LAST = 5
"""Places that say it: the newest one alone may be wrong."""
_STEPS = 3
_LEAST_SWERVE = 0.1
"""Sides of its box by which an object goes otherwise than before at least, as far as is assumed."""
_STARTS = 0.5
"""The same in shares of its step, while there is only one."""


@dataclass(frozen=True, eq=False)
class Going:
    """step: (2,) pixels by which it goes from a frame to the next; swerve: by how many it usually
    goes elsewhere."""

    step: Floats
    swerve: float

    @classmethod
    def of(cls, boxes: Sequence[Box]) -> "Going | None":
        """boxes: of the object in frames in a row, the newest last; None where one alone is."""
        if len(boxes) < 2:
            return None
        places = np.array([box.centre for box in boxes[-LAST:]])
        steps = np.diff(places, axis=0)
        step = np.median(steps[-_STEPS:], axis=0)
        others = np.linalg.norm(np.diff(steps, axis=0), axis=1)
        usual = np.median(others) if len(others) else _STARTS * np.linalg.norm(step)
        return cls(step, max(float(usual), _LEAST_SWERVE * boxes[-1].side))

    def unlikely(self, step: Floats) -> float:
        """By how many powers of e it goes there less likely than on, of a distribution with heavy
        tails (Cauchy's)."""
        return float(np.log1p((np.linalg.norm(step - self.step) / self.swerve) ** 2))
