"""Errors without a click: the `accuracy` protocol."""

import time
from dataclasses import dataclass

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.cases import measuring
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.metrics.errors import (
    area_under_curve,
    failure_rate,
    landmark_errors,
)
from landmark_annotator.backends.metrics.plugged import measured, plugged_metrics
from landmark_annotator.backends.metrics.ranking import caught, spearman
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_LOOKED_AT = 0.1
"""Share of the faces, those with the largest predicted error, that a person would look at."""


@dataclass(frozen=True, eq=False)
class _Proposed:
    """points: (L, 2). error, visible: what is predicted of them. milliseconds: it took."""

    points: Floats
    error: float
    visible: float
    milliseconds: float


def _proposed(model: TrainedModel, case: tuple[LabelledInstance, Box]) -> _Proposed:
    face, box = case
    pixels, scheme = face.read_pixels(), Scheme.named("face68")
    started = time.perf_counter()
    posterior = model.propose(pixels, box).given([])
    milliseconds = 1000 * (time.perf_counter() - started)
    return _Proposed(
        posterior.points,
        posterior.predicted_error(scheme, box),
        posterior.predicted_visible_error(scheme, box),
        milliseconds,
    )


FOUND = (_Proposed,)
"""What is found of a case is made of these."""


def run(options: Options, progress: Progress) -> Figures:
    scheme = Scheme.named("face68")
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    cases = [
        (face, jittered(face.box, options.jitter, options.seed, index))
        for index, face in enumerate(faces)
    ]
    errors, visible, predicted, predicted_visible, milliseconds = [], [], [], [], []
    others: dict[str, list[float]] = {}
    with measuring(options, progress) as asked:
        for face, found in zip(faces, asked.of("accuracy", _proposed, cases), strict=True):
            length = scheme.normaliser_length(face.shape.points, face.box)
            errors.append(landmark_errors(found.points, face.shape.points, length))
            visible.append(visible_nme(found.points, face.shape.points, scheme, length))
            predicted.append(found.error)
            predicted_visible.append(found.visible)
            milliseconds.append(found.milliseconds)
            for metric in plugged_metrics():
                value = measured(metric, found.points, face.shape.points, scheme, length)
                others.setdefault(metric.name, []).append(value)
    by_landmark = np.stack(errors)
    means = by_landmark.mean(axis=1)
    figures: Figures = {
        "images": len(faces),
        "nme": rounded(float(means.mean())),
        "nme_median": rounded(float(np.median(means))),
        "visible": rounded(float(np.mean(visible))),
        "fr8": rounded(failure_rate(means, 8.0)),
        "fr10": rounded(failure_rate(means, 10.0)),
        "frl10": rounded(failure_rate(by_landmark, 10.0)),
        "auc8": rounded(area_under_curve(means, 8.0)),
        "predicted_error/mean": rounded(float(np.mean(predicted))),
        "predicted_error/spearman": rounded(spearman(np.array(predicted), means)),
        "predicted_visible/mean": rounded(float(np.mean(predicted_visible))),
        "predicted_visible/spearman": rounded(
            spearman(np.array(predicted_visible), np.array(visible))
        ),
        "propose_ms/median": rounded(float(np.median(milliseconds))),
    }
    figures |= {f"plugin/{k}": rounded(float(np.mean(v))) for k, v in others.items()}
    figures |= _found(np.array(predicted), means)
    for first, group in _groups(scheme).items():
        figures[f"nme/{first}"] = rounded(float(by_landmark[:, group].mean()))
    return figures


def _found(predicted: Floats, means: Floats) -> Figures:
    """Percent of the failures, and of the worst tenth of all, that are among the tenth of the
    faces with the largest predicted error: what a look at these would find."""
    found: Figures = {}
    limits = {"failures8": 8.0, "worst_tenth": float(np.quantile(means, 1 - _LOOKED_AT))}
    for name, limit in limits.items():
        if (means > limit).any():
            found[f"predicted_error/finds_{name}"] = rounded(
                caught(predicted, means > limit, _LOOKED_AT)
            )
    return found


def _groups(scheme: Scheme) -> dict[str, list[int]]:
    """The connected parts of the shape, each named by its first landmark."""
    return {scheme.landmarks[g[0]].replace(" ", "_"): list(g) for g in scheme.groups}
