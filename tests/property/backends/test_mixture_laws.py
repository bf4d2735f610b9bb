"""The laws of conditioning: what must hold for every mixture and every set of clicks."""

from contextlib import AbstractContextManager, nullcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.shapes import (
    ShapeMixture,
    condition,
    condition_hard,
    expected_drops,
)
from landmark_annotator.backends.shapes.engine import kernels
from landmark_annotator.backends.shapes.queries import OFF_COST, TOLERANCE
from landmark_annotator.backends.shapes.summaries.modes import modes
from landmark_annotator.projects.vocabulary import Evidence

SEEDS = st.integers(0, 2**32 - 1)


def random_mixture(seed: int, classes: int, size: int) -> ShapeMixture:
    random = np.random.default_rng(seed)
    root = random.normal(0, 0.02, (2 * size, 2 * size))
    residual = root @ root.T + 1e-5 * np.eye(2 * size)
    exemplars = random.normal(0, 0.1, (classes, size, 2)) + random.uniform(-0.5, 0.5, (size, 2))
    return ShapeMixture(random.normal(0, 1, classes), exemplars, residual)


def random_clicks(seed: int, size: int, count: int) -> list[Evidence]:
    random = np.random.default_rng(seed + 1)
    chosen = random.choice(size, count, replace=False)
    return [
        Evidence.click(int(j), random.uniform(-0.5, 0.5, 2), random.uniform(0.002, 0.02))
        for j in chosen
    ]


def assert_same(a: ShapeMixture, b: ShapeMixture, tolerance: float = 1e-6) -> None:
    np.testing.assert_allclose(a.weights, b.weights, atol=tolerance)
    np.testing.assert_allclose(a.means(), b.means(), atol=tolerance)
    np.testing.assert_allclose(a.residual, b.residual, atol=tolerance)


@given(seed=SEEDS, classes=st.integers(1, 20), size=st.integers(2, 8), data=st.data())
def test_order_of_clicks_does_not_matter(
    seed: int, classes: int, size: int, data: st.DataObject
) -> None:
    mixture = random_mixture(seed, classes, size)
    clicks = random_clicks(seed, size, data.draw(st.integers(2, size)))
    shuffled = data.draw(st.permutations(clicks))
    assert_same(condition(mixture, clicks), condition(mixture, shuffled))


@given(seed=SEEDS, classes=st.integers(1, 20), size=st.integers(2, 8), data=st.data())
def test_one_by_one_is_all_at_once(seed: int, classes: int, size: int, data: st.DataObject) -> None:
    mixture = random_mixture(seed, classes, size)
    clicks = random_clicks(seed, size, data.draw(st.integers(2, size)))
    stepwise = mixture
    for click in clicks:
        stepwise = condition(stepwise, [click])
    assert_same(condition(mixture, clicks), stepwise)


@given(seed=SEEDS, classes=st.integers(1, 20), size=st.integers(1, 8))
def test_conditioning_on_all_landmarks_returns_them(seed: int, classes: int, size: int) -> None:
    truth = np.random.default_rng(seed).uniform(-0.5, 0.5, (size, 2))
    clicks = [Evidence.click(j, truth[j], 1e-6) for j in range(size)]
    posterior = condition(random_mixture(seed, classes, size), clicks)
    np.testing.assert_allclose(posterior.mean, truth, atol=1e-4)


@given(seed=SEEDS, classes=st.integers(1, 20), size=st.integers(2, 8), data=st.data())
def test_residual_covariance_never_grows(
    seed: int, classes: int, size: int, data: st.DataObject
) -> None:
    mixture = random_mixture(seed, classes, size)
    clicks = random_clicks(seed, size, data.draw(st.integers(1, size)))
    shrinkage = mixture.residual - condition(mixture, clicks).residual
    assert np.linalg.eigvalsh(shrinkage).min() > -1e-9


@given(seed=SEEDS, size=st.integers(2, 8), data=st.data())
def test_total_covariance_never_grows_with_one_class(
    seed: int, size: int, data: st.DataObject
) -> None:
    mixture = random_mixture(seed, 1, size)
    clicks = random_clicks(seed, size, data.draw(st.integers(1, size)))
    shrinkage = mixture.covariance - condition(mixture, clicks).covariance
    assert np.linalg.eigvalsh(shrinkage).min() > -1e-9


@given(seed=SEEDS, classes=st.integers(1, 20), size=st.integers(1, 8))
def test_an_uninformative_click_changes_nothing(seed: int, classes: int, size: int) -> None:
    mixture = random_mixture(seed, classes, size)
    click = Evidence.click(0, np.array([0.4, -0.4]), 1e6)
    assert_same(mixture, condition(mixture, [click]))


