"""What a classifier over any number of classes would believe of the test faces: scale runs.

No data set here has 140,428 labelled shapes, so perturbed copies of the real ones fill up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.learning.model_cards import has_card
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes.fitting.alignment import align, similarity_box
from landmark_annotator.backends.shapes.fitting.gaussian_fit import fit_gaussian
from landmark_annotator.backends.shapes.fitting.perturbed_shapes import perturbed
from landmark_annotator.backends.shapes.mixture import Shift
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Progress
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats

_DEVIATION = 0.027
"""Residual of a trained classifier: what calibration on held-out faces gives, in sides."""
_FALLOFF = 0.01
"""Distance between shapes (root mean square, sides) at which a class loses half a nat."""
_DIRECTIONS = 10
_NEAREST = 3
_CHUNK = 16384


@dataclass(frozen=True, eq=False)
class Belief:
    """scores: (K,) float32, as a network gives them; shift: what this image moves every class by;
    truth: (L, 2) in image pixels."""

    box: Box
    scores: AnyFloats
    shift: Shift
    truth: Floats


@dataclass(frozen=True, eq=False)
class Beliefs:
    """shapes: (K, L, 2) float32 classes, residual: (2L, 2L)."""

    shapes: AnyFloats
    residual: Floats
    each: list[Belief]


def has_model(options: Options) -> bool:
    """Whether a project or a work folder offers a trained model; none is trained for this."""
    backend = options.backend or "exemplar"
    if options.shipped:
        return True
    kept = Path(options.work or "", f"{backend}-seed{options.seed}")
    return options.project is not None or (options.work is not None and has_card(kept))


class ModelBeliefs:
    """A trained model's proposals for some faces, at any K."""

    def __init__(
        self, model: TrainedModel, faces: list[LabelledInstance], options: Options
    ) -> None:
        self._seed = options.seed
        self._truths = [face.shape.points for face in faces]
        self._proposals = [
            model.propose(
                face.read_pixels(),
                jittered(face.box, options.jitter, options.seed, index),
            )
            for index, face in enumerate(faces)
        ]

    def over(self, classes: int) -> Beliefs:
        """The score of a perturbed class is that of the nearest real ones, by inverse distance,
        in the ten directions in which shapes vary most: a network's scores vary smoothly."""
        mixture = self._proposals[0].mixture
        real = mixture.exemplars.shapes.astype(np.float32)
        shapes = perturbed(real, classes, self._seed)
        flat = real.reshape(len(real), -1).astype(np.float64)
        mean = flat.mean(axis=0)
        axes = np.linalg.svd(flat - mean, full_matrices=False)[2][:_DIRECTIONS].T
        tree = cKDTree((flat - mean) @ axes)
        placed = np.concatenate(
            [(rows - mean) @ axes for rows in _chunks(shapes.reshape(classes, -1))]
        )
        distance, near = tree.query(placed, k=_NEAREST, workers=-1)
        share = 1 / np.maximum(distance, 1e-6)
        share /= share.sum(axis=1, keepdims=True)
        each = []
        for proposal, truth in zip(self._proposals, self._truths, strict=True):
            scores = np.einsum("kn,kn->k", proposal.mixture.log_weights[near], share)
            shift = proposal.mixture.shift
            each.append(Belief(proposal.box, scores.astype(np.float32), shift, truth))
        return Beliefs(shapes, mixture.residual, each)


class DistanceBeliefs:
    """Without a model: scores that fall with the distance from a prediction off by a residual."""

    def __init__(self, faces: list[LabelledInstance], seed: int) -> None:
        training = [f.shape.points for f in faces300w.faces(faces300w.TRAINING)]
        reference, boxes = align(training)
        shapes = np.stack([b.to_frame(p) for b, p in zip(boxes, training, strict=True)])
        self._shapes = shapes.astype(np.float32)
        _, covariance = fit_gaussian(shapes)
        self._residual = covariance * (_DEVIATION**2 / np.diag(covariance).mean())
        self._seed = seed
        self._truths = [face.shape.points for face in faces]
        self._boxes = [similarity_box(reference, points) for points in self._truths]

    def over(self, classes: int) -> Beliefs:
        shapes = perturbed(self._shapes, classes, self._seed)
        random = np.random.default_rng(self._seed)
        each = []
        for box, truth in zip(self._boxes, self._truths, strict=True):
            error = random.multivariate_normal(np.zeros(len(self._residual)), self._residual)
            predicted = (box.to_frame(truth).ravel() + error).astype(np.float32)
            squared = np.concatenate(
                [
                    np.square(rows - predicted).mean(axis=1) * 2
                    for rows in _chunks(shapes.reshape(classes, -1))
                ]
            )
            scores = -0.5 * squared / np.float32(_FALLOFF**2)
            each.append(Belief(box, scores, Shift.none(shapes.shape[1]), truth))
        return Beliefs(shapes, self._residual, each)


def beliefs(options: Options, progress: Progress) -> ModelBeliefs | DistanceBeliefs:
    """Over a seeded, even choice of the test faces: 20 of them unless the options say more."""
    faces = faces300w.faces(faces300w.TESTING)
    count = min(options.images or 20, len(faces))
    chosen = [faces[i] for i in np.linspace(0, len(faces) - 1, count).astype(int)]
    if has_model(options):
        return ModelBeliefs(options.model(progress, "exemplar"), chosen, options)
    return DistanceBeliefs(chosen, options.seed)


def _chunks(rows: AnyFloats) -> Iterator[AnyFloats]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
