"""What landmarks vary by themselves: learned from shapes that were left out."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes.fitting.gaussian_fit import fit_gaussian
from landmark_annotator.backends.shapes.fitting.specific_variance import Moments, specific_share
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

SIZE = 24
RING = np.stack([[np.cos(a), np.sin(a)] for a in np.linspace(0, 6, SIZE)]) * 0.4


def shapes_of(seed: int, count: int, own: float) -> Floats:
    """Rings that move as wholes, and each landmark with a deviation of its own besides."""
    random = np.random.default_rng(seed)
    together = random.normal(0, 0.05, (count, 1, 2))
    return np.asarray(RING + together + random.normal(0, own, (count, SIZE, 2)))


def squared(shapes: Floats, mean: Floats, covariance: Floats) -> float:
    """Mean squared distance of shapes from the mean by the covariance, a coordinate."""
    offsets = (shapes - mean).reshape(len(shapes), -1)
    whitened = np.linalg.solve(np.linalg.cholesky(covariance), offsets.T)
    return float((whitened**2).mean())


@pytest.mark.parametrize("count", [6, 12, 30])
@pytest.mark.parametrize("own", [0.01, 0.03])
def test_new_shapes_are_as_far_off_as_the_fit_expects(count: int, own: float) -> None:
    mean, covariance = fit_gaussian(shapes_of(0, count, own))
    assert 0.5 < squared(shapes_of(1, 200, own), mean, covariance) < 2.0


def chosen(flat: Floats, groups: list[str] | None = None) -> float:
    """Of a covariance that knows nothing but the common movement."""

    def fitted(numbers: Ints) -> Moments:
        together = np.kron(np.ones((SIZE, SIZE)), 0.05**2 * np.eye(2))
        return Moments(flat[numbers].mean(axis=0), together + 1e-8 * np.eye(2 * SIZE))

    own = np.full(2 * SIZE, 0.05**2)
    return specific_share(flat, np.zeros_like(flat), own, fitted, groups)


def test_the_share_is_that_of_the_landmarks_own_movements() -> None:
    for own, share in ((0.0, 0.0), (0.005, 0.01), (0.05 * np.sqrt(0.1), 0.1)):
        assert chosen(shapes_of(0, 40, own).reshape(40, -1)) == share


def test_related_shapes_are_left_out_together() -> None:
    """Near copies of four shapes tell nothing new of each other's landmarks."""
    random = np.random.default_rng(0)
    shapes = np.repeat(shapes_of(0, 4, 0.03), 6, axis=0)
    shapes += random.normal(0, 1e-4, shapes.shape)
    persons = [str(number // 6) for number in range(24)]
    new = shapes_of(1, 100, 0.03)
    alone, together = (fit_gaussian(shapes, groups=groups) for groups in (None, persons))
    assert squared(new, *together) < 0.5 * squared(new, *alone)


def test_what_is_more_uncertain_than_shapes_vary_says_nothing() -> None:
    flat = shapes_of(0, 12, 0.01).reshape(12, -1)
    variances = np.zeros_like(flat)
    variances[:, :4] = 1.0
    wild = flat.copy()
    wild[:, :4] += np.random.default_rng(0).normal(0, 1.0, (12, 4))
    own = np.full(2 * SIZE, 0.05**2)

    def fitted(numbers: Ints) -> Moments:
        return Moments(flat[numbers].mean(axis=0), 0.05**2 * np.eye(2 * SIZE))

    expected = specific_share(flat, variances, own, fitted)
    assert specific_share(wild, variances, own, fitted) == expected
