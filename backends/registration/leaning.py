"""Objects that lean: how far they are turned is seen in the image and expected of labelled ones.

Of objects that are known to point anywhere all turns are alike, and what answers best is believed.
Of these one that is turned further than labelled ones has to answer so much better there.
"""

import math
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes.orientation import TURNS
from landmark_annotator.projects.vocabulary.arrays import Floats

_USUAL = math.radians(10)
"""What one more labelled object would be turned by: a few may happen to lie alike."""
_APART = math.radians(40)
"""What is turned by less lies the same way."""
_REACHED = math.radians(15)
"""What is turned by less is found from there."""


@dataclass(frozen=True, eq=False)
class Leaning:
    """middle: the angle around which objects lie, in radians. log_odds: (24,) for each of TURNS,
    the log density of one more object there over that at the middle."""

    middle: float
    log_odds: Floats

    @classmethod
    def of(cls, angles: Floats) -> "Leaning":
        """Of objects that are turned by these (N,), in radians: normally distributed with unknown
        deviation, so of one more by Student's t; but as one of them could, it lies anyhow."""
        count = len(angles)
        middle = float(np.angle(np.exp(1j * angles).mean()))
        off = np.angle(np.exp(1j * (angles - middle)))
        variance = (float((off**2).sum()) + _USUAL**2) / count * (1 + 1 / count)
        off = np.angle(np.exp(1j * (np.array(TURNS) - middle)))
        near = -(count + 1) / 2 * np.log1p(off**2 / variance / count)
        anyhow = math.log(math.sqrt(variance / math.tau) / count)
        return cls(middle, np.logaddexp(near, anyhow) - np.logaddexp(0.0, anyhow))

    @property
    def elsewhere(self) -> list[int]:
        """Which of TURNS are apart from the middle."""
        return [n for n, turn in enumerate(TURNS) if are_apart(turn, self.middle)]

    @property
    def beside(self) -> list[int]:
        """Which of TURNS are as the middle, and yet out of reach of what is found from there."""
        return [
            n
            for n, turn in enumerate(TURNS)
            if not are_apart(turn, self.middle) and not _reached(turn, self.middle)
        ]


def _reached(angle: float, other: float) -> bool:
    return abs(math.remainder(angle - other, math.tau)) < _REACHED


def are_apart(angle: float, other: float) -> bool:
    """Whether two angles, in radians, are those of different ways to lie."""
    return abs(math.remainder(angle - other, math.tau)) > _APART
