"""The networks as nodes of an ONNX graph, from their folded copies in single precision."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.densities.hidden_head import HiddenHead
from landmark_annotator.backends.heatmap.network import STRIDE, HeatmapNetwork
from landmark_annotator.backends.heatmap.refinement.close_ups import LEVELS
from landmark_annotator.backends.heatmap.refinement.network import CELLS, STEM, PatchNetwork
from landmark_annotator.backends.learning.onnx_graph import Value
from landmark_annotator.backends.learning.onnx_layers import enlarged, through, weights_of


def heatmap(network: HeatmapNetwork, crops: Value) -> tuple[Value, Value, Value]:
    """As `HeatmapNetwork.look`: crops (B, 3, S, S) to densities (B, L, S/2, S/2), log scales (B, L)
    and features (B, L, F)."""
    graph = crops.graph
    x = through(network.stem, crops)
    passed = []
    for level in network.down:
        x = through(level, x)
        passed.append(x)
    for narrow, up, skip in zip(network.narrow, network.up, passed[-2:0:-1], strict=False):
        x = through(up, enlarged(through(narrow, x), 2, "linear") + skip)
    x = enlarged(through(network.narrow[-1], x), 2, "linear") + through(network.across, passed[0])
    x = through(network.finish, x)
    logits = through(network.densities, x)
    landmarks, channels = network.scale_weights.shape
    weights = _softmax(_flat(logits))
    features = weights @ _flat(x).transpose(0, 2, 1)
    products = features * graph.constant(weights_of(network.scale_weights).reshape(1, -1, channels))
    log_scales = products.sum(2) + graph.constant(weights_of(network.scale_bias).reshape(1, -1))
    side = graph.op("Shape", crops, kind=np.int64).part(2, 3) / STRIDE
    shape = graph.joined([graph.constant(np.array([-1, landmarks])), side, side], 0)
    return graph.op("Reshape", weights, shape, kind=np.float32), log_scales, features


def log_odds(head: HiddenHead, features: Value) -> Value:
    """As `HiddenHead.forward`: (L, F) of one crop to (L,)."""
    graph = features.graph
    weights, bias, neighbours = (
        graph.constant(weights_of(part)) for part in (head.weights, head.bias, head.neighbours)
    )
    alone = (features * weights).sum(1) + bias
    heard = (alone.of("Tanh").reshape(1, -1) @ neighbours).reshape(-1)
    return (alone + heard) * float(head.scale) + graph.constant(weights_of(head.shift))


def patches(network: PatchNetwork, levels: Value, landmarks: Sequence[int]) -> tuple[Value, Value]:
    """As `PatchNetwork.forward` with these landmarks: densities (P, cells) and log scales (P,).
    levels: (P, LEVELS * 3, PATCH, PATCH)."""
    graph, order = levels.graph, list(landmarks)
    stem = through(network.stem, levels)
    apart = [stem.part(n * STEM, (n + 1) * STEM, 1) for n in range(LEVELS)]
    x = apart[-1]
    for block, finer in zip(network.coarse, reversed(apart[:-1]), strict=True):
        x = graph.joined([_middle(through(block, x), CELLS), finer], 1)
    x = through(network.join, x)
    gains, shifts, read, scale_weights, scale_bias = (
        weights_of(part)[order]
        for part in (
            network.gains,
            network.shifts,
            network.densities,
            network.scale_weights,
            network.scale_bias,
        )
    )
    x = x * graph.constant(1 + gains[..., None, None]) + graph.constant(shifts[..., None, None])
    x = through(network.fine, x.of("Relu"))
    low = enlarged(through(network.narrow, through(network.down, x)), 2, "linear")
    flat = _flat(through(network.finish, x + low))
    weights = _softmax(graph.constant(read[:, None]) @ flat)
    features = (weights @ flat.transpose(0, 2, 1)).reshape(len(order), -1)
    log_scales = (features * graph.constant(scale_weights)).sum(1) + graph.constant(scale_bias)
    return weights.reshape(len(order), -1), log_scales


def _middle(x: Value, side: int) -> Value:
    quarter = side // 4
    middle = x.part(quarter, side - quarter, 2).part(quarter, side - quarter, 3)
    return enlarged(middle, 2, "linear")


def _flat(x: Value) -> Value:
    """(B, C, H * W)."""
    return x.graph.op("Reshape", x, np.array([0, 0, -1], np.int64), kind=x.kind)


def _softmax(x: Value) -> Value:
    return x.graph.op("Softmax", x, kind=x.kind, axis=2)
