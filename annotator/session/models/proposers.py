"""Which model proposes shapes in a project, and why that one.

What the project's accepted shapes say of its proposals is applied here, where every front end gets
them: trained, shipped and prior alike. A model alone stays as it was trained, for what judges
models (comparisons, audits, protocols) measures them by labels of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from landmark_annotator.annotator.session.models.followed_labels import recalibrations
from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary, Origin
from landmark_annotator.annotator.session.models.looking_again import (
    looked_again,
    looked_where_missed,
)
from landmark_annotator.annotator.session.models.prior_comparison import Comparison, is_better
from landmark_annotator.annotator.session.models.prior_model import PriorModel, accompanied
from landmark_annotator.annotator.session.models.related_instances import related
from landmark_annotator.annotator.session.models.shared_prior import shared_prior
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.models.whole_images import learned_from
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.beyond_border import with_border
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.backends.shapes.recalibration import (
    NO_CHANGE,
    Recalibration,
    recalibrated,
    spread,
)
from landmark_annotator.projects.store import InstanceState, Making, Project
from landmark_annotator.projects.store.own_boxes import own_boxes_of
from landmark_annotator.projects.vocabulary import Box, Evidence, LabelledInstance
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    ImageError,
    TooFewLabels,
)
from landmark_annotator.projects.vocabulary.own_boxes import OwnBoxes
from landmark_annotator.projects.vocabulary.progress import SILENT, Progress
from landmark_annotator.projects.vocabulary.wording import counted

_PRIOR_SHAPES = 2000
"""Labelled shapes that a prior is fitted to; more change it too little to be worth the wait."""

_NOBODY = "none"


@dataclass(frozen=True)
class Proposer:
    """reason: a sentence that a person can read. source: which of the project's models it is, and
    model: that one, loaded; None where nothing is known yet. followed: what accepted shapes say of
    the proposals of the project's models, by their makers."""

    reason: str
    source: KeptModel | PriorModel | None = None
    model: TrainedModel | None = None
    followed: Mapping[str, Recalibration] = field(default_factory=dict)
    recipe: "ProposerRecipe | None" = None
    """What it was made by."""
    beside: tuple[LabelledInstance, ...] = ()
    """Labelled instances whose images stand beside a trained model, see `Accompanied`."""
    own_boxes: OwnBoxes | None = None
    """What stands for a box that is the whole image, where it is none like those that the model
    has learned from."""
    measured_in: OwnBoxes | None = None
    """The same for errors: none like the labelled ones of the project."""
    at_first: bool = False
    """Whether it proposes only until the one that takes seconds to make is there."""

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
        if self.model is None:
            return None
        own = box if self.own_boxes is None else self.own_boxes.of_pixels(box, pixels)
        proposal = self._within(pixels, self.model.propose(pixels, own))
        if self.measured_in is None:
            return proposal
        typical = self.measured_in.of_pixels(box, pixels)
        return proposal if typical == box else replace(proposal, object_box=typical)

    def along(self, box: Box, points: Floats) -> Box:
        """An upright box turned as its model turns that of an object whose landmarks (L, 2) lie
        there, in image pixels: looked at so, nothing is open of how it lies. As it is where the
        model turns none. Slow at first."""
        if box.angle or self._turned is None:
            return box
        return replace(box, angle=similarity_box(self._turned, points).angle)

    @cached_property
    def _turned(self) -> Floats | None:
        """(L, 2) landmarks of a labelled object in the frame of the box that the model turns."""
        labelled = () if self.recipe is None else self.recipe.labelled
        whole = next((each for each in labelled if each.shape.known.all()), None)
        if whole is None or self.model is None:
            return None
        try:
            found = self.model.propose(whole.read_pixels(), replace(whole.box, angle=0.0))
        except ImageError:
            return None
        if not found.box.angle or len(found.turns) > 1:
            return None
        return found.box.to_frame(whole.shape.points)

    @property
    def reconsiders(self) -> bool:
        """Whether `reconsider` can say anything."""
        return self.model is not None

    def reconsider(
        self, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
    ) -> Proposal:
        """In place of its own first proposal once people have placed landmarks; that one itself
        where it has nothing else to say, or nobody has. See `looked_again`."""
        if self.model is None:
            return proposal
        own = proposal.before or proposal
        again = looked_again(self.model, pixels, own, evidence)
        return proposal if again is own else self._in_place_of(proposal, again, pixels)

    def look_where_missed(
        self, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
    ) -> Proposal:
        """The same for what all frames of a clip propose together, which is no model's own: as long
        as the object is where that has it, the proposal itself. See `looked_where_missed`."""
        if self.model is None or not evidence:
            return proposal
        again = looked_where_missed(self.model, pixels, proposal, evidence)
        return proposal if again is proposal else self._in_place_of(proposal, again, pixels)

    def _in_place_of(self, proposal: Proposal, again: Proposal, pixels: Pixels) -> Proposal:
        return replace(self._within(pixels, again), object_box=proposal.object_box)

    def _within(self, pixels: Pixels, proposal: Proposal) -> Proposal:
        """With what labels say of it, and what the photograph's border does."""
        maker = self._maker(proposal)
        height, width = pixels.shape[:2]
        change = self.followed.get(maker, NO_CHANGE) if maker else NO_CHANGE
        return with_border(recalibrated(proposal, change), width, height)

    def making(self, proposal: Proposal) -> Making | None:
        """What is to be kept with a proposal of its own, so that the label can judge it. None where
        no label can: nobody knows who made it, or by which angle its box is to be turned."""
        maker = self._maker(proposal)
        if maker is None or self.source is None or len(proposal.turns) > 1:
            return None
        axes = proposal.box.to_image(np.eye(2)) - proposal.box.to_image(np.zeros((1, 2)))
        own, labels = proposal.before, self.source.learned_from
        if own is None:
            return Making(maker, labels, proposal.degrees, axes.T, novelty=proposal.novelty)
        moved = proposal.box.to_image(proposal.mixture.mean) - own.box.to_image(own.mixture.mean)
        widened = spread(proposal) / spread(own)
        return Making(maker, labels, own.degrees, axes.T, widened, moved, proposal.novelty)

    def _maker(self, proposal: Proposal) -> str | None:
        try:
            return None if self.source is None else self.source.maker(proposal.backend)
        except OSError:  # Another process trains it anew at this moment.
            return None


