"""What the trained network says of instances it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.exemplar.calibration import FOLDS, HeldOut
from landmark_annotator.backends.exemplar.classifier import Classifier
from landmark_annotator.backends.learning.held_out import jittered, mean_error
from landmark_annotator.backends.learning.kmeans import class_distances
from landmark_annotator.backends.shapes import ShapeMixture
from landmark_annotator.backends.shapes.engine.exemplars import Exemplars
from landmark_annotator.backends.shapes.fitting.gaussian_fit import smooth_covariance
from landmark_annotator.backends.shapes.fitting.prior import box_slack
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.numbering import numbered
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_BOXES = 3
"""Boxes tried for each held-out instance."""
_TEMPERATURES = (0.25, 0.5, 1.0)
_SAMPLED = 4096
"""Classes that stand for all where there are more: distances between all pairs would not fit."""
_BLOCK = 256


@dataclass(frozen=True, eq=False)
class Observations:
    """Held-out instances as the classifier sees them, each in several boxes.

    scores: (N, H, K); boxes: N, refined; truths: (N, L, 2) in them; instances: (N,) of which;
    groups: (N,) of which group, whose members are related.
    """

    scores: Floats
    boxes: list[Box]
    truths: Floats
    instances: Ints
    groups: Ints

    def of_head(self, head: int) -> HeldOut:
        return HeldOut(self.scores[:, head], self.truths, self.groups)


def observe(
    classifier: Classifier,
    instances: Sequence[LabelledInstance],
    seed: int,
    progress: Progress,
    count: int = _BOXES,
) -> Observations:
    """Every instance in `count` boxes as a person might draw them."""
    random = np.random.default_rng((seed, 2))
    scores, boxes, truths, numbers = [], [], [], []
    progress.start("looking at held-out instances", len(instances))
    for number, instance in enumerate(instances):
        pixels = instance.read_pixels()
        for _ in range(count):
            refined, score = classifier.classify(pixels, jittered(instance.box, random))
            scores.append(score)
            boxes.append(refined)
            truths.append(refined.to_frame(instance.shape.points))
            numbers.append(number)
        progress.advance()
    related = numbered([instance.split_key for instance in instances], FOLDS)
    which = np.array(numbers)
    return Observations(np.stack(scores), boxes, np.stack(truths), which, related[which])


def best_head(
    classifier: Classifier,
    instances: Sequence[LabelledInstance],
    seed: int,
    scheme: Scheme,
    progress: Progress,
) -> int:
    """The class layer, and so the radius tau, with the least error on held-out instances."""
    heads = len(classifier.network.heads)
    if heads == 1:
        return 0
    seen = observe(classifier, instances, seed, progress, 1)
    errors = [
        min(
            mean_error(expected(classifier, seen.of_head(head), t), seen.truths, scheme)
            for t in _TEMPERATURES
        )
        for head in range(heads)
    ]
    return int(np.argmin(errors))


def nearest_pattern(exemplars: Floats, mirrored_class: Ints | None) -> Floats:
    """(2L, 2L) how shapes differ from the nearest other exemplar, and from a misplaced box."""
    chosen = np.arange(0, len(exemplars), -(-len(exemplars) // _SAMPLED))
    nearest = np.empty_like(chosen)
    for start in range(0, len(chosen), _BLOCK):
        own = chosen[start : start + _BLOCK]
        distances = class_distances(exemplars[own], exemplars)
        rows = np.arange(len(own))
        distances[rows, own] = np.inf
        if mirrored_class is not None:
            distances[rows, mirrored_class[own]] = np.inf
        nearest[start : start + _BLOCK] = distances.argmin(axis=1)
    offsets = (exemplars[chosen] - exemplars[nearest]).reshape(len(chosen), -1)
    mean = exemplars.mean(axis=0)
    scatter = offsets.T @ offsets / len(offsets)
    # Where all shapes are the same there is no difference to measure.
    deviation = max(float(np.sqrt(np.trace(scatter) / len(scatter))), 1e-4)
    smooth = smooth_covariance(mean, np.full(len(mean), deviation))
    return np.asarray(scatter + 0.1 * smooth + box_slack(mean, deviation))


def expected(classifier: Classifier, seen: HeldOut, temperature: float) -> Floats:
    """(N, L, 2) the expected shapes by classification alone, in the refined boxes."""
    residual = np.eye(2 * classifier.exemplars.shape[1])
    exemplars = Exemplars.of(classifier.exemplars)
    return np.stack(
        [ShapeMixture(score / temperature, exemplars, residual).mean for score in seen.scores]
    )
