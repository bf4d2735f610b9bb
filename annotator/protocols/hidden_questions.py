"""What it costs that the tool asks for landmarks that a photograph does not show.

A person answers question by question: with a click where the landmark is seen, and else with the
key that says so, which places nothing. It is enough once what is seen is right.
"""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.annotator.session.simulation.hand import aimed
from landmark_annotator.annotator.session.simulation.simulated_annotator import Acceptance
from landmark_annotator.backends.metrics.errors import landmark_errors
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.queries import worth_asking
from landmark_annotator.projects.vocabulary import Evidence
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats


@dataclass(frozen=True)
class Answers:
    """Of one object. clicks: that placed a landmark. vain: questions for what is not seen."""

    clicks: int
    vain: int

    @property
    def gestures(self) -> int:
        return self.clicks + self.vain


def answered(
    proposal: Proposal, truth: Floats, hidden: Bools, length: float, noise: Floats
) -> Answers:
    """truth: (L, 2) image pixels. hidden: (L,) whether the photograph does not show the landmark.
    length: of the normaliser; noise: (L, 2) standard normal, of the hand."""
    targets, seen = aimed(truth, noise, length), np.where(hidden[:, None], np.nan, truth)
    evidence: list[Evidence] = []
    waiting, vain = np.ones(len(truth), dtype=bool), 0
    while True:
        posterior = proposal.given(evidence)
        errors = landmark_errors(posterior.points, seen, length)
        if hidden.all() or Acceptance().met(errors) or not waiting.any():
            return Answers(len(evidence), vain)
        worth = np.where(waiting, worth_asking(posterior.drops, proposal.hidden), -np.inf)
        asked = int(np.argmax(worth))
        waiting[asked] = False
        if hidden[asked]:
            vain += 1
        else:
            evidence.append(Evidence.click(asked, targets[asked], proposal.click_deviation))
