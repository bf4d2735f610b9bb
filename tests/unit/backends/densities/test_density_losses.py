import pytest
import torch

from landmark_annotator.backends.densities.grid import means
from landmark_annotator.backends.densities.losses import LOSSES, kernel_density


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
