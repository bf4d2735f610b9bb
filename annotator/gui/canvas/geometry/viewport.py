"""Where image pixels are on the screen: pure functions, no Qt.

Image coordinates are (x, y) with the centre of the top-left pixel at (0, 0), so the image's
area reaches from -0.5 to width - 0.5. Screen coordinates are the canvas widget's own, in
device-independent pixels (Qt multiplies them by the screen's scale).
"""

from dataclasses import dataclass, replace

import numpy as np

from projects.vocabulary import Box
from projects.vocabulary.arrays import Floats

MAX_SCALE = 64.0
"""Screen pixels per image pixel beyond which zooming in shows nothing new."""

CHI2_95 = 5.991464547107979
"""The squared radius that holds 95 % of a two-dimensional Gaussian."""

_IN_SIGHT = 0.25
"""The share of the viewport's shorter side that the image can never be pushed out of."""


@dataclass(frozen=True)
class Viewport:
    """A uniform scale and a shift: screen = scale * image + (left, top)."""

    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def to_screen(self, points: Floats) -> Floats:
        """(..., 2) image pixels to screen pixels."""
        return np.asarray(points, dtype=np.float64) * self.scale + (self.left, self.top)

    def to_image(self, points: Floats) -> Floats:
        """(..., 2) screen pixels to image pixels: the inverse of `to_screen`."""
        return (np.asarray(points, dtype=np.float64) - (self.left, self.top)) / self.scale

    def zoomed(self, factor: float, at: tuple[float, float], minimum: float) -> "Viewport":
        """Scaled by `factor` within minimum..MAX_SCALE; the image point under `at` stays there."""
        scale = min(max(self.scale * factor, minimum), MAX_SCALE)
        ratio = scale / self.scale
        return Viewport(
            scale, at[0] - (at[0] - self.left) * ratio, at[1] - (at[1] - self.top) * ratio
        )

    def panned(self, dx: float, dy: float) -> "Viewport":
        """Shifted by screen pixels."""
        return replace(self, left=self.left + dx, top=self.top + dy)

    def kept_in_sight(self, image: tuple[int, int], size: tuple[int, int]) -> "Viewport":
        """Shifted back as far as needed for some of the image to stay in the viewport.

        image: (width, height) in image pixels; size: (width, height) of the viewport.
        """
        reach = _IN_SIGHT * min(size)
        shifted = []
        for start, extent, available in (
            (self.left, image[0], size[0]),
            (self.top, image[1], size[1]),
        ):
            length = extent * self.scale
            margin = min(reach, length)
            first = start - 0.5 * self.scale
            shifted.append(min(max(first, margin - length), available - margin) + 0.5 * self.scale)
        return Viewport(self.scale, shifted[0], shifted[1])


def fitted(
    low: tuple[float, float],
    high: tuple[float, float],
    size: tuple[int, int],
    margin: float = 0.06,
) -> Viewport:
    """The viewport that shows the image area low..high centred and as large as it goes.

    low, high: corners in image pixels; size: (width, height) of the viewport; margin: the share
    of the viewport left free on each side.
    """
    width, height = max(high[0] - low[0], 1e-6), max(high[1] - low[1], 1e-6)
    free = 1 - 2 * margin
    scale = min(size[0] * free / width, size[1] * free / height, MAX_SCALE)
    return Viewport(
        scale,
        size[0] / 2 - scale * (low[0] + high[0]) / 2,
        size[1] / 2 - scale * (low[1] + high[1]) / 2,
    )


def whole_image(image: tuple[int, int], size: tuple[int, int]) -> Viewport:
    """The viewport that shows all of an image of (width, height) pixels."""
    return fitted((-0.5, -0.5), (image[0] - 0.5, image[1] - 0.5), size, margin=0.02)


def box_corners(box: Box) -> Floats:
    """(4, 2) the corners of a box in image pixels, in order round it."""
    half = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) / 2
    return box.to_image(half * (box.width, box.height) / box.side)


def ellipses_95(covariances: Floats) -> Floats:
    """(L, 2, 2) covariances to (L, 3): both semi-axes of the 95 % ellipse and its angle.

    The longer axis comes first, lengths in the covariances' unit; the angle (radians) turns the
    x axis onto the longer axis, towards y. Rows with NaN give NaN.
    """
    result = np.full((len(covariances), 3), np.nan)
    known = np.isfinite(covariances).all(axis=(1, 2))
    if known.any():
        values, vectors = np.linalg.eigh(covariances[known])
        lengths = np.sqrt(np.maximum(values, 0) * CHI2_95)
        result[known, 0] = lengths[:, 1]
        result[known, 1] = lengths[:, 0]
        result[known, 2] = np.arctan2(vectors[:, 1, 1], vectors[:, 0, 1])
    return result


def uncrowded_radius(points: Floats, largest: float) -> float:
    """A radius at which the signs of most landmarks do not run into their neighbours'.

    points: (L, 2) in screen pixels, NaN where unknown. `largest` unless the view is zoomed out so
    far that signs of that size would hide the shape; never less than half of it.
    """
    known = points[np.isfinite(points).all(axis=1)]
    if len(known) < 2:
        return largest
    distances = np.linalg.norm(known[:, None] - known[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    room = float(np.median(distances.min(axis=1))) / 3
    return min(max(room, largest / 2), largest)
