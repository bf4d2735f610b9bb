"""Smooth deformations of training crops, as few labels never show enough of: what varies between
individuals and between poses bends, too (Simard, Steinkraus and Platt, "Best practices for
convolutional neural networks applied to visual document analysis", ICDAR 2003; on a coarse grid as
in Ronneberger, Fischer and Brox, "U-Net", MICCAI 2015)."""

import cv2
import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

_KNOTS = 5
"""Along each side of the crop."""
_MOST = 2.0
"""Deviations that a knot is moved by at most: so much that nothing folds over itself."""
_STEPS = 40
"""Of looking for where a landmark went, each nearer than the last."""


def bent(
    pixels: Pixels, points: Floats, deviation: float, random: np.random.Generator
) -> tuple[Pixels, Floats]:
    """The crop as seen through a smooth deformation, and where its points (L, 2) are then.

    deviation: that knots of a coarse grid are moved by along each axis, in sides of the crop.
    """
    size = len(pixels)
    moved = np.clip(random.normal(size=(_KNOTS, _KNOTS, 2)), -_MOST, _MOST) * deviation * size
    knots = moved.astype(np.float32)
    field: Floats = np.asarray(cv2.resize(knots, (size, size), interpolation=cv2.INTER_CUBIC))
    rows, columns = np.indices((size, size), dtype=np.float32)
    x, y = columns + field[..., 0], rows + field[..., 1]
    seen = cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    # A pixel shows what was at `place + field(place)`: a point goes where that is its old place.
    found: Floats = points.copy()
    for _ in range(_STEPS):
        found = points - _read(field, found)
    return np.asarray(seen), found


def _read(field: Floats, points: Floats) -> Floats:
    """(L, 2) of the field (S, S, 2) at points between its cells, NaN where these are."""
    known = np.isfinite(points).all(axis=1)
    x, y = points[known].astype(np.float32).T[..., None]
    read = np.full(points.shape, np.nan)
    if known.any():
        border = cv2.BORDER_REPLICATE
        read[known] = cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=border)[:, 0]
    return read
