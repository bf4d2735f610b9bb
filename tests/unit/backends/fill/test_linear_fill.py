"""The rest of a shape by regression from its clicked landmarks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.fill.linear import LinearFill
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import TooFewLabels

BOX = Box(100, 100, 100, 100)
CLICKED = (0, 2, 5)


def shapes(count: int, seed: int = 0) -> list[Floats]:
    """Eight landmarks of which the last is always the middle of the third and the sixth, in
    pictures that are turned and scaled."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        points = np.array([[0, 0], [1, 0], [2, 0.2], [2, 1], [1, 1.2], [0, 1], [0.5, 0.5], [0, 0]])
        points = points * 40 + random.normal(0, 3, (8, 2))
        points[7] = (points[2] + points[5]) / 2
        angle, scale = random.normal(0, 0.3), np.exp(random.normal(0, 0.2))
        turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        found.append(points @ turn.T + random.normal(100, 20, 2))
    return found


def sparse(shape: Floats) -> Floats:
    known = np.isin(np.arange(len(shape)), CLICKED)
    return np.where(known[:, None], shape, np.nan)


@pytest.fixture(scope="module")
def fitted() -> LinearFill:
    learned = shapes(60)
    return LinearFill.fitted(learned, [BOX] * 60, CLICKED)


def test_a_landmark_that_follows_from_the_clicks_is_found(fitted: LinearFill) -> None:
    for truth in shapes(10, seed=1):
        filled, _ = fitted.fill(sparse(truth), BOX)
        assert np.linalg.norm(filled[7] - truth[7]) < 1.5
        assert np.linalg.norm(filled - truth, axis=1).max() < 30


def test_clicked_landmarks_stay_where_they_are(fitted: LinearFill) -> None:
    truth = shapes(1, seed=2)[0]
    filled, _ = fitted.fill(sparse(truth), BOX)
    assert np.array_equal(filled[list(CLICKED)], truth[list(CLICKED)])


def test_it_is_unsure_of_what_does_not_follow_and_right_about_how_unsure(
    fitted: LinearFill,
) -> None:
    squares = []
    for truth in shapes(200, seed=3):
        filled, covariances = fitted.fill(sparse(truth), BOX)
        offset = truth[6] - filled[6]
        squares.append(offset @ np.linalg.solve(covariances[6], offset))
        assert np.trace(covariances[7]) < 0.2 * np.trace(covariances[6])
    assert 1.4 < np.mean(squares) < 2.8  # two coordinates


@settings(max_examples=25, deadline=None)
@given(st.floats(-3, 3), st.floats(0.2, 5), st.floats(-500, 500))
def test_it_turns_scales_and_moves_with_the_image(
    fitted: LinearFill, angle: float, scale: float, shift: float
) -> None:
    truth = sparse(shapes(1, seed=4)[0])
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved, _ = fitted.fill(truth @ turn.T + shift, BOX)
    assert np.allclose(moved, fitted.fill(truth, BOX)[0] @ turn.T + shift, atol=1e-6 * scale)


def test_a_single_click_is_seen_in_the_box(fitted: LinearFill) -> None:
    learned = [BOX.to_image(Box.square_around(s).to_frame(s)) for s in shapes(30)]
    one = LinearFill.fitted(learned, [BOX] * 30, [3])
    points = np.full((8, 2), np.nan)
    points[3] = learned[0][3]
    filled, _ = one.fill(points, BOX)
    assert np.isfinite(filled).all()
    assert np.linalg.norm(filled - learned[0], axis=1).mean() < 20


def test_too_few_shapes_are_refused() -> None:
    with pytest.raises(TooFewLabels, match="at least 5 complete shapes, not 4"):
        LinearFill.fitted(shapes(4), [BOX] * 4, CLICKED)
