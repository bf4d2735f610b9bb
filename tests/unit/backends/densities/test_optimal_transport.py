"""The laws of the distance between densities, and the exact one on maps of a few cells."""

import numpy as np
import pytest
import torch
from scipy.optimize import linprog
from torch import Tensor

from landmark_annotator.backends.densities.grid import gaussians
from landmark_annotator.backends.densities.optimal_transport import sinkhorn_divergence, towards

SIDE = 20
TOLERANCE = 0.02
"""Cells that three iterations may be off by."""


def blob(x: float, y: float, deviation: float = 1.0) -> Tensor:
    return gaussians(torch.tensor([[[x, y]]]), SIDE, SIDE, deviation)


def distance(one: Tensor, other: Tensor) -> float:
    return float(sinkhorn_divergence(one, other))


def drawn(seed: int, side: int = 5) -> Tensor:
    logits = torch.randn(1, 1, side * side, generator=torch.Generator().manual_seed(seed))
    return (2 * logits.double()).softmax(dim=2).reshape(1, 1, side, side)


def exact(one: Tensor, other: Tensor) -> float:
    """By linear programming."""
    side = one.shape[2]
    y, x = np.mgrid[:side, :side]
    cells = np.stack([x.ravel(), y.ravel()], axis=1)
    cost = np.linalg.norm(cells[:, None] - cells, axis=2)
    n = len(cells)
    rows, columns = np.kron(np.eye(n), np.ones(n)), np.kron(np.ones(n), np.eye(n))
    margins = np.concatenate([one.numpy().ravel(), other.numpy().ravel()])
    found = linprog(cost.ravel(), A_eq=np.vstack([rows, columns])[:-1], b_eq=margins[:-1])
    return float(found.fun)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_small_regularisation_comes_to_the_exact_distance(seed: int) -> None:
    one, other = drawn(seed), drawn(seed + 10)
    found = float(sinkhorn_divergence(one, other, 0.015, 800))
    assert found == pytest.approx(exact(one, other), rel=0.02)


def test_its_gradient_is_that_of_the_exact_distance() -> None:
    one, other, step = drawn(3), drawn(13), 1e-6
    given = one.clone().requires_grad_()
    sinkhorn_divergence(given, other, 0.015, 800).sum().backward()
    assert given.grad is not None
    along = drawn(23) - drawn(33)
    there, back = exact(one + step * along, other), exact(one - step * along, other)
    slope = float((given.grad * along).sum())
    assert slope == pytest.approx((there - back) / (2 * step), rel=0.05)


def test_its_gradient_is_that_of_its_value() -> None:
    label = drawn(5, 4)
    logits = torch.randn(1, 1, 16, dtype=torch.float64, requires_grad=True)

    def value(given: Tensor) -> Tensor:
        return sinkhorn_divergence(given.softmax(dim=2).reshape(1, 1, 4, 4), label, 0.5, 60)

    assert torch.autograd.gradcheck(value, logits, atol=1e-5)


@pytest.mark.parametrize("deviation", [0.5, 1.0, 3.0])
def test_equal_maps_are_at_no_distance(deviation: float) -> None:
    one = blob(8.3, 11.6, deviation)
    assert distance(one, one) == pytest.approx(0.0, abs=TOLERANCE)


def test_it_is_symmetric() -> None:
    one, other = blob(4, 6), blob(13, 10, 3.0)
    assert distance(one, other) == pytest.approx(distance(other, one), abs=TOLERANCE)


def test_with_a_small_regularisation_it_is_how_far_a_map_was_moved() -> None:
    start = blob(7, 7).double()
    moved = [blob(7 + far, 7).double() for far in (2.0, 4.0, 6.0)]
    found = [float(sinkhorn_divergence(start, each, 0.05, 200)) for each in moved]
    np.testing.assert_allclose(found, [2.0, 4.0, 6.0], atol=0.15)


@pytest.mark.parametrize("deviation", [1.0, 2.0])
def test_with_its_own_it_grows_by_nearly_a_cell_for_a_cell_once_maps_are_apart(
    deviation: float,
) -> None:
    start = blob(4, 7, deviation)
    found = [distance(start, blob(4 + far, 7, deviation)) for far in (1.0, 2.0, 8.0, 10.0)]
    assert 0 < found[0] < found[1] < found[2]
    assert found[3] - found[2] == pytest.approx(2.0, abs=0.2)


def test_it_goes_no_shorter_by_a_third_map() -> None:
    one, middle, other = blob(4, 5), blob(10, 14, 2.0), blob(15, 6)
    way = distance(one, middle) + distance(middle, other)
    assert distance(one, other) <= way + TOLERANCE


def test_it_bears_single_cells_in_opposite_corners_of_large_maps() -> None:
    one, other = torch.zeros(2, 1, 1, 64, 64)
    one[..., 0, 0], other[..., 63, 63] = 1.0, 1.0
    given = one.requires_grad_()
    found = sinkhorn_divergence(given, other)
    found.sum().backward()
    assert float(found.detach()) == pytest.approx(63 * 2**0.5, abs=0.01)
    assert given.grad is not None
    assert torch.isfinite(given.grad).all()


def test_what_lies_farther_from_the_label_is_drawn_harder_which_divergences_do_not_know() -> None:
    near, far = blob(6, 10), blob(17, 10)
    logits = (near + far).log().requires_grad_()
    label = blob(2, 10, 0.5)

    def pull(loss: Tensor) -> tuple[float, float]:
        """On the masses at the two places."""
        (gradient,) = torch.autograd.grad(loss, logits, retain_graph=True)
        return float(gradient[0, 0, 10, 6]), float(gradient[0, 0, 10, 17])

    density = logits.flatten(2).softmax(dim=2).reshape(logits.shape)
    by_near, by_far = pull(towards(density, label).sum())
    assert by_far > 0.01
    assert by_far > by_near
    plain_near, plain_far = pull(-(label * density.log()).sum())
    assert plain_near == pytest.approx(plain_far, rel=0.05)


def test_a_constant_of_the_label_is_all_that_is_left_out_of_the_loss() -> None:
    label = blob(9, 9)
    gaps = [
        float(towards(density, label) - sinkhorn_divergence(density, label))
        for density in (blob(9, 9), blob(3, 15, 2.0))
    ]
    assert gaps[0] == pytest.approx(gaps[1], abs=1e-5)


def test_maps_that_are_too_large_and_sharpness_that_no_number_bears_are_refused() -> None:
    large = torch.full((1, 1, 65, 65), 1 / 65**2)
    with pytest.raises(ValueError, match="65 x 65"):
        sinkhorn_divergence(large, large)
    with pytest.raises(ValueError, match="too small"):
        sinkhorn_divergence(blob(3, 3), blob(4, 4), 0.01)
