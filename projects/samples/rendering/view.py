"""The camera: it looks along -z at the head, at some distance and focal length."""

from dataclasses import dataclass

import numpy as np

from projects.vocabulary.arrays import Floats


@dataclass(frozen=True)
class View:
    """centre: (3,) the point seen in the picture's middle. distance: of the camera from it.
    across: how much of the plane through it the picture shows. size: in pixels."""

    centre: Floats
    distance: float
    across: float
    size: int

    @property
    def eye(self) -> Floats:
        eye: Floats = self.centre + np.array([0, 0, self.distance])
        return eye

    @property
    def focal(self) -> float:
        """In pixels."""
        return self.size * self.distance / self.across

    def project(self, points: Floats) -> Floats:
        """(n, 2) picture coordinates of points (n, 3)."""
        away = points - self.eye
        flat = self.focal * away[:, :2] * [1, -1] / -away[:, 2:]
        picture: Floats = flat + (self.size - 1) / 2
        return picture

    def depth(self, points: Floats) -> Floats:
        """(n,) distance along the line of sight's axis."""
        depth: Floats = self.eye[2] - points[:, 2]
        return depth

    @property
    def field(self) -> float:
        """Degrees across the picture."""
        return float(np.degrees(2 * np.arctan(self.size / 2 / self.focal)))


def draw_view(points: Floats, size: int, rng: np.random.Generator) -> View:
    """Frames a face whose landmarks are (68, 3)."""
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low)[:2].max())
    across = extent / float(rng.uniform(0.40, 0.56))
    shift = rng.normal(0, 0.035, 2) * across + [0, 0.09 * across]
    centre = (low + high) / 2 + [shift[0], shift[1], 0]
    return View(centre, float(np.exp(rng.uniform(np.log(5.0), np.log(22.0)))), across, size)
