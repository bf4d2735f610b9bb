"""Whether labelled shapes point anywhere, and which two landmarks say best where."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.shapes.fitting.alignment import align, nan_mean
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.scheme import Pair, Scheme

_APART = np.pi / 3
"""Between the turns of two shapes, in radians: more than people lean or heads nod."""
_FEWEST, _SHARE = 2, 0.2
"""Shapes that have to be so far from any one of them: one may be a mistake."""
_EXPLAINED = 0.5
"""What is left at most of the spread of upright shapes once each is turned back."""
_UNSURE = 0.05
"""Of the side of a shape, added to how far two landmarks move against the others: else two that
lie close together and never move would say best where it points."""


def turns_freely(shapes: Sequence[Floats]) -> bool:
    """Whether the shapes (L, 2), NaN where unknown, are one shape in very different turns.

    In the similarity alignment, some are turned by more than 60 degrees against any one of them,
    and turned back they are alike as they were not before.
    """
    if len(shapes) < _FEWEST + 1:
        return False
    _, boxes = align(shapes)
    angles = np.array([box.angle for box in boxes])
    apart = np.abs(np.angle(np.exp(1j * (angles[:, None] - angles)))) > _APART
    if apart.sum(axis=1).min() < max(_FEWEST, _SHARE * len(shapes)):
        return False
    turned = np.stack([b.to_frame(p) for b, p in zip(boxes, shapes, strict=True)])
    sides = np.array([box.side for box in boxes])[:, None, None]
    upright = np.stack([points - np.nanmean(points, axis=0) for points in shapes]) / sides
    return _spread(turned) < _EXPLAINED * _spread(upright)


def steady_pair(shapes: Sequence[Floats], scheme: Scheme) -> Pair | None:
    """(from, to): far apart, and their line keeps its direction within the whole shape.

    What has left and right is as likely as its mirror image across the line, so that both lie on
    the middle there. The one that comes first in the scheme is taken for the head. shapes: N of
    (L, 2). None where no two landmarks serve, or known together in too few shapes.
    """
    _, boxes = align(shapes)
    turned = np.stack([b.to_frame(p) for b, p in zip(boxes, shapes, strict=True)])
    sides = {i for pair in scheme.partners for i in pair}
    middle = [i for i in range(len(scheme)) if i not in sides]
    best, found = 0.0, None
    enough = max(_FEWEST, 0.8 * len(shapes))
    for place, head in enumerate(middle[:-1]):
        tails = middle[place + 1 :]
        lines = turned[:, [head]] - turned[:, tails]
        known = np.isfinite(lines[..., 0]).sum(axis=0)
        counts = np.maximum(known, 1)[:, None]
        mean = np.nansum(lines, axis=0) / counts
        moved = np.sqrt((np.nansum((lines - mean) ** 2, axis=0) / counts).sum(axis=1))
        scores = np.linalg.norm(mean, axis=1) / (moved + _UNSURE)
        scores[known < enough] = 0.0
        if scores.max() > best:
            best, found = scores.max(), (tails[int(scores.argmax())], head)
    return found


def _spread(shapes: Floats) -> float:
    """Mean squared distance from the mean shape of (N, L, 2)."""
    return float(np.nanmean((shapes - nan_mean(shapes)) ** 2))