@given(seed=SEEDS, classes=st.integers(1, 20), size=st.integers(1, 8), data=st.data())
def test_posterior_is_finite_for_any_finite_clicks(
    seed: int, classes: int, size: int, data: st.DataObject
) -> None:
    numbers = st.floats(-1e6, 1e6)
    clicks = [
        Evidence.click(
            data.draw(st.integers(0, size - 1)),
            np.array([data.draw(numbers), data.draw(numbers)]),
            data.draw(st.sampled_from([0.0, 1e-3, 1.0])),
        )
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    posterior = condition(random_mixture(seed, classes, size), clicks)
    assert np.isfinite(posterior.mean).all()
    assert np.isfinite(posterior.covariance).all()


@given(seed=SEEDS, classes=st.integers(2, 20), size=st.integers(2, 6))
def test_weights_follow_bayes_rule(seed: int, classes: int, size: int) -> None:
    mixture = random_mixture(seed, classes, size)
    (click,) = random_clicks(seed, size, 1)
    j = click.landmark
    spread = mixture.residual[2 * j : 2 * j + 2, 2 * j : 2 * j + 2] + click.covariance
    offsets = click.position - mixture.exemplars.shapes[:, j]
    log_likelihood = -0.5 * np.einsum("ka,ab,kb->k", offsets, np.linalg.inv(spread), offsets)
    log_expected = mixture.log_weights + log_likelihood
    expected = np.exp(log_expected - log_expected.max())
    np.testing.assert_allclose(
        condition(mixture, [click]).weights, expected / expected.sum(), atol=1e-6
    )


@given(seed=SEEDS, size=st.integers(2, 8), data=st.data())
def test_the_expected_drop_of_a_gaussian_is_the_drop(
    seed: int, size: int, data: st.DataObject
) -> None:
    mixture = random_mixture(seed, 1, size)
    j = data.draw(st.integers(0, size - 1))
    click = Evidence.click(j, np.zeros(2), 0.01)

    def left_to_mend(belief: ShapeMixture) -> float:
        traces = np.trace(belief.landmark_covariances, axis1=1, axis2=2)
        accepted = np.log(1 - np.exp(-(TOLERANCE**2) / traces)).sum()
        return float(np.sqrt(np.pi) / 2 * np.sqrt(traces).sum() - OFF_COST * accepted)

    drop = left_to_mend(mixture) - left_to_mend(condition(mixture, [click]))
    assert expected_drops(mixture, 0.01)[j] == pytest.approx(drop, rel=1e-3)


@given(seed=SEEDS, classes=st.integers(1, 30), size=st.integers(2, 6), radius=st.floats(0.0, 1.0))
def test_hard_rule_keeps_exactly_the_classes_near_the_click(
    seed: int, classes: int, size: int, radius: float
) -> None:
    mixture = random_mixture(seed, classes, size)
    (click,) = random_clicks(seed, size, 1)
    distance = np.linalg.norm(mixture.exemplars.shapes[:, click.landmark] - click.position, axis=1)
    kept = condition_hard(mixture, [click], radius).weights > 0
    inside = distance <= radius
    assert (kept == inside).all() if inside.any() else kept[np.argmin(distance)]


@settings(max_examples=3, deadline=None)
@given(seed=SEEDS, compiled=st.booleans())
def test_float32_agrees_with_float64_at_140000_classes(seed: int, compiled: bool) -> None:
    """To 1e-3 px in a box of 300 px."""
    random = np.random.default_rng(seed)
    base = random_mixture(seed, 50, 68)
    exemplars = np.repeat(base.exemplars.shapes, 2810, axis=0)[:140_428]
    exemplars = exemplars + random.normal(0, 0.01, exemplars.shape)
    log_weights = random.normal(0, 1, len(exemplars))
    exact = ShapeMixture(log_weights, exemplars, base.residual)
    with ready() if compiled else kernels.numpy_only():
        compact = ShapeMixture(log_weights, exemplars.astype(np.float32), base.residual)
        for count in (1, 3, 10):
            clicks = [
                Evidence.click(int(j), exemplars[7, j] + 0.01, 0.004)
                for j in random.choice(68, count, replace=False)
            ]
            one, other = condition(exact, clicks), condition(compact, clicks)
            assert np.abs(one.mean - other.mean).max() * 300 < 1e-3
            np.testing.assert_allclose(other.covariance, one.covariance, atol=1e-7)


def ready() -> AbstractContextManager[None]:
    assert kernels.compile_now()
    return nullcontext()


def large_mixture(seed: int) -> ShapeMixture:
    """Large enough for the compiled kernels, in float32."""
    mixture = random_mixture(seed, kernels.COMPILED_FROM + 100, 6)
    exemplars = mixture.exemplars.shapes.astype(np.float32)
    return ShapeMixture(mixture.log_weights, exemplars, mixture.residual)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, count=st.integers(1, 6), far=st.sampled_from([0.0, 0.1, 3.0, 1e3]))
