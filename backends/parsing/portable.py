"""The network as one ONNX file: a crop and what is told beside it in, probabilities out."""

from functools import partial
from pathlib import Path

import numpy as np
from torch import nn

from landmark_annotator.backends.learning.blocks import folded_norm
from landmark_annotator.backends.learning.onnx_graph import Value
from landmark_annotator.backends.learning.onnx_layers import convolved, enlarged, normed
from landmark_annotator.backends.parsing.network import (
    DenseLayer,
    Hourglass,
    InvertedBottleneck,
    ParsingNetwork,
)
from landmark_annotator.backends.parsing.parser import read
from landmark_annotator.backends.segmentation.parser import Parser
from landmark_annotator.backends.segmentation.portable import shuffled, whole_file
from landmark_annotator.projects.vocabulary.scheme import Scheme

_MOST = 6.0


def onnx_file(folder: Path, scheme: Scheme) -> bytes:
    """Of the model that a training has left there. Raises MissingPackage, WeightsMismatch."""
    return parser_file(read(folder, scheme))


def parser_file(parser: Parser) -> bytes:
    network = parser.network
    assert isinstance(network, ParsingNetwork)
    return whole_file(parser, partial(_parsed, network))


def _parsed(network: ParsingNetwork, crops: Value, hints: Value) -> Value:
    """As `ParsingNetwork.forward`."""
    x = convolved(network.seen, crops) + convolved(network.told, hints)
    x = normed(network.norm, x).of("Relu")
    x = _through(network.hourglass, _through(network.first, x))
    x = _through(network.dense, x)
    return shuffled(convolved(network.logits, x))


def _through(module: nn.Module, x: Value) -> Value:
    if isinstance(module, InvertedBottleneck):
        wide = _clipped(_folded(module.widen, x))
        return x + _folded(module.narrow, _clipped(_folded(module.filter, wide)))
    if isinstance(module, Hourglass):
        half = x.graph.op("MaxPool", x, kind=np.float32, kernel_shape=[2, 2], strides=[2, 2])
        inner = _through(module.inner, _through(module.down, half))
        return _through(module.across, x) + enlarged(_through(module.up, inner), 2, "nearest")
    if isinstance(module, DenseLayer):
        return x.graph.joined([x, _folded(module.grow, x).of("Relu")], 1)
    assert isinstance(module, nn.Sequential)
    for part in module:
        x = _through(part, x)
    return x


def _clipped(x: Value) -> Value:
    return x.graph.op("Clip", x, 0.0, _MOST, kind=np.float32)


def _folded(part: nn.Sequential, x: Value) -> Value:
    layer = folded_norm(part[0], part[1])[0]
    assert isinstance(layer, nn.Conv2d)
    return convolved(layer, x)
