"""The network that the three modules are in."""

from dataclasses import replace

import pytest
import torch

from landmark_annotator.backends.occlusion.losses import objective
from landmark_annotator.backends.occlusion.network import Design, OcclusionNetwork, folded

SMALL = Design(width=8, stride=16)
MEAN = torch.tensor([[-0.3, -0.2], [0.3, -0.2], [0.0, 0.3]])


@pytest.mark.parametrize(
    "design",
    [
        SMALL,
        replace(SMALL, stride=8),
        replace(SMALL, stride=32, geometry=False),
        replace(SMALL, low_rank=False),
        replace(SMALL, distillation=False),
        Design(8, 16, geometry=False, distillation=False, low_rank=False),
    ],
)
def test_every_design_gives_landmarks_scales_and_its_map(design: Design) -> None:
    network = OcclusionNetwork(MEAN, 96, design)
    seen = network(torch.rand(2, 3, 96, 96))
    assert seen.points.shape == (2, 3, 2)
    assert seen.log_scales.shape == (2, 3)
    if design.distillation:
        assert seen.shown.shape == (2, 96 // design.stride, 96 // design.stride)
    else:
        assert seen.shown is None


def test_before_it_has_learned_anything_it_says_the_mean_shape() -> None:
    seen = OcclusionNetwork(MEAN, 64, SMALL)(torch.rand(2, 3, 64, 64))
    assert torch.equal(seen.points, MEAN.expand(2, 3, 2))


def test_the_map_multiplies_the_features_of_pathway_c() -> None:
    """Where the map shuts out everything, nothing of the picture reaches the landmarks."""
    torch.manual_seed(0)
    network = OcclusionNetwork(MEAN, 64, replace(SMALL, geometry=False)).eval()
    torch.nn.init.normal_(network.moves.weight)
    assert network.distillation is not None
    crops = torch.rand(2, 3, 64, 64)
    assert not torch.allclose(network(crops).points[0], network(crops).points[1])
    torch.nn.init.zeros_(network.distillation.last.weight)
    torch.nn.init.constant_(network.distillation.last.bias, -100.0)  # type: ignore[arg-type]
    assert torch.allclose(network(crops).points, MEAN.expand(2, 3, 2))


def test_without_its_modules_it_is_resnet_18() -> None:
    plain = Design(geometry=False, distillation=False, low_rank=False)
    network = OcclusionNetwork(MEAN, 224, plain)
    own = sum(p.numel() for n, p in network.named_parameters() if n[:5] not in ("moves", "scale"))
    # He et al. 2016, table 1, without its 1000 classes of 513 numbers each.
    assert own == 11_689_512 - 513_000


def test_the_folded_network_is_the_same_function() -> None:
    torch.manual_seed(0)
    network = OcclusionNetwork(MEAN, 64, SMALL)
    torch.nn.init.normal_(network.moves.weight)
    crops = torch.rand(2, 3, 64, 64)
    for _ in range(3):  # norms that have seen something
        network(crops)
    network.eval()
    with torch.inference_mode():
        whole, fast = network(crops), folded(network)(crops)
    assert torch.allclose(whole.points, fast.points, atol=1e-4)
    assert whole.shown is not None
    assert fast.shown is not None
    assert torch.allclose(whole.shown, fast.shown, atol=1e-4)


def test_unknown_landmarks_teach_nothing() -> None:
    torch.manual_seed(0)
    network = OcclusionNetwork(MEAN, 64, SMALL)
    crops, targets = torch.rand(2, 3, 64, 64), torch.zeros(2, 3, 3)
    targets[..., 2] = 1.0
    targets[:, 1, :2] = torch.nan
    objective(network, network(crops), targets, torch.ones(2), 1e-6, 1e-6).backward()  # type: ignore[no-untyped-call]
    assert network.moves.bias.grad is not None
    gradient = network.moves.bias.grad.reshape(3, 2)
    assert gradient.isfinite().all()
    assert (gradient[1] == 0).all()
    assert (gradient[0] != 0).all()
