"""The precision that networks compute in is one that this processor can multiply."""

import torch

from landmark_annotator.backends.learning.device import REDUCED, reduced_precision


def test_half_the_bits_are_taken_only_where_the_processor_multiplies_them() -> None:
    with reduced_precision(torch.device("cpu")):
        product = torch.ones(4, 4) @ torch.ones(4, 4)
    assert product.dtype == REDUCED
    assert torch.float32 == REDUCED or torch.ops.mkldnn._is_mkldnn_bf16_supported()
