"""Proposing for one instance after another, as work that any process can do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override

from landmark_annotator.annotator.session.models.independent import made
from landmark_annotator.annotator.session.models.model_identity import check_same, identity_of
from landmark_annotator.annotator.session.models.proposers import Proposer, ProposerRecipe
from landmark_annotator.annotator.session.posterior.hidden_landmarks import probably_hidden
from landmark_annotator.backends.borders.border_statistics import Borders
from landmark_annotator.backends.borders.landmark_evidence import border_evidence
from landmark_annotator.backends.parsers import known_borders
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord, OwnProposal
from landmark_annotator.projects.vocabulary import Box, Mask, Scheme
from landmark_annotator.projects.vocabulary.errors import ImageError


@dataclass(frozen=True)
class ToPropose:
    """avoided: the image of which the proposer must not know the label; see `independent`. masks:
    what people have said of its regions."""

    instance_id: int
    image: ImageRecord
    box: Box
    avoided: str | None = None
    masks: Mapping[str, Mask] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Unreadable:
    """In place of a proposal: why there is none, in a sentence."""

    instance_id: int
    why: str


@dataclass(frozen=True)
class Unknown:
    """In place of a proposal for a second opinion: all that could propose knows the first one."""

    instance_id: int


@dataclass(frozen=True)
class Withdrawn:
    """What waited when the work began and does not any more when its turn has come, and in place of
    its proposal: it has been accepted, left out or deleted, or has lost its box."""

    instance_id: int


Answer = OwnProposal | Unreadable | Unknown | Withdrawn


class ProposalWork:
    """recipe: of the proposer, as the project was when the work began. model: its identity. The
    proposer that is here already is not sent along: each process makes its own, once."""

    def __init__(self, recipe: ProposerRecipe, model: str, here: Proposer | None = None) -> None:
        self._recipe = recipe
        self._model = model
        self._here = here

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return ProposalWork, (self._recipe, self._model)

    def make(self) -> Callable[[ToPropose | Withdrawn], Answer]:
        proposer = self._here
        if proposer is None:
            proposer = self._recipe.make()
            check_same(self._model, identity_of(proposer))
        library = self._recipe.library
        borders = known_borders(library.folder, library.scheme)
        return lambda task: _answer(proposer, library.scheme, borders, task)


def _answer(
    proposer: Proposer, scheme: Scheme, borders: Borders | None, task: ToPropose | Withdrawn
) -> Answer:
    if isinstance(task, Withdrawn):
        return task
    try:
        found = made(proposer, pixels_of(task.image), task.box, task.avoided)
    except ImageError as error:
        return Unreadable(task.instance_id, error.happened)
    if found is None:
        return Unknown(task.instance_id)
    proposal, prior, maker = found
    if task.masks and borders is not None:
        hidden, side = probably_hidden(proposal.hidden), proposal.box.side
        size = task.image.width, task.image.height
        told = border_evidence(prior, side, task.masks, borders, hidden, size)
        prior = proposal.told(told).given([])
    measured = proposal.measure(task.box, prior.positions)
    return OwnProposal(
        task.instance_id,
        task.box,
        prior.positions,
        prior.covariances,
        prior.predicted_error(scheme, measured),
        proposal.backend,
        maker.making(proposal),
        proposal.hidden,
        measured,
    )
