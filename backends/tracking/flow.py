"""What dense flow carries from one frame to the next, and how far to trust it.

Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016, forward and backward:
where the way back does not lead home, or places nearby go elsewhere, by so much the way there may
be wrong.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from landmark_annotator.backends.learning.sampling import sampled
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

MARGIN = 1.6
"""Side of what is looked at, in sides of the box around both objects."""
SIZE = 256
"""Pixels of that side at most."""
_KEPT = 2
"""Flow is kept for each so manyth pixel of what was looked at."""
_LEAST = 0.15
"""Pixels of what was looked at that flow is off by where it leads home exactly."""

_AROUND = 6.0
"""Cells from a point to the places round it whose flow is compared with its own: where things pass
each other, and where a surface turns away, neither is to be trusted."""
_TURNS = np.arange(8) * np.pi / 4
_RING = _AROUND * np.stack([np.cos(_TURNS), np.sin(_TURNS)], axis=1)

_Half = npt.NDArray[np.float16]


@dataclass(frozen=True, eq=False)
class FlowField:
    """there, home: (n, n, 2) from each cell of the earlier frame to the later, and the way home.

    Cell (i, j) is the place `corner` + `cell` (j, i) of the earlier frame, in image pixels, and
    that place + `leap` of the later one; flow is what is left between the two. alike: correlation
    of what it leads to with what the object's box shows; None where nobody has compared them.
    """

    corner: Floats
    cell: float
    there: _Half
    home: _Half
    leap: Floats = field(default_factory=lambda: np.zeros(2))
    alike: float | None = None

    def carried(self, points: Floats) -> tuple[Floats, Floats]:
        """By how much (L, 2) points of the earlier frame move, and the variance (L,) of that along
        each axis, in squared pixels: infinite where nothing was looked at."""
        step, variance = self._carried(points, self.there, self.home)
        return step + self.leap, variance

    def carried_back(self, points: Floats) -> tuple[Floats, Floats]:
        """The same of points of the later frame, on their way to the earlier."""
        step, variance = self._carried(points - self.leap, self.home, self.there)
        return step - self.leap, variance

    def _carried(self, points: Floats, way: _Half, back: _Half) -> tuple[Floats, Floats]:
        around = np.concatenate([points[None], points + _RING[:, None] * self.cell])
        moved = self._at(way, around.reshape(-1, 2)).reshape(around.shape)
        step = moved[0]
        lost = np.linalg.norm(step + self._at(back, points + step), axis=1)
        torn = ((moved[1:] - step) ** 2).sum(axis=2).mean(axis=0)
        variance = (lost**2 + torn + (_LEAST * self.cell / _KEPT) ** 2) / 2
        outside = ~self._inside(points) | ~self._inside(points + step)
        variance[outside] = np.inf
        step[outside] = 0.0
        return step, variance

    def _inside(self, points: Floats) -> npt.NDArray[np.bool_]:
        cells = (points - self.corner) / self.cell
        extent = np.array(self.there.shape[1::-1]) - 1
        return np.asarray((np.isfinite(cells) & (cells >= 0) & (cells <= extent)).all(axis=1))

    def _at(self, field: _Half, points: Floats) -> Floats:
        found = sampled(field.astype(np.float32), (points - self.corner) / self.cell)
        return np.asarray(found, dtype=np.float64)


def flow_between(
    earlier: Pixels, later: Pixels, boxes: tuple[Box, Box], leap: Floats | None = None
) -> FlowField:
    """earlier, later: (height, width, 3) RGB or (height, width); boxes: of the object in both.

    leap: (2,) pixels by which it has gone about; its boxes are then both of where it was before.
    """
    leap = np.zeros(2) if leap is None else leap
    corner, side = _window(boxes)
    size = int(min(SIZE, max(side, 32)))
    first = looked_at(earlier, corner, side, size)
    second = looked_at(later, corner + leap, side, size)
    scale = side / size
    there, home = _flow(first, second) * scale, _flow(second, first) * scale
    kept = slice(None, None, _KEPT)
    return FlowField(
        corner + (scale - 1) / 2,
        scale * _KEPT,
        there[kept, kept].astype(np.float16),
        home[kept, kept].astype(np.float16),
        leap,
    )


def _flow(first: Pixels, second: Pixels) -> AnyFloats:
    import cv2  # It takes a while to load, and a window is to be seen before.

    dense = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    # Its variational refinement gives thin legs the flow of the ground around them, there and back
    # alike: the way home then agrees with a wrong way.
    dense.setVariationalRefinementIterations(0)
    return np.asarray(dense.calc(first, second, np.zeros((*first.shape, 2), np.float32)))


def _window(boxes: tuple[Box, Box]) -> tuple[Floats, float]:
    """The corner of the square around both boxes, however they are turned, and its side."""
    middles = np.array([box.centre for box in boxes])
    halves = np.array([box.side * MARGIN / 2 for box in boxes])[:, None]
    low, high = (middles - halves).min(axis=0), (middles + halves).max(axis=0)
    side = float((high - low).max())
    return np.floor((low + high) / 2 - side / 2), float(np.ceil(side))


def looked_at(pixels: Pixels, corner: Floats, side: float, size: int) -> Pixels:
    """(size, size) grey: the square of a frame with this corner and side, in image pixels; beyond
    the frame as its border is."""
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    scale = size / side
    shift = -corner * scale + (scale - 1) / 2
    matrix = np.array([[scale, 0.0, shift[0]], [0.0, scale, shift[1]]])
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    if scale < 0.7:  # Blurred before it is made smaller, for warping does not.
        low = np.maximum(corner.astype(int), 0)
        high = np.maximum((corner + side).astype(int) + 1, low + 1)
        part = grey[low[1] : high[1], low[0] : high[0]]
        if part.size:
            grey = grey.copy()
            grey[low[1] : high[1], low[0] : high[0]] = cv2.GaussianBlur(part, (0, 0), 0.45 / scale)
        flags = cv2.INTER_LINEAR
    moved = cv2.warpAffine(grey, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, dtype=np.uint8)
