"""Which model proposes shapes in a project, and why that one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.session.models.prior_comparison import Comparison
from annotator.session.models.starting_weights import starting_weights
from backends.registry import BACKENDS, DEFAULT_BACKEND, Backend, TrainedModel, backend_named
from backends.shapes import Proposal, ShapeMixture, prior_proposal, shape_prior
from projects.store import Project
from projects.vocabulary import Box, Scheme, Shape
from projects.vocabulary.arrays import Pixels
from projects.vocabulary.errors import ActionableError, TooFewLabels

_PRIOR_SHAPES = 2000
"""Labelled shapes that a prior is fitted to; more change it too little to be worth the wait."""


@dataclass(frozen=True)
class Proposer:
    """name: the backend that proposes; reason: a sentence that a person can read.

    folder: of the model's weights; None for the prior, and where nothing is known yet.
    """

    name: str
    reason: str
    model: TrainedModel | None
    folder: Path | None = None

    def propose(self, pixels: Pixels, box: Box) -> Proposal | None:
        """None where nothing is known yet: the instance is clicked by hand."""
        return None if self.model is None else self.model.propose(pixels, box)


@dataclass(frozen=True)
class _Prior:
    """Proposes the same mixture in every box: the shapes that have been labelled so far."""

    mixture: ShapeMixture
    scheme: Scheme

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        return prior_proposal(self.mixture, box, self.scheme)


@dataclass(frozen=True)
class ProposerRecipe:
    """All that it takes to make a proposer, read from the store beforehand.

    `make` is slow (it may load a network) and touches no store, so it may run in any thread.
    start: the folder of a model of the default backend that goes before those that came with the
    program for the scheme (`starting_weights`).
    """

    scheme: Scheme
    models_folder: Path
    labelled: tuple[tuple[Box, Shape], ...]
    start: Path | None = None

    def make(self) -> Proposer:
        """The best backend that is trained and installed, else the prior, else none.

        A model trained in the project goes before one that came with the program, but not before
        the prior where that one has done better on held-out labels.
        """
        drawback = ""
        for backend, folder, origin in self._candidates():
            compared = Comparison.read(folder)
            if compared is not None and not compared.network_helps:
                drawback = f" The {backend.title} is not better yet. {compared.sentence}"
                continue
            try:
                model = backend.load(folder, self.scheme)
            except ActionableError as error:
                drawback = f" ({error.happened} {error.remedy})"
                continue
            why = "" if compared is None else f" {compared.sentence}"
            reason = f"The {backend.title}, {origin}, proposes.{why}{drawback}"
            return Proposer(backend.name, reason, model, folder)
        try:
            prior = _Prior(shape_prior(self.labelled, self.scheme), self.scheme)
        except TooFewLabels:
            return Proposer("none", f"No shape is labelled completely yet.{drawback}", None)
        count = len(self.labelled)
        shapes = "1 labelled shape" if count == 1 else f"{count} labelled shapes"
        return Proposer("prior", f"The prior from {shapes} proposes.{drawback}", prior)

    def _candidates(self) -> Iterator[tuple[Backend, Path, str]]:
        """Backends with the folder of their weights and where those are from, best first."""
        for backend in BACKENDS:
            own = self.models_folder / backend.name
            if (own / "card.json").exists():
                yield backend, own, "trained here"
        if self.start is not None:
            yield backend_named(DEFAULT_BACKEND), self.start, f"with {self.start.name} weights"
        for backend in BACKENDS:
            shipped = backend.shipped(self.scheme)
            if shipped is not None:
                yield backend, shipped, "as it came with the program"


def too_small(backend: Backend, folder: Path) -> str:
    """A sentence where a model's errors on some photographs are no measure, else nothing."""
    photographs = backend.learned_elsewhere(folder)
    if not photographs:
        return ""
    return (
        f"If your photographs are among {photographs}, which the {backend.title} has learned from, "
        "its errors here are too small."
    )


def proposer_recipe(project: Project) -> ProposerRecipe:
    """Reads what the project offers at this moment."""
    labelled = [(record.box, shape) for record, shape in project.shapes() if record.box is not None]
    step = -(-len(labelled) // _PRIOR_SHAPES) or 1
    models = project.models_folder
    return ProposerRecipe(project.scheme, models, tuple(labelled[::step]), starting_weights(models))


def best_proposer(project: Project) -> Proposer:
    return proposer_recipe(project).make()
