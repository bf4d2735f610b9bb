"""What the parts of a model are worth: the `ablation` protocol, on the 554 test faces."""

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.simulation.hand import click_noise, jittered
from landmark_annotator.annotator.session.simulation.simulated_clicks import (
    ClickRun,
    simulate_clicks,
)
from landmark_annotator.backends.metrics.calibration import inside
from landmark_annotator.backends.metrics.clicks import clicks_to
from landmark_annotator.backends.registry import Ablatable
from landmark_annotator.projects.vocabulary import Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError

_POLICIES = ("worst", "query")
_TOLERANCE = 3.5


def run(options: Options, progress: Progress) -> Figures:
    model = options.model(progress)
    if not isinstance(model, Ablatable):
        raise ActionableError(
            "This backend has no parts that can be left out.", remedy="Use --backend heatmap."
        )
    scheme = Scheme.named("face68")
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    runs: dict[tuple[str, str], list[ClickRun]] = {}
    progress.start("ablation", len(faces))
    for index, face in enumerate(faces):
        truth = face.shape.points
        box = jittered(face.box, options.jitter, options.seed, index)
        noise = click_noise(len(truth), options.seed, index)
        for name, proposal in model.ablations(face.read_pixels(), box).items():
            for policy in _POLICIES:
                clicked = simulate_clicks(
                    proposal,
                    truth,
                    scheme,
                    rule="mixture",
                    policy=policy,
                    clicks=options.clicks,
                    normaliser_length=scheme.normaliser_length(truth, face.box),
                    click_noise=noise,
                )
                runs.setdefault((name, policy), []).append(clicked)
        step(progress)
    figures: Figures = {"images": len(faces)}
    for (name, policy), done in runs.items():
        means = np.stack([run.nme for run in done])
        worst = np.stack([run.errors.max(axis=1) for run in done])
        figures |= {
            f"ablation/{name}/nme": rounded(float(means[:, 0].mean())),
            f"ablation/{name}/{policy}/noc_nme3.5": rounded(clicks_to(means, _TOLERANCE)),
            f"ablation/{name}/{policy}/noc_all10": rounded(clicks_to(worst, 10.0)),
        }
        seen = np.stack([run.visible for run in done])
        figures |= {
            f"ablation/{name}/visible": rounded(float(seen[:, 0].mean())),
            f"ablation/{name}/{policy}/noc_visible_all10": rounded(
                clicks_to(seen.max(axis=2), 10.0)
            ),
        }
        squared = np.concatenate([run.squared[0] for run in done])
        for percent in (68, 95):
            share = inside(squared, percent / 100, done[0].degrees)
            figures[f"ablation/{name}/inside{percent}"] = rounded(share)
    return figures
