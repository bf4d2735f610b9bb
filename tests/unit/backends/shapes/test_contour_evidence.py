"""A click on a contour: sure across it, free along it."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Curve, Evidence, Scheme

LINE = Scheme("line", tuple("abcde"), curves=(Curve("line", (0, 1, 2, 3, 4)),))
MEAN = np.stack([np.linspace(-0.4, 0.4, 5), np.zeros(5)], axis=1)


@pytest.fixture
def proposal() -> Proposal:
    """A level line that is likely to be off as a whole, and each of its landmarks a little."""
    together = np.kron(np.ones((5, 5)), np.eye(2)) * 0.05**2
    residual = together + np.eye(10) * 0.02**2
    return Proposal(Box(50, 50, 100, 100), ShapeMixture(np.zeros(1), MEAN[None], residual), "line")


def traced(proposal: Proposal, landmark: int, place: tuple[float, float]) -> Evidence:
    before = proposal.given([])
    piece = proposal.traced(before.points, before.covariances, LINE, landmark, np.array(place))
    assert piece is not None
    return piece


def test_the_contour_moves_to_the_click_and_the_landmark_stays_along_it(proposal: Proposal) -> None:
    before = proposal.given([]).points
    after = proposal.given([traced(proposal, 2, (55.0, 56.0))]).points
    assert after[2, 1] == pytest.approx(56.0)
    assert before[2, 0] <= after[2, 0] < 53.0
    assert (after[:, 1] > before[:, 1] + 4).all()


def test_across_it_is_as_sure_as_a_click_and_along_it_hardly_more_than_before(
    proposal: Proposal,
) -> None:
    believed = proposal.given([]).covariances[2]
    given = proposal.given([traced(proposal, 2, (50.0, 53.0))]).covariances[2]
    exact = proposal.given([Evidence.click(2, np.array([50.0, 53.0]), proposal.click_deviation)])
    assert given[1, 1] == pytest.approx(exact.covariances[2, 1, 1], rel=1e-6)
    assert 0.8 * believed[0, 0] < given[0, 0] < believed[0, 0]


def test_ends_are_points_of_their_own(proposal: Proposal) -> None:
    before, end = proposal.given([]), np.array([10.0, 50.0])
    assert proposal.traced(before.points, before.covariances, LINE, 0, end) is None


def test_far_beside_its_contour_a_click_says_where_the_landmark_is(proposal: Proposal) -> None:
    """The line lies below and the other way round: along what was shown they slid away."""
    places = {1: (90.0, 110.0), 2: (60.0, 110.0), 3: (40.0, 110.0)}
    pieces = [traced(proposal, landmark, place) for landmark, place in places.items()]
    after = proposal.given(pieces).points
    for landmark, place in places.items():
        assert np.linalg.norm(after[landmark] - place) < 10.0


def test_near_it_a_click_is_on_it_however_near_its_landmarks_are() -> None:
    names = tuple(f"p{i}" for i in range(41))
    scheme = Scheme("dense", names, curves=(Curve("line", tuple(range(41))),))
    mean = np.stack([np.linspace(-0.4, 0.4, 41), np.zeros(41)], axis=1)
    mixture = ShapeMixture(np.zeros(1), mean[None], np.eye(82) * 0.02**2)
    before = (dense := Proposal(Box(50, 50, 100, 100), mixture, "line")).given([])

    piece = dense.traced(before.points, before.covariances, scheme, 20, np.array([50.0, 60.0]))

    assert piece is not None
    assert piece.free_along is not None


def test_what_is_seen_of_doubt_along_a_contour_is_what_lies_across(proposal: Proposal) -> None:
    posterior = proposal.given([])
    seen = posterior.expected_visible(LINE)
    assert seen[1] == pytest.approx(np.sqrt(2 / np.pi * posterior.covariances[1, 1, 1]))
    assert seen[0] > seen[1]
    assert posterior.predicted_visible_error(LINE, proposal.box) < posterior.predicted_error(
        LINE, proposal.box
    )


@pytest.mark.parametrize("missing", [[2], [3], [0, 1, 2, 3, 4]])
@pytest.mark.parametrize("place", [(50.0, 53.0), (50.0, 95.0)])
def test_where_the_contour_is_nowhere_beside_it_the_landmark_itself_is_meant(
    proposal: Proposal, missing: list[int], place: tuple[float, float]
) -> None:
    before = proposal.given([])
    points, covariances = before.points.copy(), before.covariances.copy()
    points[missing], covariances[missing] = np.nan, np.nan
    assert proposal.traced(points, covariances, LINE, 2, np.array(place)) is None
