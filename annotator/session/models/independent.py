"""What proposes for a second opinion: nothing that has learned from the first one.

Who corrects a proposal stops where it looks right. One that knows the first person's label, as a
network that was trained on it or a template of the very image, makes two people agree who do not,
and with them what is taken for the precision of hands.
"""

from datetime import datetime
from functools import lru_cache
from operator import is_
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from landmark_annotator.annotator.session.models.library import KeptModel, Origin
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.models.related_instances import image_key, image_of
from landmark_annotator.backends.registry import TrainedModel, backend_named
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError, TooFewLabels


def image_to_avoid(project: Project, proposer: Proposer, record: InstanceRecord) -> str | None:
    """The image's key, where the instance is a second opinion and the proposer may have learned
    from the first one; see `independent`."""
    first, source = record.second_opinion_on, proposer.source
    if first is None or source is None:
        return None
    key = image_key(project.image(record.image_id))
    if isinstance(source, KeptModel):
        if source.origin is not Origin.TRAINED:
            return None
        if image_of(key) in {image_of(each.key) for each in proposer.beside}:
            return key
        if image_of(key) in _held_out_images(source.name, source.folder, source.trained_at):
            return None
        begun = next((entry.at for entry in project.journal(first)), None)
        if begun is not None and begun > source.trained_at:
            return None
    return key


@lru_cache(maxsize=1)
def _held_out_images(
    backend: str, folder: Path, trained_at: datetime
) -> frozenset[tuple[str, str]]:
    """Once for all second opinions: a card may name thousands. trained_at: tells the model from one
    that was trained into the folder later."""
    return frozenset(image_of(each) for each in backend_named(backend).held_out(folder))


class Made(NamedTuple):
    """prior: of the proposal without any evidence."""

    proposal: Proposal
    prior: Posterior
    maker: Proposer


def made(proposer: Proposer, pixels: Pixels, box: Box, avoided: str | None) -> Made | None:
    """A proposal by `independent`; None where nothing is known. Slow; in any thread."""
    maker = independent(proposer, avoided)
    proposal = maker.propose(pixels, box)
    return None if proposal is None else Made(proposal, proposal.given([]), maker)


def independent(proposer: Proposer, avoided: str | None) -> Proposer:
    """The proposer itself where nothing is avoided; else weights that nobody trained in the
    project, or what its other images say. Slow; in any thread.

    avoided: of `image_to_avoid`.
    """
    recipe, measured_in = proposer.recipe, proposer.measured_in
    if avoided is None or recipe is None:
        return proposer
    for kept in recipe.library.kept():
        if kept.origin is not Origin.TRAINED:
            try:
                model = _loaded(kept.name, kept.folder, kept.scheme, kept.device)
            except ActionableError:
                continue  # The proposer's own reason says so already.
            reason = f"{kept.subject} proposes."
            return Proposer(reason, kept, model, proposer.followed, measured_in=measured_in)
    near = {each.group for each in recipe.labelled if image_of(each.key) == image_of(avoided)}
    others = [e for e in recipe.labelled if image_of(e.key) != image_of(avoided)]
    unrelated = tuple(e for e in others if not (e.group and e.group in near))
    prior = PriorModel(unrelated, recipe.library.scheme)
    try:
        reason, own = f"{prior.subject} proposes.", proposer.own_boxes
        return Proposer(
            reason,
            prior,
            prior.blind() if proposer.at_first else _last.loaded(prior),
            proposer.followed,
            own_boxes=own,
            measured_in=measured_in,
        )
    except TooFewLabels:
        return Proposer("Nothing but the first opinion is labelled.")


@lru_cache(maxsize=1)
def _loaded(backend: str, folder: Path, scheme: Scheme, device: str) -> TrainedModel:
    """Once for all second opinions: nobody trains these weights anew."""
    return backend_named(backend).load(folder, scheme, device)


class _Last:
    """The prior that was loaded last: where nothing learns from first opinions, as in a project
    with people, it is the same for all second ones, and is judged for seconds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._prior: PriorModel | None = None
        self._model: TrainedModel | None = None

    def loaded(self, prior: PriorModel) -> TrainedModel:
        """In any thread; raises as `PriorModel.load` does."""
        with self._lock:
            if self._model is None or not self._is_of(prior):
                self._model = prior.load()
                self._prior = prior
            return self._model

    def _is_of(self, prior: PriorModel) -> bool:
        """By the very labels, not by equal ones: these are arrays."""
        last = self._prior
        return (
            last is not None
            and last.scheme == prior.scheme
            and len(last.labelled) == len(prior.labelled)
            and all(map(is_, last.labelled, prior.labelled))
        )


_last = _Last()
