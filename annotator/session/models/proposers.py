"""Which model proposes shapes in a project, and why that one."""

from dataclasses import dataclass

from annotator.session.models.library import KeptModel, ModelLibrary
from annotator.session.models.prior_comparison import Comparison
from annotator.session.models.prior_model import PriorModel
from annotator.session.models.training import labelled_instances
from backends.registry import TrainedModel
from backends.shapes import Proposal
from projects.store import Project
from projects.vocabulary import Box, LabelledInstance
from projects.vocabulary.arrays import Pixels
from projects.vocabulary.errors import ActionableError, TooFewLabels

_PRIOR_SHAPES = 2000
"""Labelled shapes that a prior is fitted to; more change it too little to be worth the wait."""

_NOBODY = "none"


@dataclass(frozen=True)
class Proposer:
    """reason: a sentence that a person can read. source: which of the project's models it is, and
    model: that one, loaded; None where nothing is known yet."""

    reason: str
    source: KeptModel | PriorModel | None = None
    model: TrainedModel | None = None

    @property
    def name(self) -> str:
        """For scripts."""
        return _NOBODY if self.source is None else self.source.name

    @property
    def learns_at_once(self) -> bool:
        """Whether a few new labels improve it, without a training."""
        return self.source is None or self.source.learns_at_once

    def propose(self, pixels: Pixels, box: Box) -> Proposal | None:
        """None where nothing is known yet: the instance is clicked by hand."""
        return None if self.model is None else self.model.propose(pixels, box)


@dataclass(frozen=True)
class ProposerRecipe:
    """All that it takes to make a proposer, read from the store beforehand.

    `make` is slow (it may load a network) and touches no store, so it may run in any thread.
    """

    library: ModelLibrary
    labelled: tuple[LabelledInstance, ...]

    def make(self) -> Proposer:
        """The best model that is trained and installed, else the prior, else none.

        A model trained in the project goes before one that came with the program, but not before
        the prior where that one has done better on held-out labels.
        """
        drawback = ""
        for kept in self.library.kept():
            compared = Comparison.read(kept)
            if compared is not None and not compared.network_helps:
                drawback = f" The {kept.backend.title} is not better yet. {compared.sentence}"
                continue
            try:
                model = kept.load()
            except ActionableError as error:
                drawback = f" ({error.happened} {error.remedy})"
                continue
            why = "" if compared is None else f" {compared.sentence}"
            return Proposer(f"{kept.subject} proposes.{why}{drawback}", kept, model)
        prior = PriorModel(self.labelled, self.library.scheme)
        try:
            return Proposer(f"{prior.subject} proposes.{drawback}", prior, prior.load())
        except TooFewLabels:
            return Proposer(f"No shape is labelled completely yet.{drawback}")

    def at_once(self) -> Proposer | None:
        """What can propose while `make` is at work for seconds: the prior that looks at no image.

        None where there is a model to load, which is quick, or nothing is labelled.
        """
        if next(self.library.kept(), None) is not None:
            return None
        prior = PriorModel(self.labelled, self.library.scheme)
        try:
            return Proposer(f"{prior.subject} proposes at first.", prior, prior.blind())
        except TooFewLabels:
            return None


def proposer_recipe(project: Project) -> ProposerRecipe:
    """Reads what the project offers at this moment."""
    labelled = labelled_instances(project)
    step = -(-len(labelled) // _PRIOR_SHAPES) or 1
    return ProposerRecipe(ModelLibrary.of(project), tuple(labelled[::step]))


def best_proposer(project: Project) -> Proposer:
    return proposer_recipe(project).make()
