import pytest
import torch

from landmark_annotator.backends.densities.grid import gaussians, means, moments
from landmark_annotator.backends.densities.losses import (
    LOSSES,
    WITH_SIGMA,
    heat_maps,
    kernel_density,
    l2,
    loss_named,
)


def uniform(logits: torch.Tensor) -> torch.Tensor:
    return logits.flatten(2).softmax(dim=2).reshape(logits.shape)


@pytest.mark.parametrize("name", LOSSES)
def test_descending_a_loss_moves_the_density_to_the_label(name: str) -> None:
    torch.manual_seed(0)
    logits = torch.randn(1, 2, 16, 16, requires_grad=True)
    scales = torch.zeros(1, 2, requires_grad=True)
    target = torch.tensor([[[4.0, 11.0], [12.0, 3.0]]])
    optimiser = torch.optim.Adam([logits, scales], 0.1)
    for _ in range(200):
        optimiser.zero_grad()
        LOSSES[name](uniform(logits), scales, target).sum().backward()
        optimiser.step()
    assert (means(uniform(logits)) - target).abs().max() < 0.5


def test_a_narrow_density_beside_the_label_costs_more_than_a_wide_one() -> None:
    columns = torch.arange(16, dtype=torch.float32)

    def density(deviation: float) -> torch.Tensor:
        line = torch.exp(-((columns - 8) ** 2) / (2 * deviation**2))
        grid = line[:, None] * line
        return (grid / grid.sum())[None, None]

    scales, beside = torch.zeros(1, 1), torch.tensor([[[13.0, 8.0]]])
    assert kernel_density(density(0.5), scales, beside) > kernel_density(density(3), scales, beside)
    there = torch.tensor([[[8.0, 8.0]]])
    assert kernel_density(density(0.5), scales, there) < kernel_density(density(3), scales, there)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_of_each_landmark_alone_so_that_unknown_ones_can_be_left_out(name: str) -> None:
    torch.manual_seed(1)
    logits = torch.randn(2, 3, 16, 16, requires_grad=True)
    targets = 15 * torch.rand(2, 3, 2)
    targets[0, 1] = 0.0  # What an unknown one is replaced by.
    found = LOSSES[name](uniform(logits), torch.zeros(2, 3), targets)
    assert found.shape == (2, 3)
    assert torch.isfinite(found).all()
    known = torch.ones(2, 3)
    known[0, 1] = 0.0
    (found * known).sum().backward()
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()
    assert not logits.grad[0, 1].any()
    assert all(logits.grad[b, j].any() for b, j in [(0, 0), (0, 2), (1, 1)])


@pytest.mark.parametrize("name", WITH_SIGMA)
def test_a_wider_label_teaches_a_wider_density(name: str) -> None:
    spreads = []
    for sigma in (1.0, 2.0):
        logits = torch.zeros(1, 1, 16, 16, requires_grad=True)
        optimiser = torch.optim.Adam([logits], 0.1)
        for _ in range(150):
            optimiser.zero_grad()
            target = torch.tensor([[[7.0, 8.0]]])
            loss_named(name, sigma)(uniform(logits), torch.zeros(1, 1), target).sum().backward()
            optimiser.step()
        spreads.append(float(moments(uniform(logits).detach())[1][0, 0, 0, 0]))
    assert spreads[0] < spreads[1]


def test_the_squared_differences_are_nought_for_the_gaussian_itself() -> None:
    target, scales = torch.tensor([[[7.3, 6.1]]]), torch.zeros(1, 1)
    peak = gaussians(target, 32, 32, 1.0)
    map_ = peak / peak.max()
    density = uniform(20 * map_)
    other = uniform(20 * map_.roll(8, dims=3))
    right, wrong = (l2(each, scales, target) for each in (density, other))
    # Of the other the peak that is missing and the one that should not be there.
    assert float(wrong - right) > 1.5
    torch.testing.assert_close(heat_maps(density), map_, atol=2e-3, rtol=0)
    assert float((means(density) - target).abs().max()) < 0.5
