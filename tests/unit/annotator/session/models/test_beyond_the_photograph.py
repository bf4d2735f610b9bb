"""What every front end gets from a proposer: what lies beyond the photograph is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Evidence
from landmark_annotator.projects.vocabulary.arrays import Pixels

PHOTOGRAPH = np.zeros((100, 200, 3), np.uint8)
BOX = Box(150, 50, 100, 100)
INSIDE, BEYOND = [150.0, 50.0], [215.0, 50.0]


def proposed(box: Box) -> Proposal:
    mean = box.to_frame(np.array([INSIDE, BEYOND]))[None]
    return Proposal(box, ShapeMixture(np.zeros(1), mean, 1e-4 * np.eye(4)), "test")


@dataclass(frozen=True)
class Model:
    """Sees the second landmark beyond the border, whenever it looks."""

    click_deviation = 0.004

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        return proposed(box)

    def reconsider(
        self, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
    ) -> Proposal:
        return proposed(proposal.box)


@pytest.fixture
def proposer() -> Proposer:
    return Proposer("for a test", model=Model())


def test_at_the_first_look(proposer: Proposer) -> None:
    found = proposer.propose(PHOTOGRAPH, BOX)
    assert found is not None
    assert found.hidden is not None
    np.testing.assert_allclose(found.hidden, [0, 1], atol=0.01)


def test_when_it_looks_again_at_what_people_have_placed(proposer: Proposer) -> None:
    click = Evidence.click(0, np.array(INSIDE), 0.4)
    found = proposer.reconsider(PHOTOGRAPH, proposed(BOX), [click])
    assert found.hidden is not None
    np.testing.assert_allclose(found.hidden, [0, 1], atol=0.01)
