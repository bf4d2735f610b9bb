"""How far the two annotators of the cephalograms are apart, and a model's error next to it.

The model is trained on the mean of both on three quarters of the images and measured on the rest,
in boxes that are off as everywhere. Its error to one annotator cannot be asked to be less than
the other one's; their distance from their own mean is half of that.
"""

import tempfile
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.campaign_sets import set_named
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import stop_if_asked
from landmark_annotator.annotator.session.review.agreement import Agreement, Pair, Spread
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.learning.model_cards import has_card
from landmark_annotator.backends.metrics.errors import landmark_errors
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.exchange.codecs import csv_table
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_PEOPLE = ("junior", "senior")
_TRAINING = 150
_SAME_PHOTOGRAPH = ("144.jpg", "173.jpg")
"""Labelled twice by each of the two; both are trained on."""
_BACKEND = "heatmap"


def run(options: Options, progress: Progress) -> Figures:
    skulls = set_named("ceph19")
    scheme = skulls.scheme()
    everything = skulls.read(scheme)
    labels = _labels(scheme)
    agreement = _agreement(everything, scheme, labels)
    figures = _agreement_figures(agreement, scheme)
    order = np.random.default_rng(options.seed).permutation(len(everything)).tolist()
    order.sort(key=lambda i: not any(name in everything[i].key for name in _SAME_PHOTOGRAPH))
    training, testing = order[:_TRAINING], order[_TRAINING:][: options.images]
    figures |= {"model/training_images": len(training), "model/images": len(testing)}
    backend = backend_named(options.backend or _BACKEND)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.work or temporary) / f"people-{backend.name}-seed{options.seed}"
        settings = {"seed": options.seed, **backend.from_nothing}
        if not has_card(folder):
            backend.train([everything[i] for i in training], scheme, folder, settings, progress)
        check_training(folder, settings, len(training))
        model = backend.load(folder, scheme)
        errors: dict[str, list[Floats]] = {name: [] for name in (*_PEOPLE, "mean")}
        progress.start("people", len(testing))
        for i in testing:
            stop_if_asked(progress)
            one = everything[i]
            box = jittered(one.box, options.jitter, options.seed, i)
            found = model.propose(one.read_pixels(), box).given([]).points
            length = agreement.lengths[i]
            for name, truth in (*_of(labels, i), ("mean", one.shape.points)):
                errors[name].append(landmark_errors(found, truth, length))
            progress.advance()
    apart = agreement.percent[testing]
    figures["model/people_apart"] = rounded(float(np.nanmean(apart)))
    for name, rows in errors.items():
        figures |= _spread(f"model/to_{name}", Spread.of(np.mean(rows, axis=1)))
    figures["model/to_mean/landmarks_within_half_their_distance"] = rounded(
        float((np.array(errors["mean"]) <= apart / 2).mean())
    )
    return figures


def _labels(scheme: Scheme) -> dict[str, Floats]:
    """(N, L, 2) by annotator, in the order of the images' names."""
    table = faces300w.data_folder() / "ceph19" / "points.csv"
    found = {}
    for name in _PEOPLE:
        instances = csv_table.read(table, scheme, annotator=name).instances
        rows = sorted(instances, key=lambda each: each.source)
        found[name] = np.stack([each.shape.points for each in rows])
    return found


def _of(labels: dict[str, Floats], i: int) -> tuple[tuple[str, Floats], ...]:
    return tuple((name, points[i]) for name, points in labels.items())


def _agreement(
    everything: list[LabelledInstance], scheme: Scheme, labels: dict[str, Floats]
) -> Agreement:
    first, second = (labels[name] for name in _PEOPLE)
    lengths = [
        np.mean([scheme.normaliser_length(points, one.box) for points in pair])
        for one, *pair in zip(everything, first, second, strict=True)
    ]
    pairs = tuple(Pair(i, i, i) for i in range(len(everything)))
    return Agreement(*_PEOPLE, pairs, second - first, np.array(lengths))


def _agreement_figures(found: Agreement, scheme: Scheme) -> Figures:
    figures: Figures = {"people/images": len(found.pairs)}
    figures |= _spread("people", Spread.of(found.nme))
    figures["people/pixels"] = rounded(float(np.nanmean(found.pixels)))
    bias = np.linalg.norm(found.bias, axis=1)
    for i in found.worst_landmarks():
        name = scheme.landmarks[i].replace(" ", "_")
        figures[f"people/landmark/{name}"] = rounded(found.of_landmarks[i].mean)
        # How much of it is one always placing it elsewhere than the other.
        figures[f"people/shift_pixels/{name}"] = rounded(float(bias[i]))
    return figures


def _spread(name: str, spread: Spread) -> Figures:
    return {
        f"{name}/nme": rounded(spread.mean),
        f"{name}/median": rounded(spread.median),
        f"{name}/below_95": rounded(spread.high),
    }
