"""EM for a Gaussian with missing and noisy entries."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.shapes.fitting.gaussian_fit import Symmetry, fit_gaussian
from landmark_annotator.projects.vocabulary.arrays import Floats

SIZE = 6
RING = np.stack([[np.cos(a), np.sin(a)] for a in np.linspace(0, 5, SIZE)]) * 0.4


def shapes_of(seed: int, count: int) -> Floats:
    random = np.random.default_rng(seed)
    together = random.normal(0, 0.05, (count, 1, 2))
    return np.asarray(RING + together + random.normal(0, 0.01, (count, SIZE, 2)))


seeds = st.integers(0, 10_000)
counts = st.integers(2, 12)


def with_gaps(shapes: Floats, seed: int) -> Floats:
    gaps = np.random.default_rng((seed, 1)).random(shapes.shape[:2]) < 0.3
    gaps[0] = False  # each landmark is known somewhere
    return np.where(gaps[..., None], np.nan, shapes)


@settings(max_examples=25, deadline=None)
@given(seeds, counts)
def test_no_noise_is_the_fit_without_deviations(seed: int, count: int) -> None:
    shapes = with_gaps(shapes_of(seed, count), seed)

    plain, noisy = fit_gaussian(shapes), fit_gaussian(shapes, np.zeros(shapes.shape[:2]))

    np.testing.assert_array_equal(noisy[0], plain[0])
    np.testing.assert_array_equal(noisy[1], plain[1])


@settings(max_examples=25, deadline=None)
@given(seeds, counts)
@example(1, 5)
def test_infinite_noise_is_the_same_as_missing(seed: int, count: int) -> None:
    whole = shapes_of(seed, count)
    gappy = with_gaps(whole, seed)

    mean, covariance = fit_gaussian(whole, np.where(np.isfinite(gappy[..., 0]), 0.0, np.inf))

    expected = fit_gaussian(gappy)
    np.testing.assert_allclose(mean, expected[0], atol=1e-9)
    np.testing.assert_allclose(covariance, expected[1], atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seeds, counts)
def test_the_order_of_the_shapes_does_not_matter(seed: int, count: int) -> None:
    shapes = with_gaps(shapes_of(seed, count), seed)
    deviations = np.random.default_rng(seed).choice([0.0, 0.004, 0.03], shapes.shape[:2])
    order = np.random.default_rng((seed, 2)).permutation(count)

    mean, covariance = fit_gaussian(shapes, deviations)

    other = fit_gaussian(shapes[order], deviations[order])
    np.testing.assert_allclose(other[0], mean, atol=1e-9)
    np.testing.assert_allclose(other[1], covariance, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_a_symmetric_fit_is_its_own_mirror_image(seed: int) -> None:
    symmetry = Symmetry(np.arange(SIZE)[::-1], np.array([-1.0, 1.0]))

    mean, covariance = fit_gaussian(shapes_of(seed, 6), None, symmetry)

    np.testing.assert_allclose(symmetry.of_mean(mean.ravel()), mean.ravel(), atol=1e-9)
    # The smooth assumption is about the mean of the shapes as they are, so only nearly.
    mirrored = symmetry.of_covariance(covariance)
    assert np.linalg.norm(mirrored - covariance) < 0.5 * np.linalg.norm(covariance)


def test_noise_that_is_declared_is_not_learnt_as_variation() -> None:
    random = np.random.default_rng(0)
    clean = shapes_of(3, 150)
    deviations = np.where(random.random((150, SIZE)) < 0.7, 0.06, 0.002)
    noisy = clean + random.normal(size=clean.shape) * deviations[..., None]

    truth = fit_gaussian(clean)[1]
    naive, aware = fit_gaussian(noisy)[1], fit_gaussian(noisy, deviations)[1]

    assert np.linalg.norm(aware - truth) < 0.4 * np.linalg.norm(naive - truth)
