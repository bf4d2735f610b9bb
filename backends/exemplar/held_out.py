"""What the trained network says of instances it has not seen."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from backends.exemplar.calibration import HeldOut
from backends.exemplar.membership import class_distances
from backends.exemplar.scores import Classifier
from backends.metrics.errors import nme
from backends.shapes import ShapeMixture
from backends.shapes.gaussian_fit import smooth_covariance
from backends.shapes.prior import box_slack
from projects.vocabulary.arrays import Floats, Ints
from projects.vocabulary.box import Box
from projects.vocabulary.labelled_instance import LabelledInstance
from projects.vocabulary.progress import Progress
from projects.vocabulary.scheme import Scheme

_LOOKS = 3
"""Boxes tried for each held-out instance."""
_BOX_DEVIATION = 0.05
"""How differently people draw one box: shift in sides, and log scale."""
_TEMPERATURES = (0.25, 0.5, 1.0)
_FRAME = Box(0, 0, 1, 1)


def held_out_looks(
    classifier: Classifier, instances: Sequence[LabelledInstance], seed: int, progress: Progress
) -> HeldOut:
    """Every held-out instance in several boxes as a person might draw them, by the one head."""
    progress.start("calibrating", len(instances))
    scores, truths, groups = _looks(classifier, instances, seed, _LOOKS, progress)
    return HeldOut(scores[:, 0], truths, groups)


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
    progress.start("choosing the radius", len(instances))
    scores, truths, groups = _looks(classifier, instances, seed, 1, progress)
    errors = [
        min(
            mean_error(replace(classifier, temperature=t), HeldOut(of_head, truths, groups), scheme)
            for t in _TEMPERATURES
        )
        for of_head in scores.swapaxes(0, 1)
    ]
    return int(np.argmin(errors))


def _looks(
    classifier: Classifier,
    instances: Sequence[LabelledInstance],
    seed: int,
    count: int,
    progress: Progress,
) -> tuple[Floats, Floats, Ints]:
    """Scores (N, H, K), truths (N, L, 2) in the refined boxes, and the instance (N,) of each."""
    random = np.random.default_rng((seed, 2))
    scores, truths, groups = [], [], []
    for group, instance in enumerate(instances):
        pixels = instance.read_pixels()
        for _ in range(count):
            x, y, size = (float(v) for v in random.normal(0, _BOX_DEVIATION, 3))
            drawn = instance.box.moved((x, y), float(np.exp(size)))
            refined, score = classifier.classify(pixels, drawn)
            scores.append(score)
            truths.append(refined.to_frame(instance.shape.points))
            groups.append(group)
        progress.advance()
    return np.stack(scores), np.stack(truths), np.array(groups)


def nearest_pattern(exemplars: Floats, mirrored_class: Ints | None) -> Floats:
    """(2L, 2L) how shapes differ from the nearest other exemplar, and from a misplaced box."""
    distances = class_distances(exemplars, exemplars)
    own = np.arange(len(exemplars))
    distances[own, own] = np.inf
    if mirrored_class is not None:
        distances[own, mirrored_class] = np.inf
    offsets = (exemplars - exemplars[distances.argmin(axis=1)]).reshape(len(exemplars), -1)
    mean = exemplars.mean(axis=0)
    scatter = offsets.T @ offsets / len(offsets)
    # Where all shapes are the same there is no difference to measure.
    deviation = max(float(np.sqrt(np.trace(scatter) / len(scatter))), 1e-4)
    smooth = smooth_covariance(mean, deviation)
    return np.asarray(scatter + 0.1 * smooth + box_slack(mean, deviation))


def mean_error(classifier: Classifier, looks: HeldOut, scheme: Scheme) -> float:
    """NME in percent of the held-out looks, without a click."""
    residual = np.eye(2 * len(scheme))
    errors = []
    for score, truth in zip(looks.scores, looks.truths, strict=True):
        mixture = ShapeMixture(score / classifier.temperature, classifier.exemplars, residual)
        length = scheme.normaliser_length(truth, _FRAME)
        errors.append(nme(mixture.mean, truth, length))
    return round(float(np.mean(errors)), 3)
