"""Clicks until every landmark is visibly right: the `contours` protocol.

The worst visible landmark is clicked first: on its exact place, or, inside a contour, only where
the contour passes.
"""

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.session.simulation.hand import click_noise, jittered
from landmark_annotator.annotator.session.simulation.simulated_clicks import (
    ClickRun,
    simulate_clicks,
)
from landmark_annotator.backends.metrics.clicks import clicks_to
from landmark_annotator.backends.shapes.rules import MIXTURE
from landmark_annotator.projects.vocabulary import Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import Cancelled

_TOLERANCES = (10, 7, 5)
"""Percent of the normaliser."""


def run(options: Options, progress: Progress) -> Figures:
    model = options.model(progress)
    scheme = Scheme.named("face68")
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    runs: dict[str, list[ClickRun]] = {"exact": [], "contour": []}
    predicted = []
    progress.start("contours", len(faces))
    for index, face in enumerate(faces):
        truth = face.shape.points
        box = jittered(face.box, options.jitter, options.seed, index)
        proposal = model.propose(face.read_pixels(), box)
        predicted.append(proposal.given([]).predicted_visible_error(scheme, box))
        for name, done in runs.items():
            done.append(
                simulate_clicks(
                    proposal,
                    truth,
                    scheme,
                    rule=MIXTURE.name,
                    policy="worst",
                    clicks=len(scheme),
                    normaliser_length=scheme.normaliser_length(truth, face.box),
                    click_noise=click_noise(len(truth), options.seed, index),
                    until=_right,
                    by_eye=True,
                    contours=name == "contour",
                )
            )
        progress.advance()
        if progress.cancelled():
            raise Cancelled("The evaluation was stopped.", kept="Nothing was written.")
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
