import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.shapes import ShapeMixture, condition
from landmark_annotator.backends.shapes.fusion import fuse, fused_mean
from landmark_annotator.projects.vocabulary import Evidence

SIZE = 4


def mixture(seed: int, classes: int = 5) -> ShapeMixture:
    random = np.random.default_rng(seed)
    factor = random.normal(size=(2 * SIZE, 2 * SIZE)) * 0.05
    residual = factor @ factor.T + 1e-3 * np.eye(2 * SIZE)
    return ShapeMixture(
        random.normal(size=classes), random.normal(size=(classes, SIZE, 2)) * 0.2, residual
    )


@given(st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_independent_errors_are_the_same_as_a_click_on_every_landmark(seed: int) -> None:
    prior = mixture(seed)
    random = np.random.default_rng(seed + 1)
    points, deviations = random.normal(size=(SIZE, 2)) * 0.2, random.uniform(0.02, 0.2, SIZE)
    evidence = [
        Evidence(j, points[j], np.eye(2) * deviations[j] ** 2) for j in random.permutation(SIZE)
    ]
    clicked = condition(prior, evidence)
    fused = fuse(prior, points, np.diag(np.repeat(deviations**2, 2)))
    np.testing.assert_allclose(fused.mean, clicked.mean, atol=1e-3)
    np.testing.assert_allclose(fused.residual, clicked.residual, atol=1e-8)


@given(st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_a_later_click_finds_the_same_whether_it_comes_before_or_after(seed: int) -> None:
    prior = mixture(seed, classes=1)
    points = np.random.default_rng(seed + 2).normal(size=(SIZE, 2)) * 0.2
    covariance = mixture(seed + 3).residual
    click = [Evidence(1, np.array([0.1, -0.2]), np.eye(2) * 1e-4)]
    one = condition(fuse(prior, points, covariance), click)
    other = fuse(condition(prior, click), points, covariance)
    np.testing.assert_allclose(one.mean, other.mean, atol=1e-6)


@given(st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_the_mean_alone_is_that_of_the_fused_mixture(seed: int) -> None:
    prior = mixture(seed, classes=1)
    random = np.random.default_rng(seed + 4)
    points = random.normal(size=(SIZE, 2)) * 0.2
    roots = random.normal(size=(SIZE, 2, 2)) * 0.1
    spreads = roots @ roots.swapaxes(1, 2) + 1e-4 * np.eye(2)
    whole = np.zeros((SIZE, 2, SIZE, 2))
    whole[np.arange(SIZE), :, np.arange(SIZE)] = spreads
    fused = fuse(prior, points, whole.reshape(2 * SIZE, 2 * SIZE))
    np.testing.assert_allclose(fused_mean(prior, points, spreads), fused.mean, atol=1e-9)


def test_errors_without_bound_leave_the_prior_as_it_was() -> None:
    prior = mixture(7)
    fused = fuse(prior, np.ones((SIZE, 2)), np.eye(2 * SIZE) * 1e9)
    np.testing.assert_allclose(fused.mean, prior.mean, atol=1e-3)
    np.testing.assert_allclose(fused.residual, prior.residual, atol=1e-6)
