"""Whether labelled shapes point anywhere, and which two landmarks say best where."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from landmark_annotator.backends.shapes.fitting.alignment import align, aligned, spread
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.scheme import Pair, Scheme

_APART = np.pi / 3
"""Between the turns of two shapes, in radians: more than people lean or heads nod."""
_SHARE = 0.2
"""Of all pairs of shapes, that have to be so far apart."""
_FEWEST = 3
"""Shapes that may tell."""
_EXPLAINED = 0.5
"""What is left at most of the spread of upright shapes once each is turned back."""
_UNSURE = 0.05
"""Of the side of a shape, added to how far two landmarks move against the others: else two that
lie close together and never move would say best where it points."""


def turns_freely(shapes: Sequence[Floats]) -> bool:
    """Whether the shapes (L, 2), NaN where unknown, are one shape in very different turns.

    In the similarity alignment a fifth of the pairs are turned by more than 60 degrees against each
    other, be any one of the shapes a mistake, and `turns_tell` is true.
    """
    if too_few_to_tell(shapes):
        return False
    boxes = align(shapes)[1]
    angles = np.array([box.angle for box in boxes])
    apart = np.abs(np.angle(np.exp(1j * (angles[:, None] - angles)))) > _APART
    rest = len(shapes) - 1
    pairs = apart.sum() / 2 - apart.sum(axis=1).max()
    return bool(pairs >= max(_SHARE * rest * (rest - 1) / 2, 1)) and _tell(shapes, boxes)


def turns_tell(shapes: Sequence[Floats]) -> bool:
    """Whether at least half of what the shapes (L, 2) differ by, NaN where unknown, is how far each
    is turned."""
    return not too_few_to_tell(shapes) and _tell(shapes, align(shapes)[1])


def too_few_to_tell(shapes: Sequence[Floats]) -> bool:
    """Whether there are so few that nothing is seen of how they may be turned."""
    return len(shapes) < _FEWEST


def _tell(shapes: Sequence[Floats], boxes: Sequence[Box]) -> bool:
    """boxes: that align them."""
    turned = np.stack([b.to_frame(p) for b, p in zip(boxes, shapes, strict=True)])
    sides = np.array([box.side for box in boxes])[:, None, None]
    upright = np.stack([points - np.nanmean(points, axis=0) for points in shapes]) / sides
    return spread(turned) < _EXPLAINED * spread(upright)


def pointing(scheme: Scheme, shapes: Sequence[Floats]) -> Scheme | None:
    """With the heading that these shapes (L, 2) have. None where it has one, or no two landmarks
    serve."""
    if scheme.heading is not None:
        return None
    pair = steady_pair(shapes, scheme)
    return None if pair is None else replace(scheme, heading=pair)


def steady_pair(shapes: Sequence[Floats], scheme: Scheme) -> Pair | None:
    """(from, to): far apart, and their line keeps its direction within the whole shape.

    Both lie on the middle of what has left and right, where two do. The one that comes first in
    the scheme is taken for the head. shapes: N of (L, 2). None where no two landmarks are known
    together in enough shapes.
    """
    turned = aligned(shapes)
    sides = {i for pair in scheme.partners for i in pair}
    middle = [i for i in range(len(scheme)) if i not in sides]
    return _steadiest(turned, middle) or _steadiest(turned, range(len(scheme)))


def _steadiest(turned: Floats, landmarks: Sequence[int]) -> Pair | None:
    """Of these; turned: (N, L, 2) in one frame."""
    best, found = 0.0, None
    enough = min(max(2, 0.8 * len(turned)), len(turned))
    for place, head in enumerate(landmarks[:-1]):
        tails = list(landmarks[place + 1 :])
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
