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
    pairs = [[_likelihood(old, new) for new in there] for old in carried]
    from scipy.optimize import linear_sum_assignment  # here: no window is to wait for it

    costs = np.array([[cost for cost, _ in row] for row in pairs])
    found: list[int | None] = [None] * len(after)
    for old, new in zip(*linear_sum_assignment(costs), strict=True):
        if pairs[old][new][1] < _STRANGE:
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


def _likelihood(old: tuple[Floats, Floats], new: Believed) -> tuple[float, float]:
    """Its negative logarithm a landmark, of a t distribution and up to a constant; and the median
    squared deviation of a landmark. old: as of `_carried`."""
    apart, own = new.mean.reshape(-1, 2) - old[0], old[1] + new.blocks
    return -float(likely(apart, own).mean()), float(np.median(squares(apart, own)))
