"""What clicks say of how sure the rest may be, beside where it is."""

from itertools import permutations

import numpy as np
import pytest

from landmark_annotator.backends.shapes.conditioning import condition
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.backends.shapes.rules import HARD
from landmark_annotator.backends.shapes.unexpected import excess
from landmark_annotator.projects.vocabulary import Box, Evidence

_SIDE = 100.0
_DEVIATION = 0.02
"""In sides of the box, of each landmark."""
_MEAN = np.array([[-0.3, -0.3], [0.3, -0.3], [0.3, 0.3], [-0.3, 0.3], [0.0, 0.0]])


def _proposal(degrees: float = np.inf, classes: int = 1) -> Proposal:
    near = np.exp(-((_MEAN[:, None] - _MEAN[None]) ** 2).sum(axis=2) / 0.5)
    residual = np.kron(_DEVIATION**2 * (0.9 * near + 0.1 * np.eye(len(_MEAN))), np.eye(2))
    turned = np.array([[0.0, -1.0], [1.0, 0.0]])
    exemplars = np.stack([_MEAN, _MEAN @ turned.T])[:classes]
    mixture = ShapeMixture(np.full(classes, -np.log(classes)), exemplars, residual)
    return Proposal(Box(50, 50, _SIDE, _SIDE), mixture, "test", degrees)


def _click(proposal: Proposal, landmark: int, x: float, y: float = 0.0) -> Evidence:
    """So many deviations from where the landmark is expected."""
    place = _MEAN[landmark] + _DEVIATION * np.array([x, y])
    return Evidence.click(landmark, proposal.box.to_image(place), proposal.click_deviation)


def _gaussian(proposal: Proposal, evidence: list[Evidence]) -> np.ndarray:
    """(L, 2, 2) in squared pixels, by conditioning alone."""
    found = condition(proposal.mixture, proposal._framed(evidence))
    return proposal.box.covariance_to_image(found.landmark_covariances)


@pytest.mark.parametrize("degrees", [np.inf, 5.0])
def test_clicks_that_were_to_be_expected_leave_what_conditioning_does(degrees: float) -> None:
    proposal = _proposal(degrees)
    evidence = [_click(proposal, 0, 2.0), _click(proposal, 2, 0.0, -2.5)]
    found = proposal.given(evidence).covariances
    np.testing.assert_array_equal(found, _gaussian(proposal, evidence))


def test_the_farther_off_a_click_the_less_sure_are_the_others() -> None:
    proposal = _proposal()
    before = 0.0
    for away in (6.0, 12.0, 24.0):
        evidence = [_click(proposal, 0, away)]
        deviations = np.sqrt(np.trace(proposal.given(evidence).covariances[1:], axis1=1, axis2=2))
        assert deviations.min() > before
        before = deviations.max()
    usual = np.sqrt(np.trace(_gaussian(proposal, evidence)[1:], axis1=1, axis2=2))
    assert (deviations > 5 * usual).all()


def test_where_the_others_are_does_not_change_by_that() -> None:
    proposal = _proposal()
    evidence = [_click(proposal, 0, 20.0)]
    expected = condition(proposal.mixture, proposal._framed(evidence)).mean
    found = proposal.given(evidence).points
    np.testing.assert_allclose(found[1:], proposal.box.to_image(expected)[1:])


def test_a_clicked_landmark_stays_as_sure_as_a_click() -> None:
    proposal = _proposal()
    posterior = proposal.given([_click(proposal, 0, 40.0)])
    own = np.sqrt(np.diag(posterior.covariances[0]))
    assert (own < 1.01 * proposal.click_deviation).all()


def test_heavy_tails_expect_clicks_that_are_farther_off() -> None:
    evidence = [_click(_proposal(), 0, 3.5)]
    framed = _proposal()._framed(evidence)

    def asked(degrees: float) -> float:
        prior = _proposal().mixture
        return excess(prior, framed, prior.size, degrees)

    assert asked(np.inf) > asked(20.0) > asked(4.0) == 1.0


def test_the_order_of_the_clicks_is_of_no_matter() -> None:
    proposal = _proposal()
    evidence = [_click(proposal, 0, 20.0), _click(proposal, 3, 0.0, -9.0), _click(proposal, 4, 1.0)]
    found = [proposal.given(list(each)).covariances for each in permutations(evidence)]
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], rtol=1e-9)


def test_a_class_that_the_clicks_speak_for_is_no_surprise() -> None:
    proposal = _proposal(classes=2)
    turned = proposal.mixture.means()[1]
    evidence = [
        Evidence.click(j, proposal.box.to_image(turned[j]), proposal.click_deviation)
        for j in (0, 2)
    ]
    found = proposal.given(evidence).covariances
    np.testing.assert_array_equal(found, _gaussian(proposal, evidence))


def test_the_paper_s_rule_stays_the_paper_s() -> None:
    proposal = _proposal()
    evidence = [_click(proposal, 0, 30.0)]
    found = proposal.given(evidence, HARD).covariances
    whole = proposal.box.covariance_to_image(proposal.mixture.landmark_covariances)
    np.testing.assert_allclose(found[1:], whole[1:])
