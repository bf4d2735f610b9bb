"""The sample that stands for very many classes: its averages are near the exact ones, or unused."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.shapes import ShapeMixture, condition
from landmark_annotator.backends.shapes.engine import kernels
from landmark_annotator.backends.shapes.engine.importance_sample import (
    BACKING,
    POOL,
    POOLED_FROM,
    SAMPLED_OF_POOL,
    Pool,
)
from landmark_annotator.backends.shapes.engine.kernels import numpy_only
from landmark_annotator.backends.shapes.engine.weight_order import SLACK
from landmark_annotator.projects.vocabulary import Evidence
from tests.property.backends.test_weight_order_laws import (
    SEEDS,
    SIZE,
    clicks_on,
    residual_blocks,
    steep_mixture,
)

LAWS = settings(max_examples=8, deadline=None)
STEEPNESS = st.sampled_from([0.1, 1.0, 2.0, 5.0])


def many_classes(seed: int, steepness: float) -> ShapeMixture:
    return steep_mixture(seed, steepness, POOLED_FROM)


def pool_of(mixture: ShapeMixture) -> Pool:
    weights = mixture.weights
    return Pool.of(mixture.exemplars, weights.astype(np.float32), float(weights.sum()))


@LAWS
@given(seed=SEEDS, steepness=STEEPNESS)
def test_the_pool_holds_heavy_classes_exactly_and_stands_for_all(
    seed: int, steepness: float
) -> None:
    mixture = many_classes(seed, steepness)
    pool = pool_of(mixture)
    assert pool.drawn.classes is not None
    held = np.exp(pool.drawn.log_weights)
    heavy = np.flatnonzero(mixture.weights > 1.001 / POOL)
    assert np.isin(heavy, pool.drawn.classes).all()
    own = pool.drawn.classes[~pool.light]
    np.testing.assert_allclose(held[~pool.light], mixture.weights[own], rtol=1e-5)
    assert pool.light_mass == pytest.approx(1 - mixture.weights[own].sum(), abs=1e-4)
    # A count of independent draws, each at most one: within six deviations.
    assert held.sum() == pytest.approx(1, abs=6 * np.sqrt(pool.light_mass / POOL))


@LAWS
@given(
    seed=SEEDS,
    steepness=STEEPNESS,
    count=st.integers(1, SIZE),
    far=st.sampled_from([0.0, 0.15]),
    compiled=st.booleans(),
)
def test_averages_after_clicks_are_those_of_all_classes_within_the_promised_error(
    seed: int, steepness: float, count: int, far: float, compiled: bool
) -> None:
    if compiled:
        assert kernels.compile_now()
        _near_the_exact(many_classes(seed, steepness), clicks_on(seed, count, far))
    else:
        with numpy_only():
            _near_the_exact(many_classes(seed, steepness), clicks_on(seed, count, far))


def _near_the_exact(mixture: ShapeMixture, clicks: list[Evidence]) -> None:
    posterior = condition(mixture, clicks)
    weights, means = posterior.weights, posterior.means()
    exact = np.einsum("k,kla->la", weights, means)
    squares = ((means - exact) ** 2).sum(axis=2)
    share = 6 * np.sqrt(1 / BACKING + 1 / SAMPLED_OF_POOL)
    unseen = SLACK * np.ptp(means, axis=0).max()
    away = np.linalg.norm(posterior.mean - exact, axis=1)
    # Of the exact spread, or the largest that a light class can make where few classes hold all.
    assert (away <= share * np.sqrt(weights @ squares) + unseen + 1e-6).all()
    between = np.trace(posterior.landmark_covariances - residual_blocks(posterior), 0, 1, 2)
    spread = share * np.sqrt(weights @ squares**2) + unseen**2 + 1e-6
    assert (np.abs(between - weights @ squares) <= spread).all()


@LAWS
@example(seed=2548)
@given(seed=SEEDS)
def test_a_click_that_only_a_light_class_explains_is_not_left_to_the_pool(seed: int) -> None:
    """One class alone lies where the click is, with next to none of the weight beforehand."""
    assert kernels.compile_now()  # whose weights are of single precision
    mixture = many_classes(seed, 1.0)
    shapes = mixture.exemplars.shapes.copy()
    lonely = int(np.argmin(mixture.log_weights))
    shapes[lonely] += 3.0
    mixture = ShapeMixture(mixture.log_weights, shapes, mixture.residual)
    posterior = condition(mixture, [Evidence.click(0, shapes[lonely, 0].astype(float), 0.01)])
    classes, weights = posterior.representative
    assert weights[classes == lonely] == pytest.approx([1.0])
    np.testing.assert_allclose(posterior.mean, shapes[lonely], atol=1e-4)


@LAWS
@given(seed=SEEDS, count=st.integers(1, SIZE))
def test_the_order_of_clicks_does_not_matter_to_the_pool(seed: int, count: int) -> None:
    clicks = clicks_on(seed, count, 0.0)
    one, other = many_classes(seed, 1.0), many_classes(seed, 1.0)
    for until in range(1, count + 1):
        _ = condition(other, clicks[::-1][:until]).mean
    np.testing.assert_allclose(
        condition(one, clicks).mean, condition(other, clicks[::-1]).mean, atol=2e-4
    )


@LAWS
@given(seed=SEEDS, count=st.integers(1, SIZE))
def test_the_compiled_pool_is_that_of_numpy(seed: int, count: int) -> None:
    """But for classes at the very edge of being taken."""
    assert kernels.compile_now()
    clicks = clicks_on(seed, count, 0.0)
    compiled = condition(many_classes(seed, 1.0), clicks).mean
    with numpy_only():
        plain = condition(many_classes(seed, 1.0), clicks).mean
    np.testing.assert_allclose(compiled, plain, atol=1e-3)
