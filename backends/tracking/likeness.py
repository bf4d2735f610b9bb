"""Whether flow leads to what it came from. It tells of a way back also between things that are not
the same: of a floor that an object has left, and of one photograph and another after a cut."""

from dataclasses import replace

import numpy as np

from landmark_annotator.backends.learning.sampling import sampled
from landmark_annotator.backends.tracking.flow import FlowField, flow_between
from landmark_annotator.backends.tracking.going import Going
from landmark_annotator.backends.tracking.leap import leap_of
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

INSIDE = np.stack(np.meshgrid(*[np.linspace(-0.45, 0.45, 24)] * 2), axis=-1).reshape(-1, 2)
"""Places of a box that are compared, in its frame."""
_SURELY = 0.9
"""Correlation from which on nobody looks for an object elsewhere."""
_OTHER_WAY = 0.08
"""Correlation that one more power of e in how likely an object goes there is worth."""


def flow_or_leap(
    earlier: Pixels, later: Pixels, boxes: tuple[Box, Box], going: Going | None = None
) -> FlowField:
    """Flow around an object that is taken to be in these boxes, and how alike is what it leads to;
    of one that is faster than flow can follow, from where it has leapt to. going: how it went
    before, for where it meets others of its kind it is the one that goes on; None where nobody
    knows."""
    before, after = boxes

    def likely(flow: FlowField) -> float:
        alike = -1.0 if flow.alike is None else flow.alike
        unlikely = 0.0 if going is None else going.unlikely(_gone(flow, before))
        return alike - _OTHER_WAY * unlikely

    found = _judged(flow_between(earlier, later, boxes), before, earlier, later)
    if likely(found) >= _SURELY:
        return found
    leaps = [] if going is None else [going.step]
    leaps.append(leap_of(earlier, later, before))
    if after != before:
        leaps.append(after.centre - before.centre)
    tried = (flow_between(earlier, later, (before, before), leap) for leap in leaps)
    others = [_judged(each, before, earlier, later) for each in tried]
    return max([found, *others], key=likely)


def _gone(flow: FlowField, box: Box) -> Floats:
    """(2,) pixels by which what the box shows goes, on the median."""
    step, variances = flow.carried(box.to_image(INSIDE))
    known = np.isfinite(variances)
    return np.asarray(np.median(step[known], axis=0)) if known.any() else np.full(2, np.inf)


def _judged(flow: FlowField, box: Box, earlier: Pixels, later: Pixels) -> FlowField:
    return replace(flow, alike=likeness(box, flow, earlier, later))


def likeness(box: Box, flow: FlowField, earlier: Pixels, later: Pixels) -> float:
    """Correlation of what the box shows with what is where flow has carried it."""
    places = box.to_image(INSIDE)
    step, variances = flow.carried(places)
    known = np.isfinite(variances)
    return correlation(earlier, places[known], later, (places + step)[known])


def correlation(earlier: Pixels, places: Floats, later: Pixels, others: Floats) -> float:
    """Of what is at places (N, 2) of one frame and others of another; 0 where either shows
    nothing."""
    if not len(places):
        return 0.0
    one, other = _grey(earlier, places), _grey(later, others)
    spread = float(one.std() * other.std())
    return float(((one - one.mean()) * (other - other.mean())).mean()) / spread if spread else 0.0


def _grey(pixels: Pixels, places: Floats) -> AnyFloats:
    """(N,) at places (N, 2); only what is around them is looked at, for frames are large."""
    height, width = pixels.shape[:2]
    low = np.clip(places.min(axis=0).astype(int), 0, [width - 1, height - 1])
    right, below = places.max(axis=0).astype(int) + 2
    part = pixels[low[1] : max(below, low[1] + 1), low[0] : max(right, low[0] + 1)]
    if part.ndim == 2:
        return sampled(part.astype(np.float32), places - low)
    return sampled(part.mean(axis=2, dtype=np.float32), places - low)
