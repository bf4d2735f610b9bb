"""What photographs of another source are worth without labels: the second half of `newsource`.

A network learns from one source with labels and is tested on another: alone; with the photographs
of that other one and their boxes, and no label (`unlabelled`); with 20 of their labels
(`labelled20`), also with the rest unlabelled; and with all of their labels. What the change of
source costs is the error of the first less that of the last; what of it the others win back is told
in percent. Then the same the other way round, for rendered heads and photographs, and for few
labelled faces beside many unlabelled ones. No test face chooses anything: whether unlabelled
photographs are learned from, held-out labels of the training say.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.learning.model_cards import has_card, read_card
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.registry import DEFAULT_BACKEND, TrainedModel, backend_named
from landmark_annotator.projects.samples.rendered_heads.produced import rendered_instances
from landmark_annotator.projects.vocabulary import (
    LabelledInstance,
    Progress,
    Scheme,
    UnlabelledInstance,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError

SETS = ("unlabelled", "reverse", "heads", "few")
VARIANTS = ("none", "unlabelled", "labelled20", "labelled20_unlabelled", "all")
FEW = (50, 157, 315, 630)
"""Labelled faces of the training set in the literature on self-training."""
_LABELLED = 20
_HEADS = "heads68"
_HELEN, _LFPW = "faces68/helen-train", "faces68/lfpw-train"
_HELEN_TEST, _LFPW_TEST = "faces68/helen-test", "faces68/lfpw-test"

Faces = Sequence[LabelledInstance]


@dataclass(frozen=True, eq=False)
class Training:
    """What a network learns from: `labelled`, and the boxes of `unlabelled`. name: of its folder.
    trunk: what it starts from, where that is not chosen."""

    name: str
    labelled: Faces
    unlabelled: Faces = ()
    trunk: str | None = None


def run(options: Options, progress: Progress) -> Figures:
    """--sets names the parts, each of which takes an hour or more; --variants the networks, --set
    how they are trained; --images is how many faces of each training set are known of, and how
    many are tested."""
    chosen = options.variants_among(VARIANTS)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.work or temporary)
        networks = Networks(options, work, progress, chosen)
        if "heads" in options.sets and "unlabelled" in chosen:
            networks.rendered()  # where there are none, that is said before the hours
        figures: Figures = {}
        for name, part in networks.parts.items():
            if name in options.sets:
                figures |= part()
        return figures


class Networks:
    """The networks of all parts, each trained once and kept in the work folder."""

    def __init__(
        self, options: Options, work: Path, progress: Progress, variants: Sequence[str]
    ) -> None:
        self.options, self.work, self.progress, self.variants = options, work, progress, variants
        self.scheme = Scheme.named("face68")
        self.backend = backend_named(options.backend or DEFAULT_BACKEND)
        self.parts = {
            "unlabelled": lambda: self.between("", _LFPW, _HELEN, _HELEN_TEST),
            "reverse": lambda: self.between("reverse/", _HELEN, _LFPW, _LFPW_TEST),
            "heads": self.heads,
            "few": self.few,
        }

    def between(self, place: str, source: str, target: str, tested: str) -> Figures:
        """place: empty, or the first part of the figures' names."""
        ours, theirs = self.faces(source), self.faces(target)
        few, rest = theirs[:_LABELLED], theirs[_LABELLED:]
        name = place.strip("/") or "forward"
        trainings = {
            "none": Training(f"{name}-none", ours),
            "unlabelled": Training(f"{name}-unlabelled", ours, theirs),
            "labelled20": Training(f"{name}-labelled20", [*ours, *few]),
            "labelled20_unlabelled": Training(f"{name}-both", [*ours, *few], rest),
            "all": Training(f"{name}-all", [*ours, *theirs]),
        }
        found: Figures = {f"newsource/{place}labelled": len(ours)}
        found[f"newsource/{place}unlabelled"] = len(theirs)
        errors = {}
        for variant in self.variants:
            figures = self.tested(trainings[variant], f"{place}nme/{variant}", (tested,))
            errors[variant] = float(np.sum(figures[f"newsource/{place}nme/{variant}"]))
            found |= figures
        return found | _won_back(place, errors)

    def heads(self) -> Figures:
        """From what rendered heads alone have taught, to all photographs of the training sets."""
        start = self.backend.weights(_HEADS)
        if start is None:
            raise ActionableError(f"No weights of {_HEADS} come with the program.")
        found: Figures = {}
        if "none" in self.variants:
            model = self.backend.load(start, self.scheme)
            found |= self.errors(model, "heads/none", faces300w.TESTING)
        if "unlabelled" in self.variants:
            photographs = self.faces(*faces300w.TRAINING)
            training = Training("heads-unlabelled", self.rendered(), photographs, str(start))
            found |= self.tested(training, "heads/unlabelled", faces300w.TESTING)
        return found

    def rendered(self) -> Faces:
        """Raises ActionableError where there are none."""
        return rendered_instances(self.work / "heads")[: self.options.images]

    def few(self) -> Figures:
        found: Figures = {}
        faces = self.faces(*faces300w.TRAINING)
        for count in [each for each in FEW if each < len(faces)]:
            known, rest = faces[:count], faces[count:]
            trainings = {
                "none": Training(f"few{count}-none", known),
                "unlabelled": Training(f"few{count}-unlabelled", known, rest),
            }
            for variant in trainings.keys() & set(self.variants):
                name = f"few/{count}/{variant}"
                found |= self.tested(trainings[variant], name, faces300w.TESTING)
        return found

    def faces(self, *folders: str) -> Faces:
        """In a seeded order."""
        return [face for _, face in self._numbered(folders)]

    def _numbered(self, folders: tuple[str, ...]) -> list[tuple[int, LabelledInstance]]:
        faces = faces300w.faces(folders)
        order = np.random.default_rng(self.options.seed).permutation(len(faces)).tolist()
        return [(i, faces[i]) for i in order[: self.options.images]]

    def tested(self, training: Training, name: str, tested: tuple[str, ...]) -> Figures:
        folder = self.work / f"newsource-{self.backend.name}-{training.name}"
        settings = self._settings(training)
        if not has_card(folder):
            self._train(training, folder, settings)
        check_training(folder, settings, len(training.labelled))
        card = read_card(folder)
        figures: Figures = {f"newsource/{name}/minutes": rounded(card["minutes"])}
        if training.unlabelled:
            figures[f"newsource/{name}/used"] = card["unlabelled"]["used"]
        model = self.backend.load(folder, self.scheme)
        return self.errors(model, name, tested) | figures

    def _settings(self, training: Training) -> Mapping[str, Any]:
        given: Mapping[str, Any] = self.backend.from_nothing
        if training.trunk is not None:
            given = {"trunk": training.trunk}
        return {"seed": self.options.seed, **given, **self.options.training}

    def _train(self, training: Training, folder: Path, settings: Mapping[str, Any]) -> None:
        train = self.backend.train
        if training.unlabelled:
            boxed = [self._boxed(face, i) for i, face in enumerate(training.unlabelled)]
            train = self.backend.train_beside(boxed)
        train(training.labelled, self.scheme, folder, settings, self.progress)

    def _boxed(self, face: LabelledInstance, index: int) -> UnlabelledInstance:
        """In a box as a detector or a hand would draw it, and nothing else."""
        box = jittered(face.box, self.options.jitter, self.options.seed, index)
        return UnlabelledInstance(face.key, box, face.read_pixels)

    def errors(self, model: TrainedModel, name: str, folders: tuple[str, ...]) -> Figures:
        faces = self._numbered(folders)
        self.progress.start(name, len(faces))
        errors = []
        for index, face in faces:
            box = jittered(face.box, self.options.jitter, self.options.seed, index)
            points = model.propose(face.read_pixels(), box).given([]).points
            truth = face.shape.points
            errors.append(nme(points, truth, self.scheme.normaliser_length(truth, face.box)))
            step(self.progress, kept="Trained models are in the work folder.")
        return {f"newsource/{name}": rounded(float(np.mean(errors)))}


def _won_back(place: str, errors: Mapping[str, float]) -> Figures:
    """In percent of what the change of source costs."""
    if not {"none", "all"} <= errors.keys():
        return {}
    cost = errors["none"] - errors["all"]
    if cost <= 0:  # nothing to win back
        return {}
    return {
        f"newsource/{place}won_back/{variant}": rounded(100 * (errors["none"] - error) / cost)
        for variant, error in errors.items()
        if variant not in ("none", "all")
    }
