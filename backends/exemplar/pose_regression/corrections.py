"""What a pose class adds to the regressor that all classes share (section 3.4 of the paper).

The paper trains a regressor for each of 100 K-means classes from the images that are members of
the class, so that near classes share examples. Here the members teach only how the class differs
from the shared regressor, in few features and few modes of the shape, with a ridge that pulls the
difference to nothing: a class with few members stays close to what all have in common.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from landmark_annotator.backends.exemplar.pose_regression.regressors import Correction, nearest
from landmark_annotator.backends.learning.ridge_regression import Folds
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints

_MEMBERS = 200
"""Shapes that a class learns from at least, where there are so many."""
_SHAPES_A_CLASS = 15
"""With fewer shapes than this for each class there are fewer classes."""
_FEATURES = 100
_MODES = 20
_STRENGTHS = (0.1, 1.0, 10.0, 100.0)
_LEAST_GAIN = 0.002
"""Share of the squared error that corrections have to remove to be worth their bytes."""


@dataclass(frozen=True, eq=False)
class PoseClasses:
    """centres: (C, L, 2) K-means of the training shapes; radius: root mean square landmark
    distance within which a shape is a member; share: what part of all shapes is a member of a
    class at least."""

    centres: Floats
    radius: float
    share: float

    @classmethod
    def of(cls, shapes: Floats, count: int, seed: int) -> "PoseClasses":
        """At most `count` classes of (n, L, 2) shapes, NaN where unknown."""
        usual = np.nanmean(shapes, axis=0)
        whole = np.where(np.isfinite(shapes), shapes, usual)
        flat = whole.reshape(len(whole), -1).astype(np.float32)
        count = max(min(count, len(flat) // _SHAPES_A_CLASS), 1)
        cv2.setRNGSeed(seed)
        stop = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, 50, 1e-6)
        start = np.zeros((len(flat), 1), dtype=np.int32)
        found = cv2.kmeans(flat, count, start, stop, 2, cv2.KMEANS_PP_CENTERS)
        labels, centres = np.asarray(found[1]), np.asarray(found[2], dtype=np.float64)
        offsets = flat - centres[labels.ravel()]
        radius = float(np.median(np.sqrt((offsets**2).sum(axis=1) / (flat.shape[1] / 2))))
        return cls(centres.reshape(count, -1, 2), radius, min(_MEMBERS / len(flat), 1.0))

    def members(self, shapes: Floats, pose_class: int) -> Ints:
        """The shapes (S, L, 2) within the radius of a class, and the nearest up to its share."""
        squared = ((shapes - self.centres[pose_class]) ** 2).sum(axis=2).mean(axis=1)
        least = int(np.ceil(self.share * len(shapes))) - 1
        within = max(self.radius**2, float(np.partition(squared, least)[least]))
        return np.flatnonzero(squared <= within)


@dataclass(frozen=True, eq=False)
class FittedCorrection:
    """correction: from all members. unseen: (S, 2L) for each sample from the other folds."""

    correction: Correction
    unseen: AnyFloats


def fit_correction(
    features: AnyFloats, left: AnyFloats, classes: PoseClasses, shapes: Floats, folds: Folds
) -> FittedCorrection | None:
    """The correction of what the shared regressor leaves, None where it does not help.

    features: (S, F); left: (S, 2L), NaN where unknown; shapes: (S, L, 2) the initial ones, which
    decide the class as they will in use.
    """
    if len(classes.centres) == 1:
        return None
    left = np.nan_to_num(left)
    reduction = _feature_basis(features)
    inputs = features @ reduction
    modes = np.linalg.eigh(left.T @ left)[1][:, ::-1][:, :_MODES].T
    targets = left @ modes.T
    unseen = np.zeros((len(_STRENGTHS), *targets.shape), dtype=np.float32)
    weights = np.zeros(
        (len(_STRENGTHS), len(classes.centres), inputs.shape[1], len(modes)), dtype=np.float32
    )
    class_of = nearest(shapes, classes.centres)
    fold_of = np.empty(len(left), dtype=np.int64)
    for fold, rows in enumerate(folds.rows):
        fold_of[rows] = fold
    for k in range(len(classes.centres)):
        members = classes.members(shapes, k)
        for fold in range(-1, len(folds.rows)):
            own = np.flatnonzero((class_of == k) & (fold_of == fold))
            if fold >= 0 and not len(own):
                continue
            used = members[fold_of[members] != fold]
            for index, solved in enumerate(_solve(inputs[used], targets[used])):
                if fold < 0:
                    weights[index, k] = solved
                else:
                    unseen[index, own] = inputs[own] @ solved
    errors = ((unseen - targets) ** 2).sum(axis=(1, 2), dtype=np.float64)
    best = int(errors.argmin())
    before = float((targets**2).sum(dtype=np.float64))
    outside = float((left**2).sum(dtype=np.float64)) - before
    if before - errors[best] < _LEAST_GAIN * (before + outside):
        return None
    correction = Correction(reduction, weights[best], modes)
    return FittedCorrection(correction, unseen[best] @ modes)


def _feature_basis(features: AnyFloats) -> AnyFloats:
    """(F, u): the principal components of the features, and the constant by itself."""
    centred = features[:, :-1] - features[:, :-1].mean(axis=0)
    components = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :_FEATURES]
    basis = np.zeros((features.shape[1], components.shape[1] + 1), dtype=np.float32)
    basis[:-1, :-1] = components
    basis[-1, -1] = 1.0
    return basis


def _solve(inputs: AnyFloats, targets: AnyFloats) -> list[AnyFloats]:
    """(u, s) weights for each strength."""
    if not len(inputs):
        return [np.zeros((inputs.shape[1], targets.shape[1]), np.float32)] * len(_STRENGTHS)
    gram = (inputs.T @ inputs).astype(np.float64)
    answers = inputs.T @ targets
    unit = float(np.trace(gram)) / len(gram)
    return [
        np.linalg.solve(gram + strength * unit * np.eye(len(gram)), answers).astype(np.float32)
        for strength in _STRENGTHS
    ]
