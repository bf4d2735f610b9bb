"""Calibration and fusion with the prior as nodes of an ONNX graph, in double precision: what
`Calibration.mixture` does in numpy."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.densities.calibration import Calibration
from landmark_annotator.backends.learning.deviations import LEAST_SIZE
from landmark_annotator.backends.learning.onnx_graph import Graph, Value
from landmark_annotator.backends.shapes.engine.class_weights import LEADING_MASS
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats


@dataclass(frozen=True, eq=False)
class Seen:
    """What a network says of one object in the frame of its box. points: (L, 2), spreads: (L, 3)
    xx, xy and yy of their covariances, scales: (L, 1). hidden: (L,) probabilities, None where the
    network has not learned them. All float64."""

    points: Value
    spreads: Value
    scales: Value
    hidden: Value | None = None


@dataclass(frozen=True, eq=False)
class Belief:
    """points: (L, 2) the mean shape in the frame of the box. between: (L, 2, 2) the covariance of
    the classes' means, within: (L, 2, 2) that around them."""

    points: Value
    between: Value
    within: Value


def believed(calibration: Calibration, prior: ShapeMixture, seen: Seen) -> Belief:
    """As `Calibration.mixture`."""
    graph, size = seen.points.graph, prior.size
    residual = prior.residual / calibration.prior_share
    classes = prior.leading
    means = graph.constant(prior.means(classes).reshape(len(classes), -1))
    covariance = _joint(_roots(calibration, seen), calibration.correlation, size)
    inverse = inverted(covariance + graph.constant(residual), 2 * size)
    offsets = seen.points.reshape(1, -1) - means
    solved = offsets @ inverse
    squared = (solved * offsets).sum(1)
    logs = graph.constant(prior.log_weights[classes]) - squared * 0.5
    weights = _leading(graph.op("Softmax", logs, kind=np.float64, axis=0), len(classes))
    fused = means + solved @ graph.constant(residual)
    mean = weights.reshape(1, -1) @ fused
    apart = (fused - mean).reshape(len(classes), size, 2)
    weighed = apart * weights.reshape(-1, 1, 1)
    between = weighed.transpose(1, 2, 0) @ apart.transpose(1, 0, 2)
    gained = graph.constant(residual) @ inverse @ graph.constant(residual)
    left = (graph.constant(residual) - gained).reshape(size, 2, size, 2)
    # Of all pairs of landmarks those of each with itself.
    own = left.transpose(0, 2, 1, 3).reshape(-1, 2, 2).take(np.arange(size) * (size + 1))
    surprise = (squared / (2.0 * size)).reduced("Min", 0)
    power = graph.constant(calibration.surprise_power, np.float64)
    wider = graph.op("Pow", surprise, power, kind=np.float64) * calibration.widening
    return Belief(mean.reshape(-1, 2), between, own * wider)


def inverted(matrix: Value, size: int) -> Value:
    """Of a symmetric positive definite one (size, size): by sweeping each row in turn."""
    graph = matrix.graph
    # Near one, so that nothing is lost where ones are added.
    scale = (matrix * graph.constant(np.eye(size))).sum(0, 1) / size
    ones = graph.constant(np.eye(size))

    def swept(state: Value, number: Value) -> Value:
        row, column = state.take(number.reshape(1)), state.take(number.reshape(1), axis=1)
        unit = ones.take(number.reshape(1))
        pivot = row.take(number.reshape(1), axis=1)
        return state - (column - unit.transpose(1, 0)) @ ((row + unit) / pivot)

    return graph.repeated(matrix / scale, (size, size), size, swept) / scale


def area_of(spreads: Value) -> Value:
    """(L,) the roots of the determinants of covariances (L, 3)."""
    xx, xy, yy = (spreads.take(n, axis=1) for n in range(3))
    return (xx * yy - xy * xy).clamped(0.0).of("Sqrt")


def median(values: Value, chosen: Value, count: int) -> Value:
    """() of those (count,) that are chosen, of all where none is; none is negative."""
    graph = values.graph
    every = chosen.cast(np.int64).sum(0, keep=True) < 1
    chosen = graph.op("Or", chosen, every, kind=np.bool_)
    largest = graph.ops(
        "TopK",
        graph.where(chosen, values, -1.0),
        np.array([count], np.int64),
        kinds=[np.float64, np.int64],
    )[0]
    number = chosen.cast(np.int64).sum(0)
    halves = (graph.op("Div", number - odd, np.array(2, np.int64), kind=np.int64) for odd in (0, 1))
    one, other = (largest.take(half) for half in halves)
    return (one + other) * 0.5


def _roots(calibration: Calibration, seen: Seen) -> Value:
    """(L, 2, 2) symmetric roots of the covariances, as `Deviations.roots`."""
    deviations, graph = calibration.deviations, seen.points.graph
    spread, scale, constant = (float(part) for part in deviations.parts)
    xx, xy, yy = (seen.spreads.take([n], axis=1) for n in range(3))
    size = ((xx + yy) * 0.5).clamped(LEAST_SIZE)
    weight = spread + scale * (seen.scales * seen.scales) / size
    factors = graph.constant(_column(deviations.factors))
    a, c = (factors * (weight * own + constant * deviations.floor**2) for own in (xx, yy))
    b = factors * weight * xy
    root = (a * c - b * b).clamped(1e-30).of("Sqrt")
    length = (a + c + 2.0 * root).of("Sqrt")
    parts = [(a + root) / length, b / length, b / length, (c + root) / length]
    return graph.joined(parts, 1).reshape(-1, 2, 2)


def _joint(roots: Value, correlation: Floats, size: int) -> Value:
    """(2L, 2L) D C D; C and what comes out are symmetric."""
    graph: Graph = roots.graph
    half = roots @ graph.constant(np.asarray(correlation, np.float64).reshape(size, 2, 2 * size))
    turned = half.reshape(2 * size, 2 * size).transpose(1, 0).reshape(size, 2, 2 * size)
    return (roots @ turned).reshape(2 * size, 2 * size)


def _leading(weights: Value, count: int) -> Value:
    """Those of the fewest that hold most of the weight, summing to one; nought for the others."""
    graph = weights.graph
    if count == 1:
        return weights
    ordered, places = graph.ops("TopK", weights, np.array([count]), kinds=[np.float64, np.int64])
    before = graph.op("CumSum", ordered, np.int64(0), kind=np.float64) - ordered
    kept = graph.where(before < LEADING_MASS, ordered, 0.0)
    back = graph.op("Sub", np.int64(0), places, kind=np.int64)
    order = graph.ops("TopK", back, np.array([count]), kinds=[np.int64, np.int64])[1]
    placed = kept.take(order)
    return placed / placed.sum(0)


def _column(values: Floats) -> Floats:
    return np.asarray(values, np.float64).reshape(-1, 1)
