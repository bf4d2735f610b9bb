"""Objects that lean: how far they are turned is seen in the image and expected of labelled ones.

Of objects that are known to point anywhere all turns are alike, and what answers best is believed.
Of these one that is turned further than labelled ones has to answer so much better there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from landmark_annotator.backends.registration.gains import slope_of
from landmark_annotator.backends.shapes.orientation import TURNS
from landmark_annotator.projects.vocabulary.arrays import Floats

_USUAL = math.radians(10)
"""What one more labelled object would be turned by: a few may happen to lie alike."""
_APART = math.radians(40)
"""Beside where they are expected: what is turned by less is found from there."""


@dataclass(frozen=True, eq=False)
class Leaning:
    """middle: the angle around which objects lie, in radians. log_odds: (24,) for each of TURNS,
    the log density of one more object there over that at the middle. gains: (n,) of labelled images
    the log of what the filters answer at the middle over what they answer at the best other turn.
    """

    middle: float
    log_odds: Floats
    gains: Floats = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def of(cls, angles: Floats) -> "Leaning":
        """Of objects that are turned by these (N,), in radians: normally distributed with unknown
        deviation, so of one more by Student's t; but as one of them could, it lies anyhow."""
        count = len(angles)
        middle = float(np.angle(np.exp(1j * angles).mean()))
        squares = float((_apart(angles, middle) ** 2).sum()) + _USUAL**2
        variance = squares / count * (1 + 1 / count)
        off = _apart(np.array(TURNS), middle)
        near = -(count + 1) / 2 * np.log1p(off**2 / variance / count)
        anyhow = math.log(math.sqrt(variance / math.tau) / count)
        return cls(middle, np.logaddexp(near, anyhow) - np.logaddexp(0.0, anyhow))

    @property
    def elsewhere(self) -> NDArray[np.intp]:
        """(n,) which of TURNS are apart from the middle."""
        return np.flatnonzero(np.abs(_apart(np.array(TURNS), self.middle)) > _APART)

    @staticmethod
    def are_apart(angle: float, other: float) -> bool:
        """Whether two angles, in radians, are those of different ways to lie."""
        return abs(math.remainder(angle - other, math.tau)) > _APART

    def turned(self, gains: Sequence[float], turns: Sequence[int]) -> int | None:
        """By which of these of TURNS an object is most likely turned; None of one that lies at the
        middle. gains: the log of what the filters answer at the middle over what they do there."""
        odds = self.log_odds[list(turns)] - slope_of(self.gains) * np.array(gains)
        best = int(odds.argmax())
        return best if odds[best] > 0 else None


def _apart(angles: Floats, middle: float) -> Floats:
    return np.asarray(np.angle(np.exp(1j * (angles - middle))))
