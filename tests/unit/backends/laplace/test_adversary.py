"""Who learns what where an adversary has its say."""

import math

import pytest
import torch
from torch import Tensor

from landmark_annotator.backends.laplace.discriminator import (
    Discriminator,
    taken_for,
    true_densities,
)
from landmark_annotator.backends.laplace.network import LaplaceNetwork
from landmark_annotator.backends.laplace.network_training import Objective, Opponents
from landmark_annotator.backends.laplace.settings import Settings

LANDMARKS, SIZE = 3, 32


@pytest.fixture
def opponents() -> Opponents:
    torch.manual_seed(0)
    return Opponents(LaplaceNetwork(LANDMARKS, 4), Discriminator(LANDMARKS, 4, 1.0))


@pytest.fixture
def batch() -> tuple[Tensor, Tensor, Tensor]:
    random = torch.Generator().manual_seed(1)
    crops, others = (torch.rand(4, 3, SIZE, SIZE, generator=random) for _ in range(2))
    places = torch.rand(4, LANDMARKS, 2, generator=random) * (SIZE - 1)
    return crops, torch.cat([places, torch.ones(4, LANDMARKS, 1)], dim=2), others


def gradients(opponents: Opponents, batch: tuple[Tensor, ...], weight: float) -> dict[str, Tensor]:
    opponents.zero_grad()
    torch.manual_seed(2)  # the same noise
    Objective(Settings(adversarial=weight))(opponents, batch).backward()  # type: ignore[no-untyped-call]
    found = opponents.named_parameters()
    return {name: value.grad.clone() for name, value in found if value.grad is not None}


def of(found: dict[str, Tensor], part: str) -> list[Tensor]:
    return [value for name, value in found.items() if name.startswith(part)]


def test_the_discriminator_does_not_learn_to_be_fooled(
    opponents: Opponents, batch: tuple[Tensor, ...]
) -> None:
    little, much = (gradients(opponents, batch, weight) for weight in (1e-3, 1.0))
    for one, other in zip(of(little, "discriminator"), of(much, "discriminator"), strict=True):
        torch.testing.assert_close(one, other)
    pairs = zip(of(little, "network"), of(much, "network"), strict=True)
    assert any(not torch.equal(one, other) for one, other in pairs)


def test_the_network_does_not_learn_to_be_told_apart(
    opponents: Opponents, batch: tuple[Tensor, ...]
) -> None:
    objective, (crops, targets, others) = Objective(Settings(adversarial=1.0)), batch
    discriminator = opponents.discriminator
    assert discriminator is not None
    guessed = opponents.network(others)[0].detach()
    objective.told_apart(discriminator, crops, targets, others, guessed).backward()  # type: ignore[no-untyped-call]
    assert all(value.grad is None for value in opponents.network.parameters())
    assert all(value.grad is not None for value in discriminator.parameters())


def test_the_verdict_on_the_networks_densities_moves_the_network_alone(
    opponents: Opponents, batch: tuple[Tensor, ...]
) -> None:
    discriminator = opponents.discriminator
    assert discriminator is not None
    guessed = opponents.network(batch[2])[0]
    taken_for(discriminator.frozen(batch[2], guessed), True).mean().backward()  # type: ignore[no-untyped-call]
    assert all(value.grad is None for value in discriminator.parameters())
    moved = [value.grad for value in opponents.network.parameters() if value.grad is not None]
    assert any(each.abs().sum() > 0 for each in moved)


def test_without_images_there_is_nothing_but_the_labels(
    opponents: Opponents, batch: tuple[Tensor, ...]
) -> None:
    found = gradients(opponents, batch[:2], 1.0)
    assert of(found, "network")
    assert not of(found, "discriminator")


def test_it_learns_to_tell_true_densities_from_even_ones(batch: tuple[Tensor, ...]) -> None:
    torch.manual_seed(0)
    discriminator = Discriminator(LANDMARKS, 8, 1.0)
    optimiser = torch.optim.Adam(discriminator.parameters(), 3e-3)
    crops, targets, others = batch
    even = torch.full((4, LANDMARKS, SIZE, SIZE), 1 / SIZE**2)
    objective = Objective(Settings())
    for _ in range(60):
        loss = objective.told_apart(discriminator, crops, targets, others, even)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert float(loss.detach()) < 0.5 * 2 * math.log(2)  # of who guesses


def test_an_instance_that_lacks_a_landmark_shows_no_true_densities(
    opponents: Opponents, batch: tuple[Tensor, ...]
) -> None:
    crops, targets, others = batch
    discriminator = opponents.discriminator
    assert discriminator is not None
    discriminator.eval()
    guessed = true_densities(targets[..., :2], SIZE, 4.0)

    def loss(changed: Tensor) -> float:
        objective = Objective(Settings())
        told = objective.told_apart(discriminator, crops, changed, others, guessed)
        return float(told.detach())

    lacking = targets.clone()
    lacking[1, 0, :2] = math.nan
    moved = lacking.clone()
    moved[1, 1:, :2] += 3.0
    assert loss(lacking) == loss(moved) != loss(targets)
    nobody = targets.clone()
    nobody[:, 0, :2] = math.nan
    assert math.isfinite(loss(nobody))
