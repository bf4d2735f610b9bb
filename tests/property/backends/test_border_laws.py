"""Laws of borders and landmarks as evidence for each other."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.borders.landmark_evidence import border_evidence
from landmark_annotator.backends.borders.mask_evidence import with_landmarks
from landmark_annotator.projects.vocabulary import Evidence
from landmark_annotator.projects.vocabulary.arrays import AnyFloats
from tests.unit.backends.borders.ring import COUNT, SIDE, SIZE, borders, disk, proposal, ring

LEARNED = borders()
RADII = st.floats(26, 34)
PLACES = st.tuples(st.floats(72, 78), st.floats(72, 78))
LANDMARKS = st.lists(st.integers(0, COUNT - 1), max_size=5, unique=True)


PROPOSAL = proposal()


def clicked(landmarks: list[int], radius: float, centre: tuple[float, float]) -> list[Evidence]:
    truth = ring(radius, centre)
    return [Evidence.click(j, truth[j], PROPOSAL.click_deviation) for j in landmarks]


def told(evidence: list[Evidence], radius: float, centre: tuple[float, float]) -> list[Evidence]:
    masks = {"disk": disk(radius, centre)}
    without = [piece.landmark for piece in evidence]
    return border_evidence(PROPOSAL.given(evidence), SIDE, masks, LEARNED, without)


@settings(max_examples=30, deadline=None)
@given(RADII, PLACES, LANDMARKS)
def test_a_mask_brings_the_landmarks_nearer_to_its_border(
    radius: float, centre: tuple[float, float], landmarks: list[int]
) -> None:
    evidence = clicked(landmarks, radius, centre)
    before = PROPOSAL.given(evidence).points
    after = PROPOSAL.told(told(evidence, radius, centre)).given(evidence).points

    def off(points: AnyFloats) -> float:
        return float(abs(np.linalg.norm(points - centre, axis=1) - radius).mean())

    assert off(after) <= max(off(before), 1.0)
    assert off(after) < 2.0


@settings(max_examples=30, deadline=None)
@given(RADII, PLACES, LANDMARKS, st.randoms(use_true_random=False))
def test_the_order_of_clicks_is_of_no_matter_beside_masks(
    radius: float, centre: tuple[float, float], landmarks: list[int], random: Random
) -> None:
    evidence = clicked(landmarks, radius, centre)
    shuffled = list(evidence)
    random.shuffle(shuffled)
    one = PROPOSAL.told(told(evidence, radius, centre)).given(evidence)
    other = PROPOSAL.told(told(shuffled, radius, centre)).given(shuffled)

    assert np.allclose(one.points, other.points, atol=1e-6)
    assert np.allclose(one.covariances, other.covariances, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(RADII, PLACES)
def test_a_border_is_sure_across_and_free_along(radius: float, centre: tuple[float, float]) -> None:
    for piece in told([], radius, centre):
        out = piece.position - centre
        across, along = np.linalg.eigh(piece.covariance)[0]
        sure = np.linalg.eigh(piece.covariance)[1][:, 0]
        assert along > 100 * across
        assert abs(sure @ out) > np.cos(np.radians(20)) * np.linalg.norm(out)


@settings(max_examples=30, deadline=None)
@given(RADII, PLACES, LANDMARKS)
def test_a_landmark_that_a_mask_tells_of_can_still_be_asked_for(
    radius: float, centre: tuple[float, float], landmarks: list[int]
) -> None:
    evidence = clicked(landmarks, radius, centre)
    found = PROPOSAL.told(told(evidence, radius, centre)).given(evidence)

    assert set(np.flatnonzero(found.drops == 0)) == set(landmarks)


@settings(max_examples=30, deadline=None)
@given(RADII, PLACES, st.floats(0.02, 0.98))
def test_landmarks_move_the_border_of_a_mask_to_them(
    radius: float, centre: tuple[float, float], before: float
) -> None:
    likely = np.stack([np.full((SIZE, SIZE), each) for each in (1 - before, before)])
    found = with_landmarks(likely, ring(radius, centre), None, SIDE, LEARNED)
    rows, columns = np.mgrid[:SIZE, :SIZE]
    outward = np.hypot(columns - centre[0], rows - centre[1]) - radius

    assert np.allclose(found.sum(axis=0), 1)
    assert (found[1][(outward > -4) & (outward < -2)] > before).all()
    assert (found[1][(outward > 2) & (outward < 4)] < before).all()
    assert np.allclose(found[1][outward > 15], before, atol=0.03)


@settings(max_examples=20, deadline=None)
@given(RADII, PLACES)
def test_the_less_landmarks_are_known_the_less_they_say(
    radius: float, centre: tuple[float, float]
) -> None:
    likely = np.full((2, SIZE, SIZE), 0.5)
    moved = []
    for deviation in (0.1, 3.0, 300.0):
        covariances = np.tile(deviation**2 * np.eye(2), (COUNT, 1, 1))
        found = with_landmarks(likely, ring(radius, centre), covariances, SIDE, LEARNED)
        moved.append(abs(found - likely).max())

    assert moved[0] > moved[1] > moved[2]
    assert moved[2] < 0.01


@settings(max_examples=20, deadline=None)
@given(LANDMARKS)
def test_unknown_landmarks_say_nothing(landmarks: list[int]) -> None:
    points = np.full((COUNT, 2), np.nan)
    points[landmarks[:1]] = 75.0
    likely = np.full((2, SIZE, SIZE), 0.5)

    assert np.allclose(with_landmarks(likely, points, None, SIDE, LEARNED), likely)
