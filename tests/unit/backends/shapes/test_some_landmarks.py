"""Proposals of objects of which the model has learned some landmarks alone."""

from dataclasses import replace

import numpy as np

from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.backends.shapes.recalibration import Recalibration, recalibrated
from landmark_annotator.backends.shapes.some_landmarks import among_all
from landmark_annotator.projects.vocabulary import Box, Evidence

_MEAN = np.array([[-0.3, -0.3], [0.3, -0.3], [0.0, 0.3]])
_LEARNED, _UNLEARNED = [0, 1, 3], 2


def _proposal(*apart: float) -> Proposal:
    """Of classes that lie so far (sides of the box) from the mean."""
    means = np.stack([_MEAN + each for each in apart or (0.0,)])
    mixture = ShapeMixture(np.zeros(len(means)), means, np.eye(6) * 1e-3)
    part = Proposal(Box(50, 50, 100, 100), mixture, "test")
    return among_all(part, np.array(_LEARNED), 4)


def _click(proposal: Proposal, landmark: int, x: float, y: float) -> Evidence:
    return Evidence.click(landmark, np.array([x, y]), proposal.click_deviation)


def test_a_click_on_an_unlearned_landmark_alone_moves_no_other_in_an_unfamiliar_box() -> None:
    proposal = replace(_proposal(), widened=2.0, novelty=2.0)
    before = proposal.given([])

    after = proposal.given([_click(proposal, _UNLEARNED, 90, 80)])

    np.testing.assert_allclose(after.points[_LEARNED], before.points[_LEARNED])
    np.testing.assert_allclose(after.covariances[_LEARNED], before.covariances[_LEARNED])


def test_an_unlearned_landmark_alone_does_not_say_where_a_missed_object_is() -> None:
    assert _proposal().where_missed([_click(_proposal(), _UNLEARNED, 400, 300)]) is None


def test_a_click_on_an_unlearned_landmark_moves_no_box_of_a_missed_object() -> None:
    proposal = _proposal()
    away = proposal.given([]).points + np.array([150, 20])
    clicks = [_click(proposal, j, *away[j]) for j in _LEARNED]

    found = proposal.where_missed([*clicks, _click(proposal, _UNLEARNED, 190, 110)])

    assert found == proposal.where_missed(clicks)


def test_any_proposal_explains_unlearned_landmarks() -> None:
    assert _proposal().explains([_click(_proposal(), _UNLEARNED, 400, 300)]) == 0.0


def test_recalibration_widens_what_is_learned_by_all_of_it() -> None:
    proposal = _proposal(-0.05, 0.05)

    wider = recalibrated(proposal, Recalibration(widening=4.0))

    before, after = (each.mixture.landmark_covariances for each in (proposal, wider))
    traces = [np.trace(each, axis1=1, axis2=2) for each in (before, after)]
    np.testing.assert_allclose(traces[1][_LEARNED].sum(), 4.0 * traces[0][_LEARNED].sum())
    np.testing.assert_allclose(traces[1][_UNLEARNED], traces[0][_UNLEARNED])
