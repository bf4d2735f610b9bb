"""What it changes that landmarks are spaced evenly along their contours: the `evenly` protocol.

Of labels: how far the two of a photograph that was labelled twice are apart, as placed and spaced
evenly. Of models: errors on the test faces where labels and answers are as placed, and where both
are spaced evenly. --shipped asks the model that comes with the program, which has learned from
labels as placed; else two learn from the same faces, beginning with that one's weights.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.learning.model_cards import has_card
from landmark_annotator.backends.metrics.errors import landmark_errors
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.backends.registry import DEFAULT_BACKEND, TrainedModel, backend_named
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.projects.vocabulary import (
    Box,
    Curve,
    LabelledInstance,
    Progress,
    Scheme,
    Shape,
)
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.spacing import spaced_evenly

_LEARNED_FROM = 300
_JAW = "jaw"


def run(options: Options, progress: Progress) -> Figures:
    scheme = Scheme.named("face68")
    jaw = tuple(curve for curve in scheme.curves if curve.name == _JAW)
    spacings: dict[str, tuple[Curve, ...]] = {
        "as_placed": (),
        "jaw_evenly": jaw,
        "all_evenly": scheme.curves,
    }
    figures: Figures = {}
    for name, curves in spacings.items():
        figures |= _twice(name, curves, scheme)
    if options.shipped:
        models = dict.fromkeys(spacings, options.model(progress))
    else:
        models = _trained(spacings, scheme, options, progress)
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    figures["images"] = len(faces)
    for name, curves in spacings.items():
        figures |= _errors(name, curves, models[name], faces, scheme, options, progress)
    return figures


def _twice(name: str, curves: tuple[Curve, ...], scheme: Scheme) -> Figures:
    """Of each photograph that was labelled twice: how far the labels are apart after a similarity
    fit, in percent of the inter-ocular distance, and along the jaw."""
    everything = faces300w.faces(("faces68/lfpw-train", "faces68/lfpw-test"), copies=True)
    points = {face.key: face.shape.points for face in everything}
    jaw = list(next(curve for curve in scheme.curves if curve.name == _JAW).landmarks)
    apart, along_jaw, seen = [], [], []
    for copy, original in faces300w.COPIES.items():
        first, second = (spaced_evenly(points[key], scheme, curves) for key in (original, copy))
        fitted = similarity_box(second, first).to_frame(first)
        length = scheme.normaliser_length(second, Box.square_around(second))
        errors = landmark_errors(fitted, second, length)
        apart.append(float(errors.mean()))
        along_jaw.append(float(errors[jaw].mean()))
        seen.append(visible_nme(fitted, second, scheme, length))
    return {
        f"twice/{name}/each": rounded(apart),
        f"twice/{name}/mean": rounded(float(np.mean(apart))),
        f"twice/{name}/jaw": rounded(float(np.mean(along_jaw))),
        f"twice/{name}/visible": rounded(float(np.mean(seen))),
    }


def _trained(
    spacings: Mapping[str, tuple[Curve, ...]], scheme: Scheme, options: Options, progress: Progress
) -> dict[str, TrainedModel]:
    """Those that are in the work folder are taken from there."""
    backend = backend_named(options.backend or DEFAULT_BACKEND)
    everything = faces300w.faces(faces300w.TRAINING)
    chosen = np.linspace(0, len(everything) - 1, _LEARNED_FROM).astype(int).tolist()
    models = {}
    with tempfile.TemporaryDirectory() as temporary:
        for name, curves in spacings.items():
            folder = Path(options.work or temporary) / f"evenly-{name}-seed{options.seed}"
            settings = {"seed": options.seed, **options.training}
            if not has_card(folder):
                faces = [_spaced(everything[i], scheme, curves) for i in chosen]
                backend.train(faces, scheme, folder, settings, progress)
            check_training(folder, settings)
            models[name] = backend.load(folder, scheme)
    return models


def _spaced(face: LabelledInstance, scheme: Scheme, curves: tuple[Curve, ...]) -> LabelledInstance:
    shape = face.shape
    points = spaced_evenly(shape.points, scheme, curves)
    return replace(face, shape=Shape(points, shape.visibility, shape.provenance))


def _errors(
    name: str,
    curves: tuple[Curve, ...],
    model: TrainedModel,
    faces: list[LabelledInstance],
    scheme: Scheme,
    options: Options,
    progress: Progress,
) -> Figures:
    """Of the answers as the model gives them, and spaced evenly as they would be accepted."""
    plain: list[Floats] = []
    spaced: list[Floats] = []
    seen = []
    progress.start(f"evenly, {name}", len(faces))
    for index, face in enumerate(faces):
        box = jittered(face.box, options.jitter, options.seed, index)
        points = model.propose(face.read_pixels(), box).given([]).points
        truth = spaced_evenly(face.shape.points, scheme, curves)
        length = scheme.normaliser_length(truth, face.box)
        accepted = spaced_evenly(points, scheme, curves)
        plain.append(landmark_errors(points, truth, length))
        spaced.append(landmark_errors(accepted, truth, length))
        seen.append(visible_nme(accepted, truth, scheme, length))
        step(progress, kept="The trained models are kept.")
    return {
        f"faces/{name}/nme_of_proposal": rounded(float(np.mean(plain))),
        f"faces/{name}/nme": rounded(float(np.mean(spaced))),
        f"faces/{name}/visible": rounded(float(np.mean(seen))),
    }
