"""The two stages, with and without each of their parts."""

import pytest
import torch

from landmark_annotator.backends.hair.network import BorderRefinement, HairNetwork
from landmark_annotator.backends.hair.training import loss
from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.segmentation.hints import UNSAID


@pytest.mark.parametrize("prior", [True, False])
@pytest.mark.parametrize("refine", [True, False])
def test_it_says_of_each_pixel_whether_it_belongs(prior: bool, refine: bool) -> None:
    network = HairNetwork(8, prior, refine)
    maps, logits = network.both(torch.rand(2, 3, 64, 64), torch.zeros(2, 4, 32, 32))
    assert logits.shape == (2, 2, 64, 64)
    assert (maps is not None) == prior
    assert any(isinstance(each, BorderRefinement) for each in network.modules()) == refine
    if maps is not None:
        assert maps.shape == (2, 1, 64, 64)
        assert maps.abs().max() <= 1


def test_attention_is_one_map_for_all_channels() -> None:
    x = torch.rand(1, 4, 8, 8) + 0.1
    shares = BorderRefinement(4)(x) / x
    assert torch.allclose(shares, shares[:, :1].expand_as(shares))
    assert ((shares > 0) & (shares < 1)).all()


def batch() -> Batch:
    torch.manual_seed(0)
    labels = torch.zeros(2, 64, 64, dtype=torch.uint8)
    labels[:, 20:50, 20:50] = 1
    said, none = torch.zeros(2, 2, dtype=torch.bool), torch.zeros(2, dtype=torch.bool)
    return torch.rand(2, 3, 64, 64), labels, torch.zeros(2, 4, 32, 32), none, said


def test_the_first_stage_comes_to_show_where_the_region_is() -> None:
    torch.manual_seed(0)
    network, seen = HairNetwork(8, prior=True, refine=True), batch()
    seen[0][:, :, 20:50, 20:50] += 1
    optimiser = torch.optim.Adam(network.parameters(), 0.02)
    for _ in range(25):
        optimiser.zero_grad()
        loss(network, seen).backward()
        optimiser.step()
    maps, _ = network.both(seen[0], seen[2])
    assert maps is not None
    inside = seen[1][:, None] == 1
    assert maps[inside].mean() > maps[~inside].mean() + 0.5


def test_what_lies_outside_of_the_photograph_costs_nothing() -> None:
    network = HairNetwork(8, prior=True, refine=False)
    crops, labels, hints, none, said = batch()
    labels[:] = UNSAID
    assert loss(network, (crops, labels, hints, none, said)) == 0
