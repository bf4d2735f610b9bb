"""What a backend has understood of how landmarks move together: the `interpret` protocol.

Section 5.4 of the thesis "Deep face analysis": the affinity of predictions (mean canonical
correlation of two landmarks, equation 5.3) less that of the truth, A_pred - A_GT, after each stage
of the backend and over the epochs of a training. Above zero, two landmarks move together more
than they should: the prediction is over-regular there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.backends.registry import (
    DEFAULT_BACKEND,
    Staged,
    TrainedModel,
    backend_named,
)
from landmark_annotator.projects.budgets import affinity
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, TooFewLabels

PAIRS = ((62, 66), (17, 54))
"""The thesis's: middle of the inner upper and lower lip; far ends of a brow and the mouth."""
_FEWEST = 10
_COORDINATES = "weak"
"""The backend whose training is looked at epoch by epoch: plain coordinate regression."""
_EPOCHS = 60
_EARLY_LOOKS, _LATE_LOOKS = 7, 6
"""How often it is looked at in the first half of its epochs, and in the second."""
_LEARNED_FROM = 400
"""Training faces of that one, so that it stays short."""


@dataclass(frozen=True, eq=False)
class Interpretation:
    """truth: (L, L) affinities of the labels. stages and epochs: by name, the affinities (L, L) of
    predictions; nmes and visible: by the same names the error and what an eye sees of it, in
    percent. instances: how many they are of."""

    scheme: Scheme
    truth: Floats
    instances: int
    stages: Mapping[str, Floats] = field(default_factory=dict)
    epochs: Mapping[str, Floats] = field(default_factory=dict)
    nmes: Mapping[str, float] = field(default_factory=dict)
    visible: Mapping[str, float] = field(default_factory=dict)
    pairs: Sequence[tuple[int, int]] = ()

    def error(self, name: str) -> Floats:
        """(L, L) the affinities of a stage or an epoch less those of the truth."""
        found = self.stages.get(name)
        return (self.epochs[name] if found is None else found) - self.truth

    @property
    def deviation(self) -> Floats:
        """(L, L) of the affinities over the later half of the looks: what is still learned."""
        late = list(self.epochs.values())[len(self.epochs) // 2 :]
        return np.asarray(np.std(late, axis=0))


def run(options: Options, progress: Progress) -> Figures:
    """Of one backend where the options name it or a project, else of all: heat maps, the
    classifier's cascade of regressors, and coordinate regression over its epochs."""
    if options.backend is not None or options.project is not None:
        return figures(interpreted(options, progress))
    told: Figures = {}
    for name in ("heatmap", "exemplar", _COORDINATES):
        epochs = _EPOCHS if name == _COORDINATES else 0
        found = interpreted(replace(options, backend=name), progress, epochs=epochs)
        told |= {f"{name}/{key}": value for key, value in figures(found).items()}
    return told


def interpreted(
    options: Options,
    progress: Progress,
    pairs: Sequence[tuple[int, int]] | None = None,
    epochs: int = 0,
) -> Interpretation:
    """Of a project's model on instances that it has not learned from; without a project, of one
    trained on the training faces, on the testing faces.

    epochs: of a short training of coordinate regression that is looked at after some of them, on
    the 300-W faces; 0 is none. Raises TooFewLabels with fewer than ten instances, ActionableError
    where there is nothing to look at, or a pair is not of landmarks.
    """
    staged = options.backend != _COORDINATES or options.project is not None or options.shipped
    if not staged and not epochs:
        raise ActionableError(
            "There is nothing to look at: without a project, this backend is a short training of "
            "coordinates, epoch by epoch.",
            remedy=f"Say how many epochs, such as --epochs {_EPOCHS}, or give a --project.",
        )
    # Known before the labels are counted: those of a project without a model are never too few.
    model = None
    if options.project is not None:
        with Project.open(Path(options.project), read_only=True) as project:
            of_project = project.scheme
        model = options.model(progress, scheme=of_project)
    scheme, instances = _instances(options)
    for landmark in (j for pair in pairs or () for j in pair):
        if not 0 <= landmark < len(scheme):
            raise ActionableError(
                f"There is no landmark {landmark} to follow.",
                remedy=f"Those of {scheme.name} are numbered from 0 to {len(scheme) - 1}.",
            )
    if len(instances) < _FEWEST:
        raise TooFewLabels(
            f"An interpretation needs at least {_FEWEST} labelled instances that the model has not "
            f"learned from; there are {len(instances)}.",
            remedy="Label more, or leave out --project to measure on the 300-W faces.",
        )
    truths = [instance.shape.points for instance in instances]
    stages: dict[str, list[Floats]] = {}
    by_epoch: dict[str, list[Floats]] = {}
    if staged:
        stages = _stages(model or options.model(progress), instances, options, progress)
    if epochs:
        by_epoch = _epochs(instances, options, epochs, progress)
    shapes = {**stages, **by_epoch}
    lengths = [scheme.normaliser_length(i.shape.points, i.box) for i in instances]
    return Interpretation(
        scheme=scheme,
        truth=affinity(truths).matrix,
        instances=len(instances),
        stages={name: affinity(stages[name]).matrix for name in stages},
        epochs={name: affinity(by_epoch[name]).matrix for name in by_epoch},
        nmes={
            name: float(np.mean([nme(*each) for each in zip(own, truths, lengths, strict=True)]))
            for name, own in shapes.items()
        },
        visible={
            name: float(
                np.mean(
                    [
                        visible_nme(points, truth, scheme, length)
                        for points, truth, length in zip(own, truths, lengths, strict=True)
                    ]
                )
            )
            for name, own in shapes.items()
        },
        pairs=_pairs(scheme, pairs),
    )


def _pairs(scheme: Scheme, pairs: Sequence[tuple[int, int]] | None) -> Sequence[tuple[int, int]]:
    if pairs is not None:
        return pairs
    return PAIRS if scheme.name == "face68" else [tuple(pair) for pair in scheme.partners[:2]]  # type: ignore[misc]


def _instances(options: Options) -> tuple[Scheme, list[LabelledInstance]]:
    if options.project is None:
        faces = faces300w.faces(faces300w.TESTING)[: options.images]
        return Scheme.named("face68"), faces
    folder = Path(options.project)
    backend = backend_named(options.backend or DEFAULT_BACKEND)
    with Project.open(folder, read_only=True) as project:
        own = ModelLibrary.of(project).own(backend)
        whole = [i for i in labelled_instances(project) if i.shape.complete]
        keys = set(own.not_learned_from([i.key for i in whole]) if own.is_there else ())
        found = [i for i in whole if i.key in keys]
        return project.scheme, found[: options.images]


def _stages(
    model: TrainedModel,
    instances: Sequence[LabelledInstance],
    options: Options,
    progress: Progress,
) -> dict[str, list[Floats]]:
    found: dict[str, list[Floats]] = {}
    progress.start("stages", len(instances))
    for index, instance in enumerate(instances):
        box = jittered(instance.box, options.jitter, options.seed, index)
        pixels = instance.read_pixels()
        if isinstance(model, Staged):
            shapes = model.stages(pixels, box)
        else:
            shapes = {"proposal": model.propose(pixels, box).given([]).points}
        for name, shape in shapes.items():
            found.setdefault(name, []).append(shape)
        _go_on(progress)
    # A stage that not every instance went through says nothing of all of them.
    return {name: shapes for name, shapes in found.items() if len(shapes) == len(instances)}


def _epochs(
    instances: Sequence[LabelledInstance], options: Options, epochs: int, progress: Progress
) -> dict[str, list[Floats]]:
    from landmark_annotator.backends.weak.learning_dynamics import Infer
    from landmark_annotator.backends.weak.learning_dynamics import epochs as learn

    faces = faces300w.faces(faces300w.TRAINING)[:_LEARNED_FROM]
    boxes = [
        jittered(instance.box, options.jitter, options.seed, index)
        for index, instance in enumerate(instances)
    ]
    photographs = [instance.read_pixels() for instance in instances]
    when = looked_at(epochs)
    found: dict[str, list[Floats]] = {}

    def each(epoch: int, infer: Infer) -> None:
        if epoch in when:
            shapes = [infer(p, b) for p, b in zip(photographs, boxes, strict=True)]
            found[f"epoch {epoch}"] = shapes

    settings = {"seed": options.seed, "epochs": epochs}
    learn(faces, Scheme.named("face68"), settings, progress, each)
    return found


def looked_at(epochs: int) -> list[int]:
    """Of so many epochs those after which the predictions are kept: at first the next ones, then
    ever fewer, and in the second half as many at equal distances; the last one always."""
    half = max(epochs // 2, 1)
    early = np.geomspace(1, half, _EARLY_LOOKS).round()
    late = np.linspace(half, epochs, _LATE_LOOKS + 1).round()
    return sorted({int(epoch) for epoch in (*early, *late)})


def figures(found: Interpretation) -> Figures:
    """The parts of the error matrices that the thesis speaks of, by stage and by epoch."""
    parts = parts_of(found.scheme)
    told: Figures = {"instances": found.instances}
    for kind, names in (("stages", list(found.stages)), ("epochs", list(found.epochs))):
        if not names:
            continue
        if kind == "epochs":
            told["epochs/number"] = [float(name.removeprefix("epoch ")) for name in names]
        told[f"{kind}/nme"] = rounded([found.nmes[name] for name in names])
        if found.visible:
            told[f"{kind}/visible"] = rounded([found.visible[name] for name in names])
        for part, where in parts.items():
            errors = [float(found.error(name)[where].mean()) for name in names]
            told[f"{kind}/error/{part}"] = rounded(errors)
            sizes = [float(np.abs(found.error(name)[where]).mean()) for name in names]
            told[f"{kind}/size/{part}"] = rounded(sizes)
        for i, j in found.pairs:
            matrices = found.stages if kind == "stages" else found.epochs
            told[f"{kind}/pair/{i}-{j}"] = rounded([float(matrices[n][i, j]) for n in names])
    for i, j in found.pairs:
        told[f"truth/pair/{i}-{j}"] = rounded(float(found.truth[i, j]))
    if found.epochs:
        for part, where in parts.items():
            told[f"epochs/deviation/{part}"] = rounded(float(found.deviation[where].mean()))
    return told


def parts_of(scheme: Scheme) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """(L, L) masks over pairs of landmarks: all, those with a landmark of the first group (a
    face's contour), those within it, those without, neighbours, and pairs that lie apart."""
    size = len(scheme)
    above = np.triu(np.ones((size, size), dtype=bool), 1)
    outline = np.isin(np.arange(size), scheme.groups[0])
    near = np.zeros((size, size), dtype=bool)
    for a, b in scheme.edges:
        near[min(a, b), max(a, b)] = True
    apart = np.ones((size, size), dtype=bool)
    for group in scheme.groups:
        apart[np.ix_(group, group)] = False
    found = {
        "all": above,
        "contour_to_rest": above & (outline[:, None] ^ outline[None]),
        "contour": above & outline[:, None] & outline[None],
        "rest": above & ~outline[:, None] & ~outline[None],
        "neighbours": above & near,
        "apart": above & apart,
    }
    return {name: mask for name, mask in found.items() if mask.any()}


def _go_on(progress: Progress) -> None:
    progress.advance()
    if progress.cancelled():
        raise Cancelled("The interpretation was stopped.", kept="Nothing was written.")