@dataclass(frozen=True)
class ProposerRecipe:
    """All that it takes to make a proposer, read from the store beforehand.

    `make` is slow (it may load a network) and touches no store, so it may run in any thread.
    """

    library: ModelLibrary
    labelled: tuple[LabelledInstance, ...]
    followed: Mapping[str, Recalibration] = field(default_factory=dict)
    own_boxes: OwnBoxes | None = None
    boxless: int = 0
    """Accepted shapes without a box, where no other is labelled."""
    goes_on: bool = False
    """Whether a plug-in's model that has failed at work is passed over from then on, for a front
    end that has told so and is used further."""

    def make(self, progress: Progress = SILENT) -> Proposer:
        """See `_best`. Raises Cancelled."""
        best = self._best(progress)
        own = self.own_boxes
        if isinstance(best.source, KeptModel):
            own = learned_from(best.source.folder, own)
        return replace(best, recipe=self, own_boxes=own, measured_in=self.own_boxes)

    def _best(self, progress: Progress) -> Proposer:
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
            if self.goes_on and (failure := kept.backend.failure(kept.folder)) is not None:
                drawback = f" ({failure.happened})"
                continue
            try:
                model = kept.load()
            except ActionableError as error:
                drawback = f" ({error.happened} {error.remedy})"
                continue
            beside: tuple[LabelledInstance, ...] = ()
            if compared is not None and compared.registration_helps:
                model, beside = self._accompanied(kept, model, progress)
            why = f" {compared.sentence}" if compared is not None else ""
            if compared is None and kept.origin is Origin.TRAINED:
                why = " How it compares to the prior is not known: "
                # A backend of somebody else's may hold none out, however often it is trained.
                compares = bool(kept.backend.held_out(kept.folder))
                why += f"{'train again to find out' if compares else 'no label was held out'}."
            reason = f"{kept.subject} proposes.{why}{drawback}"
            return Proposer(reason, kept, model, self.followed, beside=beside)
        prior = PriorModel(self.labelled, self.library.scheme)
        try:
            reason = f"{prior.subject} proposes.{drawback}"
            return Proposer(reason, prior, shared_prior.loaded(prior, progress), self.followed)
        except TooFewLabels:
            return Proposer(f"{self._nothing()}{drawback}")

    def _nothing(self) -> str:
        """Why no labelled shape proposes."""
        if not self.boxless:
            return "No shape is labelled yet."
        shapes = counted(self.boxless, "labelled shape")
        return f"Without a box nothing is learned from {shapes}: draw it, or say it in an import."

    def _accompanied(
        self, kept: KeptModel, network: TrainedModel, progress: Progress
    ) -> tuple[TrainedModel, tuple[LabelledInstance, ...]]:
        """With registration from the labelled instances that the network did not hold out, and
        those: what it is judged by, the other has not seen either."""
        unseen = set(kept.not_learned_from([each.key for each in self.labelled]))
        learned = tuple(each for each in self.labelled if each.key not in unseen)
        try:
            prior = PriorModel(learned, self.library.scheme)
            both = accompanied(network, shared_prior.loaded(prior, progress))
        except TooFewLabels:
            both = None
        return (network, ()) if both is None else (both, learned)

    def at_once(self) -> Proposer | None:
        """What can propose while `make` is at work for seconds: the prior that looks at no image.

        None where there is a model to load, which is quick, or nothing is labelled. One that is
        worse than the prior is none.
        """
        if any(map(is_better, self.library.kept())):
            return None
        prior = PriorModel(self.labelled, self.library.scheme)
        try:
            reason = f"{prior.subject} proposes at first."
            own = self.own_boxes
            return Proposer(
                reason,
                prior,
                prior.blind(),
                recipe=self,
                own_boxes=own,
                measured_in=own,
                at_first=True,
            )
        except TooFewLabels:
            return None


