"""Layers of networks as nodes of an ONNX graph."""

from typing import Any

import numpy as np
from torch import Tensor, nn

from landmark_annotator.backends.learning.onnx_graph import Value


def convolved(layer: nn.Conv2d, x: Value) -> Value:
    parts: list[Any] = [x.graph.constant(weights_of(layer.weight))]
    if layer.bias is not None:
        parts.append(x.graph.constant(weights_of(layer.bias)))
    assert not isinstance(layer.padding, str)
    down, right = layer.padding
    return x.graph.op(
        "Conv",
        x,
        *parts,
        kind=np.float32,
        group=layer.groups,
        pads=[down, right, down, right],
        strides=list(layer.stride),
    )


def weights_of(tensor: Tensor) -> Any:
    """In single precision, whatever they are kept in."""
    return tensor.detach().float().cpu().numpy()
