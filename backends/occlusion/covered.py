"""What is hidden in patches that no training has seen: by their labels, or covered on purpose."""

from collections.abc import Sequence

import cv2
import numpy as np

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.occlusion.hidden import HiddenCalibration, fit_hidden
from landmark_annotator.backends.occlusion.inference import (
    CoordinateInference,
    OcclusionObservation,
)
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.shape import Shape, Visibility

FEWEST_HIDDEN = 20
"""Labels of hidden landmarks from which on labels calibrate, and no covered patches."""
_TRIES = 2
"""Covered pictures of a patch."""
_AXES = (0.12, 0.35)
"""Range of an occluder's semi-axes, in sides of the box: the test's ellipses, medium and large."""


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
            pixels, under = covered(patch.pixels, patch.drawn, patch.points, random)
            found.append(_signs(inference, pixels, patch.drawn))
            hidden.append(under)
    return fit_hidden(np.stack(found), np.stack(hidden), np.repeat(known, _TRIES, axis=0))


def covered(
    pixels: Pixels, box: Box, points: Floats, random: np.random.Generator
) -> tuple[Pixels, Bools]:
    """A copy with an ellipse of one colour, black among them, somewhere in the box, and whether
    each landmark (L, 2) is under it (L,)."""
    x, y = random.uniform(-0.5, 0.5, 2)
    axes = random.uniform(*_AXES, 2)
    frame = box.moved((float(x), float(y)), turn=float(random.uniform(0, np.pi)))
    around = np.linspace(0.0, 2 * np.pi, 64, endpoint=False)
    outline = frame.to_image(np.stack([np.cos(around), np.sin(around)], axis=1) * axes)
    colour = random.uniform(0, 255, 3) * (random.random() < 0.5)
    picture = np.ascontiguousarray(pixels).copy()
    cv2.fillPoly(picture, [np.rint(outline).astype(np.int32)], colour.tolist())
    under = ((frame.to_frame(points) / axes) ** 2).sum(axis=1) <= 1.0
    return picture, np.asarray(under)


def _signs(inference: CoordinateInference, pixels: Pixels, box: Box) -> Floats:
    seen = inference.infer(pixels, box)
    assert isinstance(seen, OcclusionObservation)
    return seen.signs
