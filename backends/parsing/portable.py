"""The network as one ONNX file: a crop and what is told beside it in, probabilities out."""

import json
from pathlib import Path

import numpy as np
from torch import nn

from landmark_annotator.backends.learning.blocks import folded_norm
from landmark_annotator.backends.learning.onnx_graph import Graph, Value
from landmark_annotator.backends.learning.onnx_layers import convolved, weights_of
from landmark_annotator.backends.parsing.network import (
    DenseLayer,
    Hourglass,
    InvertedBottleneck,
    ParsingNetwork,
)
from landmark_annotator.backends.parsing.parser import read
from landmark_annotator.backends.segmentation.examples import MARGINS
from landmark_annotator.backends.segmentation.hints import STRIDE, hint_count
from landmark_annotator.backends.segmentation.parser import Parser
from landmark_annotator.projects.vocabulary.scheme import Scheme

INPUTS = (
    "crop (S, S, 3) uint8 RGB of the box times one of the margins, upright; hints (C, S/2, S/2) "
    "float32, zeros where nothing is told"
)
OUTPUTS = "probabilities (R + 1, S, S) float32, none of the regions first"
_MOST = 6.0


def onnx_file(folder: Path, scheme: Scheme) -> bytes:
    """Of the model that a training has left there. Raises MissingPackage, WeightsMismatch."""
    return parser_file(read(folder, scheme))


def parser_file(parser: Parser) -> bytes:
    graph, size, network = Graph(), parser.size, parser.network
    assert isinstance(network, ParsingNetwork)
    regions = len(parser.names)
    cells = size // STRIDE

    def whole(crop: Value, hints: Value) -> dict[str, tuple[Value, tuple[int, ...]]]:
        pixels = crop.cast(np.float32).transpose(2, 0, 1).reshape(1, 3, size, size) * (1 / 255)
        logits = _parsed(network, pixels, hints.reshape(1, -1, cells, cells))
        likely = graph.op("Softmax", logits, kind=np.float32, axis=1)
        return {
            "probabilities": (likely.reshape(regions + 1, size, size), (regions + 1, size, size))
        }

    inputs = {
        "crop": (np.uint8, (size, size, 3)),
        "hints": (np.float32, (hint_count(regions), cells, cells)),
    }
    about = {
        "regions": json.dumps(parser.names),
        "margins": json.dumps(MARGINS),
        "inputs": INPUTS,
        "outputs": OUTPUTS,
    }
    return graph.model(inputs, whole, about)


def _parsed(network: ParsingNetwork, crops: Value, hints: Value) -> Value:
    """As `ParsingNetwork.forward`."""
    x = convolved(network.seen, crops) + convolved(network.told, hints)
    x = _normed(network.norm, x).of("Relu")
    x = _through(network.hourglass, _through(network.first, x))
    x = _through(network.dense, x)
    logits = convolved(network.logits, x)
    return x.graph.op("DepthToSpace", logits, kind=np.float32, blocksize=STRIDE, mode="CRD")


def _through(module: nn.Module, x: Value) -> Value:
    if isinstance(module, InvertedBottleneck):
        wide = _clipped(_folded(module.widen, x))
        return x + _folded(module.narrow, _clipped(_folded(module.filter, wide)))
    if isinstance(module, Hourglass):
        half = x.graph.op("MaxPool", x, kind=np.float32, kernel_shape=[2, 2], strides=[2, 2])
        inner = _through(module.inner, _through(module.down, half))
        return _through(module.across, x) + _doubled(_through(module.up, inner))
    if isinstance(module, DenseLayer):
        return x.graph.joined([x, _folded(module.grow, x).of("Relu")], 1)
    assert isinstance(module, nn.Sequential)
    for part in module:
        x = _through(part, x)
    return x


def _clipped(x: Value) -> Value:
    return x.graph.op("Clip", x, 0.0, _MOST, kind=np.float32)


def _doubled(x: Value) -> Value:
    return x.graph.op(
        "Resize",
        x,
        np.empty(0, np.float32),
        np.array([1, 1, 2, 2], np.float32),
        kind=x.kind,
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def _folded(part: nn.Sequential, x: Value) -> Value:
    layer = folded_norm(part[0], part[1])[0]
    assert isinstance(layer, nn.Conv2d)
    return convolved(layer, x)


def _normed(norm: nn.BatchNorm2d, x: Value) -> Value:
    assert norm.running_mean is not None
    assert norm.running_var is not None
    gain = weights_of(norm.weight) / np.sqrt(weights_of(norm.running_var) + norm.eps)
    shift = weights_of(norm.bias) - gain * weights_of(norm.running_mean)
    graph = x.graph
    return x * graph.constant(gain.reshape(1, -1, 1, 1)) + graph.constant(
        shift.reshape(1, -1, 1, 1)
    )
