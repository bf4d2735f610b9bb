"""The classes of a mixture by falling weight, so that a click looks only at those that may matter.

Evidence only takes weight from a class: its weight times a likelihood of at most one. So the
classes outside a tier together hold at most their weight before the evidence, and where that is
next to nothing beside what those inside still hold, they need not be looked at.
"""

import numpy as np

from backends.shapes.exemplars import Exemplars
from projects.vocabulary.arrays import AnyFloats, Floats, Ints

TIERED_FROM = 8192
"""Classes below which one tier holds all of them."""

SLACK = 5e-4
"""Share of the weight that classes not looked at may hold. Leading classes are chosen so that they
hold their mass even if it is that much."""

_PROBE = 2048
_REACHES = (1.0, 4.0, 10.0)
"""A tier is enough while evidence leaves exp(-reach) of all weight in place. Ten clicks on a face
leave exp(-8) of it, or less where they contradict the image."""
_MOST = 3
"""A tier of more than a third of the classes is not worth its copies."""
_STEPS = 4.0
"""Bins a nat that classes are sorted by."""
_BINS = 256


class Tier:
    """The likeliest classes (n,) of a mixture, with their log-weights (n,) before any evidence.

    beyond: log of the weight that all others hold at most. Without classes, all of the exemplars
    in their own order.
    """

    def __init__(
        self,
        exemplars: Exemplars,
        log_weights: Floats,
        beyond: float = -np.inf,
        classes: Ints | None = None,
    ) -> None:
        self.log_weights = log_weights
        self.beyond = beyond
        self.classes = classes
        self._exemplars = exemplars
        self._read: dict[int, AnyFloats] = {}

    def names(self, places: Ints) -> Ints:
        """The classes (n,) at these places in the tier."""
        return places if self.classes is None else self.classes[places]

    def columns(self, rows: Ints) -> tuple[AnyFloats, Ints]:
        """Coordinates (c, n) of the exemplars, and where among them those of the rows (R,) are.

        What has been read once is kept: the next click finds it side by side, and in the cache.
        """
        columns, read = self._exemplars.columns, self._read
        if self.classes is None:
            return columns, rows
        for row in rows.tolist():
            if row not in read:
                read[row] = columns[row][self.classes]
        return np.stack([read[row] for row in rows.tolist()]), np.arange(len(rows))


def tiers_of(exemplars: Exemplars, log_weights: Floats) -> tuple[Tier, ...]:
    """Each tier holds the one before and more; the last holds all. log_weights: (K,) normalised."""
    if len(log_weights) < TIERED_FROM:
        return (Tier(exemplars, log_weights),)
    highest = float(log_weights.max())
    depth = np.minimum((highest - log_weights) * _STEPS, _BINS - 1).astype(np.uint8)
    counts = np.bincount(depth, minlength=_BINS)
    ends = np.cumsum(counts)
    # A bin holds at most what it would with every class at its upper edge.
    most = counts * np.exp(highest - np.arange(_BINS) / _STEPS)
    beyond = np.append(np.cumsum(most[::-1])[::-1][1:], 0.0)
    order = np.argsort(depth, kind="stable")  # by radix, as the bins are bytes
    # The first is small, to learn how much weight the evidence leaves.
    lasts = [int(np.argmax(ends >= _PROBE))]
    lasts += [int(np.argmax(beyond <= SLACK * np.exp(-reach))) for reach in _REACHES]
    tiers = []
    for last in sorted(set(lasts)):
        if _MOST * ends[last] > len(log_weights):
            break
        classes = order[: ends[last]]
        after = float(np.log(max(beyond[last], 1e-300)))
        tiers.append(Tier(exemplars, log_weights[classes], after, classes))
    return (*tiers, Tier(exemplars, log_weights))
