"""The ONNX file says what the network says."""

import numpy as np
import onnxruntime
import torch

from landmark_annotator.backends.parsing.portable import parser_file
from landmark_annotator.backends.parsing.settings import Settings
from landmark_annotator.backends.parsing.training import new_network
from landmark_annotator.backends.segmentation.hints import Click, hint_planes
from landmark_annotator.backends.segmentation.parser import Parser


def test_the_onnx_file_gives_the_same_probabilities() -> None:
    network = new_network(2, Settings(features=8))
    network.train()(torch.rand(2, 3, 64, 64), torch.rand(2, 6, 32, 32))  # norms of their own
    parser = Parser(network.eval(), ("skin", "hair"), 64, [])
    random = np.random.default_rng(0)
    crop = random.integers(0, 256, (64, 64, 3)).astype(np.uint8)
    hints = hint_planes(64, 2, (crop[..., 0] % 3).astype(np.uint8), [Click(30, 20, 1)])
    session = onnxruntime.InferenceSession(parser_file(parser))
    (found,) = session.run(None, {"crop": crop, "hints": hints})
    assert abs(found - parser.logs(crop[None], hints[None])[0].exp().numpy()).max() < 1e-4
