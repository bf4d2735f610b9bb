"""Clicks until every landmark is visibly right: the `contours` protocol.

The worst visible landmark is clicked first: on its exact place, or, inside a contour, only where
the contour passes.
"""

from functools import partial

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.cases import measuring
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.session.simulation.hand import click_noise, jittered
from landmark_annotator.annotator.session.simulation.simulated_clicks import (
    ClickRun,
    simulate_clicks,
)
from landmark_annotator.backends.metrics.clicks import clicks_to
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes.rules import MIXTURE
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_TOLERANCES = (10, 7, 5)
"""Percent of the normaliser."""


_CLICKED = ("exact", "contour")


def _corrected(
    model: TrainedModel, case: tuple[int, LabelledInstance], *, jitter: float, seed: int
) -> tuple[list[ClickRun], float]:
    """A run of each kind, and the visible error that was predicted before."""
    index, face = case
    truth, scheme = face.shape.points, Scheme.named("face68")
    box = jittered(face.box, jitter, seed, index)
    proposal = model.propose(face.read_pixels(), box)
    runs = [
        simulate_clicks(
            proposal,
            truth,
            scheme,
            rule=MIXTURE.name,
            policy="worst",
            clicks=len(scheme),
            normaliser_length=scheme.normaliser_length(truth, face.box),
            click_noise=click_noise(len(truth), seed, index),
            until=_right,
            by_eye=True,
            contours=name == "contour",
        )
        for name in _CLICKED
    ]
    return runs, proposal.given([]).predicted_visible_error(scheme, box)


FOUND = (ClickRun,)
"""What is found of a case is made of these."""


def run(options: Options, progress: Progress) -> Figures:
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    runs: dict[str, list[ClickRun]] = {name: [] for name in _CLICKED}
    predicted = []
    measure = partial(_corrected, jitter=options.jitter, seed=options.seed)
    with measuring(options, progress) as asked:
        for corrected, visible in asked.of("contours", measure, list(enumerate(faces))):
            predicted.append(visible)
            for done, one in zip(runs.values(), corrected, strict=True):
                done.append(one)
    figures: Figures = {
        "images": len(faces),
        "nme": rounded(float(np.mean([run.nme[0] for run in runs["exact"]]))),
        "visible": rounded(float(np.mean([run.visible_nme[0] for run in runs["exact"]]))),
        "predicted_visible": rounded(float(np.mean(predicted))),
    }
    for name, done in runs.items():
        worst = _padded([np.nanmax(run.visible, axis=1) for run in done])
        for tolerance in _TOLERANCES:
            figures[f"contours/{name}/{tolerance}/per_face"] = rounded(clicks_to(worst, tolerance))
            figures[f"contours/{name}/{tolerance}/no_click"] = rounded(
                100 * float((worst[:, 0] <= tolerance).mean())
            )
    return figures


def _right(errors: Floats) -> bool:
    return float(np.nanmax(errors)) <= min(_TOLERANCES)


def _padded(rows: list[Floats]) -> Floats:
    """(N, C + 1) of runs that ended after different numbers of clicks, each as its last was."""
    longest = max(map(len, rows))
    return np.stack([np.pad(row, (0, longest - len(row)), mode="edge") for row in rows])
