"""What rendered heads teach about photographs: the `rendered` protocol.

WORK/heads holds what `python -m landmark_annotator.projects.rendering heads WORK/heads` has made. A
network learns from these alone and meets the 554 test faces: as it is, and with the mean difference
between the mesh's landmarks and the annotators', learned on training faces. Then it goes on
learning from a few labelled photographs, beside one that starts from nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.simulation.hand import click_noise, jittered
from landmark_annotator.annotator.session.simulation.simulated_annotator import label_worst_first
from landmark_annotator.backends.learning.model_cards import has_card
from landmark_annotator.backends.metrics.errors import failure_rate, landmark_errors
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.backends.registry import TrainedModel, backend_named
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.samples.rendered_heads.produced import rendered_instances
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError

FEW = (24, 96)
"""Labelled photographs that are learned from after the heads, and instead of them."""
_OFFSET_FACES = 200
"""Training faces that the difference in definition is learned on."""
_BACKEND = "heatmap"


def run(options: Options, progress: Progress) -> Figures:
    """The heads, and the models once they are trained, are in the work folder."""
    if options.work is None:
        raise ActionableError(
            "The protocol needs rendered heads, and no work folder was named.",
            remedy="Give --work FOLDER, with the heads in FOLDER/heads.",
        )
    work, scheme = Path(options.work), Scheme.named("face68")
    heads = rendered_instances(work / "heads")
    given = {"seed": options.seed, **options.training}
    alone = _model(heads, work / "alone", {"trunk": "none", **given}, progress)
    training = faces300w.faces(faces300w.TRAINING)
    order = np.random.default_rng(options.seed).permutation(len(training)).tolist()
    moved = _Moved(alone, _offset(alone, [training[i] for i in order[:_OFFSET_FACES]], options))
    figures: Figures = {"rendered/heads": len(heads)}
    figures |= _figures("rendered/alone", alone, scheme, options, progress)
    figures |= _figures("rendered/alone_with_offset", moved, scheme, options, progress)
    for few in FEW:
        labelled = [training[i] for i in order[:few]]
        for name, trunk in (("nothing", "none"), ("heads", str(work / "alone"))):
            folder = work / f"{few}-from-{name}"
            settings = {**_few_settings(trunk), "seed": options.seed}
            model = _model(labelled, folder, settings, progress)
            figures |= _figures(f"rendered/{few}/{name}", model, scheme, options, progress)
    return figures


def _few_settings(trunk: str) -> Mapping[str, object]:
    """Those that a project would train with."""
    return {"trunk": trunk}


class _Moved:
    """A model, and by how much (L, 2) in sides of the box each of its landmarks is moved."""

    def __init__(self, model: TrainedModel, offset: Floats) -> None:
        self._model, self._offset = model, offset.ravel()

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        proposal = self._model.propose(pixels, box)
        mixture = proposal.mixture
        shift = replace(mixture.shift, offset=mixture.shift.offset + self._offset)
        return replace(
            proposal,
            mixture=ShapeMixture(mixture.log_weights, mixture.exemplars, mixture.residual, shift),
        )


def _model(
    instances: Sequence[LabelledInstance],
    folder: Path,
    settings: Mapping[str, object],
    progress: Progress,
) -> TrainedModel:
    backend, scheme = backend_named(_BACKEND), Scheme.named("face68")
    if not has_card(folder):
        backend.train(instances, scheme, folder, settings, progress)
    # What it starts from is a path, which may be written in several ways.
    told = {name: value for name, value in settings.items() if name != "trunk"}
    check_training(folder, told, len(instances))
    return backend.load(folder, scheme)


def _offset(model: TrainedModel, faces: list[LabelledInstance], options: Options) -> Floats:
    """(L, 2) the median of truth minus proposal, in the frame of each proposal's box."""
    apart = []
    for index, face in enumerate(faces):
        box = jittered(face.box, options.jitter, options.seed, index)
        proposal = model.propose(face.read_pixels(), box)
        apart.append(proposal.box.to_frame(face.shape.points) - proposal.mixture.mean)
    return np.asarray(np.median(apart, axis=0))


def _figures(
    name: str, model: TrainedModel, scheme: Scheme, options: Options, progress: Progress
) -> Figures:
    """Errors without a click, and clicks on the worst point until a face is accepted."""
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    errors, visible, clicks = [], [], []
    progress.start(name, len(faces))
    for index, face in enumerate(faces):
        truth = face.shape.points
        length = scheme.normaliser_length(truth, face.box)
        noise = click_noise(len(truth), options.seed, index)
        box = jittered(face.box, options.jitter, options.seed, index)
        proposal = model.propose(face.read_pixels(), box)
        points = proposal.given([]).points
        errors.append(landmark_errors(points, truth, length))
        visible.append(visible_nme(points, truth, scheme, length))
        clicks.append(label_worst_first(proposal, truth, scheme, length, noise).clicks)
        step(progress, kept="The trained models are kept.")
    means = np.stack(errors).mean(axis=1)
    return {
        f"{name}/nme": rounded(float(means.mean())),
        f"{name}/visible": rounded(float(np.mean(visible))),
        f"{name}/fr8": rounded(failure_rate(means, 8.0)),
        f"{name}/clicks_to_accept": rounded(float(np.mean(clicks))),
    }
