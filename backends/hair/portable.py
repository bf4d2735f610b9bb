"""The network as one ONNX file: a crop and what is told beside it in, probabilities out."""

from functools import partial
from pathlib import Path

import numpy as np
from torch import nn

from landmark_annotator.backends.hair.network import (
    AtrousPyramid,
    BorderRefinement,
    HairNetwork,
    Level,
    ShapePrior,
)
from landmark_annotator.backends.hair.parser import read
from landmark_annotator.backends.learning.onnx_graph import Value
from landmark_annotator.backends.learning.onnx_layers import (
    convolved,
    enlarged,
    normed,
    through,
)
from landmark_annotator.backends.segmentation.parser import Parser
from landmark_annotator.backends.segmentation.portable import shuffled, whole_file
from landmark_annotator.projects.vocabulary.scheme import Scheme

_STRIDE = 8
"""Pixels of the crop in a cell at the end of the first stage."""


def onnx_file(folder: Path, scheme: Scheme) -> bytes:
    """Of the model that a training has left there. Raises MissingPackage, WeightsMismatch."""
    return parser_file(read(folder, scheme))


def parser_file(parser: Parser) -> bytes:
    network = parser.network
    assert isinstance(network, HairNetwork)
    return whole_file(parser, partial(_segmented, network))


def _segmented(network: HairNetwork, crops: Value, hints: Value) -> Value:
    """As `HairNetwork.forward`."""
    seen = crops
    if network.prior is not None:
        seen = crops.graph.joined([crops, _shape(network.prior, crops)], 1)
    x = convolved(network.seen, seen) + convolved(network.told, hints)
    x = _levelled(network.levels, normed(network.norm, x).of("Relu"))
    return shuffled(convolved(network.logits, x))


def _shape(prior: ShapePrior, crops: Value) -> Value:
    found = _pooled(prior.pyramid, through(prior.stages, through(prior.stem, crops)))
    whole = enlarged(convolved(prior.last, found), _STRIDE, "linear")
    return whole.clamped(-1.0, 1.0)


def _pooled(pyramid: AtrousPyramid, x: Value) -> Value:
    seen = [through(pyramid.place, x), *(through(look, x) for look in pyramid.around)]
    whole = convolved(pyramid.whole, x.reduced("Mean", 2, 3, keep=True)).of("Relu")
    places = x.graph.op("Shape", seen[0], kind=np.int64)
    everywhere = x.graph.op("Expand", whole, places, kind=np.float32)
    return through(pyramid.joined, x.graph.joined([*seen, everywhere], 1))


def _levelled(level: nn.Module, x: Value) -> Value:
    if not isinstance(level, Level):
        return through(level, x)
    y = _levelled(level.inner, through(level.encode, x))
    y = _refined(level.refine, through(level.decode, y))
    return through(level.across, x) + enlarged(y, 2, "nearest")


def _refined(refinement: nn.Module, x: Value) -> Value:
    if isinstance(refinement, BorderRefinement):
        return x * convolved(refinement.connectivity, x).of("Sigmoid")
    return x
