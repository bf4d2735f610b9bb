"""The box of an instance, and the box frame that shapes are compared in."""

import math
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

_NUMBERS = "centre_x", "centre_y", "width", "height", "angle"


@dataclass(frozen=True)
class Box:
    """A rectangle in image pixels, turned by `angle` radians about its centre.

    A positive angle turns the image's x axis towards its y axis (clockwise on the screen).

    The box frame has its origin at the box's centre, its axes along the box's sides and the
    longer side as its unit, so a point of the box lies within -0.5..0.5 on both axes. It differs
    from the image by a similarity: angles and proportions of a shape stay as they are.
    """

    centre_x: float
    centre_y: float
    width: float
    height: float
    angle: float = 0.0

    def __post_init__(self) -> None:
        try:
            finite = all(math.isfinite(number) for number in self.numbers)
        except TypeError:
            finite = False
        if not finite or self.width <= 0 or self.height <= 0:
            raise ActionableError(
                f"A box needs finite numbers and sides above zero, not {self.numbers}.",
                remedy="Draw the box again, or correct it in the file it came from.",
            )
        # A number of numpy's is none to JSON, and one of half precision rounds what it meets.
        for name, number in zip(_NUMBERS, self.numbers, strict=True):
            if type(number) is not float:
                object.__setattr__(self, name, float(number))

    @classmethod
    def from_corner(cls, x: float, y: float, width: float, height: float) -> "Box":
        """From the corner nearest the image's origin; that of the whole image is at -0.5."""
        return cls(x + width / 2, y + height / 2, width, height)

    @classmethod
    def whole_image(cls, width: int, height: int) -> "Box":
        """The box of every pixel; pixel centres are at whole numbers, so it starts at -0.5."""
        return cls((width - 1) / 2, (height - 1) / 2, float(width), float(height))

    @classmethod
    def square_around(cls, points: Floats, scale: float = 1.0) -> "Box":
        """The upright square with the centre and the longer side of the points' bounding box.

        points: (L, 2) in image pixels; NaN rows are left out.
        """
        points = _positions(points)
        known = points[np.isfinite(points).all(axis=-1)]
        if len(known) == 0:
            raise ActionableError("A box around a shape needs at least one known landmark.")
        low, high = known.min(axis=0), known.max(axis=0)
        side = max(float((high - low).max()) * scale, 1.0)
        centre = (low + high) / 2
        return cls(float(centre[0]), float(centre[1]), side, side)

    @property
    def numbers(self) -> tuple[float, float, float, float, float]:
        """As it is made, and as files keep it: centre, width, height, and angle in radians."""
        return self.centre_x, self.centre_y, self.width, self.height, self.angle

    @property
    def side(self) -> float:
        """The longer side in pixels: the unit of the box frame."""
        return max(self.width, self.height)

    @property
    def diagonal(self) -> float:
        return math.hypot(self.width, self.height)

    @property
    def centre(self) -> Floats:
        """(2,) in image pixels."""
        return np.array([self.centre_x, self.centre_y])

    @property
    def corner(self) -> tuple[float, float]:
        """The (x, y) corner of the box before it is turned."""
        return self.centre_x - self.width / 2, self.centre_y - self.height / 2

    @property
    def half(self) -> Floats:
        """(2,) in its frame: how far it reaches from its centre, across and down."""
        return np.array([self.width, self.height]) / self.side / 2

    @property
    def _rotation(self) -> Floats:
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return np.array([[cos, -sin], [sin, cos]])

    def to_frame(self, points: Floats) -> Floats:
        """(..., 2) image pixels to the box frame."""
        return (_positions(points) - self.centre) @ self._rotation / self.side

    def to_image(self, points: Floats) -> Floats:
        """(..., 2) box frame to image pixels: the inverse of `to_frame`."""
        return _positions(points) @ self._rotation.T * self.side + self.centre

    def covariance_to_frame(self, covariance: Floats) -> Floats:
        """(..., 2, 2) squared pixels to the box frame."""
        return self._rotation.T @ covariance @ self._rotation / self.side**2

    def covariance_to_image(self, covariance: Floats) -> Floats:
        """(..., 2, 2) box frame to squared pixels."""
        return self._rotation @ covariance @ self._rotation.T * self.side**2

    def overlap(self, other: "Box") -> float:
        """Intersection over union of the two, both taken as upright."""
        low = max(self.corner[0], other.corner[0]), max(self.corner[1], other.corner[1])
        width = min(self.corner[0] + self.width, other.corner[0] + other.width) - low[0]
        height = min(self.corner[1] + self.height, other.corner[1] + other.height) - low[1]
        shared = max(width, 0.0) * max(height, 0.0)
        return shared / (self.width * self.height + other.width * other.height - shared)

    def shifted(self, x: float, y: float) -> "Box":
        """Elsewhere by so many pixels of the image."""
        return Box(self.centre_x + x, self.centre_y + y, self.width, self.height, self.angle)

    def moved(
        self, shift: tuple[float, float] = (0.0, 0.0), scale: float = 1.0, turn: float = 0.0
    ) -> "Box":
        """Shifted by a fraction of its side along its own axes, then scaled and turned."""
        offset = self._rotation @ np.array(shift) * self.side
        return Box(
            self.centre_x + float(offset[0]),
            self.centre_y + float(offset[1]),
            self.width * scale,
            self.height * scale,
            self.angle + turn,
        )


def _positions(points: Floats) -> Floats:
    """(..., 2), of a list too. Raises ActionableError."""
    given = np.asarray(points)
    if not given.ndim or given.shape[-1] != 2:
        raise ActionableError(f"Positions are rows of (x, y), not an array of {given.shape}.")
    return given
