"""What is believed of the open instance: what is proposed, the landmarks that people have placed,
and the masks that they have said."""

from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from landmark_annotator.annotator.session.labelling.contours import evidence_of
from landmark_annotator.annotator.session.labelling.open_masks import OpenMasks
from landmark_annotator.annotator.session.posterior.hidden_landmarks import probably_hidden
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.backends.shapes.rules import MIXTURE, Rule
from landmark_annotator.projects.vocabulary import Evidence, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats

_KEPT = 8
"""Objects of which it is known what their model saw in the end."""

_Known = tuple[object, Posterior]
"""What a posterior was asked for, and it."""


@dataclass
class Belief:
    """rule: what a click does to the other landmarks."""

    masks: OpenMasks
    rule: Rule = MIXTURE
    _by_hand: _Known | None = field(default=None, init=False)
    """By the landmarks alone."""
    _whole: tuple[object, Proposal, Posterior] | None = field(default=None, init=False)
    """By the masks too: what was asked for, what is proposed after them, and the posterior."""
    _reconsidered: OrderedDict[int, tuple[Proposal, Proposal]] = field(
        default_factory=OrderedDict, init=False
    )
    """By its identity a first proposal, and what its model proposes in its place once landmarks
    were placed: of those that were open last, which are opened again as they were left."""

    def begin(self, proposal: Proposal | None, prior: Posterior | None) -> None:
        """prior: what the proposal gives without evidence, where that is known already."""
        self._by_hand = self._whole = None
        if proposal is not None and prior is not None:
            self._by_hand = self._asked(proposal, []), prior

    def reconsider(self, first: Proposal, again: Proposal) -> bool:
        """From now on the second goes before the first, wherever a landmark is placed: also until
        the model has looked once more, after the next one. Whether another one did so before."""
        before = self._last_of(first)
        self._reconsidered[id(first)] = first, again
        self._reconsidered.move_to_end(id(first))
        while len(self._reconsidered) > _KEPT:
            self._reconsidered.popitem(last=False)
        return before is not again

    def proposed(self, proposal: Proposal, stored: Shape) -> Proposal:
        """What the others follow by, given the first proposal."""
        last = self._last_of(proposal)
        return last if last is not proposal and evidence_of(stored, proposal) else proposal

    def _last_of(self, first: Proposal) -> Proposal:
        return self._reconsidered.get(id(first), (first, first))[1]

    def followed(self, proposal: Proposal | None, stored: Shape) -> Proposal | None:
        """The same; None where nothing is proposed."""
        return None if proposal is None else self.proposed(proposal, stored)

    def take_over(self, other: "Belief") -> None:
        self.masks, self._by_hand, self._whole = other.masks, other._by_hand, other._whole

    def posterior(self, proposal: Proposal, stored: Shape, hidden: Floats | None) -> Posterior:
        """hidden: (L,) probabilities, NaN where somebody has said whether a landmark is seen."""
        return self._found(proposal, stored, hidden)[1]

    def told(
        self, proposal: Proposal, stored: Shape, hidden: Floats | None
    ) -> tuple[Proposal, list[Evidence]]:
        """What is proposed after the masks, and the landmarks that people have placed."""
        known = self._found(proposal, stored, hidden)[0]
        return known, evidence_of(stored, known)

    def _found(
        self, proposal: Proposal, stored: Shape, hidden: Floats | None
    ) -> tuple[Proposal, Posterior]:
        """A click is foreseen, then stored, then seen: that is one and the same posterior."""
        proposal = self.proposed(proposal, stored)
        evidence = evidence_of(stored, proposal)
        asked = self._asked(proposal, evidence)
        if self._by_hand is None or self._by_hand[0] != asked:
            self._by_hand = asked, proposal.given(evidence, self.rule)
        by_hand = self._by_hand[1]
        if not self.masks.tell:
            return proposal, by_hand
        occluded = np.flatnonzero(stored.visibility == Visibility.OCCLUDED).tolist()
        without = {piece.landmark for piece in evidence} | probably_hidden(hidden) | set(occluded)
        whole = asked, self.masks.said, frozenset(without)
        if self._whole is None or self._whole[0] != whole:
            known = proposal.told(self.masks.evidence(by_hand, proposal.box.side, without))
            self._whole = whole, known, known.given(evidence, self.rule)
        return self._whole[1:]

    def _asked(self, proposal: Proposal, evidence: list[Evidence]) -> object:
        observed = [(e.landmark, e.position.tobytes(), e.covariance.tobytes()) for e in evidence]
        return id(proposal), self.rule, observed
