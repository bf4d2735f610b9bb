"""The classes of a mixture by falling weight, so that a click looks only at those that may matter.

Evidence only takes weight from a class: its weight times a likelihood of at most one. So all
classes after the first n together hold at most their weight before the evidence, and where that is
next to nothing beside what the first n still hold, they need not be looked at.
"""

import threading
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes.engine.exemplars import Exemplars
from landmark_annotator.backends.shapes.engine.kernels import kernels
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints

RANKED_FROM = 8192
"""Classes below which all are looked at, in their own order."""

SLACK = 5e-4
"""Share of the weight that classes not looked at may hold. Leading classes are chosen so that they
hold their mass even if it is that much."""

PROBE = 4096
"""Classes that are looked at first, to learn how much weight the evidence leaves."""

_MOST = 2
"""From half of the classes on, all of them in their own order are faster than a part in another."""
_STEPS = 4.0
"""Bins a nat that classes are sorted by."""
_BINS = 256


@dataclass(frozen=True, eq=False)
class First:
    """Some of the classes (n,), with their log-weights (n,) before the evidence.

    beyond: log of the weight that all others hold at most. Without classes, all of the exemplars
    in their own order. among: which order the classes are the first of.
    """

    log_weights: Floats
    beyond: float = -np.inf
    classes: Ints | None = None
    among: str = "all"

    def names(self, places: Ints) -> Ints:
        """The classes at these places (m,) among the first."""
        return places if self.classes is None else self.classes[places]


class Ranking:
    """The K classes of a mixture in bins of a quarter of a nat of their log-weights (K,), which are
    normalised."""

    def __init__(self, exemplars: Exemplars, log_weights: Floats) -> None:
        self._exemplars = exemplars
        self._all = First(log_weights)
        self._columns = np.empty((0, 0), dtype=exemplars.shapes.dtype)
        self._places: dict[int, int] = {}
        self._reading = threading.Lock()
        if len(log_weights) < RANKED_FROM:
            return
        highest = float(log_weights.max())
        depth = np.minimum((highest - log_weights) * _STEPS, _BINS - 1).astype(np.uint8)
        counts = np.bincount(depth, minlength=_BINS)
        self._ends = np.cumsum(counts)
        self._count = 0
        # A bin holds at most what it would with every class at its upper edge.
        most = counts * np.exp(highest - np.arange(_BINS) / _STEPS)
        self._beyond = np.append(np.cumsum(most[::-1])[::-1][1:], 0.0)
        # By radix, as the bins are bytes.
        self._order = np.argsort(depth, kind="stable")[: len(log_weights) // _MOST]
        self._ordered = log_weights[self._order]

    def probe(self) -> First:
        """As many as it takes to learn how much weight the evidence leaves; and where more were
        needed the last time, as many as then."""
        if len(self._all.log_weights) < RANKED_FROM:
            return self._all
        return self._until(int(np.argmax(self._ends >= max(PROBE, self._count))))

    def until(self, enough: float) -> First:
        """So many, or more, that the log of the weight of all others is at most `enough`.

        As many as the last time where that is enough, and where not with some to spare: what is
        known of these classes can then be used again.
        """
        last = int(np.argmax(self._beyond <= np.exp(enough)))
        if self._ends[last] > self._count:
            ample = min(int(self._ends[last]) * 3 // 2, len(self._order))
            last = max(last, int(np.argmax(self._ends > ample)) - 1)
            self._count = int(self._ends[last])
        return self._until(int(np.argmax(self._ends >= self._count)))

    def columns(self, first: First, rows: Ints) -> tuple[AnyFloats, Ints]:
        """Coordinates (c, at least n) of the first classes, and where among them the rows (R,) are.

        What has been read once is kept: the next click finds it side by side, and in the cache.
        """
        if first.classes is None:
            return self._exemplars.columns, rows
        wanted = rows.tolist()
        with self._reading:
            rows_now, width = self._columns.shape
            needed = len(self._places.keys() | wanted)
            if needed > rows_now or width < len(first.classes):
                wider = max(width, len(first.classes))
                # With room for the landmarks that the next clicks are on.
                read = np.empty((2 * needed, wider), dtype=self._columns.dtype)
                read[:rows_now, :width] = self._columns
                for row, place in self._places.items():
                    self._read(row, width, read[place])
                self._columns = read
            for row in wanted:
                if row not in self._places:
                    self._places[row] = len(self._places)
                    self._read(row, 0, self._columns[self._places[row]])
            return self._columns, np.array([self._places[row] for row in wanted])

    def _read(self, row: int, start: int, out: AnyFloats) -> None:
        """The coordinate of the classes from place `start` on, written there."""
        fast = kernels(self._exemplars.shapes)
        fast.gather(self._exemplars.columns[row], self._order[start : len(out)], out[start:])

    def _until(self, last: int) -> First:
        count = int(self._ends[last])
        if count > len(self._order):
            return self._all
        beyond = float(np.log(max(self._beyond[last], 1e-300)))
        return First(self._ordered[:count], beyond, self._order[:count], "ranked")
