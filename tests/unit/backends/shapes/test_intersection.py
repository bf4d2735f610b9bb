"""Two beliefs whose errors may go together are never surer together than they should be."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes import ShapeMixture
from landmark_annotator.backends.shapes.intersection import intersected
from landmark_annotator.projects.vocabulary.arrays import Floats

SIZE = 3


def covariance(seed: int) -> Floats:
    root = np.random.default_rng(seed).normal(size=(2 * SIZE, 2 * SIZE))
    return root @ root.T + 0.1 * np.eye(2 * SIZE)


def belief(mean: Floats, spread: Floats) -> ShapeMixture:
    return ShapeMixture(np.zeros(1), mean[None], spread)


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_the_same_belief_twice_is_that_belief(share: float) -> None:
    mean, spread = np.random.default_rng(0).normal(size=(SIZE, 2)), covariance(1)
    found = intersected(belief(mean, spread), mean, spread, share)
    assert np.allclose(found.mean, mean)
    assert np.allclose(found.residual, spread)


@pytest.mark.parametrize("together", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_it_claims_no_less_than_its_error_however_the_two_go_together(
    share: float, together: float
) -> None:
    one, other = covariance(2), covariance(3)
    zero = np.zeros((SIZE, 2))
    # The gain of the second is what the mean moves by for a unit of what it says.
    gain = np.stack(
        [
            intersected(belief(zero, one), unit.reshape(SIZE, 2), other, share).mean.ravel()
            for unit in np.eye(2 * SIZE)
        ],
        axis=1,
    )
    rest = np.eye(2 * SIZE) - gain
    cross = together * np.linalg.cholesky(one) @ np.linalg.cholesky(other).T
    error = rest @ one @ rest.T + gain @ other @ gain.T
    error += rest @ cross @ gain.T + gain @ cross.T @ rest.T
    claimed = intersected(belief(zero, one), zero, other, share).residual
    assert np.linalg.eigvalsh(claimed - error).min() > -1e-9


def test_what_one_alone_knows_is_taken_over() -> None:
    sure, unsure = np.eye(2 * SIZE) * 0.01, np.eye(2 * SIZE) * 100.0
    where = np.ones((SIZE, 2))
    found = intersected(belief(np.zeros((SIZE, 2)), unsure), where, sure, 0.5)
    assert np.allclose(found.mean, where, atol=1e-3)
