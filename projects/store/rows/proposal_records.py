"""What the store hands out of proposals, and takes: plain frozen values, as those of `records`."""

from dataclasses import dataclass
from datetime import datetime

from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats


@dataclass(frozen=True, eq=False)
class Making:
    """How a model here came to a proposal.

    maker: which model, as it was trained. labels: it had learned from. degrees: of freedom of what
    it said itself; axes: (2, 2) of its box in pixels, as columns. widened: what its covariances
    were multiplied with, and moved: (L, 2) by how many pixels its landmarks were shifted, before
    they were stored; None is nowhere. novelty: how little it saw of what it has learned to see,
    above 1 where it has never seen the like; None where it cannot tell.
    """

    maker: str
    labels: int
    degrees: float
    axes: Floats
    widened: float = 1.0
    moved: Floats | None = None
    novelty: float | None = None


@dataclass(frozen=True, eq=False)
class OwnProposal:
    """What a model of this program proposes for an instance in this box; the rest as in
    `Project.store_proposal`."""

    instance_id: int
    box: Box
    points: Floats
    covariances: Floats
    predicted_error: float | None
    model: str
    making: Making | None = None
    hidden: Floats | None = None
    measured: Box | None = None

    @property
    def unfamiliar(self) -> bool:
        """Whether the model has never seen the like."""
        novelty = None if self.making is None else self.making.novelty
        return novelty is not None and novelty > 1


@dataclass(frozen=True, eq=False)
class JudgedProposal:
    """A proposal made before anybody had touched the instance, whose shape was accepted since.

    points, covariances, predicted_error: as they were stored.
    """

    instance_id: int
    image_id: int
    points: Floats
    covariances: Floats
    making: Making
    predicted_error: float | None = None


WHICH_PROPOSAL = (
    "What somebody has brought goes before the program's own proposal, the newest first, unless it "
    "is set aside; all are kept."
)
"""The rule by which one of an instance's proposals is chosen, for people."""


@dataclass(frozen=True, eq=False)
class StoredProposal:
    """A proposal for an instance: points (L, 2) px, covariances (L, 2, 2) px^2.

    predicted_error: in % of the scheme's normaliser. model: which model made it, or None where
    it came from a file; imported_from: then the name of that file. own: it is a model of this
    program; who: else who has brought it, where that is known. What was brought may leave points
    and covariances unknown, as NaN. hidden: (L,) the probability that the photograph does not show
    a landmark, NaN where that is not known; None where nothing is said of it.
    """

    points: Floats
    covariances: Floats
    predicted_error: float | None
    model: str | None
    at: datetime
    imported_from: str | None = None
    own: bool = False
    who: str | None = None
    hidden: Floats | None = None

    @property
    def name(self) -> str:
        """Of the model, or of the file."""
        return self.model or self.imported_from or ""

    @property
    def whose(self) -> str:
        """For people."""
        said = self.name if self.imported_from is None else f"the file {self.imported_from}"
        return said if self.who is None else f"{said}, brought by {self.who}"


@dataclass(frozen=True)
class BroughtProposals:
    """How many instances that wait have a proposal of this name, and how many show it.

    name: of the model or of the file. who: everybody who brought one of them. aside: how many of
    them somebody has set aside.
    """

    name: str
    who: tuple[str, ...]
    kept: int
    shown: int
    aside: int
