"""Two estimates of a shape, combined."""

import numpy as np

from landmark_annotator.backends.fill.combined import combined
from landmark_annotator.projects.vocabulary import Shape


def opinion(x: float, deviation: float) -> Shape:
    points = np.array([[x, 5.0], [x, 7.0]])
    return Shape(points, covariances=np.tile(np.eye(2) * deviation**2, (2, 1, 1)))


def test_the_surer_opinion_counts_more() -> None:
    found = combined(opinion(0.0, 1.0), opinion(10.0, 3.0))
    np.testing.assert_allclose(found.points, [[1.0, 5.0], [1.0, 7.0]])


def test_two_equal_opinions_are_no_surer_than_one() -> None:
    """They may rest on the same clicks."""
    found = combined(opinion(4.0, 2.0), opinion(4.0, 2.0))
    np.testing.assert_allclose(found.points[:, 0], 4.0)
    np.testing.assert_allclose(found.covariances, opinion(4.0, 2.0).covariances)


def test_it_does_not_matter_which_is_named_first() -> None:
    one, other = opinion(0.0, 1.0), opinion(10.0, 3.0)
    np.testing.assert_allclose(combined(one, other).points, combined(other, one).points)
    np.testing.assert_allclose(combined(one, other).covariances, combined(other, one).covariances)
