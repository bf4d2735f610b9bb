"""What the colours of this photograph say of its regions, beside what a network has learned.

As in GrabCut (Rother, Kolmogorov, Blake, SIGGRAPH 2004) the colours of a region, and of what is
around it, are learned from the mask that there is; histograms do here what mixtures do there.
"""

import cv2
import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Bools, Ints, Pixels

_BINS = 16
"""Of each channel of CIELAB."""
_BLUR = 0.7
"""Bins: how much a colour says of those beside it."""
_BAND = 0.06
"""Sides of the crop around a region from which its surroundings are learned."""
_TRUST, _MOST = 0.5, 4.0
"""What the log odds of a colour count, as neighbours repeat each other; and the most that they may
be before that."""
_FEWEST = 20
"""Pixels of a region whose colours are learned."""
_RARE = 1e-5
"""Probability of a colour that was nowhere."""
_LEAST = 1e-6


def with_colours(likely: AnyFloats, seen: Pixels, inside: Bools) -> AnyFloats:
    """The probabilities (R + 1, C, C), none of the regions first, with the word of the colours.

    seen: (C, C, 3). inside: (C, C) where that is photograph.
    """
    labels = likely.argmax(axis=0)
    bins, logs = _binned(seen), np.log(likely.clip(_LEAST))
    reach = max(round(_BAND * len(labels)), 1)
    for label in range(1, len(likely)):
        here = (labels == label).astype(np.uint8)
        left, top, width, height = cv2.boundingRect(here)
        if cv2.countNonZero(here) >= _FEWEST:
            rows = slice(max(top - reach, 0), top + height + reach)
            columns = slice(max(left - reach, 0), left + width + reach)
            disc = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
            near = cv2.dilate(here[rows, columns], disc) * inside[rows, columns]
            own = likely[label, rows, columns]
            around = bins[rows, columns]
            inner, outer = (_share(around, each * near) for each in (own, 1 - own))
            said = np.log(inner / outer).clip(-_MOST, _MOST)
            logs[label] += (_TRUST * said).astype(logs.dtype)[bins]
    moved = np.exp(logs - logs.max(axis=0))
    return np.asarray(moved / moved.sum(axis=0))


def _binned(pixels: Pixels) -> Ints:
    """(C, C) the bin of each pixel's colour."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).astype(np.int64) * _BINS >> 8
    return np.asarray((lab[..., 0] * _BINS + lab[..., 1]) * _BINS + lab[..., 2])


def _share(bins: Ints, weights: AnyFloats) -> AnyFloats:
    """(_BINS ** 3,) how likely each colour is among these pixels."""
    each = np.bincount(bins.ravel(), weights.ravel(), _BINS**3)
    counts: AnyFloats = each.astype(float).reshape(3 * (_BINS,))
    for _ in range(3):
        counts = np.tensordot(counts, _SPREAD, (0, 0))
    return np.asarray(counts.ravel() / max(counts.sum(), _LEAST) + _RARE)


def _spread() -> AnyFloats:
    """(_BINS, _BINS) from each bin to others; of each the sum is 1."""
    places = np.arange(_BINS)
    near = np.exp(-0.5 * ((places[:, None] - places) / _BLUR) ** 2)
    return np.asarray(near / near.sum(axis=1, keepdims=True))


_SPREAD = _spread()
