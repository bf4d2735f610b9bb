import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.densities.grid import (
    KERNEL,
    gaussians,
    kernel_sums,
    maxima,
    means,
    modes,
    moments,
)

SIDE = 24


def bump(x: float, y: float, deviation: float) -> torch.Tensor:
    """(1, 1, SIDE, SIDE) a discretised Gaussian."""
    columns = torch.arange(SIDE, dtype=torch.float32)
    across = torch.exp(-((columns - x) ** 2) / (2 * deviation**2))
    down = torch.exp(-((columns - y) ** 2) / (2 * deviation**2))
    density = down[:, None] * across
    return (density / density.sum())[None, None]


@given(st.floats(8, 15), st.floats(8, 15), st.floats(0.8, 2.0))
@settings(max_examples=30, deadline=None)
def test_mean_covariance_and_mode_of_a_gaussian_are_its_own(x: float, y: float, s: float) -> None:
    mean, covariance = moments(bump(x, y, s))
    np.testing.assert_allclose(mean[0, 0], [x, y], atol=0.02)
    np.testing.assert_allclose(covariance[0, 0], np.eye(2) * s**2, atol=0.05)
    np.testing.assert_allclose(modes(bump(x, y, s))[0, 0], [x, y], atol=0.1)


def test_the_mode_is_the_higher_of_two_peaks_and_the_mean_lies_between() -> None:
    density = 0.7 * bump(6, 6, 1.0) + 0.3 * bump(17, 6, 1.0)
    np.testing.assert_allclose(modes(density)[0, 0], [6, 6], atol=0.05)
    np.testing.assert_allclose(means(density)[0, 0], [0.7 * 6 + 0.3 * 17, 6], atol=0.01)


def test_the_kernel_sum_is_the_convolution_at_the_target() -> None:
    density, target = bump(9, 12, 1.5), torch.tensor([[[10.3, 11.2]]])
    y, x = np.mgrid[:SIDE, :SIDE]
    squared = (x - 10.3) ** 2 + (y - 11.2) ** 2
    expected = (density[0, 0].numpy() * np.exp(-squared / (2 * KERNEL**2))).sum()
    assert float(kernel_sums(density, target)) == pytest.approx(expected, rel=1e-4)


@given(st.floats(2, 21), st.floats(2, 21), st.floats(0.7, 3.0))
@settings(max_examples=30, deadline=None)
def test_the_maximum_of_a_gaussian_is_found_within_the_cell(x: float, y: float, s: float) -> None:
    # Wherever most of it lies beyond the border it is a Gaussian still.
    found = maxima(gaussians(torch.tensor([[[x, y]]]), SIDE, SIDE, s))
    np.testing.assert_allclose(found[0, 0], [x, y], atol=0.02)


def test_the_maximum_is_the_higher_of_two_peaks_and_stays_in_the_map() -> None:
    density = 0.7 * bump(0, 23, 1.0) + 0.3 * bump(17, 6, 1.0)
    np.testing.assert_array_equal(maxima(density)[0, 0], [0, 23])
    flat = torch.full((1, 1, SIDE, SIDE), 1 / SIDE**2)
    assert torch.isfinite(maxima(flat)).all()
