"""What each module of the occlusion-adaptive network is worth: the `occlusion_network` protocol.

Table 4 of Zhu et al. (CVPR 2019): the network without its modules, with two of them, with all, and
with all but the sparsity of its occlusion map, each trained from nothing on the same instances:
photographs, and the rendered heads in WORK/heads where there are some, whose labels say exactly
what is hidden. They are tested on the faces as they are and under large black ellipses, and on the
rendered heads that come with the program, of persons that no other heads show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.hardships import HARDSHIPS, hard_faces
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.protocols.framework.variants import (
    learned_from,
    trained_variant,
)
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.backends.metrics.errors import failure_rate, landmark_errors
from landmark_annotator.backends.metrics.probabilities import average_precision
from landmark_annotator.backends.registry import Staged, TrainedModel
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.samples import rendered_heads
from landmark_annotator.projects.samples.rendered_heads.produced import rendered_instances
from landmark_annotator.projects.vocabulary import (
    Box,
    LabelledInstance,
    Progress,
    Scheme,
    Visibility,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "base": {"geometry": False, "distillation": False, "low_rank": False},
    "geometry_distillation": {"low_rank": False},
    "distillation_low_rank": {"geometry": False},
    "geometry_low_rank": {"distillation": False},
    "all_not_sparse": {"sparsity": 0.0},
    "all": {},
}
"""The rows of the paper's table, by what is set otherwise than by default."""
HARD = ("none", "ellipse_large")


@dataclass
class _Found:
    """Of one variant on one set: each image's errors (L,) of the network alone and of what is
    proposed."""

    alone: list[Floats] = field(default_factory=list)
    proposed: list[Floats] = field(default_factory=list)

    def see(self, model: TrainedModel, pixels: Pixels, box: Box, truth: Floats) -> None:
        length = Scheme.named("face68").normaliser_length(truth, box)
        stages = cast(Staged, model).stages(pixels, box)
        self.alone.append(landmark_errors(stages["network"], truth, length))
        self.proposed.append(landmark_errors(stages["proposal"], truth, length))

    def figures(self, name: str) -> Figures:
        means = np.stack(self.proposed).mean(axis=1)
        return {
            f"{name}/images": len(means),
            f"{name}/nme": rounded(float(means.mean())),
            f"{name}/nme_network": rounded(float(np.mean(self.alone))),
            f"{name}/fr8": rounded(failure_rate(means, 8.0)),
        }


def run(options: Options, progress: Progress) -> Figures:
    """With `options.images`, as small a training: twice as many photographs and heads. The trained
    models are kept in the work folder, so that a stopped run goes on."""
    names = options.variants_among(tuple(VARIANTS))
    with TemporaryDirectory() as temporary:
        work = Path(options.work or temporary)
        instances = _training(work, options)
        figures: Figures = {"occlusion_network/training": len(instances)}
        models = {}
        for name in names:
            folder = work / f"occlusion-{name}"
            models[name] = trained_variant(
                "occlusion", instances, folder, VARIANTS[name], options, progress
            )
            card = read_card(folder)
            figures[f"occlusion_network/{name}/minutes"] = rounded(card["minutes"])
            if "effective_rank" in card["figures"]:
                rank = rounded(card["figures"]["effective_rank"])
                figures[f"occlusion_network/{name}/effective_rank"] = rank
        for case in HARD:
            figures |= _on_faces(case, models, options, progress)
        shapes = [instance.shape for instance in instances]
        often = np.mean([shape.visibility == Visibility.OCCLUDED for shape in shapes], axis=0)
        return figures | _on_heads(models, often, options, progress)


def _training(work: Path, options: Options) -> list[LabelledInstance]:
    """Photographs, and heads where there are some."""
    sources = [faces300w.faces(faces300w.TRAINING)]
    if (work / "heads").is_dir():
        sources.append(rendered_instances(work / "heads"))
    return learned_from(options, *sources)


def _on_faces(
    case: str, models: Mapping[str, TrainedModel], options: Options, progress: Progress
) -> Figures:
    """One photograph is read at a time, and shown to all models."""
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    found = {name: _Found() for name in models}
    progress.start(f"faces, {case}", len(faces))
    for hard in hard_faces(HARDSHIPS[case], faces, options.jitter, options.seed):
        for name, model in models.items():
            found[name].see(model, hard.pixels, hard.box, hard.face.shape.points)
        step(progress, kept="The trained models are kept.")
    title = "clean" if case == "none" else case
    return _all_figures(found, title)


def _on_heads(
    models: Mapping[str, TrainedModel],
    often: Floats,
    options: Options,
    progress: Progress,
) -> Figures:
    """The stills: the frames of the sequence are of one person. often: (L,) how often each landmark
    is hidden in training, what would be said of it without a look at the picture."""
    heads = [head for head in rendered_heads() if head.frame is None][: options.images]
    found = {name: _Found() for name in models}
    said: dict[str, list[Floats]] = {name: [] for name in models}
    progress.start("rendered heads", len(heads))
    for index, head in enumerate(heads):
        pixels, truth = read_pixels(head.picture), head.shape.points
        box = jittered(Box.square_around(truth), options.jitter, options.seed, index)
        for name, model in models.items():
            found[name].see(model, pixels, box, truth)
            hidden = model.propose(pixels, box).hidden
            assert hidden is not None
            said[name].append(hidden)
        step(progress, kept="The trained models are kept.")
    figures = _all_figures(found, "rendered")
    came = np.stack([head.shape.visibility == Visibility.OCCLUDED for head in heads]).ravel()
    said["by_landmark_alone"] = [often] * len(heads)
    for name, each in said.items():
        precision = average_precision(np.concatenate(each), came)
        figures[f"occlusion_network/{name}/rendered/hidden_ap"] = rounded(precision)
    figures["occlusion_network/rendered/hidden_share"] = rounded(100 * float(came.mean()))
    return figures


def _all_figures(found: Mapping[str, _Found], title: str) -> Figures:
    figures: Figures = {}
    for name, each in found.items():
        figures |= each.figures(f"occlusion_network/{name}/{title}")
    return figures
