"""Boxes and crops as nodes of an ONNX graph: what `Box` and `learning.crops` do in numpy."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.densities.augmentation import MARGIN
from landmark_annotator.backends.learning.onnx_graph import Value

_LANES = 16
"""Pixels of a row that OpenCV reckons at a time."""


@dataclass(frozen=True, eq=False)
class Frame:
    """That of a box. centre: (2,), side: (1,) its longer one, both in pixels; direction: (2,) the
    cosine and sine of its angle. All float64."""

    centre: Value
    side: Value
    direction: Value

    @classmethod
    def of(cls, box: Value) -> "Frame":
        """box: (5,) centre x and y, width, height, angle in radians."""
        angle = box.part(4, 5)
        turn = box.graph.joined([angle.of("Cos"), angle.of("Sin")], 0)
        side = box.part(2, 4).reduced("Max", 0, keep=True)
        return cls(box.part(0, 2), side, turn)

    @property
    def rotation(self) -> Value:
        """(2, 2)."""
        cos, sin = self.direction.part(0, 1), self.direction.part(1, 2)
        return self.centre.graph.joined([cos, 0.0 - sin, sin, cos], 0).reshape(2, 2)

    def to_image(self, points: Value) -> Value:
        """(n, 2)."""
        return points @ self.rotation.transpose(1, 0) * self.side + self.centre

    def to_frame(self, points: Value) -> Value:
        return (points - self.centre) @ self.rotation / self.side

    def covariances_to_image(self, covariances: Value) -> Value:
        """(n, 2, 2)."""
        turn = self.rotation
        return turn @ covariances @ turn.transpose(1, 0) * (self.side * self.side)

    def shifted(self, share: float) -> "Frame":
        """By this share of its side along both of its axes."""
        away = self.to_image(self.centre.graph.constant(np.full((1, 2), share)))
        return Frame(away.reshape(2), self.side, self.direction)

    def moved(self, shift: Value, scale: Value, turn: Value) -> "Frame":
        """Shifted (1, 2) in sides along its own axes, then scaled and turned (1,)."""
        cos, sin = turn.of("Cos"), turn.of("Sin")
        x, y = self.direction.part(0, 1), self.direction.part(1, 2)
        direction = self.centre.graph.joined([x * cos - y * sin, x * sin + y * cos], 0)
        return Frame(self.to_image(shift).reshape(2), self.side * scale, direction)

    def parts(self) -> list[Value]:
        return [self.centre, self.side, self.direction]


def shown(image: Value, points: Value) -> Value:
    """(n,) whether points (n, 2) lie in the image (H, W, 3)."""
    graph = image.graph
    extent = graph.op("Shape", image, kind=np.int64).part(0, 2).take([1, 0]).cast(np.float64)
    outside = graph.op("Or", points < -0.5, ~(points < extent - 0.5), kind=np.bool_)
    return outside.cast(np.int64).sum(1) < 1


def crop(
    image: Value, frame: Frame, size: int, margin: float = MARGIN, flip: bool = False
) -> Value:
    """(size, size, 3) float32 of whole numbers, as `crop` in numpy. image: (H, W, 3) uint8."""
    graph = image.graph
    steps = ((np.array([[0, 0], [1, 0], [0, 1]]) + 0.5) / size - 0.5) * margin
    at = frame.to_image(graph.constant(steps * ([-1.0, 1.0] if flip else [1.0, 1.0])))
    origin, right, below = (at.part(n, n + 1) for n in range(3))
    axes = graph.joined([right - origin, below - origin], 0)  # rows: of a step in x, and in y
    per_cell = frame.side * (margin / size)
    shrinks = (per_cell > 2.0).reshape()

    def directly() -> list[Value]:
        return [image.cast(np.float32), axes, origin]

    def averaged() -> list[Value]:
        return _reduced(image, axes, origin, size, per_cell.of("Floor"))

    pixels, axes, origin = graph.branch(shrinks, averaged, directly)
    return sampled(pixels, axes, origin, size).reshape(size, size, 3)


def sampled(pixels: Value, axes: Value, origin: Value, size: int) -> Value:
    """(P, size, size, 3) pixels of (H, W, 3), rounded as bytes are, at origin (P, 1, 2) + (column,
    row) @ axes (2, 2). Between pixels by the four around; outside the border goes on.

    To the last digit as OpenCV does it, whose products and sums in single precision are rounded
    once: a pixel that is rounded the other way is one to a network.
    """
    graph = pixels.graph
    rows, columns = (part.reshape(-1, 1) for part in np.mgrid[:size, :size].astype(np.float32))
    step, line = (axes.part(n, n + 1).cast(np.float32) for n in (0, 1))
    start = origin.cast(np.float32)
    below, across = graph.constant(rows) * line, graph.constant(columns)
    at = _once(across, step, below + start)
    vectors = size // _LANES * _LANES
    if vectors < size:  # the columns that are left are reckoned one by one
        alone = _once(across, step, below) + start
        at = graph.where(graph.constant(columns < vectors), at, alone)
    return _bilinear(pixels, at.reshape(-1, 2)).reshape(-1, size, size, 3)


def _once(factor: Value, other: Value, added: Value) -> Value:
    """factor * other + added in single precision, rounded once."""
    return (factor.cast(np.float64) * other.cast(np.float64) + added.cast(np.float64)).cast(
        np.float32
    )


def _bilinear(pixels: Value, at: Value) -> Value:
    """(n, 3) float32 of (H, W, 3) float32 at (x, y) (n, 2) float32."""
    graph = pixels.graph
    extent = graph.op("Shape", pixels, kind=np.int64)
    height, width = extent.part(0, 1), extent.part(1, 2)
    low = at.of("Floor")
    share = at - low
    x, y = (low.cast(np.int64).take([n], axis=1) for n in (0, 1))
    across, down = (share.take([n], axis=1) for n in (0, 1))
    flat = pixels.reshape(-1, 3)

    def read(dx: int, dy: int) -> Value:
        column = (x + dx).clamped(0, width - 1)
        row = (y + dy).clamped(0, height - 1)
        return flat.take((row * width + column).reshape(-1))

    upper, lower = (_once(across, read(1, dy) - (first := read(0, dy)), first) for dy in (0, 1))
    return _once(down, lower - upper, upper).of("Round")


def _reduced(image: Value, axes: Value, origin: Value, size: int, factor: Value) -> list[Value]:
    """The part of the image that the crop covers, averaged over `factor` (1,) pixels a side, and
    axes and origin in it."""
    graph = image.graph
    corners = graph.constant(np.array([[0, 0], [size, 0], [0, size], [size, size]], np.float64))
    at = corners @ axes + origin
    extent = graph.op("Shape", image, kind=np.int64).part(0, 2).take([1, 0])
    room = extent.cast(np.float64)
    low = (at.reduced("Min", 0).of("Floor") - factor).clamped(0.0, room - 1.0)
    high = (at.reduced("Max", 0).of("Ceil") + factor).clamped(low + 1.0, room)
    blocks = ((high - low) / factor).of("Ceil")
    first, room, whole = (value.cast(np.int64) for value in (low, room, factor))
    averages = image
    for axis, of in ((0, 1), (1, 0)):
        count = blocks.part(of, of + 1).cast(np.int64)
        steps = graph.counting((count * whole).reshape())
        taken = (steps + first.part(of, of + 1)).clamped(0, room.part(of, of + 1) - 1)
        averages = averages.take(taken, axis)
    wide, tall = (blocks.part(n, n + 1).cast(np.int64) for n in (0, 1))
    shape = graph.joined([tall, whole, wide, whole, graph.constant(np.array([3]))], 0)
    apart = graph.op("Reshape", averages.cast(np.float32), shape, kind=np.float32)
    sums = apart.sum(1, 3).cast(np.float64)
    shrunk = (sums / (factor * factor)).of("Round").cast(np.float32)
    return [shrunk, axes / factor, (origin - low + 0.5) / factor - 0.5]