def test_compiled_and_numpy_kernels_agree(seed: int, count: int, far: float) -> None:
    mixture = large_mixture(seed)
    clicks = [
        Evidence(piece.landmark, piece.position + far, piece.covariance)
        for piece in random_clicks(seed, 6, count)
    ]
    with ready():
        fast = condition(mixture, clicks)
        found = fast.mean, fast.covariance, fast.landmark_covariances, fast.weights
    with kernels.numpy_only():
        slow = condition(
            ShapeMixture(mixture.log_weights, mixture.exemplars, mixture.residual), clicks
        )
        expected = slow.mean, slow.covariance, slow.landmark_covariances, slow.weights
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=5e-5)
        assert np.isfinite(one).all()


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, data=st.data())
def test_clicks_commute_in_the_compiled_kernels(seed: int, data: st.DataObject) -> None:
    assert kernels.compile_now()
    mixture = large_mixture(seed)
    clicks = random_clicks(seed, 6, 3)
    at_once = condition(mixture, clicks)
    assert_same(at_once, condition(mixture, data.draw(st.permutations(clicks))), 1e-12)
    stepwise = mixture
    for click in clicks:
        stepwise = condition(stepwise, [click])
    assert_same(at_once, stepwise, 1e-4)


@given(seed=SEEDS, classes=st.integers(1, 20), size=st.integers(1, 6))
def test_landmark_covariances_are_the_blocks_of_the_covariance(
    seed: int, classes: int, size: int
) -> None:
    mixture = condition(random_mixture(seed, classes, size), random_clicks(seed, size, 1))
    for j in range(size):
        block = mixture.covariance[2 * j : 2 * j + 2, 2 * j : 2 * j + 2]
        np.testing.assert_allclose(mixture.landmark_covariances[j], block, atol=1e-12)


@given(seed=SEEDS, classes=st.integers(1, 20), size=st.integers(1, 6), times=st.integers(2, 5))
def test_one_landmark_clicked_again_is_the_mean_of_the_clicks(
    seed: int, classes: int, size: int, times: int
) -> None:
    mixture = random_mixture(seed, classes, size)
    positions = np.random.default_rng(seed).normal(0, 0.1, (times, 2))
    clicks = [Evidence.click(0, position, 0.01) for position in positions]
    joined = Evidence.click(0, positions.mean(axis=0), 0.01 / np.sqrt(times))
    assert_same(condition(mixture, clicks), condition(mixture, [joined]), 1e-5)


@given(
    seed=SEEDS,
    classes=st.integers(1, 20),
    size=st.integers(1, 6),
    deviation=st.sampled_from([0.0, 1e-6, 0.004]),
    distance=st.sampled_from([0.0, 0.5, 1e3]),
)
def test_contradictory_clicks_leave_a_finite_posterior(
    seed: int, classes: int, size: int, deviation: float, distance: float
) -> None:
    mixture = random_mixture(seed, classes, size)
    clicks = [Evidence.click(0, np.array([side * distance, 0.0]), deviation) for side in (-1, 1, 1)]
    for posterior in (
        condition(mixture, clicks),
        condition(condition(mixture, clicks[:1]), clicks[1:]),
    ):
        assert np.isfinite(posterior.mean).all()
        assert np.isfinite(posterior.covariance).all()
        assert np.isfinite(expected_drops(posterior, 0.004)).all()
        assert posterior.weights.sum() == pytest.approx(1.0)


@given(seed=SEEDS, classes=st.integers(1, 20), size=st.integers(1, 6))
def test_identical_classes_are_one_class(seed: int, classes: int, size: int) -> None:
    single = random_mixture(seed, 1, size)
    many = ShapeMixture(
        np.zeros(classes), np.repeat(single.exemplars.shapes, classes, axis=0), single.residual
    )
    clicks = random_clicks(seed, size, 1)
    one, other = condition(single, clicks), condition(many, clicks)
    np.testing.assert_allclose(one.mean, other.mean, atol=1e-12)
    np.testing.assert_allclose(one.covariance, other.covariance, atol=1e-12)


@given(
    seed=SEEDS,
    classes=st.integers(1, 60),
    separation=st.floats(0.0, 0.5),
    limit=st.integers(1, 9),
)
def test_hypotheses_differ_and_their_weights_are_their_mass(
    seed: int, classes: int, separation: float, limit: int
) -> None:
    mixture = random_mixture(seed, classes, 4)
    found = modes(mixture, separation, limit)
    weights = [mode.weight for mode in found]
    assert 1 <= len(found) <= limit
    assert weights == sorted(weights, reverse=True)
    assert sum(weights) <= 1 + 1e-9
    for i, one in enumerate(found):
        for other in found[:i]:
            distance = np.sqrt(((one.shape - other.shape) ** 2).sum(axis=1).mean())
            assert distance > separation * (1 - 1e-9)
    if separation == 0.5:
        assert sum(weights) >= 0.999
