"""Clicks on an object that is not where its proposal has it."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from landmark_annotator.backends.shapes.conditioning import condition
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.posterior import Posterior
from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.projects.vocabulary import Box, Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats

_SIDE = 100.0
_DEVIATION = 0.02
_MEAN = np.array([[-0.3, -0.3], [0.3, -0.3], [0.3, 0.3], [-0.3, 0.3], [0.0, 0.1]])


def _proposal() -> Proposal:
    near = np.exp(-((_MEAN[:, None] - _MEAN[None]) ** 2).sum(axis=2) / 0.5)
    residual = np.kron(_DEVIATION**2 * (0.9 * near + 0.1 * np.eye(len(_MEAN))), np.eye(2))
    return Proposal(
        Box(50, 50, _SIDE, _SIDE), ShapeMixture(np.zeros(1), _MEAN[None], residual), "test"
    )


def _clicks(proposal: Proposal, truth: Floats, *landmarks: int) -> list[Evidence]:
    """truth: (L, 2) in image pixels."""
    return [Evidence.click(j, truth[j], proposal.click_deviation) for j in landmarks]


def _off(posterior: Posterior, truth: Floats) -> Floats:
    """(L,) in sides of the box."""
    return np.asarray(np.linalg.norm(posterior.points - truth, axis=1)) / _SIDE


def _turned(points: Floats, degrees: float) -> Floats:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    middle = points.mean(axis=0)
    return np.asarray((points - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle)


@pytest.mark.parametrize("away", [(0.5, 0.2), (-1.0, 0.3), (0.0, 3.0), (300.0, -200.0)])
def test_two_clicks_on_the_object_beside_carry_the_whole_shape_there(
    away: tuple[float, float],
) -> None:
    proposal = _proposal()
    truth = proposal.given([]).points + _SIDE * np.array(away)

    posterior = proposal.given(_clicks(proposal, truth, 0, 2))

    assert _off(posterior, truth).max() < 0.05
    assert np.isfinite(posterior.covariances).all()


@pytest.mark.parametrize("degrees", [90.0, 180.0])
def test_an_object_that_lies_the_other_way_round_is_turned_by_three(degrees: float) -> None:
    proposal = _proposal()
    truth = _turned(proposal.given([]).points, degrees)

    assert _off(proposal.given(_clicks(proposal, truth, 0, 1, 2)), truth).max() < 0.05


def test_one_click_far_outside_the_box_takes_the_others_along() -> None:
    proposal = _proposal()
    truth = proposal.given([]).points + _SIDE * np.array([3.0, 0.0])

    before, after = (
        _off(proposal.given([]), truth),
        _off(proposal.given(_clicks(proposal, truth, 0)), truth),
    )

    assert after.mean() < 0.35 * before.mean()


def test_one_landmark_that_is_anywhere_leaves_the_others_where_they_are() -> None:
    proposal = _proposal()
    truth = proposal.given([]).points
    truth[4] += _SIDE * np.array([0.3, 0.2])
    evidence = _clicks(proposal, truth, 4)

    expected = condition(proposal.mixture, proposal._framed(evidence)).mean

    found = proposal.given(evidence).points
    np.testing.assert_allclose(found[:4], proposal.box.to_image(expected)[:4])


def test_another_one_that_is_right_keeps_the_object_where_it_is() -> None:
    proposal = _proposal()
    truth = proposal.given([]).points
    truth[4] += _SIDE * np.array([0.6, 0.4])
    evidence = _clicks(proposal, truth, 4, 0)

    expected = condition(proposal.mixture, proposal._framed(evidence)).mean

    found = proposal.given(evidence).points
    np.testing.assert_allclose(found[1:4], proposal.box.to_image(expected)[1:4])


def test_what_was_carried_along_is_as_unsure_as_it_is_off() -> None:
    proposal = _proposal()
    truth = proposal.given([]).points + _SIDE * np.array([3.0, 0.0])
    posterior = proposal.given(_clicks(proposal, truth, 0))

    expected = np.sqrt(np.trace(posterior.covariances[1:], axis1=1, axis2=2)) / _SIDE

    assert (expected > 0.5 * _off(posterior, truth)[1:]).all()
    assert posterior.query in (1, 2, 3)  # what is far from the first tells how it is turned


def test_clicked_landmarks_are_as_sure_as_clicks() -> None:
    proposal = _proposal()
    truth = proposal.given([]).points + _SIDE * np.array([1.0, 0.0])
    posterior = proposal.given(_clicks(proposal, truth, 0, 2))

    own = np.sqrt(posterior.covariances[[0, 2]][:, [0, 1], [0, 1]])

    assert (own < 1.05 * proposal.click_deviation).all()


def test_their_order_is_of_no_matter() -> None:
    proposal = _proposal()
    truth = _turned(proposal.given([]).points + _SIDE * np.array([0.7, 0.1]), 40.0)
    found = [proposal.given(list(each)) for each in permutations(_clicks(proposal, truth, 0, 2, 4))]

    for other in found[1:]:
        np.testing.assert_allclose(other.points, found[0].points, rtol=1e-9)
        np.testing.assert_allclose(other.covariances, found[0].covariances, rtol=1e-6)


def test_where_the_like_was_never_seen_it_may_always_have_been_missed() -> None:
    familiar = _proposal()
    unfamiliar = replace(familiar, novelty=30.0)
    expected = _clicks(familiar, familiar.given([]).points + 1.0, 0)

    assert familiar.where_missed(expected) is None
    assert unfamiliar.where_missed([]) is None
    box = unfamiliar.where_missed(expected)
    assert box is not None
    assert abs(box.centre_x - familiar.box.centre_x) < 0.1 * _SIDE


def _unfamiliar() -> Proposal:
    """Of a box that shows nothing of what the model has learned."""
    known = _proposal()
    wide = ShapeMixture(np.zeros(1), _MEAN[None], 900 * known.mixture.residual)
    return replace(known, mixture=wide, novelty=900.0, widened=900.0)


def test_where_the_like_was_never_seen_three_clicks_carry_the_shape_as_it_is_known() -> None:
    proposal = _unfamiliar()
    truth = _turned(proposal.given([]).points, 90.0) + _SIDE * np.array([0.5, 0.3])

    posterior = proposal.given(_clicks(proposal, truth, 0, 1, 2))

    assert _off(posterior, truth).max() < 0.05
    expected = np.sqrt(np.trace(posterior.covariances, axis1=1, axis2=2)) / _SIDE
    assert expected.max() < 0.1


def test_without_a_click_it_is_as_unsure_as_it_was_made() -> None:
    proposal = _unfamiliar()
    np.testing.assert_array_equal(
        proposal.given([]).covariances, replace(proposal, widened=1.0).given([]).covariances
    )


def test_another_shape_than_the_known_one_is_believed_where_clicks_tell_it() -> None:
    """What the model has never seen may look otherwise, and not only lie elsewhere."""
    proposal = _unfamiliar()
    truth = proposal.box.to_image(_MEAN[[2, 3, 1, 0, 4]])
    evidence = _clicks(proposal, truth, 0, 1, 2, 3)

    expected = condition(proposal.mixture, proposal._framed(evidence)).mean

    found = proposal.given(evidence).points
    np.testing.assert_allclose(found[4], proposal.box.to_image(expected)[4], atol=1.0)


def test_the_order_of_clicks_on_it_is_of_no_matter() -> None:
    proposal = _unfamiliar()
    truth = _turned(proposal.given([]).points + _SIDE * np.array([0.7, 0.1]), 40.0)
    found = [proposal.given(list(each)) for each in permutations(_clicks(proposal, truth, 0, 2, 4))]

    for other in found[1:]:
        np.testing.assert_allclose(other.points, found[0].points, rtol=1e-9)
        np.testing.assert_allclose(other.covariances, found[0].covariances, rtol=1e-6)


def test_the_box_of_what_was_missed_lies_around_it() -> None:
    proposal = _proposal()
    truth = _turned(proposal.given([]).points, 180.0) + _SIDE * np.array([0.4, 0.0])
    box = proposal.where_missed(_clicks(proposal, truth, 0, 1, 2))
    assert box is not None

    assert np.abs(box.to_image(_MEAN) - truth).max() < 0.05 * _SIDE
    assert abs(box.angle) == pytest.approx(np.pi, abs=0.1)


def test_clicks_are_explained_better_where_they_were_expected() -> None:
    proposal = _proposal()
    truth = proposal.given([]).points
    there = replace(proposal, box=proposal.box.moved((0.5, 0.0)))

    evidence = _clicks(proposal, truth, 0, 2)
    assert proposal.explains(evidence) > there.explains(evidence)
