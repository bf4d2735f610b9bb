"""A network that segments as one ONNX file: a crop and what is told beside it in, probabilities
out."""

import json
from collections.abc import Callable

import numpy as np

from landmark_annotator.backends.learning.onnx_graph import Graph, Value
from landmark_annotator.backends.segmentation.examples import MARGINS
from landmark_annotator.backends.segmentation.hints import STRIDE, hint_count
from landmark_annotator.backends.segmentation.parser import Parser

INPUTS = (
    "crop (S, S, 3) uint8 RGB of the box times one of the margins, upright; hints (C, S/2, S/2) "
    "float32, zeros where nothing is told"
)
OUTPUTS = "probabilities (R + 1, S, S) float32, none of the regions first"


def whole_file(parser: Parser, network: Callable[[Value, Value], Value]) -> bytes:
    """network: the parser's, as nodes: crops (1, 3, S, S) in 0..1 and hints (1, C, S/2, S/2) to
    logits (1, R + 1, S, S). Raises MissingPackage."""
    graph, size, regions = Graph(), parser.size, len(parser.names)
    cells = size // STRIDE

    def whole(crop: Value, hints: Value) -> dict[str, tuple[Value, tuple[int, ...]]]:
        pixels = crop.cast(np.float32).transpose(2, 0, 1).reshape(1, 3, size, size) * (1 / 255)
        logits = network(pixels, hints.reshape(1, -1, cells, cells))
        # As Softmax says it, in a third of its time: onnxruntime turns the axes for that.
        raised = (logits - logits.reduced("Max", 1, keep=True)).of("Exp")
        likely = raised / raised.sum(1, keep=True)
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


def shuffled(logits: Value) -> Value:
    """Of each cell the pixels of the crop that it says."""
    return logits.graph.op("DepthToSpace", logits, kind=np.float32, blocksize=STRIDE, mode="CRD")
