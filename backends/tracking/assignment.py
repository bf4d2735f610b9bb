"""Which object of a frame is which of the frame before, by how likely its whole shape is there.

Hungarian assignment (Kuhn 1955) on the log likelihood of the shapes, never on boxes: two flies that
cross have one box, and two shapes.
"""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.tracking.beliefs import Believed, likely, squares
from landmark_annotator.backends.tracking.flow import FlowField
from landmark_annotator.projects.vocabulary.arrays import Floats

_LEAST = 1.0
"""Squared pixels that a step is unsure by at least."""
_UNSEEN = 0.25
"""Sides of an object that a landmark may go in a frame where flow says nothing."""
_STRANGE = 25.0
"""Median squared deviation of a landmark from which on two shapes are of different objects."""


def matched(
    before: Sequence[Proposal], after: Sequence[Proposal], flows: Sequence[FlowField | None]
) -> list[int | None]:
    """For each object after, the number of the one before that it is; None of one that is new.

    flows: of each object before, to the later frame.
    """
    if not before or not after:
        return [None] * len(after)
    # Once of each: of many objects most of the time would go on the same again.
    carried = [_carried(Believed.of(old), flow) for old, flow in zip(before, flows, strict=True)]
    there = [Believed.of(new) for new in after]
    places = np.stack([new.mean.reshape(-1, 2) for new in there])
    spreads = np.stack([new.blocks for new in there])
    costs, strange = np.stack([_likelihoods(old, places, spreads) for old in carried], axis=1)
    from scipy.optimize import linear_sum_assignment  # here: no window is to wait for it

    found: list[int | None] = [None] * len(after)
    for old, new in zip(*linear_sum_assignment(costs), strict=True):
        if strange[old, new] < _STRANGE:
            found[int(new)] = int(old)
    return found


def _carried(old: Believed, flow: FlowField | None) -> tuple[Floats, Floats]:
    """(L, 2) where its landmarks have gone, in image pixels, and (L, 2, 2) how unsure that is."""
    points = old.mean.reshape(-1, 2)
    step, variance = np.zeros_like(points), np.full(len(points), np.inf)
    if flow is not None:
        step, variance = flow.carried(points)
    variance = np.minimum(variance, (_UNSEEN * old.box.side) ** 2) + _LEAST
    return points + step, old.blocks + variance[:, None, None] * np.eye(2)


def _likelihoods(old: tuple[Floats, Floats], places: Floats, spreads: Floats) -> Floats:
    """(2, N) of N objects after, where one is as of `_carried`: the negative logarithm a landmark,
    of a t distribution and up to a constant; and the median squared deviation of a landmark.

    places: (N, L, 2), spreads: (N, L, 2, 2).
    """
    size = places.shape[:2]
    apart, own = (places - old[0]).reshape(-1, 2), (spreads + old[1]).reshape(-1, 2, 2)
    costs = -likely(apart, own).reshape(size).mean(axis=1)
    return np.stack([costs, np.median(squares(apart, own).reshape(size), axis=1)])
