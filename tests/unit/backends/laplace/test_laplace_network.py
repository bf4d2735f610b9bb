import pytest
import torch

from landmark_annotator.backends.laplace.network import LaplaceNetwork
from landmark_annotator.backends.learning.device import REDUCED


@pytest.fixture
def network() -> LaplaceNetwork:
    torch.manual_seed(0)
    return LaplaceNetwork(5, 4, dropout=0.3).eval()


def test_it_gives_a_density_as_large_as_the_crop_for_each_landmark(network: LaplaceNetwork) -> None:
    with torch.inference_mode():
        densities, log_scales = network(torch.rand(2, 3, 48, 48))
    assert densities.shape == (2, 5, 48, 48)
    assert torch.allclose(densities.sum(dim=(2, 3)), torch.ones(2, 5), atol=1e-4)
    assert log_scales.shape == (2, 5)
    # Nothing is seen yet: the mean of |x - 24| over 0..48 is 12, along both axes.
    assert float(log_scales.exp().mean()) == pytest.approx(12 * 2**0.5, rel=0.3)


def test_the_copy_for_proposing_is_the_same_function(network: LaplaceNetwork) -> None:
    crops = torch.rand(2, 3, 48, 48)
    with torch.inference_mode():
        exact, fast = network(crops)[0], network.fast()(crops.to(REDUCED))[0]
    assert (exact - fast).abs().max() < 0.05 * exact.max()


def test_fewer_channels_make_a_smaller_network() -> None:
    def size(channels: int) -> int:
        return sum(each.numel() for each in LaplaceNetwork(68, channels).parameters())

    # The paper's table 3 has 7.5 MB and 0.076 MB, of single precision.
    assert 4 * size(64) / 1e6 == pytest.approx(7.5, rel=0.1)
    assert 4 * size(4) / 1e6 < 0.076
