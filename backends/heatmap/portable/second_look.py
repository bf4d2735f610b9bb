"""The second look at the photograph's own resolution, as nodes of an ONNX graph."""

import math
from collections.abc import Sequence

import numpy as np
import torch

from landmark_annotator.backends.heatmap.portable.beliefs import Seen
from landmark_annotator.backends.heatmap.portable.first_look import mean_of, moments
from landmark_annotator.backends.heatmap.portable.frames import Frame, crop, sampled
from landmark_annotator.backends.heatmap.portable.networks import patches
from landmark_annotator.backends.heatmap.refinement.close_ups import CLOSE_MARGIN, LEVELS, PATCH
from landmark_annotator.backends.heatmap.refinement.network import CELLS, STRIDE, folded
from landmark_annotator.backends.heatmap.refinement.refiner import TURN, Refiner
from landmark_annotator.backends.learning.onnx_graph import Value


def second_look(refiner: Refiner, image: Value, frame: Frame, believed: Value) -> Seen:
    """As `Refiner.refine`: around believed (L, 2) in the frame."""
    believed = (believed * refiner.resolution).of("Round") / refiner.resolution
    size = close_up_size(refiner.resolution)
    levels = [crop(image, frame, size, size / refiner.resolution)]
    for _ in range(LEVELS - 1):
        levels.append(_halved(levels[-1], size))
        size //= 2
    mirrors = [None, refiner.mirror]
    looks = [
        _look(refiner, levels, believed, turn, mirror)
        for turn, mirror in zip((TURN, -TURN), mirrors, strict=True)
    ]
    return Seen(
        mean_of([look.points for look in looks]),
        mean_of([look.spreads for look in looks]),
        mean_of([look.scales for look in looks]),
    )


def close_up_size(resolution: float) -> int:
    """Pixels of the finest level: see `CloseUp.of`."""
    step: int = 2 ** (LEVELS - 1)
    steps = math.ceil(CLOSE_MARGIN * resolution / step)
    return step * steps


def _look(
    refiner: Refiner,
    levels: list[Value],
    believed: Value,
    turn: float,
    mirror: Sequence[int] | None,
) -> Seen:
    graph, resolution = believed.graph, refiner.resolution
    cos, sin = math.cos(turn), math.sin(turn)
    axes = np.array([[cos, -sin], [sin, cos]]) * (1.0 if mirror is None else [-1.0, 1.0])
    middle = axes @ np.full(2, (PATCH - 1) / 2)
    side = close_up_size(resolution)
    found = []
    for level, pixels in enumerate(levels):
        own = side // 2**level
        centres = (believed * (resolution / 2**level)).clamped(-float(own), float(own))
        origins = (centres + (own - 1) / 2 - middle).reshape(-1, 1, 2)
        seen_there = sampled(pixels, graph.constant(axes.T), origins, PATCH)
        found.append(seen_there.transpose(0, 3, 1, 2))
    seen = graph.joined(found, 1) / 255.0
    count = refiner.network.scale_bias.shape[0]
    order = list(range(count)) if mirror is None else list(mirror)
    weights, log_scales = patches(folded(refiner.network, torch.float32), seen, order)
    means, spreads = moments(weights.reshape(count, CELLS, CELLS), CELLS)
    cell = STRIDE / resolution
    away = (means - (CELLS - 1) / 2) * cell
    turned = graph.constant(axes.T)
    xx, xy, yy = (spreads.take([n], axis=1) for n in (0, 1, 2))
    square = graph.joined([xx, xy, xy, yy], 1).reshape(-1, 2, 2)
    aligned = (graph.constant(axes) @ square @ turned).reshape(-1, 4)
    return Seen(
        believed + away @ turned,
        aligned.take([0, 1, 3], axis=1) * cell**2,
        log_scales.cast(np.float64).of("Exp").reshape(-1, 1) * cell,
    )


def _halved(pixels: Value, side: int) -> Value:
    """(side / 2, side / 2, 3) averages of four, rounded up at a half as OpenCV does."""
    apart = pixels.reshape(side // 2, 2, side // 2, 2, 3)
    return (apart.reduced("Mean", 1, 3) + 0.5).of("Floor")
