"""Boxes and crops as nodes of an ONNX graph: what `Box` and `learning.crops` do in numpy."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.heatmap.augmentation import MARGIN
from landmark_annotator.backends.learning.onnx_graph import Value


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

    def parts(self) -> list[Value]:
        return [self.centre, self.side, self.direction]


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
    return sampled(pixels, axes, origin, size)


def sampled(pixels: Value, axes: Value, origin: Value, size: int) -> Value:
    """(size, size, 3) pixels of (H, W, 3) at origin (1, 2) + (column, row) @ axes (2, 2), rounded
    as bytes are. Between pixels by the four around; outside the border goes on."""
    rows, columns = np.mgrid[:size, :size]
    places = np.stack([columns.ravel(), rows.ravel()], axis=1).astype(np.float64)
    at = pixels.graph.constant(places) @ axes + origin
    return bilinear(pixels, at).reshape(size, size, 3)


def bilinear(pixels: Value, at: Value) -> Value:
    """(n, 3) float32 of (H, W, 3) float32 at (x, y) (n, 2) float64."""
    graph = pixels.graph
    extent = graph.op("Shape", pixels, kind=np.int64)
    height, width = extent.part(0, 1), extent.part(1, 2)
    low = at.of("Floor")
    share = (at - low).cast(np.float32)
    x, y = (low.cast(np.int64).take([n], axis=1) for n in (0, 1))
    across, down = (share.take([n], axis=1) for n in (0, 1))
    flat = pixels.reshape(-1, 3)

    def read(dx: int, dy: int) -> Value:
        column = (x + dx).clamped(0, width - 1)
        row = (y + dy).clamped(0, height - 1)
        return flat.take((row * width + column).reshape(-1))

    upper = read(0, 0) * (1.0 - across) + read(1, 0) * across
    lower = read(0, 1) * (1.0 - across) + read(1, 1) * across
    return (upper * (1.0 - down) + lower * down).of("Round")


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
    target = ((high - low) / factor).of("Floor").clamped(1.0)
    scale = (high - low) / target
    places = [value.cast(np.int64) for value in (low, high)]
    bounds = [value.take([1, 0]) for value in places]
    part = graph.op("Slice", image, *bounds, np.array([0, 1]), kind=np.uint8).cast(np.float32)
    across, down = (
        _averaging(target.part(n, n + 1), scale.part(n, n + 1), (high - low).part(n, n + 1))
        for n in (0, 1)
    )
    # (H, W, 3) -> (h, W, 3) -> (h, w, 3), each channel as a matrix of its own
    channels = down @ part.transpose(2, 0, 1) @ across.transpose(1, 0)
    averages = channels.transpose(1, 2, 0)
    # OpenCV rounds averages of four up at a half, and others to even.
    of_four = ~((scale - 2.0).of("Abs").reduced("Max", 0) > 0.0)
    shrunk = graph.where(of_four, (averages + 0.5).of("Floor"), averages.of("Round"))
    return [shrunk, axes / scale, (origin - low + 0.5) / scale - 0.5]


def _averaging(target: Value, scale: Value, extent: Value) -> Value:
    """(target, extent) float32: how much each pixel counts in each average."""
    graph = target.graph
    start = graph.counting(target.cast(np.int64).reshape()).cast(np.float64).reshape(-1, 1) * scale
    pixel = graph.counting(extent.cast(np.int64).reshape()).cast(np.float64).reshape(1, -1)
    shared = (start + scale).clamped(-np.inf, pixel + 1.0) - start.clamped(pixel)
    return (shared.clamped(0.0) / scale).cast(np.float32)
