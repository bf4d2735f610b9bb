"""A model that says of every photograph that the same landmarks are probably hidden."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from landmark_annotator.annotator.session.models.proposers import Proposer

PROBABLE = frozenset({1, 4})
"""Of the six landmarks of a kite."""


def suggest(monkeypatch, landmarks: Iterable[int] = PROBABLE) -> None:
    """Whatever proposes from now on also says this."""
    propose = Proposer.propose
    hidden = np.full(6, 0.1)
    hidden[list(landmarks)] = 0.834

    def told(self, pixels, box):
        proposal = propose(self, pixels, box)
        return proposal and replace(proposal, hidden=hidden)

    monkeypatch.setattr(Proposer, "propose", told)
