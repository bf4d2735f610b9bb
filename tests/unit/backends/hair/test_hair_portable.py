"""The ONNX file says what the network says."""

import numpy as np
import onnxruntime
import pytest
import torch

from landmark_annotator.backends.hair.network import HairNetwork
from landmark_annotator.backends.hair.portable import parser_file
from landmark_annotator.backends.segmentation.hints import Click, hint_planes
from landmark_annotator.backends.segmentation.parser import Parser


@pytest.mark.parametrize("prior", [True, False])
@pytest.mark.parametrize("refine", [True, False])
def test_the_onnx_file_gives_the_same_probabilities(prior: bool, refine: bool) -> None:
    torch.manual_seed(0)
    network = HairNetwork(8, prior, refine)
    for _ in range(3):  # norms of their own
        network.train()(torch.rand(2, 3, 64, 64), torch.rand(2, 4, 32, 32))
    parser = Parser(network.eval(), ("hair",), 64, [])
    random = np.random.default_rng(0)
    crop = random.integers(0, 256, (64, 64, 3)).astype(np.uint8)
    hints = hint_planes(64, 1, (crop[..., 0] % 2).astype(np.uint8), [Click(30, 20, 1)])
    session = onnxruntime.InferenceSession(parser_file(parser))
    (found,) = session.run(None, {"crop": crop, "hints": hints})
    expected = parser.logs(crop[None], hints[None])[0].exp().numpy()
    assert expected.std() > 0.01
    assert abs(found - expected).max() < 1e-4
