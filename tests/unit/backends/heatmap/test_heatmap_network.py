import torch

from landmark_annotator.backends.heatmap.network import HeatmapNetwork
from landmark_annotator.backends.learning.device import REDUCED


def test_the_folded_network_is_the_same_function() -> None:
    torch.manual_seed(0)
    network = HeatmapNetwork(5)
    crops = torch.rand(2, 3, 64, 64)
    for _ in range(3):  # norms that have seen something
        network(crops)
    network.eval()
    with torch.inference_mode():
        densities, scales = network(crops)
        fast_densities, fast_scales = network.fast()(crops.to(REDUCED))
    assert torch.allclose(densities.sum(dim=(2, 3)), torch.ones(2, 5), atol=1e-4)
    assert (densities - fast_densities).abs().max() < 0.05 * densities.max()
    assert (scales - fast_scales).abs().max() < 0.05
