"""Landmarks carried from templates into another image by an affine map and dense flow."""

from collections.abc import Sequence

import cv2
import numpy as np

from landmark_annotator.backends.learning.sampling import sampled
from landmark_annotator.backends.registration.templates import MARGIN, SIZE, View, thumbnail
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels

MOST_VIEWS = 12
"""Templates that are carried over, the ones that look most alike."""
_COARSE = 3
"""The affine map is found in images so many times smaller."""
_ROUNDS = 30
_ENOUGH = 0.2
"""Correlation below which images are too different for an affine map to mean anything."""


def nearest(views: Sequence[View], target: Pixels) -> list[View]:
    """The views that look most like the target, which is evened too."""
    if len(views) <= MOST_VIEWS:
        return list(views)
    likeness = np.stack([view.thumbnail for view in views]) @ thumbnail(target)
    return [views[i] for i in np.argsort(-likeness, kind="stable")[:MOST_VIEWS]]


def carried(views: Sequence[View], target: Pixels, affine: bool) -> Floats:
    """(T, L, 2) where each view's landmarks are in the target, in the frame of what was looked at.

    target: (SIZE, SIZE) evened. affine: first find an affine map; else only flow, for a second
    look that is in place already.
    """
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    flow.setVariationalRefinementIterations(0)  # a tenth of all time, for nothing that is seen
    return np.stack([_carried(flow, view, target, affine) for view in views])


def _carried(flow: cv2.DISOpticalFlow, view: View, target: Pixels, affine: bool) -> Floats:
    matrix = _affine(view.even, target) if affine else np.eye(2, 3, dtype=np.float32)
    moved = target
    if affine:
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        moved = np.asarray(
            cv2.warpAffine(
                target, matrix, (SIZE, SIZE), flags=flags, borderMode=cv2.BORDER_REPLICATE
            ),
            dtype=np.uint8,
        )
    start = np.zeros((SIZE, SIZE, 2), np.float32)
    field = np.asarray(flow.calc(view.even, moved, start), dtype=np.float32)
    at = (view.points / MARGIN + 0.5) * SIZE - 0.5
    found = (at + sampled(field, at)) @ matrix[:, :2].T.astype(np.float64) + matrix[:, 2]
    return np.asarray(((found + 0.5) / SIZE - 0.5) * MARGIN)


def _affine(template: Pixels, target: Pixels) -> AnyFloats:
    """(2, 3) from pixels of the template to those of the target; nothing moves where no map is
    found that makes them alike."""
    nothing = np.eye(2, 3, dtype=np.float32)
    small = [
        cv2.resize(image, (SIZE // _COARSE,) * 2, interpolation=cv2.INTER_AREA)
        for image in (template, target)
    ]
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ROUNDS, 1e-3)
    try:
        correlation, matrix = cv2.findTransformECC(
            small[0], small[1], nothing.copy(), cv2.MOTION_AFFINE, stop, np.ones_like(small[0]), 5
        )
    except cv2.error:  # It does not converge.
        return nothing
    if correlation < _ENOUGH:
        return nothing
    # Pixel centres: coarse i is fine (i + 1/2) * factor - 1/2.
    factor = SIZE / (SIZE // _COARSE)
    linear, shift = matrix[:, :2], matrix[:, 2]
    half = (factor - 1) / 2
    matrix = matrix.copy()
    matrix[:, 2] = shift * factor + half - linear @ np.array([half, half], dtype=np.float32)
    return np.asarray(matrix)
