"""Occluded faces, loose boxes, large poses and other light: the `hard` protocol, for any trained
model. `--variants negative,pale` measures these hardships alone."""

from functools import partial

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.hardships import HARDSHIPS, hard_faces
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.models.looking_again import looked_again
from landmark_annotator.annotator.session.simulation.hand import click_noise
from landmark_annotator.annotator.session.simulation.simulated_clicks import (
    ClickRun,
    simulate_clicks,
)
from landmark_annotator.backends.metrics.clicks import clicks_to
from landmark_annotator.backends.metrics.errors import failure_rate
from landmark_annotator.projects.vocabulary import Progress, Scheme

_TOLERANCE = 3.5


def run(options: Options, progress: Progress) -> Figures:
    """Of the 554 test faces under each hardship that is asked for; `none` is what the others are
    compared with."""
    model = options.model(progress)
    scheme = Scheme.named("face68")
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    figures: Figures = {"images": len(faces)}
    for name in options.variants_among(list(HARDSHIPS)):
        runs, hardship = [], HARDSHIPS[name]
        progress.start(f"hard, {name}", len(faces))
        for hard in hard_faces(hardship, faces, options.jitter, options.seed):
            truth = hard.face.shape.points
            runs.append(
                simulate_clicks(
                    model.propose(hard.pixels, hard.box),
                    truth,
                    scheme,
                    rule="mixture",
                    policy="worst",
                    clicks=options.clicks,
                    normaliser_length=scheme.normaliser_length(truth, hard.face.box),
                    click_noise=click_noise(len(truth), options.seed, hard.index),
                    told=partial(looked_again, model, hard.pixels),
                )
            )
            step(progress)
        figures |= _figures(f"hard/{name}", runs)
    return figures


def _figures(name: str, runs: list[ClickRun]) -> Figures:
    means = np.stack([run.nme for run in runs])
    worst = np.stack([run.errors.max(axis=1) for run in runs])
    seen = np.stack([run.visible for run in runs])
    start = np.concatenate([run.errors[0] for run in runs])
    return {
        f"{name}/images": len(runs),
        f"{name}/nme": rounded(float(means[:, 0].mean())),
        f"{name}/visible": rounded(float(seen[:, 0].mean())),
        f"{name}/fr8": rounded(failure_rate(means[:, 0], 8.0)),
        f"{name}/fr10": rounded(failure_rate(means[:, 0], 10.0)),
        f"{name}/nme_after_clicks": rounded(means.mean(axis=0).tolist()),
        f"{name}/frl10": rounded(failure_rate(start, 10.0)),
        f"{name}/noc_nme3.5": rounded(clicks_to(means, _TOLERANCE)),
        f"{name}/noc_all10": rounded(clicks_to(worst, 10.0)),
        f"{name}/noc_visible_all10": rounded(clicks_to(seen.max(axis=2), 10.0)),
    }
