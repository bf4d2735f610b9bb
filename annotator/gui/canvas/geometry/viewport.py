"""Where image pixels are on the screen: pure functions, no Qt.

Image coordinates are (x, y) with the centre of the top-left pixel at (0, 0), so the image's
area reaches from -0.5 to width - 0.5. Screen coordinates are the canvas widget's own, in
device-independent pixels (Qt multiplies them by the screen's scale).
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

MAX_SCALE = 64.0
"""Screen pixels per image pixel beyond which zooming in shows nothing new."""

CHI2_95 = 5.991464547107979
"""The squared radius that holds 95 % of a two-dimensional Gaussian."""

_IN_SIGHT = 0.25
"""The share of the viewport's shorter side that the image can never be pushed out of."""


@dataclass(frozen=True)
class Viewport:
    """A uniform scale, a turn and a shift: screen = scale * turn @ image + (left, top).

    angle: radians by which the image is turned clockwise on the screen. left, top: where the
    centre of the top-left pixel is.
    """

    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0
    angle: float = 0.0

    def to_screen(self, points: Floats) -> Floats:
        """(..., 2) image pixels to screen pixels."""
        return np.asarray(self.steps_to_screen(points) + np.array((self.left, self.top)))

    def to_image(self, points: Floats) -> Floats:
        """(..., 2) screen pixels to image pixels: the inverse of `to_screen`."""
        return self.steps_to_image(np.asarray(points, dtype=np.float64) - (self.left, self.top))

    def steps_to_screen(self, steps: Floats) -> Floats:
        """(..., 2) ways in image pixels to ways in screen pixels."""
        steps = np.asarray(steps, dtype=np.float64)
        return (steps if self.angle == 0.0 else steps @ self._turn.T) * self.scale

    def steps_to_image(self, steps: Floats) -> Floats:
        """(..., 2) ways in screen pixels to ways in image pixels."""
        steps = np.asarray(steps, dtype=np.float64)
        return (steps if self.angle == 0.0 else steps @ self._turn) / self.scale

    def spreads_to_screen(self, covariances: Floats) -> Floats:
        """(..., 2, 2) covariances in image pixels to those in screen pixels."""
        if self.angle != 0.0:
            covariances = self._turn @ covariances @ self._turn.T
        return covariances * self.scale**2

    @property
    def _turn(self) -> Floats:
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return np.array([[cos, -sin], [sin, cos]])

    @property
    def flat(self) -> "Viewport":
        """The same without the turn, for what is painted by a painter that is turned itself."""
        return replace(self, angle=0.0)

    def zoomed(self, factor: float, at: tuple[float, float], minimum: float) -> "Viewport":
        """Scaled by `factor` within minimum..MAX_SCALE; the image point under `at` stays there."""
        scale = min(max(self.scale * factor, minimum), MAX_SCALE)
        ratio = scale / self.scale
        left, top = at[0] - (at[0] - self.left) * ratio, at[1] - (at[1] - self.top) * ratio
        return replace(self, scale=scale, left=left, top=top)

    def turned(self, by: float, at: tuple[float, float]) -> "Viewport":
        """By radians clockwise; the image point under `at` stays there."""
        there = self.to_image(np.array(at))
        # Exactly back after four quarter turns, and within half a turn.
        angle = math.remainder(round(math.remainder(self.angle + by, math.tau), 12), math.tau)
        turned = replace(self, angle=angle)
        left, top = np.array(at) - turned.steps_to_screen(there)
        return replace(turned, left=float(left), top=float(top))

    def panned(self, dx: float, dy: float) -> "Viewport":
        """Shifted by screen pixels."""
        return replace(self, left=self.left + dx, top=self.top + dy)

    def kept_in_sight(self, image: tuple[int, int], size: tuple[int, int]) -> "Viewport":
        """Shifted back as far as needed for some of the image to stay in the viewport.

        image: (width, height) in image pixels; size: (width, height) of the viewport.
        """
        corners = self.to_screen(_corners((-0.5, -0.5), (image[0] - 0.5, image[1] - 0.5)))
        low, length = corners.min(axis=0), np.ptp(corners, axis=0)
        margin = np.minimum(_IN_SIGHT * min(size), length)
        dx, dy = np.clip(low, margin - length, np.array(size) - margin) - low
        kept = self.panned(float(dx), float(dy))
        if self.angle == 0.0:
            return kept
        # The rectangle round a turned image has corners without any of it: what is nearest to the
        # middle of the view stays in the circle that leaves as much of a margin.
        middle, limit = np.array(size) / 2, np.array(image) - 0.5
        nearest = kept.to_screen(np.clip(kept.to_image(middle), -0.5, limit))
        off, reach = nearest - middle, (0.5 - _IN_SIGHT) * min(size)
        dx, dy = off * (min(reach / max(float(np.hypot(*off)), 1e-9), 1.0) - 1.0)
        return kept.panned(float(dx), float(dy))


def fitted(
    points: Floats, size: tuple[int, int], margin: float = 0.06, angle: float = 0.0
) -> Viewport:
    """The viewport that shows all of these places centred and as large as they go.

    points: (N, 2) image pixels; size: (width, height) of the viewport; margin: the share of the
    viewport left free on each side; angle: as the viewport's.
    """
    turn = Viewport(angle=angle)
    places = turn.to_screen(points)
    low, high = places.min(axis=0), places.max(axis=0)
    width, height = (max(float(v), 1e-6) for v in high - low)
    free = 1 - 2 * margin
    scale = min(size[0] * free / width, size[1] * free / height, MAX_SCALE)
    left, top = (np.array(size) - scale * (low + high)) / 2
    return Viewport(scale, float(left), float(top), angle)


def whole_image(image: tuple[int, int], size: tuple[int, int], angle: float = 0.0) -> Viewport:
    """The viewport that shows all of an image of (width, height) pixels."""
    corners = _corners((-0.5, -0.5), (image[0] - 0.5, image[1] - 0.5))
    return fitted(corners, size, margin=0.02, angle=angle)


def _corners(low: tuple[float, float], high: tuple[float, float]) -> Floats:
    """(4, 2) in order round the area."""
    (left, top), (right, bottom) = low, high
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


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
