"""What landmarks say of masks: where the borders of regions pass beside their contours."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from landmark_annotator.backends.borders.border_statistics import UNTOLD, Borders
from landmark_annotator.backends.borders.crossings import contours
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Bools, Floats, Ints
from landmark_annotator.projects.vocabulary.curve import smooth
from landmark_annotator.projects.vocabulary.scheme import Scheme

_FAR = 3
"""How many times `UNTOLD` a border reaches."""
_STEPS = 8
"""Places from one landmark to the next."""
_LEAST = 1e-6
_LOGISTIC = 1.702
"""The logistic function of this multiple is nearly the normal distribution."""


@dataclass(frozen=True, eq=False)
class _Stretch:
    """Of a contour, between landmarks (n,) that are known; own: (n,) those that it is the first
    contour of. at, normal: (S, 2) places in order, pixels, and the unit direction across; variance:
    (S,) of the place along it."""

    landmarks: Ints
    own: Bools
    at: Floats
    normal: Floats
    variance: Floats


@dataclass(frozen=True, eq=False)
class _Passage:
    """Where a border passes. at, out: (S, 2) pixels, and the unit direction out of the region.
    spread: (S,) pixels, its deviation. share: (S,) how probable it is that it does."""

    at: Floats
    out: Floats
    spread: Floats
    share: Floats


def with_landmarks(
    likely: AnyFloats,
    points: Floats,
    covariances: Floats | None,
    side: float,
    borders: Borders,
) -> AnyFloats:
    """The probabilities (R + 1, C, C), none of the regions first, with the word of the landmarks.

    points: (L, 2) in pixels of the crop, NaN where unknown; covariances: (L, 2, 2) of these, None
    or NaN where they are exact. side: of the box, in such pixels. borders: of the R regions in
    order.

    Of each pixel the nearest border of a region speaks, as log odds: what it says of the side on
    which the pixel lies, less what it would say were it no better known than without landmarks.
    """
    unsure = None if covariances is None else np.nan_to_num(covariances)
    stretches = _stretches(points, unsure, borders.scheme)
    logs = np.log(likely.clip(_LEAST))
    for region in np.unique(borders.region).tolist():
        passages = _passages(stretches, side, borders.where(borders.region == region))
        if passages:
            _tell(logs[region + 1], passages, side)
    moved = np.exp(logs - logs.max(axis=0))
    return np.asarray(moved / moved.sum(axis=0))


def _stretches(points: Floats, covariances: Floats | None, scheme: Scheme) -> list[_Stretch]:
    found = []
    for path, own in contours(scheme):
        known: Bools = np.asarray(np.isfinite(points[path]).all(axis=1))
        known[1:] &= (points[path[1:]] != points[path[:-1]]).any(axis=1)
        ends = np.flatnonzero(np.diff(known)) + 1
        for part in np.split(np.arange(len(path)), ends):
            if known[part[0]] and len(part) > 1:
                given = None if covariances is None else covariances[path[part]]
                found.append(_stretch(path[part], own[part], points[path[part]], given))
    return found


def _stretch(landmarks: Ints, own: Bools, points: Floats, covariances: Floats | None) -> _Stretch:
    at = smooth(points, steps=_STEPS)
    along = np.gradient(at, axis=0)
    along /= np.linalg.norm(along, axis=1)[:, None].clip(_LEAST)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    variance = np.zeros(len(at))
    if covariances is not None:
        before, part = _between(len(points), len(at))
        mixed = (1 - part) * covariances[before].T + part * covariances[before + 1].T
        variance = np.einsum("si,jis,sj->s", normal, mixed, normal)
    return _Stretch(landmarks, own, at, normal, variance)


def _between(landmarks: int, places: int) -> tuple[Ints, Floats]:
    """(S,) of each place the landmark before it, and how far it is on the way to the next one."""
    place = np.arange(places) / _STEPS
    before = np.minimum(place.astype(int), landmarks - 2)
    return before, place - before


def _passages(stretches: Sequence[_Stretch], side: float, borders: Borders) -> list[_Passage]:
    """borders: of one region. Beside each landmark the surest of them counts."""
    of_landmark = {
        int(borders.landmarks[row]): row for row in np.argsort(-borders.spread, kind="stable")
    }
    found = []
    for each in stretches:
        rows = np.array([of_landmark.get(j, -1) for j in each.landmarks.tolist()])
        rows[~each.own] = -1
        for leaves in (False, True):
            kind = np.where((rows >= 0) & (borders.leaves[rows] == leaves), rows, -1)
            if (kind >= 0).any():
                found.append(_passage(each, kind, leaves, side, borders))
    return found


def _passage(
    stretch: _Stretch, rows: Ints, leaves: bool, side: float, borders: Borders
) -> _Passage:
    """rows: (n,) of `borders`, -1 where nothing is known beside a landmark: what is known beside
    the one before or after fades towards it."""
    before, part = _between(len(rows), len(stretch.at))
    weights = np.stack([(1 - part) * (rows[before] >= 0), part * (rows[before + 1] >= 0)])
    share = (weights * borders.share[rows[[before, before + 1]]]).sum(axis=0)
    use = share > 0
    weights = weights[:, use] / weights[:, use].sum(axis=0)
    chosen = rows[[before[use], before[use] + 1]]
    offset, spread = (
        side * (weights * values[chosen]).sum(axis=0) for values in (borders.offset, borders.spread)
    )
    normal = stretch.normal[use]
    return _Passage(
        stretch.at[use] + offset[:, None] * normal,
        normal if leaves else -normal,
        np.sqrt(spread**2 + stretch.variance[use]),
        share[use],
    )


def _tell(logs: AnyFloats, passages: Sequence[_Passage], side: float) -> None:
    """Adds to the logarithms (C, C) of a region what its borders say of the pixels beside them."""
    untold = UNTOLD * side
    at, out = (np.concatenate([getattr(p, n) for p in passages]) for n in ("at", "out"))
    spread, share = (np.concatenate([getattr(p, n) for p in passages]) for n in ("spread", "share"))
    size, reach = np.array(logs.shape[::-1]), _FAR * untold
    low = np.clip(np.floor(at.min(axis=0) - reach), 0, size).astype(int)
    high = np.clip(np.ceil(at.max(axis=0) + reach) + 1, 0, size).astype(int)
    if (low >= high).any():
        return
    index = _nearest(at - low, *(high - low).tolist())
    columns, rows = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
    apart = np.stack([columns, rows], axis=-1) - at[index]
    outward = (apart * out[index]).sum(axis=-1)
    beside = np.maximum((apart**2).sum(axis=-1) - outward**2, 0.0)
    sure, own = share[index] * np.exp(-0.5 * beside / untold**2), spread[index]
    told = _log_odds(outward, own, sure) - _log_odds(outward, np.hypot(own, untold), sure)
    logs[low[1] : high[1], low[0] : high[0]] += told.astype(logs.dtype)


def _nearest(places: Floats, width: int, height: int) -> Ints:
    """(height, width) which of the places (S, 2) is nearest to each pixel; one that lies outside
    stands at the edge."""
    cells = np.clip(np.round(places).astype(int), 0, [width - 1, height - 1])
    number = np.full((height, width), -1)
    number[cells[:, 1], cells[:, 0]] = np.arange(len(places))
    _, labels = cv2.distanceTransformWithLabels(
        (number < 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    of_label = np.zeros(int(labels.max()) + 1, int)
    of_label[labels[number >= 0]] = number[number >= 0]
    return np.asarray(of_label[labels])


def _log_odds(outward: Floats, spread: Floats, share: Floats) -> Floats:
    """Of being inside a region, so far outward of a border of this deviation; one that does not
    pass there says nothing."""
    steps = np.clip(_LOGISTIC * outward / np.maximum(spread, _LEAST), -50, 50)
    inside = share / (1 + np.exp(steps)) + (1 - share) / 2
    return np.asarray(np.log(inside / (1 - inside)))
