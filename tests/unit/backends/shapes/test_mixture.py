import numpy as np
import pytest

from landmark_annotator.backends.shapes import ShapeMixture
from landmark_annotator.backends.shapes.summaries.marginals import heat_map
from landmark_annotator.backends.shapes.summaries.modes import modes


def two_poses(weight: float) -> ShapeMixture:
    """Three landmarks on a line that leans left or right."""
    left = np.array([[-0.3, 0.0], [0.0, 0.0], [0.3, 0.2]])
    right = left * [1.0, -1.0]
    log_weights = np.log([weight * 0.6, weight * 0.4, 1 - weight])
    return ShapeMixture(log_weights, np.stack([left, left + 0.001, right]), np.eye(6) * 0.01**2)


def test_modes_join_what_looks_the_same_and_keep_its_mass() -> None:
    found = modes(two_poses(0.7), separation=0.05)
    assert [mode.weight for mode in found] == pytest.approx([0.7, 0.3])
    assert found[0].shape[2, 1] > 0 > found[1].shape[2, 1]


def test_modes_are_never_more_than_asked_for() -> None:
    assert len(modes(two_poses(0.7), separation=0.0, limit=2)) == 2


def test_a_heat_map_integrates_to_one() -> None:
    axis = np.linspace(-0.5, 0.5, 401)
    grid = np.stack(np.meshgrid(axis, axis, indexing="xy"), axis=-1)
    density = heat_map(two_poses(0.5), 2, grid)
    assert density.sum() * (axis[1] - axis[0]) ** 2 == pytest.approx(1.0, abs=1e-3)


def test_total_covariance_holds_the_spread_between_the_classes() -> None:
    mixture = two_poses(0.5)
    between = 0.2**2  # two poses of equal weight, 0.2 from their mean along y
    assert mixture.landmark_covariances[2, 1, 1] == pytest.approx(between + 0.01**2, rel=0.02)


def test_leading_classes_hold_the_mass_they_promise() -> None:
    random = np.random.default_rng(0)
    mixture = ShapeMixture(random.normal(0, 4, 5000), np.zeros((5000, 1, 2)), np.eye(2))
    assert mixture.weights[mixture.leading].sum() >= 0.999
    assert mixture.weights[mixture.leading[:-1]].sum() < 0.999


@pytest.mark.parametrize(
    ("weights", "residual", "message"),
    [
        (np.zeros(2), np.eye(2), "log_weights"),
        (np.zeros(1), np.eye(4), "residual"),
        (np.full(1, -np.inf), np.eye(2), "finite log-weight"),
    ],
)
def test_parts_that_do_not_fit_are_refused(
    weights: np.ndarray, residual: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ShapeMixture(weights, np.zeros((1, 1, 2)), residual)
