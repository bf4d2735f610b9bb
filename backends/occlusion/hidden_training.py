"""What is hidden in patches that no training has seen: by their labels, or covered on purpose."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.occluders import occlude
from landmark_annotator.backends.occlusion.hidden import HiddenCalibration, fit_hidden
from landmark_annotator.backends.occlusion.inference import (
    CoordinateInference,
    OcclusionObservation,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.shape import Shape, Visibility

FEWEST_HIDDEN = 20
"""Labels of hidden landmarks from which on labels calibrate, and no covered patches."""
_TRIES = 2
"""Covered pictures of a patch."""


def learn_hidden(
    inference: CoordinateInference,
    patches: Sequence[Patch],
    shapes: Sequence[Shape],
    seed: int,
) -> HiddenCalibration:
    """patches: held out of the training, and the shapes that they were cut for."""
    labelled = np.stack([shape.visibility == Visibility.OCCLUDED for shape in shapes])
    known = np.stack([shape.known for shape in shapes])
    if (labelled & known).sum() >= FEWEST_HIDDEN:
        signs = [_signs(inference, each.pixels, each.drawn) for each in patches]
        return fit_hidden(np.stack(signs), labelled, known)
    random = np.random.default_rng((seed, 4))
    found, hidden = [], []
    for patch in patches:
        for _ in range(_TRIES):
            pixels, under = occlude(patch.pixels, patch.points, random)
            found.append(_signs(inference, pixels, patch.drawn))
            hidden.append(under)
    return fit_hidden(np.stack(found), np.stack(hidden), np.repeat(known, _TRIES, axis=0))


def _signs(inference: CoordinateInference, pixels: Pixels, box: Box) -> Floats:
    seen = inference.infer(pixels, box)
    assert isinstance(seen, OcclusionObservation)
    return seen.signs
