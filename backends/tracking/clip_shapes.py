"""What the frames that show an object say of its shape in those where it is hidden.

One object varies in few ways within a clip, through which what is seen of it tells of the rest
(Bregler, Hertzmann, Biermann, "Recovering non-rigid 3D shape from image streams", CVPR 2000). These
are read off the proposals, in which their slow error is as well, so what is said is said of the
landmarks together with that error: a click tells of it wherever it is. Of the object's place, size
and angle a shape says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes.fitting.alignment import align, similarity_box
from landmark_annotator.backends.tracking.beliefs import (
    Believed,
    frame_axes,
    framed,
    slow_part,
    turned,
)
from landmark_annotator.backends.tracking.persistence import Persistence
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box

_HIDDEN = 0.1
"""Share of the landmarks from which on an object counts as hidden, in part at least."""
_FEWEST = 20
"""Frames that show the whole object, below which they do not tell in which ways it varies."""
_SIMILARITIES = 4
_UNIT = Box(0, 0, 1, 1)


@dataclass(frozen=True, eq=False)
class ClipShapes:
    """mean: (L, 2) in its canonical frame. root (n, 2L): times a shape's difference from the mean,
    it is white; slow (n, r): what it is of each of the slow modes of the proposals' error. shares:
    (T,) the part of such an observation that each frame counts as."""

    mean: Floats
    root: Floats
    slow: Floats
    shares: Floats

    @classmethod
    def of(
        cls, found: Sequence[Believed | None], hidden: Floats, modes: Floats, rule: Persistence
    ) -> "ClipShapes | None":
        """hidden: (T,) share of the landmarks, as expected. modes: (2L, r) in the frames of the
        boxes. None where nothing is hidden, or too few frames show the whole object."""
        shown = [f for f, h in zip(found, hidden, strict=True) if f is not None and h <= _HIDDEN]
        shares = _shares(np.where([each is None for each in found], 0.0, hidden))
        if len(shown) < _FEWEST or not shares.any():
            return None
        shapes = [each.box.to_frame(each.mean.reshape(-1, 2)) for each in shown]
        mean, boxes = align(shapes)
        apart = np.stack(
            [(b.to_frame(s) - mean).ravel() for b, s in zip(boxes, shapes, strict=True)]
        )
        claimed = rule.widening * np.mean(
            [turned(framed(f), frame_axes(b)) for f, b in zip(shown, boxes, strict=True)], axis=0
        )
        slow = slow_part(Believed(_UNIT, mean.ravel(), claimed), modes, rule.slow)
        # The slow error that is in none of the modes is that of the mean.
        spread = np.cov(apart.T, bias=True) + rule.slow * claimed - slow @ slow.T
        free = _without_similarities(mean)
        values, vectors = np.linalg.eigh(free.T @ spread @ free)
        least = 1e-9 * float(values.sum())
        root = (free @ (vectors / np.sqrt(np.maximum(values, least)))).T
        return cls(mean, root, root @ slow, shares)

    def said(self, frame: int, points: Floats) -> tuple[Floats, Floats] | None:
        """A root (n, 2L + r) that is to be multiplied with how far the landmarks are from these
        points (L, 2), in image pixels, and with the strengths of the slow modes, and what that
        should be (n,); None where a frame says nothing."""
        if not self.shares[frame]:
            return None
        box = similarity_box(self.mean, points)
        weight = np.sqrt(self.shares[frame])
        places = (self.root.reshape(-1, len(points), 2) @ frame_axes(box)).reshape(self.root.shape)
        apart = self.mean - box.to_frame(points)
        return weight * np.hstack([places, -self.slow]), weight * (self.root @ apart.ravel())


def _shares(hidden: Floats) -> Floats:
    """(T,) frames in a row in which an object is hidden count as one observation together: its
    shape hardly changes meanwhile, and where the mean is wrong it is so in all of them."""
    shares = np.where(hidden > _HIDDEN, hidden, 0.0)
    begins = np.flatnonzero(np.diff(shares > 0, prepend=False))
    for stretch in np.split(shares, begins):
        stretch /= max(float(stretch.sum()), 1.0)
    return shares


def _without_similarities(mean: Floats) -> Floats:
    """(2L, 2L - 4) orthonormal: all changes of a shape but its place, angle and size."""
    centred = mean - mean.mean(axis=0)
    turning = np.stack([-centred[:, 1], centred[:, 0]], axis=1)
    along = np.tile(np.eye(2), (len(mean), 1))
    moves = np.column_stack([along, centred.ravel(), turning.ravel()])
    whole, _ = np.linalg.qr(moves, mode="complete")
    return np.asarray(whole[:, _SIMILARITIES:])
