"""Densities learned as Laplace distributions: tables 2 and 3 of Robinson et al. (ICCV 2019).

Every cell is a network trained from nothing on the training faces, as the paper trains, with the
same crops in the same order: by what it learns from, on all labels and on every second face's,
where the faces between are given without labels or not at all; and by its number of channels.
Errors are those of test faces in boxes as people draw them, of the network alone ("nme") and fused
with the prior as the program proposes ("fused").
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.learning.model_cards import has_card, read_card
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.registry import Staged, backend_named
from landmark_annotator.projects.vocabulary import (
    LabelledInstance,
    Progress,
    Scheme,
    UnlabelledInstance,
)

CHANNELS = (64, 32, 16, 8, 4)
ADVERSARIAL = 0.001
SETTINGS: Mapping[str, Any] = {"epochs": 200, "channels": CHANNELS[0]}
"""The paper's course. `--set` makes it shorter; fewer channels than those of the first table are
then all that the second one has."""


def run(options: Options, progress: Progress) -> Figures:
    """`options.work` keeps every cell that is done, so that a stopped run goes on.
    `options.images`: of the training faces, and of the test faces, at most; evenly drawn."""
    backend, scheme = backend_named("laplace"), Scheme.named("face68")
    settings = {"seed": options.seed, **SETTINGS, **options.training}
    faces = _some(faces300w.faces(faces300w.TRAINING), options.images)
    tests = _some(faces300w.faces(faces300w.TESTING), options.images)
    figures: Figures = {
        "images": len(tests),
        "laplace/faces": len(faces),
        "laplace/epochs": settings["epochs"],
    }
    labelled = faces[::2]
    hidden = [UnlabelledInstance(each.key, each.box, each.read_pixels) for each in faces[1::2]]
    again = [UnlabelledInstance(each.key, each.box, each.read_pixels) for each in faces]

    def cell(
        name: str,
        learned: Sequence[LabelledInstance],
        beside: Sequence[UnlabelledInstance],
        **own: Any,
    ) -> None:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(options.work or temporary) / "laplace" / name.replace("/", "-")
            chosen = {**settings, **own}
            if not has_card(folder):
                train = backend.train_beside(beside)
                train(learned, scheme, folder, chosen, progress)
            card = read_card(folder)
            check_training(folder, chosen, len(learned))
            model = backend.load(folder, scheme)
            assert isinstance(model, Staged)
            errors = [_errors(model, face, i, options) for i, face in enumerate(tests)]
        alone, fused = np.mean(errors, axis=0)
        figures[f"laplace/{name}/nme"] = rounded(alone)
        figures[f"laplace/{name}/fused"] = rounded(fused)
        figures[f"laplace/{name}/minutes"] = rounded(card["minutes"])

    base = settings["channels"]
    for half, learned, beside in (("all", faces, again), ("half", labelled, hidden)):
        for loss in ("soft_argmax", "laplace_kl"):
            cell(f"{half}/{loss}/{base}", learned, (), loss=loss)
        name = f"{half}/laplace_kl_adversary/{base}"
        cell(name, learned, beside, loss="laplace_kl", adversarial=ADVERSARIAL)
    for channels in (each for each in CHANNELS if each < base):
        for loss in ("soft_argmax", "laplace_kl"):
            cell(f"all/{loss}/{channels}", faces, (), loss=loss, channels=channels)
    figures |= _costs(len(scheme), settings.get("size", 80))
    return figures


def _errors(model: Staged, face: LabelledInstance, index: int, options: Options) -> list[float]:
    """NME of the network alone, and of the proposal."""
    box = jittered(face.box, options.jitter, options.seed, index)
    stages, truth = model.stages(face.read_pixels(), box), face.shape.points
    length = Scheme.named("face68").normaliser_length(truth, face.box)
    return [float(nme(stages[name], truth, length)) for name in ("densities", "proposal")]


def _costs(landmarks: int, size: int) -> Figures:
    from landmark_annotator.backends.laplace.forward_time import frames_per_second, megabytes

    found: Figures = {}
    for channels in CHANNELS:
        found[f"laplace/{channels}/mb"] = rounded(megabytes(landmarks, channels))
        found[f"laplace/{channels}/fps"] = rounded(frames_per_second(landmarks, channels, size))
    return found


def _some(faces: Sequence[LabelledInstance], most: int | None) -> Sequence[LabelledInstance]:
    """At most so many, from all of their folders alike."""
    if most is None or most >= len(faces):
        return faces
    return [faces[i] for i in np.linspace(0, len(faces) - 1, most).round().astype(int)]
