"""The laws of regions: what a person says of where a landmark is without clicking on it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from backends.shapes import Region, ShapeMixture, believe, restrict
from backends.shapes.regions import mass_inside
from projects.vocabulary import Evidence

SEEDS = st.integers(0, 2**32 - 1)


def mixture_of(seed: int, classes: int = 8, size: int = 3) -> ShapeMixture:
    random = np.random.default_rng(seed)
    root = random.normal(0, 0.02, (2 * size, 2 * size))
    exemplars = random.normal(0, 0.1, (classes, size, 2))
    residual = root @ root.T + 1e-5 * np.eye(2 * size)
    return ShapeMixture(random.normal(0, 1, classes), exemplars, residual)


def statements(seed: int, size: int = 3) -> tuple[list[Evidence], list[Region]]:
    random = np.random.default_rng(seed + 1)
    clicks = [Evidence.click(j, random.normal(0, 0.1, 2), 0.01) for j in range(2)]
    regions = [
        Region.not_here(0, random.normal(0, 0.1, 2), 0.05),
        Region.disc(2, random.normal(0, 0.1, 2), 0.1),
        Region.rectangle(size - 1, np.array([-0.2, -0.1]), np.array([0.1, 0.2])),
    ]
    return clicks, regions


@given(seed=SEEDS, data=st.data())
def test_order_of_statements_does_not_matter(seed: int, data: st.DataObject) -> None:
    mixture = mixture_of(seed)
    clicks, regions = statements(seed)
    one = believe(mixture, clicks, regions)
    other = believe(
        mixture, data.draw(st.permutations(clicks)), data.draw(st.permutations(regions))
    )
    np.testing.assert_allclose(one.weights, other.weights, atol=1e-6)
    np.testing.assert_allclose(one.means(), other.means(), atol=1e-9)


@given(seed=SEEDS, radius=st.floats(5.0, 1e6))
def test_a_region_that_holds_everything_changes_nothing(seed: int, radius: float) -> None:
    mixture = mixture_of(seed)
    everywhere = [
        Region.disc(0, np.zeros(2), radius),
        Region.rectangle(1, np.full(2, -radius), np.full(2, radius)),
        Region.not_here(2, np.array([100.0 + 2 * radius, 0.0]), radius),
    ]
    np.testing.assert_allclose(restrict(mixture, everywhere).weights, mixture.weights, atol=1e-9)


@given(seed=SEEDS, turned=st.booleans())
def test_inside_and_outside_are_all_the_mass(seed: int, turned: bool) -> None:
    mixture = mixture_of(seed)
    corners = np.random.default_rng(seed).normal(0, 0.1, (3, 2))
    inside = mass_inside(mixture, 1, corners[::-1] if turned else corners)
    kept = restrict(mixture, [Region(1, corners)]).weights
    left = restrict(mixture, [Region(1, corners, inside=False)]).weights
    total = float(mixture.weights @ inside)
    if 0.01 < total < 0.99:
        joined = total * kept + (1 - total) * left
        np.testing.assert_allclose(joined, mixture.weights, atol=1e-5)


@given(seed=SEEDS, low=st.floats(-0.3, 0.0), width=st.floats(0.01, 0.5))
def test_the_mass_in_a_rectangle_is_the_normal_distribution_s(
    seed: int, low: float, width: float
) -> None:
    random = np.random.default_rng(seed)
    deviations = random.uniform(0.01, 0.1, 2)
    mixture = ShapeMixture(
        np.zeros(5), random.normal(0, 0.1, (5, 1, 2)), np.diag(deviations**2 - 1e-6)
    )
    region = Region.rectangle(0, np.full(2, low), np.full(2, low + width))
    edges = (np.array([low, low + width])[:, None, None] - mixture.means()[:, 0]) / deviations
    expected = np.prod(norm.cdf(edges[1]) - norm.cdf(edges[0]), axis=1)
    np.testing.assert_allclose(mass_inside(mixture, 0, region.corners), expected, atol=1e-5)


def test_not_here_takes_the_weight_of_the_classes_that_are_there() -> None:
    exemplars = np.array([[[0.0, 0.0]], [[0.3, 0.0]]])
    mixture = ShapeMixture(np.zeros(2), exemplars, np.eye(2) * 0.02**2)
    weights = restrict(mixture, [Region.not_here(0, np.zeros(2), 0.1)]).weights
    assert weights[0] < 1e-4
    assert restrict(mixture, [Region.disc(0, np.zeros(2), 0.1)]).weights[0] > 1 - 1e-4


@given(seed=SEEDS)
def test_regions_that_do_not_meet_leave_a_finite_posterior(seed: int) -> None:
    mixture = mixture_of(seed)
    apart = [Region.disc(0, np.array([x, 0.0]), 0.01) for x in (-50.0, 50.0)]
    posterior = believe(mixture, [Evidence.click(0, np.array([9.0, 9.0]), 0.0)], apart)
    assert np.isfinite(posterior.log_weights).all()
    assert np.isfinite(posterior.mean).all()


def test_a_region_of_no_landmark_is_refused() -> None:
    with pytest.raises(IndexError):
        restrict(mixture_of(0), [Region.disc(7, np.zeros(2), 0.1)])
