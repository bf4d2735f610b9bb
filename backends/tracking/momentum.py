"""How an object goes on moving: heads turn for many frames, and whoever has lost sight of one knows
where it is meanwhile.

Steps along the few ways in which an object moves most go on from frame to frame, each way with a
rate of its own, as its own path shows (an autoregression of the first order, Box and Jenkins, "Time
series analysis", 1970); whatever else steps do is new in every frame.
"""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats

_MOST_WAYS = 8
_FEWEST_STEPS = 20
"""Below which a path does not tell whether anything goes on."""
_MOST_KEPT, _LEAST_KEPT = 0.99, 0.5
"""Rates from frame to frame: what is believed at most, and below which nothing goes on."""
_MOST_SHARE, _LEAST_SHARE = 0.98, 0.2
"""Of the variance of steps along a way."""


@dataclass(frozen=True, eq=False)
class Momentum:
    """ways: (2L, k), steps in sides of the object of unit strength; rates: (k,) from one frame to
    the next, of the strengths, which are standard normal. rest: (2L, 2L) covariance of what of
    steps is new."""

    ways: Floats
    rates: Floats
    rest: Floats

    @classmethod
    def none(cls, moves: Floats) -> "Momentum":
        return cls(np.zeros((len(moves), 0)), np.zeros(0), moves)

    @classmethod
    def of(cls, steps: Floats, moves: Floats) -> "Momentum":
        """steps: (T - 1, 2L) in sides, NaN where they are not the object's own; moves: (2L, 2L)
        the covariance of the others.

        Errors of single frames add to the correlation of neighbouring steps alone: rates and
        strengths are read off steps that are two to four frames apart.
        """
        known = np.asarray(np.isfinite(steps).all(axis=1))
        pairs = {n: known[n:] & known[:-n] for n in (2, 3, 4)}
        if int(known.sum()) < _FEWEST_STEPS or not all(each.any() for each in pairs.values()):
            return cls.none(moves)
        values, vectors = np.linalg.eigh(moves)
        ways, rates = [], []
        for value, vector in zip(values[::-1][:_MOST_WAYS], vectors.T[::-1], strict=False):
            along = steps @ vector
            two, three, four = (
                float((along[n:] * along[:-n])[pair].mean()) for n, pair in pairs.items()
            )
            if min(two, three) <= 0:
                continue
            rate = min((three + four) / (two + three), _MOST_KEPT)
            strength = min(two / max(rate, 1e-9) ** 2, _MOST_SHARE * value)
            if rate >= _LEAST_KEPT and strength >= _LEAST_SHARE * value:
                ways.append(np.sqrt(strength) * vector)
                rates.append(rate)
        if not ways:
            return cls.none(moves)
        found = np.stack(ways, axis=1)
        return cls(found, np.array(rates), moves - found @ found.T)