def proposer_recipe(
    project: Project, *, at_once: bool = False, device: str = "cpu"
) -> ProposerRecipe:
    """Reads what the project offers at this moment. at_once: without what its labels say of
    proposals, which may take a look at their images."""
    labelled = labelled_instances(project)
    step = -(-len(labelled) // _PRIOR_SHAPES) or 1
    library, own = ModelLibrary.of(project, device), own_boxes_of(project)
    boxless = 0 if labelled else _boxless(project)
    recipe = ProposerRecipe(library, tuple(labelled[::step]), own_boxes=own, boxless=boxless)
    return recipe if at_once else looked_at(project, recipe)


def _boxless(project: Project) -> int:
    accepted = (one for one in project.instances() if one.state is InstanceState.ACCEPTED)
    return sum(one.box is None for one in accepted)


def looked_at(project: Project, recipe: ProposerRecipe) -> ProposerRecipe:
    """With what its labels say of proposals, and with the groups of those that registration learns
    from: it is judged by images that are not related to what it has learned from."""
    compared = [Comparison.read(kept) for kept in recipe.library.kept()]
    grouped: dict[str, LabelledInstance] = {}
    if all(one and (one.registration_helps or not one.network_helps) for one in compared):
        # OpenCV takes a while to load, and a window is to be seen before.
        from landmark_annotator.backends.registration import templates

        found = related(project, templates(recipe.labelled)).instances
        grouped = {each.key: each for each in found}
    labelled = tuple(grouped.get(each.key, each) for each in recipe.labelled)
    return replace(recipe, labelled=labelled, followed=recalibrations(project))


def best_proposer(project: Project, progress: Progress = SILENT) -> Proposer:
    """Raises Cancelled."""
    return proposer_recipe(project).make(progress)


def model_proposes(project: Project) -> bool:
    """Whether a trained model does, and not a prior. None is loaded for this, so one that is
    damaged counts too."""
    compared = [Comparison.read(kept) for kept in ModelLibrary.of(project).kept()]
    return any(one is None or one.network_helps for one in compared)
