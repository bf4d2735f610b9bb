"""Layers of networks as nodes of an ONNX graph."""

from typing import Any, Literal

import numpy as np
from torch import Tensor, nn

from landmark_annotator.backends.learning.blocks import ResidualBlock
from landmark_annotator.backends.learning.onnx_graph import Value


def through(module: nn.Module, x: Value) -> Value:
    """The nodes of what many networks are made of, as in evaluation. Raises TypeError for anything
    else."""
    if isinstance(module, nn.Sequential | nn.ModuleList):
        for part in module:
            x = through(part, x)
        return x
    if isinstance(module, nn.Identity):
        return x
    if isinstance(module, nn.ReLU):
        return x.of("Relu")
    if isinstance(module, nn.Conv2d):
        return convolved(module, x)
    if isinstance(module, nn.BatchNorm2d):
        return normed(module, x)
    if isinstance(module, ResidualBlock):
        y = through(module.first_norm, through(module.first, x)).of("Relu")
        y = through(module.second_norm, through(module.second, y))
        return (y + through(module.shortcut, x)).of("Relu")
    raise TypeError(f"{type(module).__name__} has no nodes yet.")


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
        dilations=list(layer.dilation),
    )


def normed(norm: nn.BatchNorm2d, x: Value) -> Value:
    assert norm.running_mean is not None
    assert norm.running_var is not None
    gain = weights_of(norm.weight) / np.sqrt(weights_of(norm.running_var) + norm.eps)
    shift = weights_of(norm.bias) - gain * weights_of(norm.running_mean)
    graph = x.graph
    return x * graph.constant(gain.reshape(1, -1, 1, 1)) + graph.constant(
        shift.reshape(1, -1, 1, 1)
    )


def enlarged(x: Value, times: int, mode: Literal["nearest", "linear"]) -> Value:
    """As `functional.interpolate` with this scale factor: (B, C, H, W) to (B, C, times H, times
    W)."""
    return x.graph.op(
        "Resize",
        x,
        np.empty(0, np.float32),
        np.array([1, 1, times, times], np.float32),
        kind=x.kind,
        mode=mode,
        coordinate_transformation_mode="asymmetric" if mode == "nearest" else "half_pixel",
        nearest_mode="floor",
    )


def weights_of(tensor: Tensor) -> Any:
    """In single precision, whatever they are kept in."""
    return tensor.detach().float().cpu().numpy()
