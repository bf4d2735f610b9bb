"""What the first network sees, and the box that fits it, as nodes of an ONNX graph."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.densities.augmentation import MARGIN
from landmark_annotator.backends.densities.fitted_box import MOVE, SHOWN, STEPS, WIDE
from landmark_annotator.backends.densities.inference import MOST_PASSES, SETTLED, CropInference
from landmark_annotator.backends.heatmap.network import STRIDE, HeatmapNetwork
from landmark_annotator.backends.heatmap.portable.beliefs import Seen
from landmark_annotator.backends.heatmap.portable.frames import Frame, crop
from landmark_annotator.backends.heatmap.portable.networks import heatmap, log_odds
from landmark_annotator.backends.learning.onnx_graph import Value

_MIRRORED = [1.0, -1.0, 1.0]
"""What becomes of xx, xy and yy in a mirror."""


@dataclass(frozen=True, eq=False)
class FirstLook:
    """As `CropInference`. network: folded, in single precision."""

    inference: CropInference
    network: HeatmapNetwork

    def fitted(self, image: Value, frame: Frame) -> Frame:
        """The box along which is looked last, as `CropInference.infer` comes to it."""
        graph = image.graph
        go_on: Value | None = None
        for _ in range(MOST_PASSES - 1):

            def look(start: Frame = frame) -> list[Value]:
                fitting, next_one = self._fitting(self.look(image, [start]), start)
                usable = _usable(fitting, start)
                moves = usable & ~(_difference(start, fitting) < SETTLED)
                pairs = zip(next_one.parts(), start.parts(), strict=True)
                return [*(graph.where(usable, one, other) for one, other in pairs), moves]

            def stay(start: Frame = frame) -> list[Value]:
                return [*start.parts(), graph.constant(np.array([False]))]

            found = look() if go_on is None else graph.branch(go_on.reshape(), look, stay)
            frame, go_on = Frame(found[0], found[1], found[2]), found[3]
        return frame

    def look(self, image: Value, frames: Sequence[Frame]) -> Seen:
        """In the frame of the first of one or two; the second is looked along in the mirror, where
        there is one."""
        graph, size = image.graph, self.inference.size
        mirror = self.inference.mirror
        flips = [mirror is not None and n > 0 for n in range(len(frames))]
        crops = [
            crop(image, frame, size, MARGIN, flip).transpose(2, 0, 1) / 255.0
            for frame, flip in zip(frames, flips, strict=True)
        ]
        densities, log_scales, features = heatmap(self.network, graph.stacked(crops, 0))
        cells = size // STRIDE
        points, spreads, scales, hidden = [], [], [], []
        for number, (frame, flip) in enumerate(zip(frames, flips, strict=True)):
            means, own = moments(densities.take(number), cells)
            scale = log_scales.take(number).cast(np.float64).of("Exp")
            if flip and mirror is not None:
                order = list(mirror)
                means = means.take(order) * np.array([-1.0, 1.0]) + np.array([cells - 1.0, 0.0])
                own, scale = own.take(order) * np.array(_MIRRORED), scale.take(order)
            if self.inference.hidden is not None:
                odds = log_odds(self.inference.hidden, features.take(number))
                hidden.append(odds.take(order) if flip and mirror is not None else odds)
            inside = ((means + 0.5) * (STRIDE / size) - 0.5) * MARGIN
            points.append(inside if number == 0 else frames[0].to_frame(frame.to_image(inside)))
            spreads.append(own)
            scales.append(scale)
        cell = MARGIN / cells
        return Seen(
            mean_of(points),
            mean_of(spreads) * cell**2,
            mean_of(scales).reshape(-1, 1) * cell,
            mean_of(hidden).of("Sigmoid").cast(np.float64) if hidden else None,
        )

    def _fitting(self, seen: Seen, frame: Frame) -> tuple[Frame, Frame]:
        """As `fitting_box`, and as `stepped`."""
        graph = frame.centre.graph
        reference = np.asarray(self.inference.reference, np.float64)
        known = np.flatnonzero(np.isfinite(reference).all(axis=1))
        x, y = (graph.constant(reference[known, n]) for n in (0, 1))
        target = seen.points.take(known)
        u, v = target.take(0, axis=1), target.take(1, axis=1)
        spreads = seen.spreads.take(known)
        variances = (spreads.take(0, axis=1) + spreads.take(2, axis=1)) * 0.5
        wide = variances / WIDE**2
        weights = 1.0 / (1.0 + wide * wide) * (1 / len(known) / SHOWN**2)

        def total(value: Value) -> Value:
            return value.sum(0, keep=True)

        # turn * source + shift = target, in complex numbers: see there.
        across_x, across_y = total(weights * x), total(weights * y)
        first = total(weights * (x * x + y * y)) + MOVE**-2
        last = total(weights) + MOVE**-2
        turned = total(weights * (x * u + y * v)) + MOVE**-2
        skewed = total(weights * (x * v - y * u))
        away_x, away_y = total(weights * u), total(weights * v)
        whole = first * last - across_x * across_x - across_y * across_y
        turn_x = (turned * last - (across_x * away_x + across_y * away_y)) / whole
        turn_y = (skewed * last - (across_x * away_y - across_y * away_x)) / whole
        shift_x = (first * away_x - (across_x * turned - across_y * skewed)) / whole
        shift_y = (first * away_y - (across_x * skewed + across_y * turned)) / whole
        shift = graph.joined([shift_x, shift_y], 0).reshape(1, 2)
        length = (turn_x * turn_x + turn_y * turn_y).of("Sqrt")
        # Runtimes have the arc tangent in single precision: enough to know a step.
        half = (turn_y / (length + turn_x)).cast(np.float32).of("Atan")
        angle = half.cast(np.float64) * 2.0
        return (
            frame.moved(shift, length, angle),
            frame.moved(_whole_steps(shift), _whole_steps(length), _whole_steps(angle)),
        )


def _whole_steps(value: Value) -> Value:
    return (value * float(STEPS)).of("Round") / float(STEPS)


def moments(densities: Value, cells: int) -> tuple[Value, Value]:
    """Means (L, 2) and covariances (L, 3) in cells of densities (L, cells, cells), float64."""
    graph = densities.graph
    places = graph.constant(np.arange(cells, dtype=np.float64))
    across, down = densities.sum(1).cast(np.float64), densities.sum(2).cast(np.float64)
    x, y = ((part * places).sum(1, keep=True) for part in (across, down))
    away_x, away_y = (places - mean for mean in (x, y))
    xx = (across * away_x * away_x).sum(1, keep=True)
    yy = (down * away_y * away_y).sum(1, keep=True)
    column = away_x.reshape(-1, cells, 1).cast(np.float32)
    rows = (densities @ column).reshape(-1, cells).cast(np.float64)
    xy = (rows * away_y).sum(1, keep=True)
    return graph.joined([x, y], 1), graph.joined([xx, xy, yy], 1)


def mean_of(values: Sequence[Value]) -> Value:
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total / float(len(values))


def _usable(fitting: Frame, frame: Frame) -> Value:
    """(1,) as in `inference`."""
    ratio = fitting.side / frame.side
    away = fitting.centre - frame.centre
    near = (away * away).sum(0, keep=True).of("Sqrt") < frame.side
    return (ratio > 1 / 3) & (ratio < 3.0) & near


def _difference(frame: Frame, other: Frame) -> Value:
    """(1,) as in `inference`."""
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]])
    places = frame.centre.graph.constant(corners)
    apart = frame.to_image(places) - other.to_image(places)
    return (apart * apart).sum(1).of("Sqrt").reduced("Max", 0, keep=True) / frame.side
