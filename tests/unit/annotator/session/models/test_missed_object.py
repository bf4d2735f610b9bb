"""A model without second thoughts of its own looks again where clicks have an object it missed."""

from collections.abc import Sequence

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

_SHAPE = np.array([[-0.3, -0.3], [0.3, -0.3], [0.3, 0.3], [-0.3, 0.3], [0.0, 0.1]])
_TRUE_SHAPE = np.array([[-0.3, -0.3], [0.3, -0.3], [0.25, 0.35], [-0.25, 0.35], [0.0, 0.0]])
_THERE = Box(300.0, 120.0, 100.0, 100.0, 2.5)
_TRUTH = _THERE.to_image(_TRUE_SHAPE)
_PIXELS = np.zeros((400, 500, 3), np.uint8)


class Sees:
    """The object, where the box is around it; else what it always proposes, just as sure."""

    def __init__(self) -> None:
        self.looks = list[Box]()

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        self.looks.append(box)
        off = np.hypot(box.centre_x - _THERE.centre_x, box.centre_y - _THERE.centre_y)
        turned = abs(np.angle(np.exp(1j * (box.angle - _THERE.angle))))
        shape = _TRUE_SHAPE if off < 20 and turned < 0.3 else _SHAPE
        box = _THERE if shape is _TRUE_SHAPE else box
        return Proposal(box, ShapeMixture(np.zeros(1), shape[None], np.eye(10) * 0.02**2), "sees")


def _clicks(proposal: Proposal, truth: Floats, *landmarks: int) -> list[Evidence]:
    return [Evidence.click(j, truth[j], proposal.click_deviation) for j in landmarks]


@pytest.fixture
def proposer() -> Proposer:
    return Proposer("It proposes.", None, Sees())


@pytest.fixture
def proposal(proposer: Proposer) -> Proposal:
    found = proposer.propose(_PIXELS, Box(200.0, 250.0, 100.0, 100.0))
    assert found is not None
    return found


def test_it_sees_the_object_where_clicks_have_it(proposer: Proposer, proposal: Proposal) -> None:
    evidence = _clicks(proposal, _TRUTH, 0, 1)

    again = proposer.reconsider(_PIXELS, proposal, evidence)

    np.testing.assert_allclose(again.given(evidence).points, _TRUTH, atol=0.5)


def test_it_looks_where_clicks_have_an_object_that_a_clip_missed(proposer: Proposer) -> None:
    box = Box(200.0, 250.0, 100.0, 100.0)
    in_time = Proposal(box, ShapeMixture(np.zeros(1), _SHAPE[None], np.eye(10) * 0.02**2), "time")
    evidence = _clicks(in_time, _TRUTH, 0, 1)

    again = proposer.look_where_missed(_PIXELS, in_time, evidence)

    np.testing.assert_allclose(again.given(evidence).points, _TRUTH, atol=0.5)


def test_of_what_a_clip_has_where_clicks_are_it_is_not_asked(proposer: Proposer) -> None:
    class Reconsiders(Sees):
        def reconsider(
            self, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
        ) -> Proposal:
            raise AssertionError("it would put its own in the place of what all frames say")

    thoughtful = Proposer("It proposes.", None, Reconsiders())
    box = Box(200.0, 250.0, 100.0, 100.0)
    in_time = Proposal(box, ShapeMixture(np.zeros(1), _SHAPE[None], np.eye(10) * 0.02**2), "time")
    evidence = _clicks(in_time, in_time.given([]).points + 2.0, 0, 1)

    assert thoughtful.look_where_missed(_PIXELS, in_time, evidence) is in_time
    assert thoughtful.look_where_missed(_PIXELS, in_time, []) is in_time


def test_clicks_where_they_were_expected_ask_nothing_of_it(
    proposer: Proposer, proposal: Proposal
) -> None:
    looks = proposer.model.looks  # type: ignore[union-attr]
    before = len(looks)
    evidence = _clicks(proposal, proposal.given([]).points + 2.0, 0, 1)

    assert proposer.reconsider(_PIXELS, proposal, evidence) is proposal
    assert len(looks) == before


def test_what_explains_the_clicks_no_better_is_left(proposer: Proposer, proposal: Proposal) -> None:
    class Stubborn(Sees):
        def propose(self, pixels: Pixels, box: Box) -> Proposal:
            return proposal

    stubborn = Proposer("It proposes.", None, Stubborn())

    assert stubborn.reconsider(_PIXELS, proposal, _clicks(proposal, _TRUTH, 0, 1)) is proposal


def test_the_order_of_the_clicks_is_of_no_matter(proposer: Proposer, proposal: Proposal) -> None:
    evidence = _clicks(proposal, _TRUTH, 0, 1, 3)

    one, other = (
        proposer.reconsider(_PIXELS, proposal, each) for each in (evidence, evidence[::-1])
    )

    np.testing.assert_allclose(one.given(evidence).points, other.given(evidence).points)


def test_clicks_in_one_place_are_no_object(proposer: Proposer, proposal: Proposal) -> None:
    heap = [Evidence.click(j, np.array([400.0, 50.0]), proposal.click_deviation) for j in range(4)]

    assert proposer.reconsider(_PIXELS, proposal, heap) is proposal
    assert min(box.side for box in proposer.model.looks) > 1.0  # type: ignore[union-attr]


def test_where_the_angle_of_the_box_was_open_it_looks_from_the_likeliest() -> None:
    class Open(Sees):
        def propose(self, pixels: Pixels, box: Box) -> Proposal:
            self.looks.append(box)
            turns = tuple(np.pi / 2 * k for k in range(4))
            mixture = ShapeMixture(np.zeros(1), _SHAPE[None], np.eye(10) * 0.02**2)
            return Proposal(box, mixture, "open", turns=turns)

    proposer = Proposer("It proposes.", None, Open())
    proposal = proposer.propose(_PIXELS, Box(200.0, 250.0, 100.0, 100.0))
    assert proposal is not None
    turned = proposal.box.moved(turn=np.pi / 2)
    evidence = _clicks(proposal, turned.to_image(_SHAPE), 0, 1)

    assert proposer.reconsider(_PIXELS, proposal, evidence) is proposal
    assert len(proposer.model.looks) == 1  # type: ignore[union-attr]
